"""The situation of today: facts first, then estimates that are said."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from territo.assess.reference import current_situation, nearest_sites
from territo.assess.whereabouts import centres, town_halls
from territo.domain.demand import yearly_demand
from territo.domain.territory import Communes, Territory
from territo.errors import InputError
from tests.factories import line_travel, service, tiny_catalogue, tiny_territory


def situation(services, territory=None, travel=None):
    territory = tiny_territory() if territory is None else territory
    catalogue = tiny_catalogue(services)
    demand = yearly_demand(territory, catalogue, catalogue.codes)
    return current_situation(territory, catalogue, travel or line_travel(), catalogue.codes, demand)


def with_communes(**changes) -> Territory:
    return tiny_territory(communes=replace(tiny_territory().communes, **changes))


def said(assumptions) -> set[str]:
    return {assumption.code for assumption in assumptions}


def test_a_service_stands_where_it_was_seen():
    organisation, assumptions = situation([service("france_services")])
    assert organisation.offered[:, 0].tolist() == [False, False, True]
    assert organisation.hours_week[2, 0] == 24.0
    assert said(assumptions) == {"reference_staff"}


def test_equipment_places_a_service_at_the_town_hall_of_its_commune():
    organisation, _ = situation([service("mediatheque", observed_from=("F307",))])
    assert organisation.offered[:, 0].tolist() == [False, True, False]


def test_equipment_counted_and_found_nowhere_means_that_nobody_offers_the_service():
    territory = with_communes(equipment={"F307": np.zeros(2, dtype=int)})
    organisation, assumptions = situation([service("mediatheque", observed_from=("F307",))], territory)
    assert not organisation.offered.any()
    assert (organisation.assignment == -1).all()
    assert organisation.staff.sum() == 0.0
    assert said(assumptions) == {"reference_absent"}


def test_a_site_of_the_user_prevails_over_equipment():
    sites = replace(tiny_territory().sites, services=(frozenset({"mediatheque"}), frozenset(), frozenset()))
    organisation, _ = situation([service("mediatheque", observed_from=("F307",))], tiny_territory(sites=sites))
    assert organisation.offered[:, 0].tolist() == [True, False, False]


def test_the_law_keeps_a_desk_in_every_town_hall():
    organisation, assumptions = situation([service("accueil_mairie", every_commune=True)])
    assert organisation.offered[:, 0].tolist() == [True, True, False]
    # Amont serves 1,000 units: 1 FTE; Bourg 500: 0.5, above the floor of 0.4
    assert organisation.staff[:, 0].tolist() == [1.0, 0.5, 0.0]
    assert said(assumptions) == {"reference_staff", "reference_hours"}


def test_without_facts_a_service_stands_in_the_most_equipped_commune_of_each_cluster_and_this_is_said():
    organisation, assumptions = situation([service("ecole", norm_min=30.0)])
    # Bourg has 20 facilities, Amont 10 and its people are 26 minutes away
    assert organisation.offered[:, 0].tolist() == [False, True, False]
    places = next(assumption for assumption in assumptions if assumption.code == "reference_centres")
    assert dict(places.params) == {"service": "ecole", "communes": "B1"}


def test_a_commune_out_of_reach_of_a_centre_is_a_centre_too():
    assert centres(tiny_territory(), line_travel(), 25.0) == [0, 1]
    assert centres(tiny_territory(), line_travel(), 26.0) == [1]
    assert centres(tiny_territory(), line_travel(), None) == [1]


def test_without_equipment_the_most_populated_commune_is_the_centre():
    assert centres(with_communes(equipment={}), line_travel(), None) == [0]


def test_field_and_back_staff_is_what_the_work_needs_and_never_a_full_team():
    organisation, _ = situation([service("voirie", "field", min_fte=4.0), service("finances", "back", min_fte=2.0)])
    assert organisation.staff[:, 0] == pytest.approx([1.1, 0.55, 0.0])
    assert organisation.staff[:, 1] == pytest.approx([1.1, 0.55, 0.0])
    assert organisation.assignment[:, 0].tolist() == [0, 0, 1]
    assert (organisation.hours_week == 0.0).all()


def test_known_hours_set_the_team_of_a_quiet_point():
    # 1 FTE and 25 hours a week are one desk: 1,300 hours are 1,300 / (52 x 25); 24 hours need 0.96 FTE
    organisation, _ = situation([service("france_services", rate=0.1)])
    assert organisation.staff[2, 0] == pytest.approx(52 * 24 / 1_300)


def test_two_desks_need_twice_the_hours():
    organisation, _ = situation([service("france_services", rate=0.1, min_fte=2.0)])
    assert organisation.staff[2, 0] == pytest.approx(2 * 52 * 24 / 1_300)


def test_a_service_without_opening_hours_counts_one_desk():
    organisation, _ = situation([service("france_services", rate=0.1, hours_week=0.0, min_fte=3.0)])
    assert organisation.staff[2, 0] == pytest.approx(52 * 24 / 1_300)


def test_unknown_hours_are_those_that_the_staff_can_hold():
    organisation, _ = situation([service("accueil_mairie", every_commune=True, rate=0.1)])
    # the floor of 0.4 FTE holds one desk 10 hours a week
    assert organisation.staff[:, 0].tolist() == [0.4, 0.4, 0.0]
    assert organisation.hours_week[:, 0] == pytest.approx([10.0, 10.0, 0.0])


def test_observed_staff_replaces_the_estimate_where_it_is_known():
    territory = with_communes(staff={"voirie": np.array([3.0, np.nan]), "france_services": np.array([np.nan, 2.5])})
    organisation, assumptions = situation([service("voirie", "field"), service("france_services")], territory)
    assert organisation.staff[:, 0] == pytest.approx([3.0, 0.55, 0.0])
    assert organisation.staff[:, 1] == pytest.approx([0.0, 0.0, 2.5])
    assert [assumption.params["service"] for assumption in assumptions] == ["voirie"]


def test_staff_observed_in_a_commune_without_site_works_at_its_town_hall():
    territory = with_communes(staff={"france_services": np.array([0.7, 2.0])})
    organisation, _ = situation([service("france_services")], territory)
    assert organisation.staff[:, 0].tolist() == [0.7, 0.0, 2.0]


def test_staff_observed_in_a_commune_is_shared_between_its_points():
    sites = replace(tiny_territory().sites, services=(frozenset(), frozenset({"x"}), frozenset({"x"})))
    territory = replace(with_communes(staff={"x": np.array([np.nan, 3.0])}), sites=sites)
    organisation, _ = situation([service("x")], territory)
    assert organisation.staff[:, 0].tolist() == [0.0, 1.5, 1.5]


def test_a_service_run_by_others_has_a_place_and_no_staff():
    organisation, assumptions = situation([service("mds", prod_per_fte=None)])
    assert organisation.staff.sum() == 0.0
    assert organisation.hours_week[1, 0] == 25.0
    assert "reference_staff" not in said(assumptions)


def test_there_are_no_territories_and_the_siege_is_in_the_most_populated_commune():
    organisation, _ = situation([service("voirie", "field")])
    assert organisation.headquarters == 0
    assert organisation.seats == ()
    assert organisation.territory_of.tolist() == [-1, -1]
    assert organisation.modality == ("existing",)


def test_a_commune_goes_as_a_whole_to_the_site_nearest_to_its_people():
    # the people of Amont are 600 x 0 + 400 x 10 from its town hall, 600 x 20 + 400 x 10 from France services
    minutes = line_travel().minutes
    nodes, everywhere = np.array([0, 0, 1]), np.ones(3, dtype=bool)
    assert nearest_sites(minutes, np.array([600.0, 400.0, 500.0]), nodes, everywhere).tolist() == [0, 0, 1]
    few = np.array([10.0, 1_000.0, 500.0])
    tied = np.array([[9.0, 20.0, 9.0], [9.0, 9.0, 9.0], [5.0, 5.0, 5.0]])
    assert nearest_sites(tied, few, nodes, everywhere).tolist() == [0, 0, 0]


def test_a_site_that_all_can_reach_beats_a_nearer_one_that_some_cannot():
    minutes = np.array([[1.0, 30.0], [np.inf, 30.0]])
    assert nearest_sites(minutes, np.ones(2), np.array([0, 0]), np.ones(2, dtype=bool)).tolist() == [1, 1]


def test_people_whom_no_road_links_to_any_site_have_none():
    minutes = np.array([[1.0, 2.0], [np.inf, np.inf]])
    assert nearest_sites(minutes, np.ones(2), np.array([0, 1]), np.ones(2, dtype=bool)).tolist() == [0, -1]


def test_communes_without_town_hall_are_all_named_at_once():
    sites = replace(tiny_territory().sites, kinds=("other", "other", "france_services"))
    with pytest.raises(InputError, match="A1, B1 have no town hall"):
        town_halls(tiny_territory(sites=sites))


def test_the_reference_does_not_depend_on_the_order_of_the_services():
    services = [service("accueil_mairie", every_commune=True), service("france_services"), service("voirie", "field")]
    forward, _ = situation(services)
    backward, _ = situation(services[::-1])
    assert np.array_equal(forward.staff, backward.staff[:, ::-1])
    assert np.array_equal(forward.assignment, backward.assignment[:, ::-1])


def test_a_commune_without_inhabitants_has_no_teams():
    communes = tiny_territory().communes
    empty = Communes(
        (*communes.codes, "C1"),
        (*communes.names, "Désert"),
        np.array([1_000, 500, 0]),
        np.ones(3),
        np.zeros((3, 2)),
        (communes.outlines[0],) * 3,
    )
    sites = replace(tiny_territory().sites, commune=np.array([0, 1, 2]), kinds=("town_hall",) * 3)
    organisation, _ = situation([service("voirie", "field")], tiny_territory(communes=empty, sites=sites))
    assert organisation.offered[:, 0].tolist() == [True, True, False]
    assert centres(tiny_territory(communes=empty, sites=sites), line_travel(), 60.0) == [0, 2]
