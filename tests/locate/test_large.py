"""What only large problems use, made to happen on small ones: short lists, grouped points, a second search."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from territo.locate import aggregation, p_median, start, uncapacitated
from territo.locate.aggregation import groups
from territo.locate.kernels.rows import sum_rows
from territo.locate.neighbours import neighbour_lists
from tests.locate.sitings import cases, check_answer, hard, total, tries


@tries
@given(cases(), st.sampled_from([0.0, 0.3]))
def test_no_choice_is_better_than_the_answer_from_lists_cut_short(case, gap):
    with pytest.MonkeyPatch.context() as patch:
        _as_large(patch)
        answer = p_median(case.costs, case.weights, case.p, gap=gap, **case.locks)
    value = total(case.weights)
    check_answer(answer, case, case.least(value), value, gap)


def test_lists_too_short_to_settle_it_are_made_whole(monkeypatch):
    _as_large(monkeypatch)
    whole = []
    completed = uncapacitated.completed

    def watched(best, core):
        whole.append(best.lower)
        return completed(best, core)

    monkeypatch.setattr(uncapacitated, "completed", watched)
    costs, weights = hard(3, points=40, sites=15)
    answer = p_median(costs, weights, 2)
    least = min(weights @ costs[:, list(pair)].min(axis=1) for pair in combinations(range(15), 2))
    assert answer.status == "optimal"
    assert answer.objective == pytest.approx(least, rel=2e-9)
    assert len(whole) == 1
    assert whole[0] < least


def test_a_large_problem_of_places_is_proven():
    random = np.random.default_rng(5)
    at = random.uniform(0, 60, (4_000, 2))
    sites = random.uniform(0, 60, (14, 2))
    costs = np.hypot(*(at[:, None] - sites[None]).transpose(2, 0, 1)).astype(np.float32)
    weights = random.integers(1, 50, 4_000).astype(float)
    answer = p_median(costs, weights, 4)
    least = min(weights @ costs[:, list(four)].min(axis=1) for four in combinations(range(14), 4))
    assert answer.status == "optimal"
    assert answer.objective == pytest.approx(least, rel=1e-7)
    again = p_median(costs, weights, 4)
    assert again.open_sites.tolist() == answer.open_sites.tolist()


def test_groups_add_up_the_points_that_go_to_the_same_sites():
    costs = np.array([[1.0, 2.0, 9.0], [2.0, 3.0, 9.0], [9.0, 2.0, np.inf]])
    weights = np.array([1.0, 10.0, 1.0])
    group = np.array([0, 0, 1])
    total_costs = sum_rows(costs, weights, np.arange(3), group, 2)
    assert total_costs.tolist() == [[21.0, 32.0, 99.0], [9.0, 2.0, np.inf]]


def test_few_points_are_not_grouped():
    costs, weights = hard(points=30, sites=6)
    lists, cut = neighbour_lists(costs, weights, np.arange(6), most=6, unserved=1e3)
    assert not cut.any()
    assert groups(lists) is None


def _as_large(patch):
    """Take every problem for a large one: two sites a list, grouped as soon as that saves a row."""
    for module, name, value in (
        (start, "SMALL", 0),
        (start, "LIST_FACTOR", 0),
        (start, "LIST_LEAST", 2),
        (start, "VAIN_POINTS", 100),
        (aggregation, "LEAST_POINTS", 2),
        (aggregation, "LEAST_SHRINKING", 1.5),
    ):
        patch.setattr(module, name, value)
