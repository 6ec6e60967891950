"""Access to services: solved by hand on the tiny territory, and written as maps that other programs open."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from shapely import unary_union

from territo.domain.catchment import Zones
from territo.domain.organisation import Organisation
from territo.domain.travel import LoadedTerritory
from territo.errors import InputError
from territo.studies.accessibility import publish_access, service_access
from tests.factories import line_travel, service, tiny_catalogue, tiny_territory

# cells at 0, 10 and 30 minutes on a line, with 600, 400 and 500 inhabitants; libraries at 0 and 30 minutes
STAFF = np.array([[1.0], [2.0], [0.0]])


def organisation(staff=STAFF, hours=(0.0, 0.0, 0.0)) -> Organisation:
    return Organisation(
        services=("mediatheque",),
        modality=("existing",),
        headquarters=0,
        seats=(),
        territory_of=np.array([-1, -1]),
        offered=np.array([[True], [True], [False]]),
        staff=staff,
        assignment=np.array([[0], [0], [1]]),
        hours_week=np.array(hours)[:, None],
    )


def loaded(travel=None) -> LoadedTerritory:
    return LoadedTerritory(tiny_territory(), travel or line_travel(), health=None, roads=None)


def libraries(**changes):
    return service_access(loaded(), tiny_catalogue(), ["mediatheque"], organisation=organisation(), **changes)[0]


def test_the_offer_of_a_cell_is_what_it_shares_with_all_those_who_reach_the_same_sites():
    found = libraries()
    first, second = 1 / (600 + 400 + 0.22 * 500), 2 / (0.22 * 600 + 0.68 * 400 + 500)
    shares = np.array([first + 0.22 * second, first + 0.68 * second, 0.22 * first + second])
    assert found.offer == pytest.approx(10_000 * shares)
    assert found.minutes.tolist() == [0, 10, 0]
    assert found.unit == "fte"


def test_the_index_is_one_on_average_and_its_means_by_commune_weigh_the_need():
    found = libraries()
    assert found.index @ found.demand == pytest.approx(found.demand.sum())
    assert found.by_commune[0] == pytest.approx((600 * found.index[0] + 400 * found.index[1]) / 1_000)
    assert found.by_commune[1] == pytest.approx(found.index[2])


def test_the_plain_form_has_one_zone_and_the_matched_share_is_what_need_not_move():
    found = libraries(zones=Zones((5.0,), (1.0,)))
    # 1 agent for 600 people, none for 400, 2 for 500
    assert found.offer == pytest.approx([10_000 / 600, 0, 10_000 * 2 / 500])
    # 3 agents for 1,500 people: 1.2, 0.8 and 1 would do, so that 1 agent has to move
    assert found.matched == pytest.approx(1 - 1 / 3)


def test_a_service_without_staff_is_measured_by_its_hours():
    plan = organisation(staff=np.zeros((3, 1)), hours=(10.0, 30.0, 99.0))
    found = service_access(loaded(), tiny_catalogue(), ["mediatheque"], organisation=plan)[0]
    assert (found.unit, found.supply.tolist()) == ("hours_per_week", [10, 30, 0])


def test_cells_out_of_reach_have_no_minutes_and_no_offer():
    minutes = np.array(line_travel().minutes)
    minutes[1] = np.inf
    travel = replace(line_travel(), minutes=minutes, km=minutes)
    found = service_access(loaded(travel), tiny_catalogue(), ["mediatheque"], organisation=organisation())[0]
    assert np.isinf(found.minutes[1])
    assert (found.offer[1], found.index[1]) == (0, 0)
    assert found.reached == {5.0: 1_100, 10.0: 0, 15.0: 0, 20.0: 0, 30.0: 0, 45.0: 0, np.inf: 400}


def test_a_service_that_stands_nowhere_has_no_index():
    nobody = {"offered": np.zeros((3, 1), dtype=bool), "assignment": np.full((3, 1), -1)}
    plan = replace(organisation(staff=np.zeros((3, 1))), **nobody)
    found = service_access(loaded(), tiny_catalogue(), ["mediatheque"], organisation=plan)[0]
    assert np.isinf(found.minutes).all()
    assert np.isnan(found.index).all()
    assert np.isnan(found.matched)


def test_without_an_organisation_it_is_that_of_today_and_all_services_that_people_travel_to():
    found = service_access(loaded(), tiny_catalogue())
    assert [each.service for each in found] == ["accueil_mairie", "france_services", "mediatheque"]
    assert found[0].offered.tolist() == [True, True, False]
    assert found[1].offered.tolist() == [False, False, True]
    assert all(each.supply.sum() > 0 for each in found)


def test_services_that_are_unknown_or_that_nobody_travels_to_are_said_together():
    with pytest.raises(InputError) as caught:
        service_access(loaded(), tiny_catalogue(), ["mediateque", "voirie", "mediatheque"])
    assert [each.code for each in caught.value.faults] == ["unknown-service-near", "service-not-visited"]
    assert "choose one of accueil_mairie, france_services, mediatheque" in str(caught.value)


@pytest.mark.parametrize("bands", [(), (10.0, 5.0), (0.0, 5.0), (5.0, 5.0)])
def test_bands_that_do_not_rise_are_refused(bands):
    with pytest.raises(InputError, match="must rise"):
        libraries(bands=bands)


@pytest.fixture(scope="module")
def maps(tmp_path_factory):
    minutes = np.array(line_travel().minutes)
    minutes[1] = np.inf
    catalogue = tiny_catalogue([service("mediatheque")])
    place = loaded(replace(line_travel(), minutes=minutes, km=minutes))
    found = service_access(place, catalogue, organisation=organisation(), bands=(5.0, 10.0))
    folder = tmp_path_factory.mktemp("maps") / "new"
    written = publish_access(found, place.territory, folder, bands=(5.0, 10.0))
    assert sorted(folder.iterdir()) == sorted(written)
    return found[0], folder


def test_the_raster_has_a_pixel_a_cell_and_no_data_elsewhere(maps):
    import rasterio

    access, folder = maps
    with rasterio.open(folder / "acces_mediatheque.tif") as raster:
        assert raster.crs.to_epsg() == 2154
        assert raster.descriptions == ("minutes", "offre_pour_10000", "indice")
        assert np.isnan(raster.nodata)
        assert [raster.tags(band)["unit"] for band in (1, 2, 3)] == ["min", "fte", "1 = moyenne"]
        assert np.isfinite(raster.read(1)).sum() == 2
        left, top = raster.transform.c, raster.transform.f
        columns, rows = ((tiny_territory().cells.xy - [left, top]) / [200, -200]).astype(int).T
        read = raster.read()[:, rows, columns].T
    assert read[[0, 2], 0] == pytest.approx(access.minutes[[0, 2]])
    assert np.isnan(read[1, 0])
    assert read[:, 1:] == pytest.approx(np.column_stack([access.offer, access.index]))


def test_the_isochrones_hold_everyone_once_and_cover_the_ground_of_the_cells(maps):
    import geopandas

    _, folder = maps
    bands, squares = (
        geopandas.read_file(folder / "acces_mediatheque.gpkg", layer=name) for name in ("isochrones", "carreaux")
    )
    assert bands["habitants"].tolist() == [1_100, 400]
    assert bands["de_min"].tolist() == [0, 10]
    assert np.isnan(bands["jusqu_a_min"][1])
    assert unary_union(bands.geometry).equals(unary_union(squares.geometry))
    assert sum(bands.area) == pytest.approx(3 * 200**2)


def test_communes_and_places_have_their_layers(maps):
    import geopandas

    access, folder = maps
    communes, places = (
        geopandas.read_file(folder / "acces_mediatheque.gpkg", layer=name) for name in ("communes", "lieux")
    )
    assert communes["hors_portee"].tolist() == [400, 0]
    assert communes["minutes"].tolist() == [0, 0]
    assert communes["indice"].tolist() == pytest.approx(access.by_commune.tolist())
    assert places[["id", "offre", "unite"]].to_numpy().tolist() == [["A1", 1, "fte"], ["B1", 2, "fte"]]
