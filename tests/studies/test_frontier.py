"""The frontier of a folder is read as its contract says, and what is not one is said so."""

import json
from dataclasses import replace

import pytest

from territo.domain.frontier import Frontier, Point
from territo.errors import InputError
from territo.studies.frontier import read_frontier

POINT = Point(4e6, 9e4, None, "feasible", 0.02, 0, 9.5e4, "points/00", knee=True)


def written(place, **changes):
    frontier = Frontier((replace(POINT, **changes),), {"cost": (4e6, 4e6)}, complete=False, scenario={"name": "Pôles"})
    (place / "frontier.json").write_text(json.dumps(frontier.as_dict()))
    return place


def test_a_point_that_is_not_proven_is_not_said_to_be(tmp_path):
    frontier = read_frontier(written(tmp_path))
    assert frontier.points == (POINT,)
    assert not frontier.points[0].proven
    assert (frontier.complete, frontier.scenario) == (False, {"name": "Pôles"})


def test_an_optimal_point_is_proven(tmp_path):
    assert read_frontier(written(tmp_path, status="optimal")).points[0].proven


@pytest.mark.parametrize("folder", ["../elsewhere", "/etc", "points/../../x"])
def test_a_point_outside_its_folder_is_refused(tmp_path, folder):
    with pytest.raises(InputError, match="no frontier"):
        read_frontier(written(tmp_path, folder=folder))


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"points": [{}], "complete": true}'])
def test_what_is_no_frontier_is_said_so(tmp_path, text):
    (tmp_path / "frontier.json").write_text(text)
    with pytest.raises(InputError, match="no frontier"):
        read_frontier(tmp_path)


def test_a_folder_without_a_frontier_is_said_so(tmp_path):
    with pytest.raises(InputError, match="no frontier"):
        read_frontier(tmp_path)
