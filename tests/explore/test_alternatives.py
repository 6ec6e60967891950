"""Plans almost as good: found in order, within the margin, and said to be all only when that is proven."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from territo.errors import NoSolutionError, fault
from territo.explore.alternatives import alternatives, loss
from territo.locate.highs import Options
from territo.model.solve import solve
from tests.model.problems import line, problem, services, sites

EXACT = Options(gap=0.0, time_limit_s=20)


def case(**values):
    times = line(0, 7, 15, 32, 11, 40)[:, :4]
    visits = np.array([900.0, 400.0, 700.0, 300.0, 250.0, 500.0])
    offer = services(1, productivity=800.0, least_team=0.5, fte_eur=40_000.0)
    places = sites(4, 1, opening_eur=[4_000.0, 2_500.0, 3_000.0, 1_500.0])
    defaults = {"goals": ({"cost": 1.0, "travel": 12.0},), "least_changes": 1} | values
    return problem(times, visits, visits, offer=offer, places=places, **defaults)


def searched(problem_, number, within):
    best = solve(problem_, EXACT)

    def search(unlike):
        return solve(dataclasses.replace(problem_, unlike=unlike), EXACT)

    found, every = alternatives(best, search, number=number, within=within)
    return best, found, every


def test_plans_within_the_margin_come_best_first_and_no_other_is_left():
    best, found, every = searched(case(), number=10, within=0.03)
    losses = [loss(best, each) for each in found]
    assert every
    assert losses == sorted(losses)
    assert 0 < len(found) < 10
    assert all(0 <= each <= 0.03 for each in losses)
    plans = [each.plan for each in (best, *found)]
    assert all(not a.same_as(b) for k, a in enumerate(plans) for b in plans[:k])


def test_the_margin_decides_how_many_there_are():
    counts = [len(searched(case(), number=20, within=within)[1]) for within in (0.0, 0.05, 0.2)]
    assert counts[0] == 0
    assert counts == sorted(counts)
    assert counts[2] > counts[1]


def test_as_many_as_asked_leave_open_whether_there_are_more():
    _, found, every = searched(case(), number=1, within=0.5)
    assert (len(found), every) == (1, False)


def test_when_no_other_plan_exists_all_were_found():
    _, found, every = searched(case(least_changes=4), number=3, within=10.0)
    assert every
    assert len(found) <= 1


def test_a_search_that_stops_proves_nothing():
    def stopped(_unlike):
        raise NoSolutionError(fault("stopped-before-any", "stopped"))

    assert alternatives(solve(case(), EXACT), stopped, number=3, within=0.1) == ([], False)


def test_a_plan_that_is_only_good_on_the_first_aim_is_passed_over():
    lexicographic = case(goals=({"coverage": 1.0}, {"cost": 1.0}))
    best, found, _ = searched(lexicographic, number=2, within=0.02)
    for each in found:
        assert each.proofs[1].objective <= best.proofs[1].objective * 1.02 + 1e-6


def test_the_loss_is_a_share_of_the_first_aim():
    best, found, _ = searched(case(), number=1, within=0.5)
    values = [each.terms["cost"] + 12.0 * each.terms["travel"] for each in (best, found[0])]
    assert loss(best, found[0]) == pytest.approx(values[1] / values[0] - 1.0)
