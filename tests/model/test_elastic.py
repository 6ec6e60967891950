"""Why not all promises can be kept: what is enough alone, how far it must give way, and which promises conflict."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from territo.errors import InfeasibleError
from territo.locate.highs import Options
from territo.model.build import BLOCKS
from territo.model.conflicts import FAMILIES, every_conflict, settling, smallest
from territo.model.elastic import Elastic, bisect
from territo.model.families import Means, Moves, Norm, SecondPoint
from territo.model.promises import promises, relaxed, without
from territo.model.solve import elastic, solve
from territo.model.solver import Outcome
from territo.model.solver import solve as solve_program
from territo.progress import Silent
from tests.model.problems import line, problem, services, sites, territories
from tests.model.test_micro_cases import mc2, path

UNKNOWN = Outcome("unknown", {}, np.nan, -np.inf, np.inf, 60.0, 10, 10, 5)
EXACT = Options(gap=0.0, time_limit_s=20)


class Stop:
    """Asks for a stop when told to."""

    asked = False

    def report(self, event):
        """Ignore the event."""

    def cancelled(self):
        return self.asked


def examined(case):
    return elastic(case, EXACT, Silent())


def named(case, promise_id):
    return next(promise for promise in promises(case) if promise.id == promise_id)


def least(case, promise_id):
    found = examined(case).least(named(case, promise_id))
    return None if found is None else found.to


def blocked(**values):
    """Two communes that the budget keeps from being served; any point would be enough without it."""
    offer = services(productivity=100.0, least_team=1.0, fte_eur=10.0)
    kept = sites(2, kept=[True, False])
    return problem(
        line(0, 10),
        [100, 100],
        [100, 100],
        offer=offer,
        places=kept,
        limits={"cost": 1.0},
        norms=(Norm(0, 0.5),),
        **values,
    )


def everything():
    """A case with a promise of every kind."""
    times = line(0, 10, 20, 30)
    plan = territories(
        times,
        [10, 10, 10, 10],
        [(c, c + 1) for c in range(3)],
        count=2,
        seats=[0, 1, 2],
        tolerance=0.5,
        contiguity="sufficient",
        together=((0, 1, True), (2, 3, False)),
        inside=((3, 2, True),),
    )
    allowed = np.repeat((times <= 20)[:, :, None], 2, axis=2)
    required = np.zeros((4, 2), dtype=bool)
    required[0, 1] = True
    return problem(
        times,
        np.ones((4, 2)),
        np.ones((4, 2)),
        offer=services(2, productivity=1.0, least_team=1.0, fte_eur=1.0, choices=(("poles",), ("free",))),
        places=sites(4, 2, kept=[True, False, False, False], closed=[False, False, False, True], fitout_eur_m2=1.0),
        territories=plan,
        allowed=allowed,
        required=required,
        covered_within=10,
        norms=(Norm(1, 0.5), Norm(1, 0.5, "poor", np.ones(4))),
        second_points=(SecondPoint(1, 0.5, 30.0),),
        moves=Moves(("A",), np.array([0]), np.ones((1, 2)), np.ones((1, 4)), 0.0, most_fte=9.0),
        means=Means(np.array([True, True]), np.ones(4), least_ratio=0.1),
        limits={"cost": 1e6, "travel": 1e6, "equity": 1e6},
        capital_eur=1e6,
        most_open=4,
        most_closures=3,
    )


def test_mc2_lacks_a_hundred_thousand_euros_or_five_minutes():
    case = mc2(10, limits={"cost": 200_000})
    assert least(case, "limits.cost") == pytest.approx(300_000)
    assert least(case, "reach.s1") == pytest.approx(15)
    together, _ = every_conflict(examined(case), ())
    assert [{promise.id for promise in conflict} for conflict in together] == [{"limits.cost", "reach.s1"}]


@pytest.mark.parametrize("rule", ["sufficient", "exact"])
def test_mc6_needs_thirty_percent_instead_of_ten(rule):
    assert least(path(tolerance=0.10, contiguity=rule), "balance") == pytest.approx(0.30)


def test_a_share_of_the_inhabitants_gives_way_to_what_one_site_can_reach():
    times = line(0, 20, 40, 60)
    case = problem(
        times, [1] * 4, covered_within=20, norms=(Norm(0, 0.9),), most_open=1, population=np.array([1, 1, 1, 2])
    )
    assert least(case, "norm.s1") == pytest.approx(0.8)
    assert least(case, "max_open") == pytest.approx(2)


def test_closures_capital_and_the_number_of_territories_have_their_least_relaxation():
    times = line(0, 10, 20)
    crowded = problem(times, [1] * 3, places=sites(3, public=True), most_open=1, most_closures=0)
    assert least(crowded, "max_closures") == pytest.approx(2)
    offer = services(least_team=2.0, productivity=1.0, space_m2=10.0)
    new = problem(
        times,
        [1] * 3,
        [1] * 3,
        offer=offer,
        places=sites(3, fitout_eur_m2=5.0, kept=[True, False, False]),
        capital_eur=20.0,
    )
    assert least(new, "capital") == pytest.approx(150)
    few = path(tolerance=0.10, contiguity="exact")
    assert least(few, "fewest") == pytest.approx(1)


def test_a_wish_is_enough_or_not_and_has_no_measure():
    case = problem(
        line(0, 10), [1, 1], places=sites(2, kept=[True, False], closed=[False, True]), covered_within=5,
        norms=(Norm(0, 1.0),),
    )  # fmt: skip
    assert np.isnan(least(case, "close.B"))
    assert least(case, "keep.A") is None


def test_a_node_that_nothing_reaches_in_time_does_not_stretch_the_maximum_of_the_others():
    times = np.array([[0.0, 25.0], [18.0, 12.0], [90.0, 80.0]])
    allowed = ((times <= 12) | (times.min(axis=1) > 12)[:, None])[:, :, None]
    case = problem(times, [1] * 3, allowed=allowed, most_open=1)
    assert least(case, "reach.s1") == pytest.approx(18)


@pytest.mark.parametrize("promise", promises(everything()), ids=lambda promise: promise.id)
def test_every_promise_can_be_left_out_alone(promise):
    left = {each.id for each in promises(without(everything(), [promise]))}
    assert left == {each.id for each in promises(everything())} - {promise.id}


@pytest.mark.parametrize("promise", promises(everything()), ids=lambda promise: promise.id)
def test_a_promise_put_at_another_value_is_promised_at_that_value(promise):
    if np.isnan(promise.asked):
        assert promise.id not in {each.id for each in promises(relaxed(everything(), promise, np.nan))}
        return
    further = {"balance": 0.6, "norm": 0.4, "reach": 20.0, "fewest": 2.0, "most": 2.0}
    to = further.get(promise.kind, promise.asked + 1)
    assert named(relaxed(everything(), promise, to), promise.id).asked == pytest.approx(to)


def test_the_least_relaxation_lets_the_others_be_kept_and_a_little_less_does_not():
    case = mc2(10, limits={"cost": 200_000})
    promise = named(case, "limits.cost")
    assert examined(relaxed(case, promise, 300_000)).enough([])
    assert not examined(relaxed(case, promise, 299_999)).enough([])


def test_all_conflicts_are_found_and_the_fewest_promises_resolve_them():
    # one site at most against two kept sites, and against a norm that needs both
    case = twice_in_conflict()
    found, every = every_conflict(examined(case), ())
    assert every
    sets = {frozenset(promise.id for promise in conflict) for conflict in found}
    assert sets == {frozenset({"norm.s1", "max_open"}), frozenset({"keep.A", "keep.B", "max_open"})}
    assert [promise.id for promise in smallest(found)] == ["max_open"]


def twice_in_conflict():
    """Two kept sites against one site at most, which a norm of everyone near does not allow either."""
    return problem(
        line(0, 30), [1, 1], places=sites(2, kept=True), covered_within=5, norms=(Norm(0, 1.0),), most_open=1
    )


def test_the_fewest_promises_are_known_before_all_conflicts_are_listed():
    case = examined(twice_in_conflict())
    settled = settling(case)
    assert [promise.id for promise in smallest(settled)] == ["max_open"]
    listed, every = every_conflict(case, settled, lambda: True)
    assert (listed, every) == (settled, False)
    listed, every = every_conflict(case, settled)
    assert listed[: len(settled)] == settled
    assert (len(listed), every) == (2, True)


def test_organisations_that_were_found_answer_for_another_problem_without_a_solve(monkeypatch):
    case = mc2(10, limits={"cost": 200_000})
    first = examined(case)
    assert first.least(named(case, "limits.cost")).to == pytest.approx(300_000)
    dearer = examined(relaxed(case, named(case, "limits.cost"), 300_000.0))
    dearer.recall(first)
    monkeypatch.setattr("territo.model.solver.solve", lambda *_, **__: pytest.fail("solved again"))
    assert dearer.enough(())
    assert first.least(named(case, "limits.cost")).to == pytest.approx(300_000)


def test_where_less_is_not_known_to_fail_the_last_value_that_is_known_to_is_kept():
    case = mc2(10, limits={"cost": 200_000})
    asked, found = named(case, "reach.s1"), solve(mc2(30))

    def find(changed, _known):
        """Find an organisation where all sites may serve all, prove that there is none where each serves itself."""
        farthest = changed.minutes[changed.allowed[:, :, 0]].max()
        status = {0.0: "infeasible", 15.0: "unknown", 30.0: "feasible"}[farthest]
        return replace(UNKNOWN, status=status), found if status == "feasible" else None

    searched = Elastic(case, lambda *_: pytest.fail("no sum is asked"), find)
    assert searched._first_enough(case, asked, [5.0, 14.0, 15.0, 30.0], []) == (30.0, 14.0)


def test_what_the_law_keeps_is_the_last_thing_to_revisit():
    required = np.ones((2, 1), dtype=bool)
    case = problem(line(0, 30), [1, 1], required=required, most_open=1)
    assert [promise.id for promise in smallest(settling(examined(case)))] == ["max_open"]


def test_a_case_without_conflict_has_nothing_to_revisit():
    case = mc2(15)
    assert settling(examined(case)) == ()
    assert every_conflict(examined(case), ()) == ((), True)
    assert smallest(()) == ()


@pytest.mark.parametrize("enough_from", [0, 3, 6, None])
def test_a_bisection_finds_the_first_step_that_is_enough(enough_from):
    assert bisect(7, lambda k: enough_from is not None and k >= enough_from) == enough_from


def test_every_family_that_may_be_loosened_is_a_block_or_the_limits():
    assert set(FAMILIES) - {"limits"} <= {block.__name__ for block in BLOCKS}
    assert {promise.family for promise in promises(everything())} == set(FAMILIES)


@pytest.fixture
def unknown_to(monkeypatch):
    """Let the solver find nothing in some of its calls: 0 is the scenario, then one a family, then none of them."""

    def stop_at(*numbers):
        calls = itertools.count()

        def solver_that_stops(*arguments, **options):
            return UNKNOWN if next(calls) in numbers else solve_program(*arguments, **options)

        monkeypatch.setattr("territo.model.solver.solve", solver_that_stops)

    return stop_at


LIMITS, NORM, EXISTING, WITHOUT_ANY = 1, 2, 3, 4


def why_not(case, progress=None):
    with pytest.raises(InfeasibleError) as caught:
        solve(case, Options(), progress)
    return [fault.code for fault in caught.value.faults]


def test_what_is_enough_is_named_and_a_search_cut_short_is_said(unknown_to):
    unknown_to(NORM)
    assert why_not(blocked()) == ["infeasible", "blocks-limits", "search-cut-short"]


def test_a_family_whose_search_was_cut_short_is_not_called_enough(unknown_to):
    unknown_to(LIMITS)
    assert why_not(blocked()) == ["infeasible-together", "blocks-limits", "search-cut-short"]


def test_where_nothing_was_found_no_family_is_named(unknown_to):
    unknown_to(*range(1, WITHOUT_ANY + 1))
    assert why_not(blocked()) == ["infeasible-unexplained", "search-cut-short"]


def test_an_organisation_found_without_any_promise_says_which_families_it_keeps_all_the_same(unknown_to):
    unknown_to(LIMITS, *range(WITHOUT_ANY + 1, 30))
    assert why_not(blocked()) == ["infeasible-together", "blocks-limits", "search-cut-short"]


def test_a_family_that_could_not_be_brought_back_in_time_is_named_with_the_rest(unknown_to, monkeypatch):
    monkeypatch.setattr("territo.model.elastic.broken", lambda _problem, _found, asked: [*asked])
    unknown_to(LIMITS, *range(WITHOUT_ANY + 1, 30))
    together = ["blocks-limits", "blocks-norm", "blocks-existing"]
    assert why_not(blocked()) == ["infeasible-together", *together, "search-cut-short"]


def test_what_is_impossible_without_promises_is_so_whatever_was_cut_short(unknown_to):
    unknown_to(LIMITS)
    assert why_not(problem([[np.inf]], [100], limits={"cost": 1.0})) == ["infeasible-core"]


def test_a_stop_while_looking_for_what_blocks_ends_the_search_and_says_so(monkeypatch):
    progress = Stop()

    def stopped_after_the_proof(*arguments, **options):
        outcome = solve_program(*arguments, **options)
        progress.asked = True
        return outcome

    monkeypatch.setattr("territo.model.solver.solve", stopped_after_the_proof)
    assert why_not(blocked(), progress) == ["infeasible-unexplained", "search-cut-short"]


def test_only_what_is_enough_under_the_exact_rule_of_contiguity_is_named():
    # without cuts, {0, 1, 4, 5} and {2, 3} are balanced, and each commune has a neighbour in its territory
    times = line(*range(0, 60, 10))
    plan = territories(
        times,
        [10, 20, 40, 60, 30, 40],
        [(c, c + 1) for c in range(5)],
        count=2,
        seats=[0, 2],
        tolerance=0.0,
        contiguity="exact",
    )
    offer = services(choices=(("poles",),), nearest=False, sector=True, productivity=1.0, fte_eur=1.0)
    case = problem(times, np.zeros(6), plan.workload, offer=offer, places=sites(6), territories=plan)
    assert why_not(case) == ["infeasible", "blocks-balance", "blocks-contiguity", "blocks-territory"]
