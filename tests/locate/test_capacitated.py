"""Capacities: against all choices, and at the limits."""

from __future__ import annotations

from itertools import combinations, product
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from territo.errors import InputError
from territo.locate import (
    capacitated_p_median,
    capacitated_problem,
    capacitated_rounds,
    capacitated_search,
    capacitated_start,
    fixed_charge,
)
from tests.locate.sitings import Stopper, few_tries, tries

MARGIN = 1e-7


class Case(NamedTuple):
    """A problem with capacities; every row has a site, and the capacities add up to the demand."""

    costs: np.ndarray
    demands: np.ndarray
    capacities: np.ndarray
    opening_costs: np.ndarray
    p: int
    fixed_open: tuple[int, ...]
    forbidden: tuple[int, ...]

    @property
    def locks(self):
        return {"fixed_open": self.fixed_open, "forbidden": self.forbidden}

    def choices(self, numbers):
        allowed = [site for site in range(self.costs.shape[1]) if site not in self.forbidden]
        for number in numbers:
            for columns in combinations(allowed, number):
                if {*self.fixed_open} <= {*columns}:
                    yield list(columns)


@st.composite
def cases(draw) -> Case:
    points, sites = draw(st.integers(1, 5)), draw(st.integers(1, 4))

    def numbers(count, least, most):
        whole = st.integers(least, most)
        return np.array(draw(st.lists(whole, min_size=count, max_size=count)), dtype=np.float64)

    costs = numbers(points * sites, 0, 9).reshape(points, sites)
    barred = np.array(draw(st.lists(st.sampled_from([False] * 5 + [True]), min_size=costs.size, max_size=costs.size)))
    costs[barred.reshape(costs.shape)] = np.inf
    roles = draw(st.lists(st.sampled_from("....+-"), min_size=sites, max_size=sites))
    roles[0] = "." if roles[0] == "-" else roles[0]
    costs[:, 0] = np.where(np.isinf(costs[:, 0]), 5.0, costs[:, 0])
    demands, capacities = numbers(points, 0, 4), numbers(sites, 3, 9)
    fixed, shut = (tuple(j for j, role in enumerate(roles) if role == sign) for sign in "+-")
    p = draw(st.integers(max(len(fixed), 1), sites - len(shut)))
    return Case(costs, demands, capacities, numbers(sites, 0, 12), p, fixed, shut)


def roomy(case: Case, number: int) -> bool:
    """Whether the largest sites that may open take the demand together."""
    return any(case.capacities[columns].sum() >= case.demands.sum() for columns in case.choices([number]))


def packed(case: Case, columns, costs) -> float:
    """The least cost when each point goes to one of the columns as a whole; inf where nothing fits."""
    least = np.inf
    for places in product(range(len(columns)), repeat=case.demands.size):
        load = np.bincount(places, case.demands, minlength=len(columns))
        if (load <= case.capacities[columns]).all():
            least = min(least, costs[np.arange(len(places)), np.array(columns)[list(places)]].sum())
    return least


def split(case: Case, columns) -> float:
    """The least cost when the demand of a point may be divided."""
    points, width = case.demands.size, len(columns)
    costs = case.costs[:, columns]
    served = np.where(np.isinf(costs), 0.0, case.demands[:, None] * np.where(np.isinf(costs), 0, costs))
    each = np.kron(np.eye(points), np.ones(width))
    room = np.kron(case.demands, np.eye(width))
    limits = [(0, 0 if np.isinf(cost) else 1) for cost in costs.ravel()]
    found = linprog(served.ravel(), room, case.capacities[columns], each, np.ones(points), limits)
    return found.fun if found.status == 0 else np.inf


def check(answer, least: float) -> None:
    if np.isinf(least):
        assert answer.status == "infeasible"
        assert answer.open_sites.size == 0
        return
    assert answer.status == "optimal"
    assert answer.objective == pytest.approx(least, abs=MARGIN)
    assert answer.bound <= least + MARGIN


def fits(case: Case, *, single_source: bool) -> bool:
    """Whether no sentence on the capacities is due."""
    room = np.where(np.isfinite(case.costs), case.capacities, 0.0)
    room[:, list(case.forbidden)] = 0.0
    return not single_source or bool((case.demands <= room.max(axis=1)).all())


@tries
@given(cases())
def test_no_packing_into_p_sites_costs_less(case):
    if not (roomy(case, case.p) and fits(case, single_source=True)):
        with pytest.raises(InputError):
            capacitated_p_median(case.costs, case.demands, case.capacities, case.p, **case.locks)
        return
    answer = capacitated_p_median(case.costs, case.demands, case.capacities, case.p, **case.locks)
    check(answer, min(packed(case, columns, case.costs) for columns in case.choices([case.p])))
    if answer.status == "optimal":
        load = np.bincount(answer.assignment, case.demands, minlength=case.capacities.size)
        assert (load <= case.capacities).all()
        assert {*answer.assignment.tolist()} <= {*answer.open_sites.tolist()}
        assert answer.open_sites.size == case.p


@tries
@given(cases(), st.booleans())
def test_no_choice_of_sites_and_of_flows_costs_less(case, single_source):
    numbers = range(1, case.capacities.size - len(case.forbidden) + 1)
    arguments = case.costs, case.demands, case.opening_costs
    keywords = {"capacities": case.capacities, "single_source": single_source, **case.locks}
    if not (any(roomy(case, number) for number in numbers) and fits(case, single_source=single_source)):
        with pytest.raises(InputError):
            fixed_charge(*arguments, **keywords)
        return
    answer = fixed_charge(*arguments, **keywords)
    weighted = np.where(
        np.isinf(case.costs), np.inf, case.demands[:, None] * np.where(np.isinf(case.costs), 0, case.costs)
    )

    def value(columns):
        served = packed(case, columns, weighted) if single_source else split(case, columns)
        return case.opening_costs[columns].sum() + served

    check(answer, min(value(columns) for columns in case.choices(numbers)))
    if answer.status == "optimal" and not single_source:
        assert answer.shares.sum(axis=1) == pytest.approx(1)
        assert (case.demands @ answer.shares <= case.capacities + MARGIN).all()


@few_tries
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_the_points_does_not_matter(case, random):
    if not (roomy(case, case.p) and fits(case, single_source=True)):
        return
    rows = [*range(case.demands.size)]
    random.shuffle(rows)
    one = capacitated_p_median(case.costs, case.demands, case.capacities, case.p, **case.locks)
    other = capacitated_p_median(case.costs[rows], case.demands[rows], case.capacities, case.p, **case.locks)
    assert other.status == one.status
    assert np.array_equal(other.objective, one.objective, equal_nan=True)


@tries
@given(cases(), st.sampled_from([500, 5]))
def test_the_search_finds_the_optimum_without_a_first_answer_and_on_a_coarse_grid_of_loads(case, grid):
    if not (roomy(case, case.p) and fits(case, single_source=True)):
        return
    demands, capacities = case.demands * np.pi, case.capacities * np.pi
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(capacitated_problem, "GRID", grid)
        patch.setattr(capacitated_start.Scout, "_offer", lambda _: None)
        patch.setattr(capacitated_rounds, "BLOCKS", 1)
        patch.setattr(capacitated_search, "STEPS", 10)
        answer = capacitated_p_median(case.costs, demands, capacities, case.p, **case.locks)
    check(answer, min(packed(case, columns, case.costs) for columns in case.choices([case.p])))


@few_tries
@given(cases(), st.sampled_from([0.02, 0.3]))
def test_a_gap_asked_is_kept(case, gap):
    if not (roomy(case, case.p) and fits(case, single_source=True)):
        return
    least = min(packed(case, columns, case.costs) for columns in case.choices([case.p]))
    answer = capacitated_p_median(case.costs, case.demands, case.capacities, case.p, gap=gap, **case.locks)
    if np.isinf(least):
        assert answer.status == "infeasible"
        return
    assert (answer.status, answer.gap <= gap) == ("optimal", True)
    assert answer.bound <= least + MARGIN
    assert least - MARGIN <= answer.objective <= least / (1 - gap) + MARGIN


def test_two_sites_that_only_just_take_a_divided_point_are_found():
    costs, capacities, opening = [[5.5, 4.25, 2.75, 8.875]], [5, 4, 2, 5], [9.75, 8.75, 11.5, 6.125]
    answer = fixed_charge(costs, [6], opening, capacities=capacities)
    # of the pairs: 4 units from the second site, 2 from the third
    assert answer.status == "optimal"
    assert answer.objective == pytest.approx(8.75 + 11.5 + 4 * 4.25 + 2 * 2.75)
    assert answer.shares[0] == pytest.approx([0, 2 / 3, 1 / 3, 0])
    assert answer.assignment.tolist() == [1]


def test_points_without_demand_cost_what_it_costs_to_reach_them():
    answer = capacitated_p_median([[4.0, 7], [2, 1], [0, 3]], [0, 0, 0], [0, 0], 1)
    assert (answer.status, answer.objective, answer.open_sites.tolist()) == ("optimal", 6, [0])


def test_all_that_is_wrong_is_said_at_once():
    with pytest.raises(InputError) as error:
        capacitated_p_median([[1.0, np.nan], [2, 1]], [3, -3], [5, 4, 1], 3)
    assert {fault.key for fault in error.value.faults} >= {"costs", "demands", "capacities", "p"}


def test_a_stop_keeps_the_best_answer_and_a_true_bound():
    random = np.random.default_rng(2)
    costs, demands = random.random((60, 60)), random.integers(1, 20, 60)
    progress = Stopper(after=1)
    answer = capacitated_p_median(costs, demands, np.full(60, 110), 6, progress=progress)
    assert progress.events[0].stage == "locate"
    assert answer.status == "feasible"
    assert 0 < answer.bound < answer.objective < np.inf
    load = np.bincount(answer.assignment, demands, minlength=60)
    assert load.max() <= 110


def test_capacities_below_the_demand_are_named_with_both_sums():
    with pytest.raises(InputError, match=r"add up to at most 5 at 1 sites, below the demand of 6"):
        capacitated_p_median([[1.0, 2], [2, 1]], [3, 3], [5, 4], 1)


def test_a_point_larger_than_any_site_is_named():
    with pytest.raises(InputError, match=r"rows 1 demand more than any site"):
        capacitated_p_median([[1.0, 2], [2, 1]], [1, 6], [5, 5], 2)


def test_points_that_do_not_pack_are_infeasible():
    answer = capacitated_p_median(np.ones((3, 2)), [2, 2, 2], [3, 3], 2)
    assert answer.status == "infeasible"
    assert answer.bound == np.inf
    assert (answer.assignment == -1).all()


def test_without_time_the_bound_is_true_and_nothing_is_called_optimal():
    random = np.random.default_rng(1)
    costs, demands = random.random((60, 20)), random.integers(1, 9, 60)
    free = capacitated_p_median(costs, demands, np.full(20, 60), 7, gap=1e-3)
    answer = capacitated_p_median(costs, demands, np.full(20, 60), 7, time_limit=0)
    assert answer.status in {"feasible", "unknown"}
    assert answer.bound <= free.objective


def test_a_transport_that_is_not_settled_proves_nothing(monkeypatch):
    from territo.locate.effort import Effort
    from territo.locate.highs import EMPTY, Answer

    def nothing(*_, **__):
        return Answer("unknown", EMPTY, np.nan, -np.inf, np.inf, 0.0)

    costs, weights = np.array([[1.0, 4.0], [4.0, 1.0], [2.0, 3.0]]), np.array([3.0, 3.0, 2.0])
    whole = fixed_charge(costs, weights, [1.0, 1.0], capacities=[4.0, 4.0])
    monkeypatch.setattr(Effort, "minimise", nothing)
    answer = fixed_charge(costs, weights, [1.0, 1.0], capacities=[4.0, 4.0])
    assert whole.status == "optimal"
    assert answer.status != "optimal"
    assert answer.bound <= whole.objective
