"""The p-center against all choices, against its laws, and at its limits."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from territo.errors import InputError
from territo.locate import covering
from territo.locate.p_center import p_center
from tests.locate.sitings import Stopper, cases, check_answer, few_tries, hard, tries

MODULE = import_module("territo.locate.p_center")

FAR_APART = np.array([[0.0, 9, np.inf], [9, 0, np.inf], [np.inf, np.inf, 0]])


def coverable(costs, p, radius):
    """Ask another formulation and another door to a solver."""
    sites = costs.shape[1]
    reach = LinearConstraint((costs <= radius).astype(float), lb=1)
    few = LinearConstraint(np.ones((1, sites)), ub=p)
    answer = milp(np.zeros(sites), integrality=np.ones(sites), bounds=Bounds(0, 1), constraints=[reach, few])
    assert answer.status in {0, 2}
    return answer.status == 0


@tries
@given(cases(), st.sampled_from([0.0, 0.0, 0.3]))
def test_no_choice_of_sites_is_better_than_the_answer(case, gap):
    answer = p_center(case.costs, case.p, gap=gap, **case.locks)
    check_answer(answer, case, case.least(np.max), np.max, gap)
    assert answer.open_sites.size in {0, case.p}


@tries
@given(cases())
def test_looking_at_a_few_points_first_gives_the_same_optimum(case):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MODULE, "ALL_ROWS", 2)
        patch.setattr(MODULE, "MORE_ROWS", 1)
        answer = p_center(case.costs, case.p, **case.locks)
    check_answer(answer, case, case.least(np.max), np.max)


@pytest.mark.parametrize(("seed", "p"), [(3, 8), (7, 6), (11, 6), (19, 8), (24, 8), (29, 6)])
def test_the_point_that_is_far_from_every_site_is_looked_at_from_the_start(seed, p, monkeypatch):
    costs, _ = hard(seed, points=40, sites=12)
    full = p_center(costs, p)
    monkeypatch.setattr(MODULE, "ALL_ROWS", 5)
    monkeypatch.setattr(MODULE, "MORE_ROWS", 1)
    few = p_center(costs, p)
    assert (few.status, few.objective, few.bound) == (full.status, full.objective, full.bound)


@tries
@given(cases())
def test_enumeration_gives_the_same_optimum_as_bounds_and_exchanges(case):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(covering, "MOST_WORK", 0)
        patch.setattr(covering, "packing_prices", lambda covers, _: np.zeros(covers.shape[0]))
        answer = p_center(case.costs, case.p, **case.locks)
    check_answer(answer, case, case.least(np.max), np.max)


@few_tries
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_points_and_sites_does_not_matter(case, random):
    rows, columns = ([*range(length)] for length in case.costs.shape)
    random.shuffle(rows)
    random.shuffle(columns)
    locks = {name: [columns.index(site) for site in sites] for name, sites in case.locks.items()}
    one = p_center(case.costs, case.p, **case.locks)
    other = p_center(case.costs[rows][:, columns], case.p, **locks)
    assert other.status == one.status
    np.testing.assert_equal(other.objective, one.objective)


@pytest.mark.parametrize(("seed", "p"), [(0, 4), (1, 6), (2, 9)])
def test_another_solver_reaches_everyone_within_the_radius_and_not_within_less(seed, p):
    costs, _ = hard(seed)
    answer = p_center(costs, p)
    assert coverable(costs, p, answer.objective)
    assert not coverable(costs, p, np.nextafter(answer.objective, 0))


def test_of_many_points_on_a_plane_few_decide():
    random = np.random.default_rng(5)
    points = random.random((MODULE.ALL_ROWS + 1000, 2))
    costs = np.hypot(*(points[:, None] - points[None, :40]).transpose(2, 0, 1))
    answer = p_center(costs, 6)
    assert answer.status == "optimal"
    assert coverable(costs, 6, answer.objective)
    assert not coverable(costs, 6, np.nextafter(answer.objective, 0))


def test_of_equal_sites_the_first_serves():
    assert p_center([[1.0, 1.0], [2.0, 2.0]], 2).assignment.tolist() == [0, 0]


def test_all_p_sites_open_even_where_fewer_would_do():
    answer = p_center(np.ones((2, 5)), 4)
    assert answer.open_sites.size == 4
    assert (answer.objective, answer.bound, answer.gap) == (1, 1, 0)


def test_no_choice_that_leaves_someone_out_is_an_answer():
    answer = p_center(FAR_APART, 1)
    assert (answer.status, answer.bound, answer.gap) == ("infeasible", np.inf, np.inf)
    assert np.isnan(answer.objective)
    assert answer.assignment.tolist() == [-1, -1, -1]
    assert p_center(FAR_APART, 2).objective == 9


def test_fixed_sites_alone_may_leave_someone_out():
    assert p_center(FAR_APART, 1, fixed_open=[0]).status == "infeasible"
    assert p_center(FAR_APART, 2, fixed_open=[1]).open_sites.tolist() == [1, 2]


def test_half_precision_costs_are_compared_as_they_are():
    costs = hard()[0].astype(np.float32)
    answer = p_center(costs, 4)
    assert answer.status == "optimal"
    assert np.float32(answer.objective) in costs
    assert answer.objective == answer.bound


@pytest.mark.parametrize("stop", [{"time_limit": 0.0}, {"progress": Stopper(after=1)}])
def test_stopped_early_the_best_answer_is_kept_with_a_true_bound(stop):
    costs, _ = hard(points=60, sites=40)
    full, stopped = p_center(costs, 6), p_center(costs, 6, **stop)
    assert full.status == "optimal"
    assert stopped.status == "feasible"
    assert stopped.open_sites.size == 6
    assert stopped.bound <= full.objective <= stopped.objective
    assert stopped.gap == pytest.approx(1 - stopped.bound / stopped.objective)


def test_stopped_before_any_answer_nothing_is_claimed():
    # the farthest point first takes site 0, and then nothing serves the other two
    costs = np.array([[0.0, 5, 5], [np.inf, np.inf, 1], [np.inf, 1, np.inf], [np.inf, 2, 2]])
    stopped = p_center(costs, 2, time_limit=0)
    assert p_center(costs, 2).objective == 5
    assert (stopped.status, stopped.open_sites.size) == ("unknown", 0)
    assert stopped.bound <= 5


def test_a_gap_asked_is_kept_and_the_bound_is_true():
    costs, _ = hard()
    full, rough = p_center(costs, 6), p_center(costs, 6, gap=0.2)
    assert rough.status == "optimal"
    assert rough.gap <= 0.2
    assert rough.bound <= full.objective <= rough.objective


def test_who_watches_hears_of_answers_and_bounds_that_only_improve():
    watcher = Stopper()
    answer = p_center(hard()[0], 6, progress=watcher)
    bounds = [event.bound for event in watcher.events]
    values = [event.incumbent for event in watcher.events]
    assert bounds == sorted(bounds)
    assert values == sorted(values, reverse=True)
    assert bounds[-1] == values[-1] == answer.objective


def test_the_same_call_gives_the_same_answer():
    costs, _ = hard(3)
    one, other = p_center(costs, 5), p_center(costs, 5)
    assert one.open_sites.tolist() == other.open_sites.tolist()


def test_what_is_wrong_is_said_in_one_error():
    costs = np.array([[1.0, np.inf, 2], [np.inf, np.inf, 3], [1, 1, 1]])
    with pytest.raises(InputError) as caught:
        p_center(costs, 5, forbidden=[2])
    assert str(caught.value).splitlines() == [
        "p: is 5; it must be a whole number from 1 (fixed open) to 2 (sites not forbidden)",
        "costs: rows 1 have no allowed site: allow one, or leave these points out",
    ]
