"""Itinerant stops on cases solved by hand: one fixed point at A, one possible stop at B, 20 minutes away."""

from __future__ import annotations

import numpy as np
import pytest

from territo.errors import InfeasibleError
from territo.locate.highs import Options
from territo.model.families import Norm, Stops
from territo.model.solve import solve
from tests.model.problems import line, problem, services, sites, territories

EXACT = Options(gap=0.0, time_limit_s=20)
TIMES = line(0, 20)


def stops(half_day_eur=100.0, most=4, **values):
    usable = np.zeros((2, 1, 1), dtype=bool)
    usable[1] = True
    defaults = {
        "sites": np.array([1]),
        "parents": np.array([0]),
        "half_day_eur": np.reshape(half_day_eur, (1, -1)),
        "usable": usable,
        "fewest": 1,
        "most": most,
        "credit": 0.6,
        "hours_per_half_day": 188.0,
        "hours_per_unit": np.array([1.3]),
    }
    return Stops(**(defaults | values))


def case(visits=100.0, stop=None, closed=(False, True), value_of_time=10.0, **values):
    """100 visits of a unit each from B; 1,000 units keep an FTE of 1,000 euro busy."""
    defaults = {
        "offer": services(productivity=1_000.0, fte_eur=1_000.0),
        "places": sites(2, closed=closed),
        "stops": stop or stops(),
        "goals": ({"cost": 1.0, "travel": value_of_time},),
        "covered_within": 15.0,
    }
    return problem(TIMES, [50.0, visits], [50.0, visits], **(defaults | values))


def test_a_stop_is_held_where_it_saves_more_travel_than_it_costs():
    solution = solve(case(), EXACT)
    # 60 visits x 40 min = 40 h = 400 euro of travel saved, for one half-day of 100 euro
    assert solution.half_days.tolist() == [0, 1]
    assert solution.parent.tolist() == [-1, 0]
    assert solution.stop_of[:, 0].tolist() == [-1, 1]
    assert solution.terms["travel"] == pytest.approx(40 * 40 / 60)
    # the fixed team works for A and for the 40 % of B whom the stop does not suit
    assert solution.staff[0, 0] == pytest.approx(0.09)
    assert solution.terms["cost"] == pytest.approx(100 + 90)


def test_a_stop_that_costs_more_than_the_travel_it_saves_is_not_held():
    # the work done at the stop is no longer paid at A: 60 euro
    assert solve(case(stop=stops(half_day_eur=459.0)), EXACT).half_days.tolist() == [0, 1]
    assert solve(case(stop=stops(half_day_eur=461.0)), EXACT).half_days.tolist() == [0, 0]


def test_half_days_are_as_many_as_the_work_of_the_users_needs():
    # 240 units x 1.3 h = 312 h, more than the 188 h of one half-day a week
    assert solve(case(visits=400.0), EXACT).half_days.tolist() == [0, 2]
    assert solve(case(visits=400.0, stop=stops(most=1)), EXACT).half_days.tolist() == [0, 0]


def test_a_norm_counts_the_users_of_a_stop_for_the_part_that_it_suits():
    dear = stops(half_day_eur=10_000.0)
    people = np.array([50.0, 50.0])
    assert solve(case(stop=dear, norms=(Norm(0, 0.8),), population=people), EXACT).half_days.tolist() == [0, 1]
    with pytest.raises(InfeasibleError):
        solve(case(stop=dear, norms=(Norm(0, 0.81),), population=people), EXACT)


def test_nobody_uses_a_stop_where_the_service_stands():
    solution = solve(case(closed=(False, False), places=sites(2, kept=True)), EXACT)
    assert solution.half_days.tolist() == [0, 0]
    assert solution.site_of[:, 0].tolist() == [0, 1]


def test_users_do_not_pass_a_fixed_point_to_reach_a_stop():
    """Node 2 stands at a fixed point; the stop, farther, would be cheaper for the team."""
    times = line(0, 5, 20)
    usable = np.zeros((3, 1, 1), dtype=bool)
    usable[0:2] = True
    far = stops(sites=np.array([2]), usable=usable, half_day_eur=np.array([[0.0]]))
    offer = services(productivity=1_000.0, fte_eur=1e6)
    here = problem(
        times, [10.0, 10.0, 10.0], [10.0, 10.0, 10.0], offer=offer, places=sites(3, kept=[1, 1, 0]), stops=far
    )
    assert solve(here, EXACT).stop_of.max() == -1


def test_agents_leave_from_an_open_pole():
    times = line(0, 20, 60)
    plan = territories(times, np.ones(3), [(0, 1), (1, 2)], count=1, seats=[0, 2])
    usable = np.zeros((3, 1, 1), dtype=bool)
    usable[1] = True
    near_c = stops(parents=np.array([0, 2]), half_day_eur=np.array([[300.0, 1.0]]), usable=usable)
    here = problem(
        times,
        [1_000.0, 100.0, 10.0],
        [0.0, 100.0, 0.0],
        offer=services(choices=(("poles",),), sector=True, productivity=1_000.0, fte_eur=1_000.0),
        places=sites(3),
        territories=plan,
        stops=near_c,
        goals=({"cost": 1.0, "travel": 10.0},),
    )
    solution = solve(here, EXACT)
    # the pole is A, for its thousand visits; C would hold the stop for one euro but is no pole
    assert solution.seat_of.tolist() == [0, 0, 0]
    assert solution.parent.tolist() == [-1, 0, -1]
    assert solution.terms["cost"] == pytest.approx(300 + 40)
