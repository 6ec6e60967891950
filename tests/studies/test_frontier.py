"""The frontier of a folder is read as its contract says, and what is not one is said so."""

import json

import pytest

from territo.errors import InputError
from territo.studies.frontier import read_frontier

POINT = {
    "index": 0,
    "cost": 4e6,
    "travel": 9e4,
    "equity": None,
    "status": "feasible",
    "gap": 0.02,
    "knee": True,
    "price_to_next": None,
    "folder": "points/00",
}


def written(place, **changes):
    content = {"points": [POINT | changes], "complete": False, "scenario": {"name": "Pôles"}}
    (place / "frontier.json").write_text(json.dumps(content))
    return place


def test_a_point_that_is_not_proven_is_not_said_to_be(tmp_path):
    frontier = read_frontier(written(tmp_path))
    (point,) = frontier.points
    assert (point.proven, point.gap, point.knee, point.price_to_next, point.equity) == (False, 0.02, True, None, None)
    assert point.folder == tmp_path / "points" / "00"
    assert (frontier.complete, frontier.name) == (False, "Pôles")


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
