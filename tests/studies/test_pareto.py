"""The frontier of a scenario: kept point by point, resumed, and the same as its folders say."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from territo.domain.frontier import Frontier
from territo.errors import InputError
from territo.explore.pareto import Search
from territo.studies.frontier import read_frontier
from territo.studies.pareto import pareto
from territo.studies.store import load_comparison
from tests.studies import line

LINE = line.territory()
FREE = {"norms": {}, "objective": {"kind": "weighted"}}


def frontier(out=None, progress=None, equity=None, wish=None, **values):
    asked = line.scenario(**(FREE | values | ({"equity": wish} if wish else {})))
    return pareto(asked, LINE, points=4, equity=equity, catalogue=line.catalogue(), out=out, progress=progress)


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
        assert run.assessment["EQU2"].value == pytest.approx(point["equity"], rel=1e-9)
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
    assert frontier(tmp_path / "out", again) == first == read_frontier(tmp_path / "out")
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


def doubt(out, *costs):
    """Let some points of a frontier on disk be proven less well than was asked."""
    content = json.loads((out / "frontier.json").read_text(encoding="utf-8"))
    for each in (*content["points"], *content["answers"]):
        if each["cost"] in costs:
            each["gap"] = 0.02
            each["status"] = "feasible"
    (out / "frontier.json").write_text(json.dumps(content), encoding="utf-8")


def test_points_that_are_not_proven_stay_until_they_are(tmp_path):
    out = tmp_path / "out"
    first = frontier(out)
    doubt(out, *(point.cost for point in first.points[:2]))
    stopped = frontier(out, Counting(stop_after=-1))
    assert [point.cost for point in stopped.points] == [point.cost for point in first.points]
    assert [point.proven for point in stopped.points] == [False, False, True]
    assert not stopped.complete
    again = frontier(out)
    assert again.complete
    assert [point.cost for point in again.points] == pytest.approx([point.cost for point in first.points])
    assert all(point.proven for point in again.points)
    for point in again.points:
        (run,) = load_comparison(out / point.folder).runs
        assert run.assessment["COST"].value == pytest.approx(point.cost, rel=1e-6)


def test_each_search_that_came_to_its_end_unproven_gives_the_next_one_twice_the_time(tmp_path, monkeypatch):
    out = tmp_path / "out"
    limits = []

    def listen(problem, points, options, *args, **values):
        limits.append(options.time_limit_s)
        return Search(problem, points, options, *args, **values)

    monkeypatch.setattr("territo.studies.pareto.Search", listen)
    first = frontier(out)
    doubt(out, first.points[0].cost)
    frontier(out, Counting(stop_after=-1))
    frontier(out)
    frontier(out)
    assert [limit / limits[0] for limit in limits] == [1.0, 2.0, 2.0, 4.0]


def test_a_point_whose_folder_cannot_be_read_is_solved_again(tmp_path):
    first = frontier(tmp_path / "out")
    next((tmp_path / "out" / first.points[0].folder).rglob("*.npz")).write_bytes(b"")
    again = frontier(tmp_path / "out")
    assert [point.cost for point in again.points] == pytest.approx([point.cost for point in first.points])
    assert load_comparison(tmp_path / "out" / again.points[0].folder).runs


@pytest.mark.parametrize("measure", ["kolm_pollak", "cvar"])
def test_equity_is_in_minutes_that_its_measure_gives_on_the_organisation(tmp_path, measure):
    found = frontier(tmp_path / "out", equity=measure)
    assert (found.terms, found.measure, found.complete) == (("cost", "travel", "equity"), measure, True)
    indicator = {"kolm_pollak": "EQU2", "cvar": "EQU1.groups"}[measure]
    for point in found.points:
        (run,) = load_comparison(tmp_path / "out" / point.folder).runs
        assert point.equity == pytest.approx(run.assessment[indicator].value, rel=1e-6)
    assert found.payoff["equity"] == (found.points[-1].equity, found.points[0].equity)


def test_every_plan_of_the_line_is_weighed_with_equity():
    # desks at both ends are no cheaper nor shorter than in the two largest communes, and no more equal
    found = frontier(equity="kolm_pollak")
    assert [round(point.cost) for point in found.points] == [100_000, 200_000, 300_000]
    assert found.points[0].equity > found.points[1].equity > found.points[2].equity == pytest.approx(0.0, abs=1e-9)


def test_a_work_with_equity_goes_on_where_it_was_and_is_not_the_one_without(tmp_path):
    stopped = frontier(tmp_path / "out", Counting(stop_after=1), equity="cvar")
    assert not stopped.complete
    going_on = frontier(tmp_path / "out", equity="cvar")
    assert going_on.complete
    again = Counting()
    assert frontier(tmp_path / "out", again, equity="cvar") == going_on
    assert again.solves == 0
    for other in (None, "kolm_pollak"):
        with pytest.raises(InputError, match="another scenario"):
            frontier(tmp_path / "out", equity=other)


def test_minutes_promised_in_one_measure_are_not_compared_in_another():
    promised = {"measure": "cvar", "max_minutes": 20.0}
    with pytest.raises(InputError, match="promises minutes of cvar"):
        frontier(equity="kolm_pollak", wish=promised)


def test_plain_values_are_read_back():
    found = frontier(equity="cvar")
    assert Frontier.from_dict(json.loads(json.dumps(found.as_dict()))) == found


def test_a_work_that_was_killed_goes_on_where_it_was(tmp_path):
    out = tmp_path / "out"
    killed = (
        "import os, signal; from pathlib import Path; from tests.studies.test_pareto import Counting, frontier\n"
        "class Killed(Counting):\n"
        "    def cancelled(self):\n"
        "        return os.kill(os.getpid(), signal.SIGKILL) if self.solves > 3 else False\n"
        f"frontier(Path({str(out)!r}), Killed(), equity='kolm_pollak')"
    )
    root = Path(__file__).resolve().parents[2]
    ended = subprocess.run([sys.executable, "-c", killed], cwd=root, check=False, capture_output=True, text=True)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    left = read_frontier(out)
    assert left.points
    assert not left.complete
    going_on, fresh = Counting(), Counting()
    whole = frontier(out, going_on, equity="kolm_pollak")
    assert whole.complete
    assert [point.cost for point in whole.points] == [
        pytest.approx(point.cost) for point in frontier(None, fresh, equity="kolm_pollak").points
    ]
    assert going_on.solves < fresh.solves


def test_of_steps_over_the_years_the_points_are_the_last_and_that_is_said(tmp_path):
    found = frontier(tmp_path / "out", transition={"phasing": {"years": [0, 5]}})
    assert found.target_only
    assert read_frontier(tmp_path / "out").target_only
    last = frontier(transition={})
    assert not last.target_only
    assert [point.cost for point in found.points] == pytest.approx([point.cost for point in last.points])
