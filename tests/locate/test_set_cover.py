"""The set cover against all choices, against its laws, and at its limits."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from territo.errors import InputError
from territo.locate import covering
from territo.locate.set_cover import set_cover
from tests.locate.sitings import Stopper, cases, few_tries, nearest, tries


def fewest(case, radius):
    """The least number of sites, by trying all choices."""
    for number in range(max(len(case.fixed_open), 1), len(case.allowed) + 1):
        for columns in combinations(case.allowed, number):
            if {*case.fixed_open} <= {*columns} and (nearest(case.costs, columns) <= radius).all():
                return number
    return None


def wide_enough(case, extra):
    """A radius that leaves nobody without an allowed site."""
    return float(nearest(case.costs, case.allowed).max()) + extra


def plane(seed, points=150, radius=0.12):
    """Points that are also sites: bounds alone prove nothing."""
    places = np.random.default_rng(seed).random((points, 2))
    return np.hypot(*(places[:, None] - places).transpose(2, 0, 1)), radius


def check(answer, case, radius):
    number, open_sites = fewest(case, radius), answer.open_sites.tolist()
    assert (answer.status, answer.objective, answer.bound, answer.gap) == ("optimal", number, number, 0)
    assert len(open_sites) == number
    assert {*case.fixed_open} <= {*open_sites} <= {*case.allowed}
    assert (nearest(case.costs, open_sites) <= radius).all()
    assert answer.assignment.tolist() == [open_sites[column] for column in case.costs[:, open_sites].argmin(axis=1)]


@tries
@given(cases(), st.sampled_from([0.0, 1.0, 3.0]))
def test_no_choice_has_fewer_sites(case, extra):
    radius = wide_enough(case, extra)
    check(set_cover(case.costs, radius, **case.locks), case, radius)


@tries
@given(cases())
def test_enumeration_gives_the_same_optimum_as_bounds_and_exchanges(case):
    radius = wide_enough(case, 0.0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(covering, "MOST_WORK", 0)
        patch.setattr(covering, "packing_prices", lambda covers, _: np.zeros(covers.shape[0]))
        check(set_cover(case.costs, radius, **case.locks), case, radius)


@few_tries
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_points_and_sites_does_not_matter(case, random):
    rows, columns = ([*range(length)] for length in case.costs.shape)
    random.shuffle(rows)
    random.shuffle(columns)
    locks = {name: [columns.index(site) for site in sites] for name, sites in case.locks.items()}
    radius = wide_enough(case, 0.0)
    one = set_cover(case.costs, radius, **case.locks)
    assert set_cover(case.costs[rows][:, columns], radius, **locks).objective == one.objective


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_another_solver_needs_as_many_sites(seed):
    costs, radius = plane(seed)
    sites = costs.shape[1]
    reach = LinearConstraint((costs <= radius).astype(float), lb=1)
    other = milp(np.ones(sites), integrality=np.ones(sites), bounds=Bounds(0, 1), constraints=[reach])
    assert set_cover(costs, radius).objective == round(other.fun)


def test_an_endless_radius_reaches_only_pairs_that_are_allowed():
    costs = np.where(np.eye(3) == 1, 7.0, np.inf)
    assert set_cover(costs, np.inf).open_sites.tolist() == [0, 1, 2]


def test_a_radius_of_zero_reaches_the_points_at_a_site():
    assert set_cover([[0.0, 1.0], [0.0, 0.0]], 0).open_sites.tolist() == [0]


def test_sites_that_must_open_count_even_if_nobody_needs_them():
    answer = set_cover([[0.0, 9.0], [0.0, 9.0]], 1, fixed_open=[1])
    assert answer.open_sites.tolist() == [0, 1]
    assert (answer.objective, answer.bound) == (2, 2)
    assert set_cover([[0.0, 9.0]], 1, fixed_open=[0]).objective == 1


@pytest.mark.parametrize("stop", [{"time_limit": 0.0}, {"progress": Stopper(after=1)}])
def test_stopped_early_the_best_answer_is_kept_with_a_true_bound(stop):
    costs, radius = plane(4, points=400, radius=0.08)
    full, stopped = set_cover(costs, radius), set_cover(costs, radius, **stop)
    assert full.status == "optimal"
    assert stopped.status == "feasible"
    assert (nearest(costs, stopped.open_sites) <= radius).all()
    assert stopped.bound <= full.objective <= stopped.objective
    assert stopped.gap == pytest.approx(1 - stopped.bound / stopped.objective)


def test_a_gap_asked_is_kept_and_the_bound_is_true():
    costs, radius = plane(4, points=400, radius=0.08)
    full, rough = set_cover(costs, radius), set_cover(costs, radius, gap=0.2)
    assert rough.status == "optimal"
    assert rough.gap <= 0.2
    assert rough.bound <= full.objective <= rough.objective


def test_who_watches_hears_of_whole_answers_and_their_bounds():
    costs, radius = plane(4, points=400, radius=0.08)
    watcher = Stopper()
    answer = set_cover(costs, radius, fixed_open=[3], progress=watcher)
    assert watcher.events
    for event in watcher.events:
        assert event.bound <= answer.objective <= event.incumbent


def test_points_that_nobody_reaches_are_named_with_all_else_that_is_wrong():
    with pytest.raises(InputError) as caught:
        set_cover([[1.0, 9.0], [9.0, 9.0], [9.0, 1.0]], 2, forbidden=[1], fixed_open=[5])
    assert str(caught.value).splitlines() == [
        "fixed_open: names columns 5; the costs have columns 0 to 1",
        "costs: rows 1, 2 have no allowed site within 2: allow one, or leave these points out",
    ]


def test_a_radius_is_a_number_of_zero_or_more():
    with pytest.raises(InputError, match="radius: must be a number of 0 or more, not -1"):
        set_cover([[1.0]], -1)
