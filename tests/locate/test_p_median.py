"""The p-median against all choices, against its laws, and at its limits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from territo.errors import InputError
from territo.locate.p_median import p_median
from tests.locate.sitings import Stopper, cases, check_answer, few_tries, hard, total, tries

LINE = np.array([[0.0, 10, 30], [10, 0, 20], [30, 20, 0]])


@tries
@given(cases(), st.sampled_from([0.0, 0.0, 0.3]))
def test_no_choice_of_sites_is_better_than_the_answer(case, gap):
    answer = p_median(case.costs, case.weights, case.p, gap=gap, **case.locks)
    value = total(case.weights)
    check_answer(answer, case, case.least(value), value, gap)
    assert answer.open_sites.size in {0, case.p}


@few_tries
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_points_and_sites_does_not_matter(case, random):
    rows, columns = ([*range(length)] for length in case.costs.shape)
    random.shuffle(rows)
    random.shuffle(columns)
    locks = {name: [columns.index(site) for site in sites] for name, sites in case.locks.items()}
    one = p_median(case.costs, case.weights, case.p, **case.locks)
    other = p_median(case.costs[rows][:, columns], case.weights[rows], case.p, **locks)
    assert other.status == one.status
    np.testing.assert_allclose(other.objective, one.objective, rtol=3e-9, atol=1e-12)


@few_tries
@given(cases())
def test_twice_the_weight_is_twice_the_point(case):
    once = p_median(case.costs, case.weights, case.p, **case.locks)
    again = p_median(np.vstack([case.costs, case.costs]), np.tile(case.weights / 2, 2), case.p, **case.locks)
    np.testing.assert_allclose(again.objective, once.objective, rtol=3e-9, atol=1e-12)


@pytest.mark.parametrize("factor", [2.0**-10, 1e-6, 1e6])
def test_the_objective_has_the_unit_of_weights_times_costs(factor):
    costs, weights = hard(points=20, sites=8)
    plain = p_median(costs, weights, 3)
    for scaled in (p_median(factor * costs, weights, 3), p_median(costs, factor * weights, 3)):
        assert scaled.objective == pytest.approx(factor * plain.objective, rel=1e-9)


def test_of_equal_sites_the_first_serves():
    answer = p_median([[1.0, 1.0], [2.0, 2.0]], [1, 1], 2)
    assert answer.assignment.tolist() == [0, 0]
    assert answer.open_sites.tolist() == [0, 1]


def test_no_choice_that_leaves_someone_out_is_an_answer():
    costs = np.where(np.eye(4) == 1, 1.0, np.inf)
    answer = p_median(costs, np.ones(4), 3)
    assert (answer.status, answer.bound, answer.gap) == ("infeasible", np.inf, np.inf)
    assert np.isnan(answer.objective)
    assert answer.open_sites.size == 0
    assert answer.assignment.tolist() == [-1, -1, -1, -1]
    assert p_median(costs, np.ones(4), 4).objective == 4


def test_a_point_without_weight_still_needs_a_site():
    costs = [[1.0, np.inf, np.inf], [np.inf, 5.0, 0.0]]
    answer = p_median(costs, [1, 0], 2)
    assert 0 in answer.open_sites
    assert answer.objective == 1
    assert p_median(costs, [1, 0], 1).status == "infeasible"


def test_a_point_without_weight_goes_to_the_nearest_site_too():
    assert p_median([[3.0, 1.0]], [0], 2).assignment.tolist() == [1]


@pytest.mark.parametrize("stop", [{"time_limit": 0.0}, {"progress": Stopper(after=1)}])
def test_stopped_early_the_best_answer_is_kept_with_a_true_bound(stop):
    costs, weights = hard()
    full = p_median(costs, weights, 6)
    stopped = p_median(costs, weights, 6, **stop)
    assert full.status == "optimal"
    assert stopped.status == "feasible"
    assert stopped.open_sites.size == 6
    assert stopped.bound <= full.objective <= stopped.objective
    assert stopped.gap == pytest.approx(1 - stopped.bound / stopped.objective)


def test_a_gap_asked_is_kept_and_the_bound_is_true():
    costs, weights = hard()
    full, rough = p_median(costs, weights, 6), p_median(costs, weights, 6, gap=0.1)
    assert rough.status == "optimal"
    assert rough.gap <= 0.1 + 1e-12
    assert rough.bound <= full.objective <= rough.objective <= full.objective / 0.9


def test_who_watches_hears_of_answers_and_bounds_that_only_improve():
    costs, weights = hard()
    watcher = Stopper()
    answer = p_median(costs, weights, 6, progress=watcher)
    incumbents, bounds = ([getattr(event, name) for event in watcher.events] for name in ("incumbent", "bound"))
    assert incumbents == sorted(incumbents, reverse=True)
    assert bounds == sorted(bounds)
    assert bounds[-1] <= answer.objective <= incumbents[-1]


def test_single_precision_gives_the_answer_of_the_same_numbers():
    costs, weights = hard(points=40, sites=15)
    single = costs.astype(np.float32)
    one, other = p_median(single, weights, 4), p_median(single.astype(np.float64), weights, 4)
    assert one.open_sites.tolist() == other.open_sites.tolist()
    assert one.objective == pytest.approx(other.objective, rel=1e-9)


def test_whole_numbers_are_proven_exactly():
    answer = p_median(LINE.astype(int), [1000, 300, 200], 1)
    assert (answer.objective, answer.bound, answer.gap) == (9000, 9000, 0)


def test_the_same_question_has_the_same_answer():
    costs, weights = hard(seed=3)
    one, other = (p_median(costs, weights, 5) for _ in range(2))
    assert (one.objective, one.bound, one.algorithm) == (other.objective, other.bound, other.algorithm)
    assert one.open_sites.tolist() == other.open_sites.tolist()
    assert one.assignment.tolist() == other.assignment.tolist()


def test_the_inputs_stay_as_they_were():
    costs, weights = hard(points=10, sites=5)
    before = costs.copy(), weights.copy()
    p_median(costs, weights, 2)
    np.testing.assert_array_equal(costs, before[0])
    np.testing.assert_array_equal(weights, before[1])


@pytest.mark.parametrize(
    ("changed", "key", "said"),
    [
        ({"costs": [[1.0, np.nan, 2.0]] * 3}, "costs", "rows 0, 1, 2 have a missing cost"),
        ({"costs": [[1.0, -1.0, 2.0]] * 3}, "costs", "rows 0, 1, 2 have a negative cost"),
        ({"costs": [1.0, 2.0]}, "costs", "must be a table of numbers"),
        ({"costs": np.full((3, 3), np.inf)}, "costs", "rows 0, 1, 2 have no allowed site"),
        ({"weights": [1, 2]}, "weights", "has shape (2,); the costs ask for 3 numbers"),
        ({"weights": [1, -2, np.inf]}, "weights", "is not a number of 0 or more at 1, 2"),
        ({"p": 0}, "p", "is 0; it must be a whole number from 1 (fixed open) to 3"),
        ({"p": 4}, "p", "is 4; it must be a whole number from 1"),
        ({"p": 1.5}, "p", "is 1.5; it must be a whole number"),
        ({"p": 1, "fixed_open": [0, 1]}, "p", "from 2 (fixed open) to 3"),
        ({"fixed_open": [3]}, "fixed_open", "names columns 3; the costs have columns 0 to 2"),
        ({"forbidden": [-1]}, "forbidden", "names columns -1"),
        ({"fixed_open": [1], "forbidden": [1]}, "forbidden", "columns 1 must both open and stay closed"),
        ({"gap": -0.1}, "gap", "must be a number of 0 or more, not -0.1"),
    ],
)
def test_a_wrong_argument_is_named_in_a_sentence(changed, key, said):
    with pytest.raises(InputError) as raised:
        p_median(**{"costs": LINE, "weights": [1, 1, 1], "p": 1, **changed})
    assert {fault.key for fault in raised.value.faults} == {key}
    assert said in str(raised.value)


def test_all_that_is_wrong_is_said_at_once():
    with pytest.raises(InputError) as raised:
        p_median(LINE, [1, -1, 1], 9, forbidden=[7], gap=np.nan)
    assert [fault.key for fault in raised.value.faults] == ["forbidden", "gap", "weights", "p"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"seed": -1}, "seed: must be a whole number of 0 or more, not -1"),
        ({"threads": 0}, "threads: must be a whole number of 1 or more, not 0"),
        ({"time_limit": np.nan}, "time_limit: must be a number of 0 or more, not nan"),
        ({"time_limit": "long"}, "time_limit: must be a number of 0 or more, not long"),
        ({"gap": "small"}, "gap: must be a number of 0 or more, not small"),
        ({"weights": ["many", 1, 1]}, "weights: must be 3 numbers, and holds something else"),
    ],
)
def test_a_keyword_that_makes_no_sense_gets_one_sentence(wrong, sentence):
    arguments = {"weights": np.ones(3), **wrong}
    with pytest.raises(InputError) as raised:
        p_median(LINE, p=1, **arguments)
    assert str(raised.value) == sentence
