"""What the way from today asks, against sums made by hand on the tiny territory."""

from __future__ import annotations

import numpy as np
import pytest

from territo.assess.case import make_case
from territo.assess.transition import least_moves
from territo.domain.moves import departing_share, moving_eur
from tests.assess.examples import CATALOGUE, TERRITORY, TRAVEL, central, demand, in_poles, measured, today
from tests.factories import CONSTANTS

# from Bourg to Amont, 30 km one way: the band of 60 km of round trip, and the training
MOVE = 3_000 + 500


@pytest.mark.parametrize(
    ("km", "euro"),
    [(0, 500), (9.9, 500), (10, 1_500), (20, 2_500), (30, 3_500), (44.9, 3_500), (45, 4_500), (np.inf, 4_500)],
)
def test_a_move_costs_the_compensation_of_its_band_and_the_training(km, euro):
    assert moving_eur(CONSTANTS, np.array([km]))[0] == euro


def test_departures_add_up_year_after_year():
    assert departing_share(CONSTANTS, 1) == pytest.approx(0.1)
    assert departing_share(CONSTANTS, 3) == pytest.approx(1 - 0.9**3)


def test_moves_are_paid_once_and_their_distance_is_said():
    figures = measured(central())
    # roads and finance: 0.4 FTE of each come from Bourg to Amont
    assert figures["ECO3.moves"].value == pytest.approx(0.8 * MOVE)
    assert figures["ORG2.far"].value == pytest.approx(0.8)
    assert figures["COST.moves"].value == 0.0


def test_a_scenario_that_plans_its_transition_counts_on_departures_and_spreads_what_is_left():
    figures = measured(central(), transition_years=2)
    moved = 2 * (0.4 - 0.19 * 1.65)
    assert figures["ORG2"].value == pytest.approx(moved)
    assert figures["COST.moves"].value == pytest.approx(moved * MOVE / 2)
    assert figures["COST"].value == pytest.approx(measured(central())["COST"].value + moved * MOVE / 2)
    # what lasts only as long as the transition is no part of the recurring saving
    assert figures["ECO1"].value == pytest.approx(measured(central())["ECO1"].value)


def test_a_saving_is_reached_as_fast_as_people_leave():
    figures = measured(central())
    # 0.15 FTE of each of two services are freed; 0.165 leave in the first year
    assert figures["ECO2.year_1"].value == pytest.approx(min(figures["ECO1"].value, 0.3 * 40_000))
    assert figures["ECO2.redeployable"].value == 0.0


def test_works_in_a_new_building_are_part_of_the_effort_and_are_paid_back_by_the_saving():
    services = in_poles().services
    # the France services building is not among the places of these services today: 20 m2 and twice 15 m2
    figures = measured(in_poles())
    assert figures["ECO3.works"].value == pytest.approx(1_000 * (20 + 15 + 15))
    assert figures["ECO3"].value == pytest.approx(figures["ECO3.works"].value + figures["ECO3.moves"].value)
    assert np.isnan(figures["ECO3.payback"].value) == (figures["ECO1"].value <= 0)
    assert set(figures["ECO3.works"].by_service) == set(services)


def test_nobody_moves_where_nothing_changes():
    same = make_case(TERRITORY, CATALOGUE, TRAVEL, demand(), today())
    path = least_moves(same, same, None)
    assert path.moved.sum() == path.euro.sum() == path.far.sum() == 0
