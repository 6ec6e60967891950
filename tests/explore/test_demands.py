"""Other demands: all of it, or only what older people ask for."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from territo.domain.demand import yearly_demand
from territo.explore.demands import CASES, CENTRAL, DemandCase, demand_in
from tests.factories import service, tiny_catalogue, tiny_territory

CATALOGUE = tiny_catalogue([service("meals", "field", driver="d75"), service("desk", digital_share=0.5)])
SERVICES = ("meals", "desk")


def territory(shares=(10.0, np.nan)):
    plain = tiny_territory()
    communes = dataclasses.replace(plain.communes, attributes={"share_75_plus": np.array(shares)})
    return dataclasses.replace(plain, communes=communes)


def in_case(case, place=None):
    return demand_in(case, place or territory(), CATALOGUE, SERVICES, 1.0)


def test_the_central_case_is_the_demand_of_today():
    demand, today = in_case(CENTRAL), yearly_demand(territory(), CATALOGUE, SERVICES)
    assert np.array_equal(demand.units, today.units)
    assert np.array_equal(demand.visits, today.visits)


def test_low_and_high_scale_units_and_visits():
    today = in_case(CENTRAL)
    for case, scale in (("low", 0.9), ("high", 1.15)):
        demand = in_case(next(each for each in CASES if each.name == case))
        assert demand.units == pytest.approx(today.units * scale)
        assert demand.visits == pytest.approx(today.visits * scale)


def test_ageing_adds_what_older_people_ask_for_whether_their_share_is_known_or_not():
    today, older = in_case(CENTRAL), in_case(DemandCase("ageing", older=1.3))
    assert older.units[:, 0] == pytest.approx(today.units[:, 0] * 1.3)
    assert older.units[:, 1] == pytest.approx(today.units[:, 1])
    assert (older.visits[:, 1] > today.visits[:, 1]).all()


def test_nowhere_are_there_more_older_people_than_people():
    demand = in_case(DemandCase("ageing", older=1.3), territory((90.0, 90.0)))
    assert demand.units[:, 0].sum() == pytest.approx(1_500.0)


def test_the_change_of_a_case_is_said_in_per_cent():
    assert {case.name: case.change_pct for case in CASES} == {
        "low": -10.0,
        "central": 0.0,
        "high": 15.0,
        "ageing": 30.0,
    }
