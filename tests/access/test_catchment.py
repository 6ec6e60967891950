"""Floating catchments solved by hand, and the laws that they obey."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from territo.access.catchment import ENHANCED, floating_catchment, isochrones, mismatch, pull
from territo.domain.catchment import Zones
from territo.errors import InputError

MINUTES = np.array([[5.0, 40.0], [15.0, 15.0], [40.0, 8.0]])
SUPPLY, DEMAND = np.array([10.0, 5.0]), np.array([100.0, 100.0, 50.0])


def test_two_steps_share_each_site_between_those_who_reach_it():
    found = floating_catchment(MINUTES, SUPPLY, DEMAND, Zones((20.0,), (1.0,)))
    assert found == pytest.approx([10 / 200, 10 / 200 + 5 / 150, 5 / 150])


def test_the_enhanced_form_weighs_people_and_sites_by_zone():
    found = floating_catchment(MINUTES, SUPPLY, DEMAND, ENHANCED)
    first, second = 10 / (100 + 0.68 * 100), 5 / (0.68 * 100 + 50)
    assert found == pytest.approx([first, 0.68 * (first + second), second])


def test_the_end_of_a_zone_belongs_to_it_and_out_of_reach_weighs_nothing():
    times = np.array([[0.0, 10.0, 10.001, 20.0, 30.0, 30.001, np.inf]])
    assert pull(times, ENHANCED).tolist() == [[1, 1, 0.68, 0.68, 0.22, 0, 0]]


def test_a_site_that_nobody_reaches_serves_nobody():
    found = floating_catchment(np.array([[5.0, np.inf]]), np.array([1.0, 9.0]), np.array([10.0]), ENHANCED)
    assert found.tolist() == [0.1]


@st.composite
def towns(draw):
    places, sites = draw(st.integers(1, 6)), draw(st.integers(1, 5))
    times = st.one_of(st.floats(0, 60), st.just(np.inf))
    return (
        draw(arrays(float, (places, sites), elements=times)),
        draw(arrays(float, sites, elements=st.floats(0, 100))),
        draw(arrays(float, places, elements=st.floats(0, 100).filter(lambda x: x == 0 or x > 1e-3))),
    )


@given(towns())
def test_all_the_supply_that_some_demand_reaches_is_shared_and_no_more(town):
    minutes, supply, demand = town
    found = floating_catchment(minutes, supply, demand, ENHANCED)
    reached = demand @ (minutes <= 30) > 0
    assert found @ demand == pytest.approx(supply[reached].sum(), rel=1e-9, abs=1e-9)


@given(towns(), st.floats(0.1, 10))
def test_twice_the_supply_gives_twice_the_offer_and_twice_the_demand_half(town, factor):
    minutes, supply, demand = town
    plain = floating_catchment(minutes, supply, demand, ENHANCED)
    assert floating_catchment(minutes, factor * supply, demand, ENHANCED) == pytest.approx(factor * plain)
    assert floating_catchment(minutes, supply, factor * demand, ENHANCED) == pytest.approx(plain / factor)


@given(towns())
def test_splitting_a_place_in_two_changes_nothing(town):
    minutes, supply, demand = town
    halves = floating_catchment(
        np.vstack([minutes, minutes[:1]]), supply, np.r_[demand[0] / 2, demand[1:], demand[0] / 2], ENHANCED
    )
    assert halves[:-1] == pytest.approx(floating_catchment(minutes, supply, demand, ENHANCED))


def test_a_mismatch_is_the_share_that_would_have_to_move():
    # 30 for 10 people and 10 for 30: the mean is 1, 20 of the 40 have to move
    assert mismatch(np.array([3.0, 1 / 3]), np.array([10.0, 30.0])) == pytest.approx(0.5)
    assert mismatch(np.array([2.0, 2.0]), np.array([10.0, 30.0])) == 0
    assert np.isnan(mismatch(np.zeros(2), np.ones(2)))


def test_bands_of_minutes_hold_their_upper_end():
    assert isochrones(np.array([0, 5, 5.01, 10, 99, np.inf]), (5.0, 10.0)).tolist() == [0, 0, 1, 1, 2, 2]


@pytest.mark.parametrize(
    ("minutes", "weights"),
    [((), ()), ((10.0,), (1.0, 0.5)), ((20.0, 10.0), (1.0, 0.5)), ((10.0, 20.0), (0.5, 1.0)), ((10.0,), (0.0,))],
)
def test_zones_out_of_order_are_refused(minutes, weights):
    with pytest.raises(InputError, match="are not in order"):
        Zones(minutes, weights)
