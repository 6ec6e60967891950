"""A file is recognised by its content: each format that the build reads, alone or in a zip, and nothing else."""

import contextlib
import gzip
import json
import zipfile

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rasterio import Affine
from shapely.geometry import LineString, Point

from territo.errors import InputError
from territo.sources.recognition import Member, read_members, recognise_file
from tests.sources.replay import osm_xml
from tests.sources.small import CODES, SOUTH, WEST, geojson, graphml, outline

SQUARE = "CRS3035RES200mN2260600E3703800"
BPE = "AN;REG;DEP;DEPCOM;DCIRIS;TYPEQU;LAMBERT_X;LAMBERT_Y;QUALITE_XY\n"
TABLES = {
    "bpe_counts": ("equipment", "DEPCOM;TYPEQU;NB_EQUIP\nA1;F307;1\n"),
    "bpe_points_2019": ("equipment", BPE),
    "filosofi_200m": (
        "grid",
        f"idcar_200m,idcar_1km,i_est_200,lcog_geo,ind,men,ind_0_3,ind_80p\n{SQUARE},,0,A1,3,1,0,0\n",
    ),
    "filosofi_communes_2021": ("indicators", "CODGEO;NBMENFISC21;MED21;TP6021\nA1;10;20000;s\n"),
    "ofgl_communes": ("finance", "exer;com_code;agregat;montant\n2023;A1;Frais de personnel;1\n"),
    "lannuaire": ("town_halls", "nom;pivot;code_insee_commune;adresse\nMairie;[];A1;[]\n"),
    "etalab_communes": ("population", "code;nom;type;zone;departement;population\nA1;Amont;c;m;01;10\n"),
    "": ("staff", "code_insee;service;fte\nA1;voirie;2\n"),
}


def frame(**columns):
    shapes = {"geometry": [outline(0)]} | columns
    return gpd.GeoDataFrame(shapes, crs="EPSG:2154")


def put(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def zipped(path):
    packed = path.with_suffix(".zip")
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(path, path.name)
    return packed


@pytest.mark.parametrize("name", [*TABLES])
@pytest.mark.parametrize("packed", [False, True])
def test_a_table_is_recognised_by_its_columns_whatever_its_name(tmp_path, name, packed):
    layer, text = TABLES[name]
    path = put(tmp_path, "quelconque.csv", text)
    found = recognise_file(zipped(path) if packed else path)
    assert (found.layer, found.format_id) == (layer, name)


def test_outlines_and_their_communes_are_recognised_in_geojson_and_in_a_zip(tmp_path):
    path = put(tmp_path, "a.geojson", geojson({code: outline(rank) for rank, code in enumerate(CODES)}))
    for each in (path, zipped(path)):
        found = recognise_file(each)
        assert (found.layer, found.format_id) == ("communes", "simplified")
        assert [member.code for member in read_members(each, found)] == [*CODES]


def test_admin_express_is_found_among_the_layers_of_its_file_with_its_epci(tmp_path):
    path = tmp_path / "ade.gpkg"
    frame(nom=["Loin"]).to_file(path, layer="arrondissement", driver="GPKG")
    columns = {"code_insee": ["A1"], "nom_officiel": ["Amont"], "population": [10]}
    frame(**columns, codes_siren_des_epci=["200000001/NR"]).to_file(path, layer="commune", driver="GPKG")
    found = recognise_file(path)
    assert (found.layer, found.map_layer, found.columns["population"]) == ("communes", "commune", "population")
    assert read_members(path, found) == (Member("A1", "Amont", "200000001"),)


def test_outlines_of_ones_own_are_read_by_the_usual_names_of_their_columns(tmp_path):
    path = tmp_path / "own.gpkg"
    frame(code_insee=["A1"], NOM_COM=["Amont"]).to_file(path, driver="GPKG")
    found = recognise_file(path)
    assert (found.layer, found.format, dict(found.columns)) == (
        "communes",
        "",
        {"code": "code_insee", "name": "NOM_COM"},
    )


def test_points_with_codes_and_names_are_no_outlines(tmp_path):
    path = tmp_path / "points.gpkg"
    frame(code=["A1"], nom=["Amont"], geometry=[Point(WEST, SOUTH)]).to_file(path, driver="GPKG")
    with pytest.raises(InputError, match="of no known file"):
        recognise_file(path)


def test_a_table_of_communes_of_ones_own_is_read_by_its_usual_names(tmp_path):
    path = put(
        tmp_path, "t.csv", "CODGEO,nom,pmun_2023,lng,lat,siren_epci,nom_epci,tp6021\n2A004,Ajaccio,1,2,3,4,E,s\n"
    )
    found = recognise_file(path)
    assert (found.layer, found.format, found.origin) == ("population", "", None)
    assert found.columns["poverty_rate"] == "tp6021"
    assert read_members(path, found) == (Member("2A004", "Ajaccio", "4", "E"),)


@pytest.mark.parametrize("name", ["rues.graphml", "rues.graphml.gz", "sans_nom.xml"])
def test_a_graphml_is_recognised_packed_or_not(tmp_path, name):
    text = graphml().encode()
    found = recognise_file(put(tmp_path, name, gzip.compress(text) if name.endswith("gz") else text))
    assert (found.layer, found.origin) == ("roads", ("OpenStreetMap contributors", "ODbL-1.0"))


def test_an_extract_of_openstreetmap_is_recognised_and_what_only_has_its_name_is_refused(tmp_path):
    assert recognise_file(put(tmp_path, "a.osm", osm_xml())).format_id == "osm_extract"
    for name in ("b.osm.pbf", "c.graphml"):
        with pytest.raises(InputError, match=r"OpenStreetMap|GraphML"):
            recognise_file(put(tmp_path, name, b"<html>404</html>"))


def test_roads_of_bd_topo_are_recognised(tmp_path):
    path = tmp_path / "routes.gpkg"
    names = ("nature", "sens_de_circulation", "vitesse_moyenne_vl", "importance")
    columns = {name: ["x"] for name in names}
    line = [LineString([(WEST, SOUTH), (WEST + 1, SOUTH)])]
    frame(**columns, geometry=line).to_file(path, layer="troncon_de_route", driver="GPKG")
    assert recognise_file(path).format_id == "bdtopo_3_gpkg"


@pytest.mark.parametrize("packed", [False, True])
def test_a_raster_is_recognised(tmp_path, packed):
    path = tmp_path / "pop.tif"
    place = {"crs": "EPSG:2154", "transform": Affine(100, 0, WEST, 0, -100, SOUTH)}
    with rasterio.open(path, "w", driver="GTiff", width=2, height=2, count=1, dtype="float32", **place) as raster:
        raster.write(np.ones((1, 2, 2), dtype=np.float32))
    assert recognise_file(zipped(path) if packed else path).layer == "raster"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(st.binary(max_size=400), st.text(max_size=200).map(str.encode)),
    st.sampled_from(["", "PK\x03\x04", "{", "II*\x00", "SQLite format 3\x00", "\x1f\x8b", "PAR1"]),
    st.sampled_from(["a.csv", "a.json", "a.gpkg", "a.zip", "a.graphml.gz", "a.osm.pbf", "a.parquet", "a"]),
)
def test_any_bytes_are_recognised_or_refused_by_a_fault(tmp_path, content, start, name):
    path = put(tmp_path, name, start.encode("latin-1") + content)
    with contextlib.suppress(InputError):
        assert recognise_file(path).layer


def test_the_faults_of_an_unknown_table_name_what_the_nearest_one_has_more(tmp_path):
    path = put(tmp_path, "bpe.csv", "DEPCOM;TYPEQU_\nA1;F\n")
    with pytest.raises(InputError, match="also has TYPEQU"):
        recognise_file(path)


def test_json_that_is_no_map_is_read_as_a_table(tmp_path):
    halls = [{"nom": "Mairie", "pivot": [], "code_insee_commune": "A1", "adresse": []}]
    assert recognise_file(put(tmp_path, "annuaire.json", json.dumps({"service": halls}))).layer == "town_halls"
