"""The order in which services could change, on the tiny territory."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from territo.domain.itinerance import Itinerance
from tests.assess.examples import SHARED, central, in_poles, measured, today

YEARS = 4


def test_only_a_scenario_that_plans_its_transition_has_a_trajectory():
    assert "TRJ.year" not in measured(in_poles()).indicators


def test_every_service_that_changes_has_its_year_and_the_others_have_none():
    figures = measured(central(), transition_years=YEARS)
    # the library stays where it is, with another team: 1.5 FTE where its users and its hours need another number
    changed = {"voirie", "finances"} | ({"mediatheque"} if today(SHARED).staff[1, 0] != 1.5 else set())
    assert set(figures["TRJ.year"].by_service) == changed
    assert min(figures["TRJ.year"].by_service.values()) == 1
    assert max(figures["TRJ.year"].by_service.values()) <= YEARS


@pytest.mark.parametrize("target", [central, in_poles])
def test_the_last_step_is_the_organisation_looked_for(target):
    figures = measured(target(), transition_years=YEARS)
    running = figures["COST"].value - figures["COST.moves"].value
    assert figures["TRJ.cost"].value == pytest.approx(running)
    assert list(figures["TRJ.cost"].by_service.values())[-1] == pytest.approx(running)


def changed_alone(target, s):
    """Today, but for one service."""
    before = today(SHARED)
    columns = {name: getattr(before, name).copy() for name in ("offered", "staff", "assignment", "hours_week")}
    for name, values in columns.items():
        values[:, s] = getattr(target, name)[:, s]
    modality = tuple(target.modality[k] if k == s else "existing" for k in range(3))
    seats = {"seats": target.seats, "territory_of": target.territory_of} if modality[s] == "poles" else {}
    return replace(before, modality=modality, **columns, **seats)


def test_what_gains_most_for_its_effort_changes_first():
    target, start = in_poles(), measured(today(SHARED))
    figures = measured(target, transition_years=YEARS)
    gains = {}
    for s, service in enumerate(SHARED):
        alone = measured(changed_alone(target, s))
        saved = start["COST"].value - alone["COST"].value
        saved += 10.0 * (start["PRX6"].value - alone["PRX6"].value)
        gains[service] = saved / max(1.0, figures["ORG2"].by_service[service])
    first = next(iter(figures["TRJ.cost"].by_service))
    assert first == max(gains, key=gains.get)
    assert len(set(gains.values())) == 3
    assert figures["TRJ.year"].by_service[first] == 1
    alone = measured(changed_alone(target, SHARED.index(first)))
    assert figures["TRJ.cost"].by_service[first] == pytest.approx(alone["COST"].value)


def test_nothing_to_change_takes_no_year():
    figures = measured(today(SHARED), transition_years=YEARS)
    assert figures["TRJ.year"].value == 0
    assert figures["TRJ.year"].by_service == {}
    assert figures["TRJ.cost"].value == pytest.approx(figures["COST"].value)


def test_stops_begin_with_their_service():
    plan = central()
    users = np.full((3, 3), -1)
    users[2, 0] = 1
    offered = np.zeros((3, 3), dtype=bool)
    offered[1, 0] = True
    moved = replace(plan, assignment=np.array([[0, 0, 0]] * 3), offered=np.array([[1, 1, 1], [0, 0, 0], [0, 0, 0]]) > 0)
    stops = Itinerance(0.6, np.array([0.0, 2.0, 0.0]), np.array([-1, 0, -1]), offered, users)
    target = replace(moved, itinerance=stops, staff=np.array([[1.5, 1.5, 1.5], [0, 0, 0], [0, 0, 0]]))
    figures = measured(target, transition_years=YEARS)
    assert figures["COST.itinerance"].value > 0
    steps = figures["TRJ.cost"].by_service
    assert list(steps.values())[-1] == pytest.approx(figures["COST"].value - figures["COST.moves"].value)
    assert figures["TRJ.year"].by_service["mediatheque"] >= 1
