"""Maximal covering against all choices, against its laws, and at its limits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from territo.errors import InputError
from territo.locate import coverage, coverage_prices
from territo.locate.max_cover import max_cover
from tests.locate.sitings import NOTHING, RELATIVE, Stopper, cases, few_tries, nearest, tries

radii = st.sampled_from([0.0, 1.0, 2.5, 20.0, np.inf])


def reached(costs, columns, radius):
    borne = nearest(costs, columns)
    return (borne <= radius) & np.isfinite(borne)


def choices(case):
    """All the choices of sites, also those that leave somebody without any."""
    return case._replace(costs=np.zeros_like(case.costs)).choices()


def check(answer, case, radius, gap=0.0):
    most = max(case.weights[reached(case.costs, columns, radius)].sum() for columns in choices(case))
    margin, open_sites = RELATIVE * most + NOTHING, answer.open_sites.tolist()
    assert answer.status == "optimal"
    assert answer.gap <= gap
    assert answer.bound >= most - margin
    assert most - margin - gap * answer.objective <= answer.objective <= most + margin
    assert len(open_sites) == case.p
    assert {*case.fixed_open} <= {*open_sites} <= {*case.allowed}
    served = reached(case.costs, open_sites, radius)
    assert np.isclose(case.weights[served].sum(), answer.objective, rtol=1e-12, atol=0)
    near = np.array(open_sites)[case.costs[:, open_sites].argmin(axis=1)]
    assert answer.assignment.tolist() == np.where(served, near, -1).tolist()


def plane(seed, points=150):
    """Points that are also sites: bounds alone prove nothing."""
    random = np.random.default_rng(seed)
    places = random.random((points, 2))
    return np.hypot(*(places[:, None] - places).transpose(2, 0, 1)), random.integers(1, 50, points)


@tries
@given(cases(), radii, st.sampled_from([0.0, 0.0, 0.3]))
def test_no_choice_of_sites_covers_more(case, radius, gap):
    check(max_cover(case.costs, case.weights, radius, case.p, gap=gap, **case.locks), case, radius, gap)


@tries
@given(cases(), radii)
def test_enumeration_gives_the_same_optimum_as_bounds_and_exchanges(case, radius):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(coverage_prices, "STEPS", 1)
        patch.setattr(coverage, "SWAPS", 0)
        patch.setattr(coverage, "greedy", lambda core: np.zeros(core.columns.size, np.bool_))
        check(max_cover(case.costs, case.weights, radius, case.p, **case.locks), case, radius)


@few_tries
@given(cases(), radii, st.randoms(use_true_random=False))
def test_the_order_of_points_and_sites_does_not_matter(case, radius, random):
    rows, columns = ([*range(length)] for length in case.costs.shape)
    random.shuffle(rows)
    random.shuffle(columns)
    locks = {name: [columns.index(site) for site in sites] for name, sites in case.locks.items()}
    one = max_cover(case.costs, case.weights, radius, case.p, **case.locks)
    other = max_cover(case.costs[rows][:, columns], case.weights[rows], radius, case.p, **locks)
    np.testing.assert_allclose(other.objective, one.objective, rtol=3e-9, atol=NOTHING)


@pytest.mark.parametrize(("seed", "p", "scale"), [(0, 5, 1), (1, 12, 1), (2, 12, 1e-5), (3, 20, np.pi)])
def test_another_solver_covers_as_much(seed, p, scale):
    costs, weights = plane(seed)
    points, sites = costs.shape
    reach = np.hstack([(costs <= 0.1).astype(float), -np.eye(points)])
    number = np.append(np.ones(sites), np.zeros(points))
    rules = [LinearConstraint(reach, lb=0), LinearConstraint(number, ub=p)]
    other = milp(-np.append(np.zeros(sites), weights), integrality=number, bounds=Bounds(0, 1), constraints=rules)
    answer = max_cover(costs, weights * scale, 0.1, p)
    assert answer.status == "optimal"
    assert answer.objective == pytest.approx(-other.fun * scale, rel=1e-9)


def test_points_without_weight_or_site_change_nothing_but_are_served_if_near():
    costs = np.array([[1.0, 9], [9, 9], [1, 9], [9, 1]])
    answer = max_cover(costs, [5, 7, 0, 4], 2, 1)
    assert (answer.objective, answer.bound) == (5, 5)
    assert answer.assignment.tolist() == [0, -1, 0, -1]


@pytest.mark.parametrize("weights", [[0, 0], [1, 1]])
def test_nothing_covered_is_an_answer(weights):
    answer = max_cover([[5.0, np.inf], [5.0, 6.0]], weights, 1, 2)
    assert (answer.status, answer.objective, answer.bound, answer.gap) == ("optimal", 0, 0, 0)
    assert answer.open_sites.tolist() == [0, 1]
    assert answer.assignment.tolist() == [-1, -1]


def test_all_p_sites_open_even_where_one_covers_all():
    assert max_cover(np.zeros((3, 4)), [1, 1, 1], 1, 3, forbidden=[0]).open_sites.tolist() == [1, 2, 3]


def test_fixed_sites_cover_first():
    answer = max_cover(np.where(np.eye(3) == 1, 0.0, 9), [5, 3, 1], 1, 2, fixed_open=[2])
    assert answer.open_sites.tolist() == [0, 2]
    assert (answer.objective, answer.bound) == (6, 6)


@pytest.mark.parametrize("stop", [{"time_limit": 0.0}, {"progress": Stopper(after=1)}])
def test_stopped_early_the_best_answer_is_kept_with_a_true_bound(stop):
    costs, weights = plane(5)
    full, stopped = max_cover(costs, weights, 0.15, 12), max_cover(costs, weights, 0.15, 12, **stop)
    assert full.status == "optimal"
    assert stopped.status == "feasible"
    assert stopped.open_sites.size == 12
    assert stopped.objective <= full.objective <= stopped.bound
    assert stopped.gap == pytest.approx(stopped.bound / stopped.objective - 1)


def test_a_gap_asked_is_kept_and_the_bound_is_true():
    costs, weights = plane(5)
    full, rough = max_cover(costs, weights, 0.15, 12), max_cover(costs, weights, 0.15, 12, gap=0.05)
    assert rough.status == "optimal"
    assert rough.gap <= 0.05
    assert rough.objective <= full.objective <= rough.bound


def test_who_watches_hears_of_whole_answers_and_their_bounds():
    costs, weights = plane(5)
    watcher = Stopper()
    answer = max_cover(costs, weights, 0.15, 12, fixed_open=[3], progress=watcher)
    assert watcher.events
    for event in watcher.events:
        assert event.incumbent <= answer.objective <= event.bound


def test_the_same_call_gives_the_same_answer():
    costs, weights = plane(6)
    one, other = max_cover(costs, weights, 0.12, 9), max_cover(costs, weights, 0.12, 9)
    assert one.open_sites.tolist() == other.open_sites.tolist()


def test_what_is_wrong_is_said_in_one_error():
    with pytest.raises(InputError) as caught:
        max_cover([[1.0, 2.0]], [1, 2], np.nan, 0)
    assert str(caught.value).splitlines() == [
        "weights: has shape (2,); the costs ask for 1 numbers, one for each of their rows",
        "radius: must be a number of 0 or more, not nan",
        "p: is 0; it must be a whole number from 1 (fixed open) to 2 (sites not forbidden)",
    ]
