"""Need weights: hand-computed shares, and laws that no number may break."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from territo.domain.need import EXTRA, need_weights
from territo.domain.territory import Cells

NAN = np.nan


def cells(population=(30.0, 10.0, 60.0), **groups):
    counts = {name: np.array(values, dtype=float) for name, values in groups.items()}
    count = len(population)
    return Cells(np.zeros((count, 2)), np.array(population), np.zeros(count, dtype=int), 200.0, counts)


def test_need_weights_are_those_of_the_shares_and_a_secret_share_is_the_mean():
    counted = cells(households=[10, 10, 20], poor_households=[5, NAN, 5], age_80_plus=[30, 0, 0])
    # poor: 1/2, mean 1/3, 1/4; 80+: 1, 0, 0
    assert need_weights(counted) == pytest.approx([1 + 0.25 + 0.5, 1 + 1 / 6, 1 + 0.125])


def test_without_any_group_every_trip_weighs_one():
    assert need_weights(cells()).tolist() == [1.0, 1.0, 1.0]


@given(
    st.lists(st.tuples(st.floats(1, 1e4), st.floats(0, 1), st.one_of(st.just(NAN), st.floats(0, 1))), min_size=1),
)
def test_weights_lie_between_one_and_one_plus_all_that_may_be_added_and_scale_does_not_matter(rows):
    people, old, poor = (np.array(column) for column in zip(*rows, strict=True))
    groups = {"age_80_plus": people * old, "households": people / 2, "poor_households": people / 2 * poor}
    weights = need_weights(cells(people, **groups))
    assert (weights >= 1).all()
    assert (weights <= 1 + sum(EXTRA.values()) + 1e-9).all()
    tenfold = {name: 10 * counts for name, counts in groups.items()}
    assert need_weights(cells(10 * people, **tenfold)) == pytest.approx(weights)
