"""The assessment as a whole: refusals, settings and the laws that hold across figures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from territo.assess.assessment import Settings, assess
from territo.errors import InputError
from territo.i18n import LANGUAGES, t
from tests.assess.examples import (
    CATALOGUE,
    NORMS,
    TERRITORY,
    TRAVEL,
    central,
    concentrated,
    demand,
    in_poles,
    measured,
    today,
)

EVERY = [today(), central(), in_poles()]


def test_organisations_of_different_services_are_refused():
    with pytest.raises(InputError) as caught:
        assess(TERRITORY, CATALOGUE, TRAVEL, demand(central().services), central(), today(), Settings(norms=NORMS))
    assert [fault.code for fault in caught.value.faults] == ["services-differ"]
    assert "mediatheque, voirie, finances" in str(caught.value)


def test_an_hour_of_travel_has_the_price_of_the_scenario_or_of_the_catalogue():
    assert measured(today())["PRX6.value"].value == pytest.approx(1_700 * 10)
    assert measured(today(), value_of_time_eur_h=20.0)["PRX6.value"].value == pytest.approx(1_700 * 20)


@pytest.mark.parametrize("organisation", EVERY)
def test_every_indicator_is_filed_under_its_own_id(organisation):
    assert all(key == indicator.id for key, indicator in measured(organisation).indicators.items())


@pytest.mark.parametrize("organisation", EVERY)
def test_gaining_losing_and_unchanged_people_are_everyone(organisation):
    assessment = measured(organisation)
    groups = [assessment[f"GAG1.{group}"] for group in ("winners", "losers", "neutral")]
    assert sum(group.value for group in groups) == pytest.approx(1_500)
    assert np.sum([group.by_commune for group in groups], axis=0) == pytest.approx([1_000, 500])
    communes = [assessment[f"GAG1.communes_{group}"].value for group in ("winners", "losers", "neutral")]
    assert sum(communes) == 2


def test_today_against_itself_has_no_winners_no_losers_and_no_alarm_of_change():
    assessment = measured(today())
    for name in ("GAG1.winners", "GAG1.losers", "GAG1.services_lost", "ORG2", "GAG1.change"):
        assert assessment[name].value == 0.0
    assert assessment["GAG1.change"].subject == ""
    assert not [alarm for alarm in assessment.alarms if alarm.startswith(("commune", "moved", "saving"))]


@pytest.mark.parametrize("organisation", EVERY)
def test_amounts_add_up_by_service_and_by_commune(organisation):
    assessment = measured(organisation)
    for name in ("PRX6", "PRX6.km", "CLI1.tco2e", "CLI1.km", "ECO4", "OFF1", "OFF2.total", "ORG1.managers"):
        indicator = assessment[name]
        assert sum(indicator.by_service.values()) == pytest.approx(indicator.value)
        assert indicator.by_commune.sum() == pytest.approx(indicator.value)


def test_parts_by_territory_add_up_to_the_whole():
    assessment = measured(in_poles())
    for name in ("PRX6", "CLI1.tco2e", "ECO4", "COST"):
        assert dict(assessment[name].by_territory) == pytest.approx({"B1": assessment[name].value})


def test_services_that_nobody_visits_leave_access_unknown_and_never_zero():
    assessment = measured(concentrated((0,), ("central",), ("finances",)))
    for name in ("PRX1.mean", "PRX2", "PRX3", "PRX5", "EQU1", "EQU2", "EQU3.gini", "OFF3.bouquet", "RES1.loss"):
        assert np.isnan(assessment[name].value)
    assert assessment["PRX6"].value == 0.0


def test_people_sent_nowhere_are_counted_and_left_out_of_the_means():
    assignment = today().assignment.copy()
    assignment[0, :3] = -1
    assessment = measured(replace(today(), assignment=assignment))
    assert assessment["PRX.unserved"].value == 600
    assert dict(assessment["PRX.unserved"].by_service) == dict.fromkeys(
        ("accueil_mairie", "france_services", "mediatheque"), 600.0
    )
    # accueil: cell 2 at 10, cell 3 at 0: 4,000 / 900
    assert assessment["PRX1.mean"].by_service["accueil_mairie"] == pytest.approx(4_000 / 900)
    assert assessment["PRX3"].by_service["accueil_mairie"] == pytest.approx(900 / 1_500)
    assert assessment["GAG1.losers"].value == 1_000


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_figure_has_a_name_a_unit_and_a_definition(lang):
    for name in measured(today()).indicators:
        assert all(t(f"indicator.{name}.{part}", lang) for part in ("label", "unit", "definition"))
