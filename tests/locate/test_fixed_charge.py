"""Fixed charge without capacities, and concave costs, against all choices and all assignments."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from territo.errors import InputError
from territo.locate.fixed_charge import fixed_charge
from territo.locate.p_median import p_median
from tests.locate.sitings import NOTHING, RELATIVE, Stopper, cases, few_tries, hard, nearest, total, tries

TOWNS = np.array([[0.0, 8.0], [8.0, 0.0]])


@st.composite
def lines(draw, sites: int, number: int) -> np.ndarray:
    """Costs of some lines for each site."""
    figures = draw(st.sampled_from([st.integers(0, 9), st.floats(0, 50, width=32)]))
    drawn = draw(st.lists(figures, min_size=sites * number, max_size=sites * number))
    return np.array(drawn, dtype=np.float64).reshape(sites, number)


def least_total(case, opening: np.ndarray) -> float:
    """Try all choices of sites; everyone goes to the nearest."""
    value = total(case.weights)
    choices = case.choices(0)
    return min(
        (value(nearest(case.costs, columns)) + opening[columns].sum() for columns in choices),
        default=np.inf,
    )


def concave_total(case, opening: np.ndarray, unit: np.ndarray, assignment, open_sites) -> float:
    """Add up what people bear and the least line of each open site."""
    load = np.bincount(assignment, case.weights, minlength=case.costs.shape[1])
    borne = case.costs[np.arange(len(assignment)), assignment]
    return total(case.weights)(borne) + sum((opening[j] + unit[j] * load[j]).min() for j in open_sites)


def least_concave(case, opening: np.ndarray, unit: np.ndarray) -> float:
    """Try all assignments; the sites that serve someone open, and those that must."""
    values = [
        concave_total(case, opening, unit, assignment, {*assignment, *case.fixed_open})
        for assignment in product(case.allowed, repeat=len(case.weights))
        if np.isfinite(case.costs[np.arange(len(assignment)), assignment]).all()
    ]
    return min(values)


@tries
@given(cases(), st.data(), st.sampled_from([0.0, 0.0, 0.3]))
def test_no_choice_of_sites_costs_less_than_the_answer(case, data, gap):
    opening = data.draw(lines(case.costs.shape[1], 1))[:, 0]
    answer = fixed_charge(case.costs, case.weights, opening, gap=gap, **case.locks)
    least = least_total(case, opening)
    margin = RELATIVE * least + NOTHING
    open_sites = answer.open_sites.tolist()
    assert answer.status == "optimal"
    assert answer.bound <= least + margin
    assert least - margin <= answer.objective <= least / (1 - gap) + margin
    assert {*case.fixed_open} <= {*open_sites} <= {*case.allowed}
    paid = total(case.weights)(nearest(case.costs, open_sites)) + opening[open_sites].sum()
    assert paid == pytest.approx(answer.objective, rel=1e-9, abs=NOTHING)


@tries
@given(cases().filter(lambda case: len(case.allowed) ** len(case.weights) <= 300), st.integers(1, 3), st.data())
def test_no_assignment_costs_less_than_the_answer_where_costs_are_concave(case, number, data):
    opening, unit = (data.draw(lines(case.costs.shape[1], number)) for _ in range(2))
    answer = fixed_charge(case.costs, case.weights, opening, unit_costs=unit, **case.locks)
    least = least_concave(case, opening, unit)
    margin = RELATIVE * least + NOTHING
    assert answer.status == "optimal"
    assert answer.bound <= least + margin
    assert least - margin <= answer.objective <= least + margin
    assert {*case.fixed_open} <= {*answer.open_sites} <= {*case.allowed}
    assert {*answer.assignment} <= {*answer.open_sites}
    assert answer.open_sites.tolist() == sorted({*answer.open_sites.tolist()})
    paid = concave_total(case, opening, unit, answer.assignment, answer.open_sites)
    assert paid == pytest.approx(answer.objective, rel=1e-9, abs=NOTHING)


@few_tries
@given(cases(), st.data())
def test_a_cost_for_each_unit_of_weight_is_a_dearer_service(case, data):
    opening, unit = (data.draw(lines(case.costs.shape[1], 1))[:, 0] for _ in range(2))
    one = fixed_charge(case.costs, case.weights, opening, unit_costs=unit, **case.locks)
    other = fixed_charge(case.costs + unit, case.weights, opening, **case.locks)
    assert one.objective == pytest.approx(other.objective, rel=3e-9, abs=NOTHING)


@few_tries
@given(cases(), st.data())
def test_a_line_more_never_costs_more(case, data):
    opening, unit = (data.draw(lines(case.costs.shape[1], 3)) for _ in range(2))
    fewer = fixed_charge(case.costs, case.weights, opening[:, :2], unit_costs=unit[:, :2], **case.locks)
    more = fixed_charge(case.costs, case.weights, opening, unit_costs=unit, **case.locks)
    assert more.objective <= fewer.objective * (1 + RELATIVE) + NOTHING


def test_dear_sites_are_shared_and_cheap_ones_are_not():
    """Case MC1 of the domain specification: two towns of 1,000 visits, 8 euros for a visit to the other one."""
    for opening, number, least in ((60_000, 1, 68_000), (5_000, 2, 10_000), (8_000, None, 16_000)):
        answer = fixed_charge(TOWNS, [1000, 1000], [opening, opening])
        assert (answer.objective, answer.bound) == (least, least)
        assert number in {None, answer.open_sites.size}


def test_a_site_pays_the_line_that_is_least_for_its_load():
    opening, unit = [[10.0, 100.0]], [[5.0, 1.0]]
    for load, least in ((10, 60), (22.5, 122.5), (50, 150)):
        assert fixed_charge([[0.0]], [load], opening, unit_costs=unit).objective == least
    must_open = fixed_charge([[0.0, 1.0]], [50], opening * 2, unit_costs=unit * 2, fixed_open=[1])
    assert must_open.objective == 150 + 10
    assert must_open.open_sites.tolist() == [0, 1]


def test_a_line_that_is_never_least_changes_nothing():
    costs, weights = hard(points=30, sites=8)
    opening = np.linspace(0.5, 1.5, 8)[:, None] + [[0.0, 0.7, 0.7, 0.2]]
    unit = np.tile([0.5, 0.1, 0.2, 0.5], (8, 1))
    all_lines = fixed_charge(costs, weights, opening, unit_costs=unit)
    least = fixed_charge(costs, weights, opening[:, :2], unit_costs=unit[:, :2])
    assert all_lines.objective == pytest.approx(least.objective, rel=1e-9)
    assert all_lines.open_sites.tolist() == least.open_sites.tolist()


def test_free_sites_all_serve_those_next_to_them():
    costs, weights = hard(points=25, sites=10)
    answer = fixed_charge(costs, weights, np.zeros(10))
    assert answer.objective == pytest.approx(weights @ costs.min(axis=1), rel=1e-9)


def test_very_dear_sites_leave_the_best_single_one():
    costs, weights = hard(points=25, sites=10)
    answer = fixed_charge(costs, weights, np.full(10, 1e6))
    assert answer.open_sites.tolist() == p_median(costs, weights, 1).open_sites.tolist()


def test_capacities_are_kept_and_points_stay_whole_where_asked():
    """Towns of 6, 5 and 5 people; two sites of 8, of which the first is where everyone wants to go."""
    costs, weights, capacities = [[0.0, 9.0], [0.0, 5.0], [0.0, 1.0]], [6, 5, 5], [8, 8]
    split = fixed_charge(costs, weights, [10, 10], capacities=capacities)
    assert split.objective == pytest.approx(20 + 5 * 1 + 3 * 5)
    assert split.shares is not None
    assert (weights @ split.shares <= np.array(capacities) + 1e-9).all()
    assert fixed_charge(costs, weights, [10, 10], capacities=capacities, single_source=True).status == "infeasible"
    whole = fixed_charge(costs, weights, [10, 10], capacities=[8, 10], single_source=True)
    assert (whole.objective, whole.assignment.tolist()) == (20 + 25 + 5, [0, 1, 1])


@pytest.mark.parametrize("stop", [{"time_limit": 0.0}, {"progress": Stopper(after=1)}])
@pytest.mark.parametrize("concave", [False, True])
def test_stopped_early_the_best_answer_is_kept_with_a_true_bound(stop, concave):
    costs, weights = hard(points=80)
    opening = np.full((30, 2), [[0.6, 1.2]])
    more = {"unit_costs": np.full((30, 2), [[0.3, 0.1]])} if concave else {}
    asked = opening if concave else opening[:, 0]
    full = fixed_charge(costs, weights, asked, **more)
    stopped = fixed_charge(costs, weights, asked, **more, **stop)
    assert full.status == "optimal"
    assert stopped.status == "feasible"
    assert stopped.bound <= full.objective <= stopped.objective


@pytest.mark.parametrize(
    ("changed", "key", "said"),
    [
        ({"opening_costs": [1, 2, 3]}, "opening_costs", "has shape (3,); the costs ask for 2 numbers"),
        ({"opening_costs": [1, -2]}, "opening_costs", "is not a number of 0 or more at 1"),
        ({"opening_costs": 3.0}, "opening_costs", "has shape ()"),
        ({"opening_costs": [[1, 2], [3, 4]]}, "unit_costs", "gives 0 lines and opening_costs 2: each line needs both"),
        ({"unit_costs": [[1, 2], [3, 4]]}, "unit_costs", "gives 2 lines and opening_costs 1"),
        ({"unit_costs": [1, np.inf]}, "unit_costs", "is not a number of 0 or more at 1"),
        ({"unit_costs": [[1], [2], [3]]}, "unit_costs", "has shape (3,)"),
        ({"unit_costs": [1, 1], "capacities": [5, 5]}, "unit_costs", "and capacities do not go together"),
        ({"weights": [1]}, "weights", "has shape (1,)"),
        ({"forbidden": [0, 1]}, "costs", "rows 0, 1 have no allowed site"),
    ],
)
def test_a_wrong_argument_is_named_in_a_sentence(changed, key, said):
    with pytest.raises(InputError) as raised:
        fixed_charge(**{"costs": TOWNS, "weights": [1, 1], "opening_costs": [1, 1], **changed})
    assert {fault.key for fault in raised.value.faults} == {key}
    assert said in str(raised.value)
