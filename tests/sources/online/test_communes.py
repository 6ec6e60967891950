"""The communes of an EPCI as geo.api.gouv.fr answers them."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territo.errors import InputError, SourceUnavailableError
from territo.sources.online.communes import ServedCommunes, check_siren, read_name, write_communes
from territo.sources.store import Download
from tests.sources.replay import communes_json, epci_json
from tests.sources.small import SOUTH, WEST, degrees


def downloaded(tmp_path, content):
    path = tmp_path / "answer"
    path.write_bytes(content)
    return Download("communes", "http://127.0.0.1/", "2026-11-22T10:00:00+00:00", "", len(content), path)


def test_every_siren_of_france_is_accepted(shared_data):
    lines = (shared_data / "france" / "communes_epci_2026.csv").read_text(encoding="utf-8").splitlines()
    place = lines[0].split(",").index("siren_epci")
    sirens = {line.split(",")[place] for line in lines[1:]} - {""}
    assert len(sirens) > 1_000
    for siren in sirens:
        check_siren(siren)


@pytest.mark.parametrize("siren", ["", "64445", "200067255", "20006725", "2000672540", "20006725A", "２00067254"])
def test_what_is_no_siren_is_refused_before_any_service_is_asked(siren):
    with pytest.raises(InputError, match="is not a SIREN"):
        check_siren(siren)


def test_the_table_has_the_town_halls_and_square_kilometres_in_the_order_of_the_codes(tmp_path):
    served = write_communes(downloaded(tmp_path, communes_json()), tmp_path)
    assert (served.codes, served.crs) == (("A1", "B1", "C1"), "EPSG:2154")
    lines = (tmp_path / "communes.csv").read_text(encoding="utf-8").splitlines()
    lng, lat = degrees(WEST + 1_000, SOUTH + 1_000)
    assert lines[:2] == ["code_insee;nom;population;lng;lat;superficie_km2", f"A1;Amont;1000;{lng};{lat};4.0000"]
    features = json.loads((tmp_path / "communes.geojson").read_text(encoding="utf-8"))["features"]
    assert [feature["properties"]["nom"] for feature in features] == ["Amont", "Bourg", "Le Creux"]


def test_without_town_hall_the_centre_is_taken_and_what_is_missing_stays_missing(tmp_path):
    content = communes_json(mairie=None, population=None, surface=None)
    write_communes(downloaded(tmp_path, content), tmp_path)
    lng, lat = degrees(WEST + 200, SOUTH + 200)
    line = (tmp_path / "communes.csv").read_text(encoding="utf-8").splitlines()[1]
    assert line == f"A1;Amont;;{lng};{lat};"


@pytest.mark.parametrize(
    ("codes", "crs"),
    [(("2A004",), "EPSG:2154"), (("97105",), "EPSG:5490"), (("97209",), "EPSG:5490"), (("97302",), "EPSG:2972")],
)
def test_the_reference_system_is_that_of_the_place(codes, crs):
    assert ServedCommunes(codes, ()).crs == crs


@pytest.mark.parametrize(
    "content",
    [b"[]", b"{}", b"[1]", b'"x"', communes_json(contour=None), communes_json(contour=3), communes_json(mairie="x")],
)
def test_an_answer_of_another_shape_is_refused_in_one_sentence(tmp_path, content):
    with pytest.raises(SourceUnavailableError, match="communes: the answer has no"):
        write_communes(downloaded(tmp_path, content), tmp_path)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=12,
)
SHAPES = st.builds(
    lambda kind, coordinates: {"type": kind, "coordinates": coordinates},
    st.sampled_from(["Polygon", "MultiPolygon", "Point", "LineString", "GeometryCollection", "x"]),
    st.lists(st.lists(st.lists(st.floats(-200, 200), min_size=2, max_size=3), max_size=5), max_size=2) | VALUES,
)


@settings(deadline=None, max_examples=60)  # the first one loads the library of shapes
@given(st.sampled_from(["code", "nom", "population", "surface", "centre", "mairie", "contour"]), VALUES | SHAPES)
def test_a_commune_with_any_value_is_served_or_refused_in_one_sentence(key, value):
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        try:
            served = write_communes(downloaded(place, communes_json(**{key: value})), place)
        except SourceUnavailableError:
            return
        assert served.codes
        assert all(outline.area > 0 for outline in served.outlines)


def test_the_name_of_the_epci_is_read(tmp_path):
    assert read_name(downloaded(tmp_path, epci_json())) == "CC des Trois Communes"


@pytest.mark.parametrize("content", [b"[]", b"{}", b'{"nom": ""}', b'{"nom": 3}'])
def test_an_epci_without_a_name_is_refused(tmp_path, content):
    with pytest.raises(SourceUnavailableError, match="the answer has no nom"):
        read_name(downloaded(tmp_path, content))
