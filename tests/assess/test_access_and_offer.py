"""Access, offer, resilience, climate and who gains, by hand on the tiny territory.

Today: the people of Amont go to their town hall (0 and 10 minutes), to France
services (20 and 10) and to the library in Bourg (30 and 20); those of Bourg
walk to their town hall and library (0) and drive 10 minutes to France services.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from territo.assess.assessment import Settings, assess
from tests.assess.examples import CATALOGUE, NORMS, TERRITORY, TRAVEL, central, concentrated, demand, measured, today

TODAY = measured(today())
FRONT = ("accueil_mairie", "france_services", "mediatheque")


def by_service(name):
    return [TODAY[name].by_service[code] for code in FRONT]


def test_mean_times_weigh_by_people_within_a_service_and_by_trips_over_all():
    assert by_service("PRX1.mean") == pytest.approx([4_000 / 1_500, 14.0, 26_000 / 1_500])
    assert TODAY["PRX1.mean"].value == pytest.approx(51_000 / 4_500)
    assert TODAY["PRX1.mean"].by_commune == pytest.approx([46_000 / 3_000, 10 / 3])


def test_medians_and_nine_in_ten_are_times_that_people_really_have():
    assert by_service("PRX1.median") == [0.0, 10.0, 20.0]
    assert by_service("PRX2") == [10.0, 20.0, 30.0]
    # trips sorted: 0 x 1,600, 10 x 1,300, 20 x 1,000, 30 x 600
    assert (TODAY["PRX1.median"].value, TODAY["PRX2"].value) == (10.0, 30.0)


def test_shares_within_the_norm_of_fifteen_minutes():
    assert by_service("PRX3") == pytest.approx([1.0, 0.6, 1 / 3])
    assert TODAY["PRX3"].value == pytest.approx(2_900 / 4_500)
    assert TODAY["PRX3"].by_commune == pytest.approx([1_400 / 3_000, 1.0])


def test_a_service_without_norm_has_no_promise_to_keep():
    assessment = measured(today(), norms={"mediatheque": 15.0})
    assert assessment["PRX3"].value == pytest.approx(1 / 3)
    assert np.isnan(assessment["PRX3"].by_service["accueil_mairie"])
    assert np.isnan(measured(today(), norms={})["PRX3"].value)


def test_the_share_within_the_norm_never_falls_when_the_norm_is_longer():
    shares = [measured(today(), norms=dict.fromkeys(NORMS, limit))["PRX3"].value for limit in (0, 9, 10, 20, 29, 30)]
    assert shares == pytest.approx([1_600 / 4_500, 1_600 / 4_500, 2_900 / 4_500, 3_900 / 4_500, 3_900 / 4_500, 1.0])


def test_the_gap_of_a_group_compares_it_with_all_inhabitants():
    communes = replace(
        TERRITORY.communes,
        attributes={"poverty_rate": np.array([30.0, 10.0]), "share_75_plus": np.array([20.0, np.nan])},
    )
    territory = replace(TERRITORY, communes=communes)
    assessment = assess(territory, CATALOGUE, TRAVEL, demand(), today(), today(), Settings(norms=NORMS))
    # poor: 300 in Amont, 50 in Bourg, in the norm for 140 (of 300) and 50 a service on average
    assert assessment["PRX4.poor"].value == pytest.approx((140 + 50) / 350 - 2_900 / 4_500)
    assert assessment["PRX4.poor"].by_service["mediatheque"] == pytest.approx(50 / 350 - 1 / 3)
    # people over 75: 200 in Amont; nobody says how many in Bourg, hence 50 as in the standard demography
    assert assessment["PRX4.75_plus"].value == pytest.approx((200 * 140 / 300 + 50) / 250 - 2_900 / 4_500)


def test_the_gap_of_an_unknown_group_is_unknown():
    assert np.isnan(TODAY["PRX4.poor"].value)


def test_the_farthest_commune_is_named():
    assert (TODAY["PRX5"].subject, TODAY["PRX5"].value) == ("A1", pytest.approx(46_000 / 3_000))
    assert by_service("PRX5") == pytest.approx([4.0, 16.0, 26.0])


def test_hours_on_the_road_count_both_ways():
    assert TODAY["PRX6"].value == pytest.approx(51_000 * 2 / 60)
    assert TODAY["PRX6.km"].value == pytest.approx(51_000 * 2)


def test_the_worst_served_tenth_and_the_equivalent_by_hand():
    assert TODAY["EQU1"].value == pytest.approx(30.0)
    assert TODAY["EQU1"].by_service["accueil_mairie"] == pytest.approx(10.0)
    # same need everywhere, hence weights of trips: alpha = 51,000 / (1,300 x 100 + 1,000 x 400 + 600 x 900)
    alpha = 51_000 / 1_070_000
    inner = (1_600 + 1_300 * np.exp(10 * alpha) + 1_000 * np.exp(20 * alpha) + 600 * np.exp(30 * alpha)) / 4_500
    assert TODAY["EQU2"].value == pytest.approx(np.log(inner) / alpha)
    assert TODAY["EQU2.penalty"].value == pytest.approx(np.log(inner) / alpha - 51_000 / 4_500)


def test_the_equivalent_of_a_scenario_keeps_the_alpha_of_the_reference():
    services = ("mediatheque",)
    before, now = today(services), concentrated((0,), ("central",), services)
    alpha = 26_000 / (600 * 900 + 400 * 400)
    inner = (600 + 400 * np.exp(10 * alpha) + 500 * np.exp(30 * alpha)) / 1_500
    assessment = assess(TERRITORY, CATALOGUE, TRAVEL, demand(services), now, before, Settings(norms=NORMS))
    assert assessment["EQU2"].value == pytest.approx(np.log(inner) / alpha)


def test_need_weighs_on_the_equivalent_of_poor_communes():
    communes = replace(TERRITORY.communes, attributes={"poverty_rate": np.array([100.0, 0.0])})
    territory = replace(TERRITORY, communes=communes)
    services = ("mediatheque",)
    alike = assess(TERRITORY, CATALOGUE, TRAVEL, demand(services), today(services), today(services), Settings(NORMS))
    weighted = assess(territory, CATALOGUE, TRAVEL, demand(services), today(services), today(services), Settings(NORMS))
    # the library is 20 to 30 minutes away for Amont, now 1.55 against 1.05
    assert weighted["EQU2"].value > alike["EQU2"].value
    assert weighted["PRX1.mean"].value == alike["PRX1.mean"].value


def test_disparities_between_communes_by_hand():
    # the library: 26 minutes for two thirds of the people, 0 for one third
    assert TODAY["EQU3.gini"].by_service["mediatheque"] == pytest.approx(1 / 3)
    assert TODAY["EQU3.hoover"].by_service["mediatheque"] == pytest.approx(1 / 3)
    assert TODAY["EQU3.theil"].by_service["mediatheque"] == pytest.approx(np.log(1.5))


def test_points_places_and_hours_are_those_that_receive_people():
    assert TODAY["OFF1"].value == 4
    assert TODAY["OFF1"].by_commune.tolist() == [1, 3]
    assert TODAY["OFF1.places"].value == 3
    assert TODAY["OFF1.per_10000"].value == pytest.approx(4 / 1_500 * 10_000)
    assert TODAY["OFF3.per_site"].value == pytest.approx(4 / 3)
    assert TODAY["OFF2.total"].value == pytest.approx(25 + 12.5 + 24 + 25)


def test_hours_within_the_norm_add_all_the_points_that_are_near():
    # desks: 25 hours near Amont (1,000 people), 12.5 near Bourg; France services 24 near cells 2 and 3; library 25
    assert TODAY["OFF2"].by_service["accueil_mairie"] == pytest.approx((25_000 + 6_250) / 1_500)
    assert TODAY["OFF2"].by_service["france_services"] == pytest.approx(24 * 900 / 1_500)
    assert TODAY["OFF2"].by_service["mediatheque"] == pytest.approx(25 * 500 / 1_500)


def test_the_bouquet_is_complete_where_eight_in_ten_services_are_within_fifteen_minutes():
    # three front services: only Bourg has all of them near (8 in 10 of three is more than two)
    assert TODAY["OFF3.bouquet"].value == pytest.approx(1 / 3)
    assert TODAY["OFF3.bouquet"].by_commune.tolist() == [0.0, 1.0]


def test_emissions_add_users_and_crews():
    # 102,000 km of users x 0.5 x 0.8 / 1.6, and 48 journeys of 10 km of the crews
    assert TODAY["CLI1.km"].value == pytest.approx(25_500 + 480)
    assert TODAY["CLI1.tco2e"].value == pytest.approx(25_980 * 0.2 / 1_000)


def test_the_second_nearest_point_exists_only_where_there_are_two():
    assert TODAY["RES1.second"].by_service["accueil_mairie"] == pytest.approx((600 * 30 + 400 * 20 + 500 * 30) / 1_500)
    assert np.isnan(TODAY["RES1.second"].by_service["mediatheque"])
    assert TODAY["RES1.without_second"].value == 1_500
    assert TODAY["RES1.without_second"].by_service["accueil_mairie"] == 0


def test_the_worst_closure_is_the_town_hall_that_a_thousand_people_use():
    # Amont: 1,000 trips fall out of the norm; Bourg: 500 + 500; France services: 900
    assert TODAY["RES1.loss"].value == pytest.approx(-1_000 / 4_500)
    assert TODAY["RES1.loss"].subject == "A1"


def test_users_of_a_closed_point_that_is_not_their_nearest_go_to_the_nearest():
    services = ("mediatheque",)
    both = np.array([[True], [True], [False]])
    away = replace(
        concentrated((1,), ("free",), services), offered=both, staff=both * 1.0, assignment=np.array([[1], [1], [1]])
    )
    # all go to Bourg, only its own people within the norm; if it closes they are 30 minutes from Amont
    assert measured(away)["RES1.loss"].value == pytest.approx(-1 / 3)
    assert measured(away)["RES1.loss"].subject == "B1"


def test_a_library_that_moves_makes_winners_and_losers():
    assessment = measured(concentrated((0,), ("central",), ("mediatheque",)))
    # Amont from 26 to 4 minutes on average, Bourg from 0 to 30
    assert assessment["GAG1.change"].by_commune.tolist() == pytest.approx([-22.0, 30.0])
    assert assessment["GAG1.change"].subject == "B1"
    assert assessment["GAG1.winners"].value == 1_000
    assert assessment["GAG1.losers"].value == 500
    assert assessment["GAG1.services_lost"].value == 1
    assert assessment["GAG1.services_lost"].by_commune.tolist() == [0, 1]
    assert assessment.alarms[-1] == "commune_without_point:B1"


def test_a_change_of_exactly_two_minutes_is_noticed():
    services = ("mediatheque",)
    travel = replace(TRAVEL, minutes=np.array([[10.0, 12.0, 0], [10.0, 12.0, 0], [10.0, 8.1, 0]]), km=np.zeros((3, 3)))
    before, now = concentrated((1,), ("free",), services), concentrated((0,), ("free",), services)
    assessment = assess(TERRITORY, CATALOGUE, travel, demand(services), now, before, Settings(norms=NORMS))
    assert assessment["GAG1.winners"].value == 1_000
    assert assessment["GAG1.neutral"].value == 500


def test_central_services_change_nothing_for_those_who_never_travel_to_them():
    assert measured(central())["GAG1.neutral"].value == 1_500


def test_a_service_that_no_site_offers_has_no_second_point_and_keeps_no_promise():
    nowhere = concentrated((1,), ("free",), ("mediatheque",))
    nothing = np.zeros((3, 1))
    nowhere = replace(nowhere, offered=nothing > 0, staff=nothing, assignment=np.full((3, 1), -1), hours_week=nothing)
    assessment = measured(nowhere)
    assert assessment["PRX3"].value == 0.0
    assert assessment["RES1.without_second"].value == 1_500
    assert assessment["RES1.loss"].value == 0.0
    assert assessment["GAG1.losers"].value == 1_500
