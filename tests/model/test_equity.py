"""Promises of equity on cases solved by hand or by trying everything."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territo.errors import InfeasibleError
from territo.locate.highs import Options
from territo.model.families import Means, Norm, SecondPoint
from territo.model.solve import solve
from territo.model.worst import mean_of_worst
from tests.model.problems import line, problem, services, sites, territories

EXACT = Options(gap=0.0, time_limit_s=20)
MC4_TIMES, MC4_VISITS = line(0, 10, 30), [1_000.0, 300.0, 200.0]


def mc4(**values):
    """Case MC4 of the domain specification: one site among three points."""
    return problem(MC4_TIMES, MC4_VISITS, most_open=1, **values)


@pytest.mark.parametrize(("share", "expected"), [(0.1, [30, 20, 30]), (0.2, [70 / 3, 50 / 3, 30])])
def test_mc4_mean_of_the_worst_served(share, expected):
    for site, value in enumerate(expected):
        kept = [site == other for other in range(3)]
        case = mc4(places=sites(3, kept=kept), worst_share=share, goals=({"equity": 1.0},))
        solution = solve(case, EXACT)
        assert solution.terms["equity"] == pytest.approx(value)
        assert solution.proofs[0].objective == pytest.approx(value)


def test_mc4_the_least_worst_time_is_at_the_second_point_and_a_ceiling_sends_the_site_there():
    assert solve(mc4(worst_share=0.1, goals=({"equity": 1.0},)), EXACT).site_of[0, 0] == 1
    least_travel = mc4(worst_share=0.1, goals=({"travel": 1.0},))
    assert solve(least_travel, EXACT).site_of[0, 0] == 0
    assert solve(dataclasses.replace(least_travel, limits={"equity": 20.0}), EXACT).site_of[0, 0] == 1
    with pytest.raises(InfeasibleError, match="- limits"):
        solve(dataclasses.replace(least_travel, limits={"equity": 19.9}), EXACT)


@pytest.mark.parametrize(("aversion", "best"), [(1.0, 0), (1.5, 1), (1.4616, 1), (1.4615, 0)])
def test_mc4_kolm_pollak_moves_to_the_second_point_when_aversion_grows(aversion, best):
    unevenness = np.exp(aversion * 3 / 70 * MC4_TIMES)
    solution = solve(mc4(unevenness=unevenness, goals=({"equity": 1.0},)), EXACT)
    assert solution.site_of[0, 0] == best
    if aversion == 1.0:
        assert solution.terms["equity"] == pytest.approx(2183.97, abs=0.005)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(st.integers(0, 1_000), st.sampled_from([0.1, 0.3, 1.0]), st.integers(1, 2))
def test_the_worst_served_are_served_best_of_all_choices(seed, share, most_open):
    rng = np.random.default_rng(seed)
    at = rng.uniform(0, 40, (6, 2))
    times = np.hypot(*(at[:, None, :] - at[None, :4, :]).transpose(2, 0, 1))
    case = problem(times, rng.uniform(1, 9, 6), most_open=most_open, worst_share=share, goals=({"equity": 1.0},))
    values = [
        mean_of_worst(case, np.array([[chosen[k]] for k in times[:, list(chosen)].argmin(axis=1)]), share)
        for chosen in itertools.combinations(range(4), most_open)
    ]
    assert solve(case, EXACT).terms["equity"] == pytest.approx(min(values), rel=1e-6)


def test_a_promise_to_a_group_sends_the_point_to_its_members():
    case = problem(
        line(0, 40),
        [90.0, 10.0],
        most_open=1,
        population=np.array([90.0, 10.0]),
        covered_within=20,
        goals=({"travel": 1.0},),
    )
    assert solve(case, EXACT).offered[:, 0].tolist() == [True, False]
    poor = Norm(0, 0.6, "poor", np.array([2.0, 8.0]))
    assert solve(dataclasses.replace(case, norms=(poor,)), EXACT).offered[:, 0].tolist() == [False, True]
    with pytest.raises(InfeasibleError, match="- norm"):
        solve(dataclasses.replace(case, norms=(poor, Norm(0, 0.5))), EXACT)


@pytest.mark.parametrize(("share", "opened"), [(0.0, 1), (0.3, 2), (0.8, 2), (0.81, 3)])
def test_a_second_point_within_reach(share, opened):
    """Points cost one euro each; A and B are 10 minutes apart and hold 80 % of the inhabitants, C stands alone."""
    case = problem(
        line(0, 10, 25),
        [0.0] * 3,
        offer=services(point_eur=1.0),
        places=sites(3),
        population=np.array([40.0, 40.0, 20.0]),
        second_points=(SecondPoint(0, share, 16.0),),
    )
    assert solve(case, EXACT).offered.sum() == opened


def test_a_second_point_out_of_reach_is_said():
    case = problem(line(0, 30), [0.0] * 2, second_points=(SecondPoint(0, 0.5, 16.0),))
    with pytest.raises(InfeasibleError, match="- resilience"):
        solve(case, EXACT)


def two_territories(need, **wish):
    """Each commune is a territory; the demand of A keeps 1.9 FTE busy, that of B 0.1."""
    plan = territories(line(0, 10), [1, 1], [(0, 1)], count=2)
    return problem(
        line(0, 10),
        [0.0, 0.0],
        [190.0, 10.0],
        offer=services(productivity=100.0, fte_eur=1.0),
        places=sites(2, kept=True),
        territories=plan,
        means=Means(np.array([True]), np.array(need), **wish),
    )


@pytest.mark.parametrize("wish", [{"least_ratio": 0.8}, {"most_gap": 0.1}, {"least_ratio": 0.5, "most_gap": 0.1}])
def test_a_territory_whose_need_is_greater_than_its_demand_gets_the_agents_promised(wish):
    staff = solve(two_territories([1.0, 1.0], **wish), EXACT).staff[:, 0]
    # B has 40 % of all the agents: 0.8 times the half that its need asks for, a tenth of them short of it
    assert staff == pytest.approx([1.9, 1.9 * 0.4 / 0.6])


def test_means_that_already_follow_needs_change_nothing():
    staff = solve(two_territories([1.9, 0.1], least_ratio=1.0, most_gap=0.0), EXACT).staff[:, 0]
    assert staff == pytest.approx([1.9, 0.1])


def test_means_that_no_site_can_hold_are_said():
    case = two_territories([1.0, 1.0], least_ratio=0.8)
    case = dataclasses.replace(case, sites=sites(2, kept=[True, False], closed=[False, True]))
    with pytest.raises(InfeasibleError, match="- means"):
        solve(case, EXACT)
