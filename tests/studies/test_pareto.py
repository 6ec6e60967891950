"""The frontier of a scenario: kept point by point, resumed, and the same as its folders say."""

from __future__ import annotations

import json

import pytest

from territo.domain.frontier import Point, arranged
from territo.errors import InputError
from territo.studies.pareto import pareto
from territo.studies.store import load_comparison
from tests.studies import line

LINE = line.territory()
FREE = {"norms": {}, "objective": {"kind": "weighted"}}


def frontier(out=None, progress=None, **values):
    return pareto(
        line.scenario(**(FREE | values)), LINE, points=4, catalogue=line.catalogue(), out=out, progress=progress
    )


class Counting:
    """A progress that counts solves and stops after some."""

    def __init__(self, stop_after=99):
        self.solves, self.stop_after = 0, stop_after

    def report(self, event):
        self.solves += event.stage == "pareto"

    def cancelled(self):
        return self.solves > self.stop_after


def test_the_frontier_of_the_line_is_as_computed_by_hand(tmp_path):
    # one desk in the middle, then the two largest communes, then one in each; hours there and back
    found = frontier(tmp_path / "out")
    assert [round(point.cost) for point in found.points] == [100_000, 200_000, 300_000]
    hours = [1_000 * 0.5 + 700 * 0.5, 700 * 0.5, 0.0]
    assert [point.travel for point in found.points] == pytest.approx(hours)
    assert [point.price_to_next for point in found.points[:2]] == pytest.approx([100_000 / 500, 100_000 / 350])
    assert found.points[2].price_to_next is None
    assert [point.knee for point in found.points] == [False, True, False]
    assert {point.status for point in found.points} == {"optimal"}
    assert found.complete


def test_each_point_has_a_comparison_that_costs_what_the_frontier_says(tmp_path):
    found = frontier(tmp_path / "out")
    content = json.loads((tmp_path / "out" / "frontier.json").read_text(encoding="utf-8"))
    assert [each["index"] for each in content["points"]] == [0, 1, 2]
    assert content["terms"] == ["cost", "travel"]
    for point in content["points"]:
        comparison = load_comparison(tmp_path / "out" / point["folder"])
        (run,) = comparison.runs
        assert run.assessment["COST"].value == pytest.approx(point["cost"], rel=1e-6)
        assert run.assessment["PRX6"].value == pytest.approx(point["travel"], rel=1e-6)
        assert run.status == point["status"]
    assert len({load_comparison(tmp_path / "out" / p.folder).runs[0].scenario_id for p in found.points}) == 3


def test_a_work_that_was_stopped_goes_on_where_it_was(tmp_path):
    stopped = frontier(tmp_path / "out", Counting(stop_after=1))
    assert not stopped.complete
    assert (tmp_path / "out" / "frontier.json").is_file()
    going_on = Counting()
    whole = frontier(tmp_path / "out", going_on)
    assert whole.complete
    assert len(whole.points) == 3
    fresh = Counting()
    frontier(None, fresh)
    assert going_on.solves < fresh.solves


def test_a_frontier_that_is_complete_is_read_and_not_solved_again(tmp_path):
    first = frontier(tmp_path / "out")
    again = Counting()
    assert frontier(tmp_path / "out", again) == first
    assert again.solves == 0


def test_a_folder_of_another_scenario_is_refused_and_left_as_it_is(tmp_path):
    frontier(tmp_path / "out")
    before = (tmp_path / "out" / "frontier.json").read_bytes()
    with pytest.raises(InputError, match="another scenario"):
        frontier(tmp_path / "out", sites={"keep": ["L1"]})
    assert (tmp_path / "out" / "frontier.json").read_bytes() == before
    (tmp_path / "out" / "frontier.json").write_text("[]", encoding="utf-8")
    with pytest.raises(InputError, match="not a frontier"):
        frontier(tmp_path / "out")


def test_a_point_whose_folder_was_lost_is_solved_again(tmp_path):
    first = frontier(tmp_path / "out")
    lost = tmp_path / "out" / first.points[1].folder
    for file in sorted(lost.rglob("*"), reverse=True):
        file.unlink() if file.is_file() else file.rmdir()
    lost.rmdir()
    again = frontier(tmp_path / "out")
    assert [point.cost for point in again.points] == pytest.approx([point.cost for point in first.points])
    assert (tmp_path / "out" / again.points[1].folder).is_dir()


def point(cost, travel):
    return Point(cost, travel, None, "optimal", 0.0, 0, 0.0)


def test_dominated_and_repeated_points_are_left_out_and_the_knee_is_the_deepest():
    points = [point(10, 100), point(20, 40), point(20, 60), point(25, 40), point(60, 10), point(10, 100), point(10, 90)]
    kept = arranged(points, 1e-4)
    assert [(each.cost, each.travel) for each in kept] == [(10, 90), (20, 40), (60, 10)]
    assert [each.knee for each in kept] == [False, True, False]
    assert kept[0].price_to_next == pytest.approx(10 / 50)


def test_points_on_a_line_have_no_knee():
    assert not any(each.knee for each in arranged([point(0, 10), point(5, 5), point(10, 0)], 1e-4))
