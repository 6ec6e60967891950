"""Costs and savings by hand, and the laws of the accounts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from territo.assess.costs import LINES
from tests.assess.examples import (
    AMONT,
    BOURG,
    CATALOGUE,
    FRANCE_SERVICES,
    central,
    concentrated,
    in_poles,
    measured,
    today,
)


def lines(assessment) -> dict[str, float]:
    return {line: assessment[f"COST.{line}"].value for line in LINES}


def test_today_costs_what_the_hand_computes():
    # reception 20 m2 in Amont, 24 shared by two services in Bourg, 20 at France services;
    # crews: 400 units from cell 2, 40 trips x 0.6 x 2 x (10 km x 0.5 + 10/60 h x 2 x 40,000/1,300)
    expected = {
        "staff": 7.8 * 40_000,
        "points": 8 * 1_000,
        "area": (2_000 + 1_000 + 1_100 + 550) + (2_400 + 500 + 1_500 + 550 + 275) + (2_000 + 1_500),
        "sites": 6_000,
        "coordination": 2 * 0.05 * 60_000,
        "travel": 48 * (5 + 20 / 60 * 40_000 / 1_300),
        "itinerance": 0,
        "fitout": 0,
    }
    assert lines(measured(today())) == pytest.approx(expected)


def test_a_pole_in_a_new_building_pays_rent_fitout_manager_and_liaison():
    expected = {
        "staff": 3 * 60_000,
        "points": 3_000,
        "area": 1_500 + (2_000 + 1_500 + 750),
        "sites": 6_000,
        "coordination": (1.0 + 2 * 0.1) * 60_000,
        # one way: 20 minutes and km for 600 units, 10 for 900
        "travel": 72 * (10 + 40 / 60 * 40_000 / 1_300) + 108 * (5 + 20 / 60 * 40_000 / 1_300),
        "itinerance": 0,
        "fitout": 0.1 * 1_000 * (20 + 15 + 15),
    }
    assessment = measured(in_poles())
    assert lines(assessment) == pytest.approx(expected)
    assert assessment["COST"].value == pytest.approx(275_594.615_384_6)


def test_a_pole_with_a_single_service_has_half_a_manager():
    organisation = replace(in_poles(), modality=("central", "poles", "central"))
    assert measured(organisation)["COST.coordination"].value == pytest.approx(0.6 * 60_000)


def test_a_desk_in_every_commune_is_no_antenna():
    services = ("accueil_mairie", "mediatheque")
    organisation = concentrated((BOURG, AMONT), ("free", "free"), services)
    assert measured(organisation)["COST.coordination"].value == 0.0
    elsewhere = concentrated((AMONT, BOURG), ("free", "free"), services)
    assert measured(elsewhere)["COST.coordination"].value == pytest.approx(0.05 * 60_000)


@pytest.mark.parametrize("organisation", [today(), in_poles(), central()])
def test_costs_add_up_by_service_by_line_and_by_commune(organisation):
    assessment = measured(organisation)
    total = assessment["COST"]
    assert sum(total.by_service.values()) == pytest.approx(total.value)
    assert sum(lines(assessment).values()) == pytest.approx(total.value)
    assert total.by_commune.sum() == pytest.approx(total.value)
    for line in LINES:
        part = assessment[f"COST.{line}"]
        assert sum(part.by_service.values()) == pytest.approx(part.value)


def test_today_against_itself_saves_exactly_nothing():
    saving = measured(today())["ECO1"]
    assert (saving.low, saving.value, saving.high) == (0.0, 0.0, 0.0)
    assert set(saving.by_service.values()) == {0.0}
    assert measured(today())["ECO1.premium"].high == 0.0


def test_a_saving_is_an_interval_from_nothing_to_the_whole():
    # staff 2 x 6,000 and points 2 x 1,000 fall, half is booked; crews drive 2,746.15 more, Amont needs 600 more of
    # space: losses count whole; the 825 that Bourg no longer needs count only in the theoretical figure
    saving = measured(central())["ECO1"]
    travel = 60 * (15 + 40_000 / 1_300)
    assert saving.low == 0.0
    assert saving.value == pytest.approx(7_000 - travel - 600)
    assert saving.high == pytest.approx(14_000 - travel - 600 + 825)


def test_a_loss_is_counted_whole():
    saving = measured(in_poles())["ECO1"]
    travel = measured(in_poles())["COST.travel"].value - measured(today(in_poles().services))["COST.travel"].value
    # half of 14,000, no released premises, a new building at 15,250 and 69,000 more of coordination
    assert saving.value == pytest.approx(7_000 - travel - 15_250 - 69_000)
    assert saving.low == saving.value <= saving.high


@pytest.mark.parametrize("organisation", [today(), in_poles(), central()])
def test_the_saving_by_service_adds_up_and_lies_in_its_interval(organisation):
    saving = measured(organisation)["ECO1"]
    assert sum(saving.by_service.values()) == pytest.approx(saving.value)
    assert saving.low <= saving.value <= saving.high


def test_the_whole_saving_is_the_difference_of_costs():
    before, now = measured(today(central().services)), measured(central())
    assert now["ECO1.theoretical"].value == pytest.approx(before["COST"].value - now["COST"].value)


def test_the_part_of_the_saving_that_rests_on_the_premium_is_said():
    # each of the two services has 1.65 FTE today, 0.15 of them for the premium of 10 %: 6,000 EUR
    premium = measured(central())["ECO1.premium"]
    assert premium.value == pytest.approx(6_000)
    assert premium.high == pytest.approx(12_000)
    assert dict(premium.by_service) == pytest.approx({"mediatheque": 0.0, "voirie": 3_000, "finances": 3_000})


def test_the_premium_never_exceeds_the_saving_of_staff():
    organisation = central()
    less = replace(organisation, staff=np.where(organisation.offered, 1.6, 0.0))
    # voirie and finances fall by 0.05 FTE each: 2,000 EUR, less than the 6,000 of premium
    assert measured(less)["ECO1.premium"].high == pytest.approx(4_000)


def test_half_of_a_fall_is_booked_and_a_new_building_is_paid_in_full():
    assert CATALOGUE["finances"].theta == 0.5
    all_at_fs = concentrated((FRANCE_SERVICES,), ("central",), ("finances",))
    saving = measured(all_at_fs)["ECO1"]
    # half of 6,000 staff and 1,000 points; the new building costs 1,500 rent, 6,000 base, 1,500 fit-out
    assert saving.value == pytest.approx(3_500 - 9_000)
