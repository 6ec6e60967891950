"""Plans that are given, and plans that the answer must not resemble, against every plan one by one."""

from __future__ import annotations

import dataclasses
from itertools import product

import numpy as np
import pytest

from territo.errors import InfeasibleError
from territo.locate.highs import Options
from territo.model.plan import Plan
from territo.model.solve import solve
from tests.model.problems import line, problem, services, sites, territories

EXACT = Options(gap=0.0, time_limit_s=20)
GOAL = ({"cost": 1.0, "travel": 12.0},)


def one_service(**values):
    """Six places on a line, the first four are sites, one free service."""
    times = line(0, 7, 15, 32, 11, 40)[:, :4]
    visits = np.array([900.0, 400.0, 700.0, 300.0, 250.0, 500.0])
    offer = services(1, productivity=800.0, least_team=0.5, fte_eur=40_000.0)
    places = sites(4, 1, opening_eur=[4_000.0, 2_500.0, 3_000.0, 1_500.0])
    return problem(times, visits, visits, offer=offer, places=places, goals=GOAL, **values)


def value(solution):
    return solution.proofs[-1].objective


def every_plan(case):
    """The value of each choice of sites, frozen."""
    found = {}
    for choice in product([False, True], repeat=4):
        if any(choice):
            plan = Plan(np.array(choice)[:, None], ("free",), np.full(6, -1))
            found[choice] = value(solve(dataclasses.replace(case, frozen=plan), EXACT))
    return found


def test_the_best_of_all_frozen_plans_is_the_optimum():
    case = one_service()
    free = solve(case, EXACT)
    values = every_plan(case)
    assert value(free) == pytest.approx(min(values.values()))
    assert values[tuple(free.offered[:, 0].tolist())] == pytest.approx(value(free))


def test_plans_unlike_the_earlier_ones_come_in_the_order_of_their_value():
    case = one_service(least_changes=1)
    ranked = sorted(every_plan(case).values())
    seen, plans = [], ()
    for _ in range(5):
        solution = solve(dataclasses.replace(case, unlike=plans), EXACT)
        seen.append(value(solution))
        plans = (*plans, solution.plan)
    assert seen == pytest.approx(ranked[:5])


def test_plans_differ_by_as_many_sites_as_asked():
    case = one_service(least_changes=3)
    first = solve(case, EXACT)
    second = solve(dataclasses.replace(case, unlike=(first.plan,)), EXACT)
    assert np.count_nonzero(first.offered != second.offered) >= 3


def test_no_plan_is_left_when_all_must_differ_from_too_many():
    case = one_service(least_changes=4)
    half = Plan(np.array([[True], [True], [False], [False]]), ("free",), np.full(6, -1))
    other = Plan(~half.offered, ("free",), np.full(6, -1))
    solved = solve(dataclasses.replace(case, unlike=(half,)), EXACT)
    assert np.array_equal(solved.offered, other.offered)
    with pytest.raises(InfeasibleError):
        solve(dataclasses.replace(case, unlike=(half, other)), EXACT)


def test_a_point_that_the_law_keeps_makes_no_difference_between_plans():
    times = line(0, 20)
    offer = services(2, productivity=500.0, least_team=[0.0, 1.0], fte_eur=40_000.0)
    required = np.array([[True, False], [True, False]])
    case = problem(times, [[50, 400], [50, 300]], [[50, 400], [50, 300]], offer=offer, required=required, goals=GOAL)
    first = solve(case, EXACT)
    assert first.plan.chosen(required).tolist() == [True, False]
    second = solve(dataclasses.replace(case, unlike=(first.plan,)), EXACT)
    assert second.plan.chosen(required).tolist() == [False, True]
    assert second.offered[:, 0].all()


def test_frozen_territories_stay_when_another_drawing_would_be_cheaper():
    times = line(0, 10, 20, 30)
    plan = territories(times, [1, 1, 1, 1], [(0, 1), (1, 2), (2, 3)], count=2)
    offer = services(1, choices=(("poles",),), nearest=False, sector=True, productivity=500.0, fte_eur=40_000.0)
    visits = np.full(4, 300.0)
    case = problem(times, visits, visits, offer=offer, territories=plan, goals=GOAL)
    free = solve(case, EXACT)
    drawn = Plan(np.array([[True], [False], [False], [True]]), ("poles",), np.array([0, 0, 0, 3]))
    kept = solve(dataclasses.replace(case, frozen=drawn), EXACT)
    assert kept.seat_of.tolist() == [0, 0, 0, 3]
    assert kept.plan.same_as(drawn)
    assert not kept.plan.same_as(free.plan)
    assert value(free) < value(kept)


def test_a_frozen_modality_is_kept():
    times = line(0, 30)
    offer = services(1, choices=(("central", "free"),), productivity=500.0, least_team=1.0, fte_eur=10_000.0)
    case = problem(times, [5_000, 5_000], [500, 500], offer=offer, goals=GOAL)
    free = solve(case, EXACT)
    assert free.modality == ("free",)
    central = Plan(np.array([[True], [False]]), ("central",), np.full(2, -1))
    assert solve(dataclasses.replace(case, frozen=central), EXACT).modality == ("central",)
