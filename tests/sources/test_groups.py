"""Social groups on cells: conserved from the commune to its cells, and never made up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from territo.domain.territory import Cells
from territo.sources.groups import with_groups

NAN = np.nan


def cells(population=(30.0, 10.0, 60.0), commune=(0, 0, 1), **groups):
    counts = {name: np.array(values, dtype=float) for name, values in groups.items()}
    return Cells(np.zeros((len(population), 2)), np.array(population), np.array(commune), 200.0, counts)


def test_shares_of_the_communes_are_spread_by_households_and_keep_their_total():
    attributes = {"households": np.array([20.0, 30.0]), "poverty_rate": np.array([10.0, 20.0])}
    found, notices = with_groups(cells(), attributes)
    assert found.groups["households"] == pytest.approx([15.0, 5.0, 30.0])
    assert found.groups["poor_households"] == pytest.approx([1.5, 0.5, 6.0])
    assert notices == ()


def test_what_is_secret_stays_missing_and_is_said():
    found, notices = with_groups(cells(), {"share_0_3": np.array([NAN, 5.0])})
    assert np.array_equal(found.groups["age_0_3"], [NAN, NAN, 3.0], equal_nan=True)
    assert [(each.code, dict(each.params)) for each in notices] == [
        ("group-missing.age_0_3", {"cells": 2, "percent": 40})
    ]


def test_the_known_rate_fills_what_is_missing_only_where_it_is_asked_for_and_is_said():
    found, notices = with_groups(cells(), {"share_0_3": np.array([NAN, 5.0])}, ["known_rate"])
    assert found.groups["age_0_3"] == pytest.approx([1.5, 0.5, 3.0])
    assert [(each.code, each.params["rate"]) for each in notices] == [("group-known-rate.age_0_3", 5.0)]


def test_the_counts_of_the_grid_stand_before_the_figures_of_the_communes():
    counted = cells(age_80_plus=[3.0, NAN, 6.0], households=[14.0, NAN, 30.0])
    attributes = {"households": np.array([20.0, 30.0]), "share_80_plus": np.array([50.0, 50.0])}
    found, _ = with_groups(counted, attributes)
    assert np.array_equal(found.groups["age_80_plus"], [3.0, NAN, 6.0], equal_nan=True)
    assert found.groups["households"] == pytest.approx([14.0, 5.0, 30.0])


def test_households_without_a_car_come_from_the_census():
    attributes = {"households": np.array([20.0, 30.0]), "households_with_car": np.array([15.0, NAN])}
    found, _ = with_groups(cells(), attributes)
    assert found.groups["no_car_households"][:2] == pytest.approx([3.75, 1.25])
    assert np.isnan(found.groups["no_car_households"][2])


def test_a_share_that_cannot_be_is_missing_and_a_group_known_nowhere_is_absent():
    found, notices = with_groups(cells(), {"share_0_3": np.array([-4.0, 130.0])})
    assert (found.groups, notices) == ({}, ())


@given(
    st.lists(st.floats(0.01, 1e4), min_size=1, max_size=20),
    st.lists(st.one_of(st.floats(0, 100), st.just(NAN)), min_size=20, max_size=20),
)
def test_the_cells_of_a_commune_sum_to_its_figure(population, shares):
    commune = np.arange(len(population)) % 3
    found, _ = with_groups(cells(population, commune), {"share_80_plus": np.array(shares[:3])})
    for index, share in enumerate(shares[: commune.max() + 1]):
        here = commune == index
        counts = found.groups.get("age_80_plus", np.full(len(population), NAN))[here]
        expected = share / 100 * np.array(population)[here].sum()
        assert counts.sum() == pytest.approx(expected, rel=1e-9, nan_ok=True)
