"""Regret and stability on tables small enough to be read."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from territo.explore.regret import regret, stability


def test_the_safest_plan_is_not_the_best_on_average():
    found = regret(("bold", "calm"), ("low", "high"), np.array([[80.0, 130.0], [95.0, 120.0]]))
    assert found.amount.tolist() == [[0.0, 10.0], [15.0, 0.0]]
    assert found.safest == "bold"
    assert regret(("bold", "calm"), ("low", "high"), np.array([[80.0, 140.0], [95.0, 120.0]])).safest == "calm"


def test_a_plan_without_room_is_regretted_without_end():
    found = regret(("small", "large"), ("low", "high"), np.array([[80.0, np.inf], [90.0, 120.0]]))
    assert found.amount.tolist() == [[0.0, np.inf], [10.0, 0.0]]
    assert found.safest == "large"


def test_a_demand_that_no_plan_has_room_for_is_regretted_by_all():
    found = regret(("a", "b"), ("high",), np.array([[np.inf], [np.inf]]))
    assert np.isinf(found.amount).all()


@given(arrays(np.float64, (4, 3), elements=st.floats(0, 1e6)))
def test_regret_is_never_negative_and_some_plan_has_none_for_each_demand(totals):
    found = regret("abcd", "xyz", totals)
    assert (found.amount >= 0).all()
    assert (found.amount.min(axis=0) == 0).all()
    assert found.amount[found.plans.index(found.safest)].max() == found.amount.max(axis=1).min()


def test_stability_is_the_share_of_the_answers_that_open_a_site():
    answers = [np.array(row, dtype=bool) for row in ([1, 1, 0], [1, 0, 1], [1, 1, 0], [1, 0, 0])]
    found = stability(("A", "B", "C"), answers[0], answers)
    assert found.share.tolist() == [1.0, 0.5, 0.25]
    assert (found.solves, found.in_plan.tolist()) == (4, [True, True, False])
