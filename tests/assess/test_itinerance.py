"""Cells that use a stop are split in two, and nobody is lost on the way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from territo.assess.itinerance import Measured, split_at_stops
from territo.domain.itinerance import Itinerance
from territo.domain.nodes import demand_nodes
from tests.assess.examples import SHARED, TERRITORY, TRAVEL, central, demand, measured, today


def with_a_stop():
    """The library has a stop of two half-days at Amont, held from Bourg, for the 600 people of the first cell."""
    users = np.full((3, 3), -1)
    users[0, 0] = 0
    offered = np.zeros((3, 3), dtype=bool)
    offered[0, 0] = True
    stops = Itinerance(0.6, np.array([2.0, 0.0, 0.0]), np.array([1, -1, -1]), offered, users)
    return replace(central(), itinerance=stops)


def test_the_parts_of_a_split_cell_add_up_to_it():
    people = replace(TERRITORY.cells, groups={"poor": np.array([60.0, np.nan, 50.0])})
    place = replace(TERRITORY, cells=people)
    whole = Measured(place, TRAVEL, demand(SHARED), with_a_stop(), today(SHARED), demand_nodes(place))
    split = split_at_stops(whole)
    cells = split.territory.cells
    assert cells.population.tolist() == pytest.approx([240, 400, 500, 360])
    assert cells.groups["poor"] == pytest.approx([24, np.nan, 50, 36], nan_ok=True)
    assert split.demand.units.sum(axis=0) == pytest.approx(whole.demand.units.sum(axis=0))
    assert split.demand.visits.sum(axis=0) == pytest.approx(whole.demand.visits.sum(axis=0))
    assert split.organisation.assignment[[0, 3], 0].tolist() == [1, 0]
    assert split.nodes.tolist() == [*whole.nodes, whole.nodes[0]]


def test_without_stops_nothing_is_split():
    whole = Measured(TERRITORY, TRAVEL, demand(SHARED), central(), today(SHARED), demand_nodes(TERRITORY))
    assert split_at_stops(whole) is whole


def test_a_stop_costs_hours_there_and_on_the_road_and_kilometres():
    figures = measured(with_a_stop())
    # 47 weeks x 2 half-days of 4 h, and 30 min and 30 km each way at 40,000 / 1,300 euro an hour and 0.5 euro a km
    hour = 40_000 / 1_300
    assert figures["COST.itinerance"].value == pytest.approx(47 * 2 * (4 * hour + 2 * 30 * 0.5 + 2 * 0.5 * hour))
    assert figures["ECO4.itinerant"].value == pytest.approx(47 * 2 * 5 / 1_300)
    assert figures["ECO4"].value == pytest.approx(measured(central())["ECO4"].value + 47 * 2 * 5 / 1_300)


def test_those_whom_the_stop_suits_no_longer_travel():
    # 600 people, 60 % of whom spared 2 x 30 minutes a visit, one visit a year
    saved = measured(central())["PRX6"].value - measured(with_a_stop())["PRX6"].value
    assert saved == pytest.approx(0.6 * 600 * 1.0)
