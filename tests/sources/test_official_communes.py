"""Communes in the files of their producers: ADMIN EXPRESS, geo.api.gouv.fr, shapefiles without a system, town halls."""

from __future__ import annotations

import json
import zipfile

import geopandas as gpd
import pytest
from shapely import Point

from territo.errors import InputError
from territo.sources.communes import read_description, read_outlines
from territo.sources.facilities import read_town_halls
from territo.sources.places import projected
from territo.sources.spec import AttributesFile, CommunesFile
from territo.studies.build import build_territory
from tests.sources.small import CODES, NAMES, POPULATION, SOUTH, SPEC, WEST, degrees, outline, write_small

LAMBERT = projected("EPSG:2154")
SIREN = "200067254"


def communes(crs="EPSG:2154", **columns):
    frame = gpd.GeoDataFrame(columns, geometry=[outline(index) for index in range(len(CODES))], crs="EPSG:2154")
    return frame.to_crs(crs)


def admin_express_4(**columns):
    named = {"code_insee": CODES, "nom_officiel": NAMES, "population": POPULATION}
    return communes(**named, codes_siren_des_epci=[f"{SIREN}/200000000", SIREN, "NR"], **columns)


def seen(outlines):
    return [notice.params["format"] for notice in outlines.notices if notice.code == "format-seen"]


@pytest.mark.parametrize("packed", [False, True])
def test_admin_express_4_gives_the_communes_of_an_epci_out_of_the_layer_of_communes(tmp_path, packed):
    path = tmp_path / "ADE-COG_4-0.gpkg"
    gpd.GeoDataFrame({"a": [1]}, geometry=[Point(0, 0)], crs="EPSG:2154").to_file(path, layer="canton")
    admin_express_4().to_file(path, layer="commune", mode="a")
    if packed:
        with zipfile.ZipFile(tmp_path / "ade.zip", "w") as archive:
            archive.write(path, "ADE/1_DONNEES/ade.gpkg")
        path = tmp_path / "ade.zip"
    outlines = read_outlines(CommunesFile(file=path, epci=SIREN), LAMBERT)
    assert (outlines.codes, outlines.names) == (CODES[:2], NAMES[:2])
    assert seen(outlines) == ["ADMIN EXPRESS 4 (IGN)"]
    assert outlines.bounds() == pytest.approx([WEST, SOUTH, WEST + 4_000, SOUTH + 2_000])
    with pytest.raises(InputError, match="no commune of the file is in the EPCI 1"):
        read_outlines(CommunesFile(file=path, epci="1"), LAMBERT)


@pytest.mark.parametrize(
    ("columns", "label"),
    [
        (
            {"INSEE_COM": CODES, "NOM": NAMES, "POPULATION": POPULATION, "SIREN_EPCI": ["1"] * 3},
            "ADMIN EXPRESS 3 (IGN)",
        ),
        ({"INSEE_COM": CODES, "NOM_COM": NAMES, "CODE_EPCI": ["1"] * 3}, "ADMIN EXPRESS 2 (IGN)"),
        ({"code": CODES, "nom": NAMES, "population": POPULATION, "codeEpci": ["1"] * 3}, "geo.api.gouv.fr"),
    ],
)
def test_each_vintage_is_said(tmp_path, columns, label):
    communes(**columns).to_file(tmp_path / "COMMUNE.shp")
    outlines = read_outlines(CommunesFile(file=tmp_path / "COMMUNE.shp"), LAMBERT)
    assert (outlines.codes, outlines.names, seen(outlines)) == (CODES, NAMES, [label])


def test_the_population_of_an_official_map_serves_as_the_table_of_the_communes(tmp_path):
    path = tmp_path / "ade.gpkg"
    admin_express_4().to_file(path, layer="commune")
    outlines = read_outlines(CommunesFile(file=path), LAMBERT)
    table = read_description(AttributesFile(file=path), outlines, LAMBERT)
    assert table.population.tolist() == list(POPULATION)
    assert [notice.params["format"] for notice in table.notices] == ["ADMIN EXPRESS 4 (IGN)"]


@pytest.mark.parametrize(("crs", "guessed"), [("EPSG:3035", "EPSG:3035"), ("EPSG:4326", "EPSG:4326")])
def test_a_shapefile_without_system_is_read_in_the_only_usual_one_that_fits_and_this_is_said(tmp_path, crs, guessed):
    communes(crs, code=CODES, nom=NAMES).to_file(tmp_path / "c.shp")
    (tmp_path / "c.prj").unlink()
    outlines = read_outlines(CommunesFile(file=tmp_path / "c.shp"), LAMBERT)
    assert [polygon.area for polygon in outlines.polygons] == pytest.approx([4e6] * 3, rel=1e-3)
    assert {"file": "c.shp", "crs": guessed} in [dict(notice.params) for notice in outlines.notices]


def test_where_several_systems_fit_the_spec_must_choose_and_its_choice_counts(tmp_path):
    communes(code=CODES, nom=NAMES).to_file(tmp_path / "c.shp")
    (tmp_path / "c.prj").unlink()
    with pytest.raises(InputError, match="those that fit are EPSG:2154, EPSG:3857: write crs: under communes"):
        read_outlines(CommunesFile(file=tmp_path / "c.shp"), LAMBERT)
    outlines = read_outlines(CommunesFile(file=tmp_path / "c.shp", crs="EPSG:2154"), LAMBERT)
    assert [polygon.area for polygon in outlines.polygons] == pytest.approx([4e6] * 3)


@pytest.mark.parametrize(
    ("crs", "said"),
    [("EPSG:3035", "in EPSG:2154 they would not: write crs: EPSG:2154"), ("EPSG:1", "EPSG:1 is not a known reference")],
)
def test_a_wrong_system_is_told_from_a_right_one(tmp_path, crs, said):
    communes(code=CODES, nom=NAMES).to_file(tmp_path / "c.gpkg")
    with pytest.raises(InputError, match=said):
        read_outlines(CommunesFile(file=tmp_path / "c.gpkg", crs=crs), LAMBERT)


@pytest.mark.parametrize("name", ["c.gpkg", "c.shp", "c.geojson"])
def test_longitude_and_latitude_exchanged_are_refused(tmp_path, name):
    import shapely

    frame = communes("EPSG:4326", code=CODES, nom=NAMES)
    swapped = [shapely.transform(shape, lambda xy: xy[:, ::-1]) for shape in frame.geometry]
    frame.set_geometry(gpd.GeoSeries(swapped, crs="EPSG:4326")).to_file(tmp_path / name)
    with pytest.raises(InputError, match="latitude and longitude look exchanged"):
        read_outlines(CommunesFile(file=tmp_path / name), LAMBERT)


def test_a_map_without_codes_is_refused(tmp_path):
    communes(code=["A1", None, ""], nom=NAMES).to_file(tmp_path / "c.gpkg")
    with pytest.raises(InputError, match="2 communes have no code"):
        read_outlines(CommunesFile(file=tmp_path / "c.gpkg"), LAMBERT)


def test_a_table_of_the_whole_country_leaves_the_other_communes_out_and_says_so(tmp_path):
    communes(code=CODES, nom=NAMES).to_file(tmp_path / "c.gpkg")
    others = "".join(f"9{number:03},Ailleurs,10\n" for number in range(20))
    table = "code,nom,population\n" + "".join(
        f"{c},{n},{p}\n" for c, n, p in zip(CODES, NAMES, POPULATION, strict=True)
    )
    (tmp_path / "communes.csv").write_text(table + others, encoding="utf-8")
    outlines = read_outlines(CommunesFile(file=tmp_path / "c.gpkg"), LAMBERT)
    found = read_description(AttributesFile(file=tmp_path / "communes.csv"), outlines, LAMBERT)
    assert found.population.tolist() == list(POPULATION)
    assert {"file": "communes.csv", "rows": 20} in [dict(notice.params) for notice in found.notices]


@pytest.mark.parametrize("named", [{}, {"code": "code", "population": "population"}])
def test_the_communes_of_etalab_are_those_of_today_and_not_the_former_ones_of_the_same_code(tmp_path, named):
    communes(code=CODES, nom=NAMES).to_file(tmp_path / "c.gpkg")
    common = {"zone": "metro", "departement": "64"}
    records = [
        {"code": "A1", "nom": "Vieil Amont", "type": "commune-deleguee", "chefLieu": "A1", **common},
        *(
            {"code": code, "nom": name, "type": "commune-actuelle", "population": people, **common}
            for code, name, people in zip(CODES, NAMES, POPULATION, strict=True)
        ),
        {"code": "75101", "nom": "Paris 1er", "type": "arrondissement-municipal", "population": 15_000, **common},
    ]
    (tmp_path / "communes.json").write_text(json.dumps(records), encoding="utf-8")
    outlines = read_outlines(CommunesFile(file=tmp_path / "c.gpkg"), LAMBERT)
    found = read_description(AttributesFile(file=tmp_path / "communes.json", **named), outlines, LAMBERT)
    assert found.population.tolist() == list(POPULATION)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("1,5", "is not the number of inhabitants"),
        ("99000000", "is not the number of inhabitants"),
        ("1_000", "not a number"),
    ],
)
def test_inhabitants_that_cannot_be_are_refused(tmp_path, value, said):
    communes(code=CODES, nom=NAMES).to_file(tmp_path / "c.gpkg")
    (tmp_path / "t.csv").write_text(f"code;nom;population\nA1;x;{value}\nB1;y;2\nC1;z;3\n", encoding="utf-8")
    outlines = read_outlines(CommunesFile(file=tmp_path / "c.gpkg"), LAMBERT)
    with pytest.raises(InputError, match=said):
        read_description(AttributesFile(file=tmp_path / "t.csv"), outlines, LAMBERT)


def annuaire():
    """Records of the annuaire: a town hall with two addresses, a delegate one, another service, one without place."""
    east, north = degrees(WEST + 3_200, SOUTH + 1_100)
    hall = json.dumps([{"type_service_local": "mairie", "code_insee_commune": ["x"]}])
    return [
        (
            "Mairie - Bourg",
            hall,
            "B1",
            json.dumps([{"longitude": ""}, {"longitude": str(east), "latitude": str(north)}]),
        ),
        ("Mairie déléguée", hall, "B1", json.dumps([{"longitude": "4.0", "latitude": "45.0"}])),
        (
            "Trésorerie",
            json.dumps([{"type_service_local": "dgfip"}]),
            "A1",
            json.dumps([{"longitude": "4", "latitude": "45"}]),
        ),
        ("Mairie - Le Creux", hall, "C1", "[]"),
    ]


def test_town_halls_of_the_annuaire_are_placed_by_their_first_address(tmp_path):
    columns = ("nom", "pivot", "code_insee_commune", "adresse")
    records = [dict(zip(columns, each, strict=True)) for each in annuaire()]
    (tmp_path / "mairies.json").write_text(json.dumps(records), encoding="utf-8")
    places, notices = read_town_halls(tmp_path / "mairies.json", CODES, LAMBERT)
    assert list(places) == [1]
    assert places[1] == pytest.approx((WEST + 3_200, SOUTH + 1_100), abs=0.1)
    assert notices[1].params == {"file": "mairies.json", "count": 2}


def test_town_halls_stand_where_the_list_says_and_at_the_centre_elsewhere(tmp_path):
    lng, lat = degrees(WEST + 3_200, SOUTH + 1_100)
    spec = write_small(
        tmp_path,
        SPEC.replace("facilities: {", "facilities: {town_halls: halls.csv, "),
        halls_csv=f"code_insee;lng;lat\nB1;{lng};{lat}\n",
    )
    sites = build_territory(spec, None).territory.sites
    assert sites.xy[1] == pytest.approx([WEST + 3_200, SOUTH + 1_100], abs=0.1)
    assert sites.xy[0] == pytest.approx([WEST + 1_000, SOUTH + 1_000], abs=0.2)


@pytest.mark.parametrize("address", ["nowhere", '["a"]', '[{"longitude": "x", "latitude": "1"}]', "12"])
def test_an_address_that_cannot_be_read_is_said_with_its_line(tmp_path, address):
    text = json.dumps([{"nom": "m", "pivot": "mairie", "code_insee_commune": "B1", "adresse": address}])
    (tmp_path / "m.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"m\.json:1: adresse: the address is not the JSON"):
        read_town_halls(tmp_path / "m.json", CODES, LAMBERT)


def test_town_halls_in_another_country_are_refused(tmp_path):
    (tmp_path / "h.csv").write_text("code_insee;lng;lat\nB1;55.4;-21.1\n", encoding="utf-8")
    with pytest.raises(InputError, match="fall outside"):
        read_town_halls(tmp_path / "h.csv", CODES, LAMBERT)
