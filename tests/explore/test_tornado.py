"""Each number of the tornado changes what it says, and nothing else."""

from __future__ import annotations

import dataclasses

import pytest

from territo.explore.tornado import FACTORS
from territo.scenario.schema import Scenario
from tests.factories import service, tiny_catalogue

WEIGHTED = Scenario.model_validate({"id": "a", "name": "A", "services": "all"})
LEXICOGRAPHIC = Scenario.model_validate(
    {"id": "b", "name": "B", "services": "all", "objective": {"kind": "lexicographic", "order": ["travel"]}}
)
SERVICES = (service("desk", min_fte=0.4), service("roads", "field"), service("rented", prod_per_fte=None))
CATALOGUE = tiny_catalogue(SERVICES)


def changed(name, end, scenario=WEIGHTED):
    factor = next(each for each in FACTORS if each.name == name)
    return factor.change(CATALOGUE, scenario, end)


def column(catalogue, field):
    return [getattr(each, field) for each in catalogue.services]


def test_every_number_of_the_specification_has_its_range():
    ranges = {each.name: (each.low, each.high) for each in FACTORS}
    assert ranges == {
        "productivity": (-25.0, 25.0),
        "wage": (-10.0, 10.0),
        "theta": (0.0, 1.0),
        "small_units": (0.0, 0.3),
        "visits": (-50.0, 50.0),
        "least_team": (-0.5, 0.5),
        "value_of_time": (-50.0, 50.0),
    }


def test_productivity_changes_where_there_is_staff():
    assert column(changed("productivity", -25.0)[0], "prod_per_fte") == [750.0, 750.0, None]


def test_a_least_team_is_never_below_nothing():
    assert column(changed("least_team", -0.5)[0], "min_fte") == [0.0, 0.5, 0.5]
    assert column(changed("least_team", 0.5)[0], "min_fte") == pytest.approx([0.9, 1.5, 1.5])


def test_a_service_without_least_team_does_not_get_one():
    catalogue = tiny_catalogue([service("none", min_fte=0.0)])
    factor = next(each for each in FACTORS if each.name == "least_team")
    assert factor.change(catalogue, WEIGHTED, 0.5)[0].services[0].min_fte == 0.0


def test_the_extra_cost_of_small_units_stays_nothing_where_it_is_nothing():
    assert column(changed("small_units", 0.3)[0], "small_unit_premium") == [0.0, 0.3, 0.0]


def test_wages_change_agents_and_managers():
    constants = changed("wage", 10.0)[0].constants
    assert (constants.fte_cost_eur, constants.manager_cost_eur) == pytest.approx((44_000.0, 66_000.0))


def test_the_price_of_travel_changes_in_the_catalogue_and_where_the_scenario_weighs_it():
    catalogue, scenario = changed("value_of_time", 50.0)
    assert catalogue.constants.value_of_time_eur_h == pytest.approx(15.0)
    assert scenario.objective.value_of_time_eur_h == pytest.approx(12.9)
    assert changed("value_of_time", 50.0, LEXICOGRAPHIC)[1] == LEXICOGRAPHIC


@pytest.mark.parametrize(("name", "field"), [("visits", "visits_per_inh"), ("theta", "theta")])
def test_a_number_of_the_services_moves_alone(name, field):
    before, after = CATALOGUE.services[0], changed(name, 1.0)[0].services[0]
    assert getattr(after, field) != getattr(before, field)
    assert dataclasses.replace(after, **{field: getattr(before, field)}) == before


def test_only_theta_enters_no_decision():
    assert [each.name for each in FACTORS if not each.decides] == ["theta"]
