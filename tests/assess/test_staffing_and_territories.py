"""Levels, managers, moves, means by territory and alarms, by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from territo.assess.assessment import Settings, assess
from territo.domain.demand import yearly_demand
from tests.assess.examples import CATALOGUE, NORMS, TERRITORY, central, concentrated, demand, in_poles, measured, today
from tests.factories import line_travel, service, tiny_catalogue


def test_staff_is_counted_at_the_siege_in_poles_and_in_branches():
    assessment = measured(in_poles())
    levels = [assessment[f"ECO4.{level}"].value for level in ("hq", "poles", "branches")]
    assert levels == pytest.approx([1.5, 3.0, 0.0])
    assert assessment["ECO4"].value == pytest.approx(4.5)
    assert assessment["ORG1.levels"].value == 2
    assert [measured(today())[f"ECO4.{level}"].value for level in ("hq", "poles", "branches")] == pytest.approx(
        [3.2, 0.0, 4.6]
    )


def test_a_seat_at_the_siege_counts_as_pole_for_the_services_in_poles_only():
    organisation = concentrated((0, 0, 0), ("poles", "free", "central"), seats=(0,))
    assessment = measured(organisation)
    assert assessment["ECO4.poles"].value == pytest.approx(1.5)
    assert assessment["ECO4.hq"].value == pytest.approx(3.0)


def test_the_span_counts_first_line_managers_and_managers_of_poles():
    # 1.5 / 8 twice, 1.5 / 10 once, and 1.2 of coordination
    managers = 1.5 / 8 * 2 + 1.5 / 10 + 1.2
    assessment = measured(in_poles())
    assert assessment["ORG1.managers"].value == pytest.approx(managers)
    assert assessment["ORG1"].value == pytest.approx(4.5 / managers)
    assert assessment["ORG1"].by_territory["B1"] == pytest.approx(4.5 / managers)
    assert assessment["ORG1"].by_service["voirie"] == pytest.approx(1.5 / (1.5 / 10 + 0.6))


def test_at_least_the_staff_that_arrives_elsewhere_has_to_move():
    # roads and finance: 0.55 FTE leave Bourg for Amont, which grows by 0.4 only; the library stays
    assessment = measured(central())
    assert dict(assessment["ORG2"].by_service) == pytest.approx({"mediatheque": 0.0, "voirie": 0.4, "finances": 0.4})
    assert assessment["ORG2"].value == pytest.approx(0.8)


def two_territories():
    """Roads at both town halls, each the seat of its own commune: 2 FTE in Amont, 1 in Bourg."""
    organisation = concentrated((0,), ("poles",), ("voirie",), seats=(0, 1))
    return replace(
        organisation,
        territory_of=np.array([0, 1]),
        offered=np.array([[True], [True], [False]]),
        staff=np.array([[1.2], [1.2], [0.0]]),
        assignment=np.array([[0], [0], [1]]),
    )


def test_means_are_compared_with_needs_territory_by_territory():
    # needs 1.0 and 0.5 FTE (same need weights), means 1.2 and 1.2: Amont has 1.2 of 1.6 per need
    assessment = measured(two_territories())
    assert assessment["EQU4.min"].value == pytest.approx(0.75)
    assert dict(assessment["EQU4.min"].by_territory) == pytest.approx({"A1": 0.75, "B1": 1.5})
    # half of the agents where a third of the need is: one sixth to move
    assert assessment["EQU4.gap"].value == pytest.approx(1 / 6)


def test_balance_compares_the_work_of_the_field_services():
    # work 1.0 and 0.5 around 0.75
    assessment = measured(two_territories())
    assert assessment["EQU5"].value == pytest.approx(1 / 3)
    assert dict(assessment["EQU5"].by_territory) == pytest.approx({"A1": 1 / 3, "B1": -1 / 3})


def test_balance_compares_people_where_there_is_no_field_service():
    organisation = replace(
        concentrated((0,), ("poles",), ("mediatheque",), seats=(0, 1)), territory_of=np.array([0, 1])
    )
    assert measured(organisation)["EQU5"].value == pytest.approx(1 / 3)


def test_without_territories_means_and_balance_are_unknown():
    for name in ("EQU4.min", "EQU4.gap", "EQU5"):
        assert np.isnan(measured(central())[name].value)


def test_access_is_measured_by_territory():
    organisation = concentrated((2, 2, 0), ("poles", "poles", "central"), seats=(2,))
    assessment = measured(organisation)
    assert dict(assessment["PRX1.mean"].by_territory) == pytest.approx({"B1": 14.0})
    assert assessment["EQU1"].by_territory["B1"] == pytest.approx(20.0)


def large_saving():
    return concentrated((1, 0, 0), ("existing", "central", "central"), staff=1.0)


def test_a_saving_beyond_what_mergers_have_given_raises_an_alarm_until_it_is_accepted():
    assert "saving_over_15_pct" in measured(large_saving()).alarms
    accepted = measured(large_saving(), accepted_reference=True).alarms
    assert "saving_over_15_pct" not in accepted
    assert "accepted_over_15_pct" in accepted
    assert "saving_over_15_pct" not in measured(central()).alarms


def test_a_team_far_from_the_usual_ratio_raises_an_alarm():
    # the three services of the study are 3 of the 5 FTE per 1,000 of the catalogue: 3.6 to 9.6 are plausible
    assert "staff_ratio_out_of_range" in measured(central()).alarms
    assert "staff_ratio_out_of_range" not in measured(replace(central(), staff=central().staff * 2)).alarms


def test_a_study_of_services_without_staff_has_no_usual_ratio():
    catalogue = tiny_catalogue([service("mds", prod_per_fte=None)])
    organisation = concentrated((1,), ("free",), ("mds",), staff=0.0)
    asked = yearly_demand(TERRITORY, catalogue, catalogue.codes)
    assessment = assess(TERRITORY, catalogue, line_travel(), asked, organisation, organisation, Settings(norms={}))
    assert "staff_ratio_out_of_range" not in assessment.alarms


def test_many_moved_agents_raise_an_alarm():
    assert "moved_over_25_pct" in measured(in_poles()).alarms
    assert "moved_over_25_pct" not in measured(central()).alarms


def test_a_mean_time_below_a_minute_raises_an_alarm():
    services = ("mediatheque",)
    everywhere = np.ones((3, 1), dtype=bool)
    at_every_door = replace(
        concentrated((1,), ("free",), services),
        offered=everywhere,
        staff=everywhere * 1.0,
        assignment=np.array([[0], [2], [1]]),
    )
    travel = line_travel(cells=(0.0, 20.0, 30.0))
    close = assess(
        TERRITORY, CATALOGUE, travel, demand(services), at_every_door, today(services), Settings(norms=NORMS)
    )
    assert close["PRX1.mean"].value == 0.0
    assert "mean_access_out_of_range" in close.alarms
    assert "mean_access_out_of_range" not in measured(at_every_door).alarms
