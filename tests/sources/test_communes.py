"""Outlines and table of the communes, and one sentence for each fault."""

from __future__ import annotations

import numpy as np
import pytest
from shapely.geometry import Polygon, box

from territo.errors import InputError
from territo.sources.communes import read_description, read_outlines
from territo.sources.places import projected
from territo.sources.spec import read_spec
from tests.sources.small import CODES, NAMES, SOUTH, SPEC, WEST, attributes_csv, centres, geojson, outline, write_small

LAMBERT = projected("EPSG:2154")


def outlines_of(folder, spec=SPEC, **files):
    return read_outlines(read_spec(write_small(folder, spec, **files)).communes, LAMBERT)


def described(folder, spec=SPEC, **files):
    read = read_spec(write_small(folder, spec, **files))
    return read_description(read.attributes, read_outlines(read.communes, LAMBERT), LAMBERT)


def sentences(reader, *args, **kwargs):
    with pytest.raises(InputError) as caught:
        reader(*args, **kwargs)
    return [str(each) for each in caught.value.faults]


def with_polygon(index, polygon):
    return geojson({code: polygon if place == index else outline(place) for place, code in enumerate(CODES)})


def test_outlines_are_read_in_metres_in_the_order_of_the_file(tmp_path):
    outlines = outlines_of(tmp_path)
    assert (outlines.codes, outlines.names) == (CODES, NAMES)
    assert [polygon.area for polygon in outlines.polygons] == pytest.approx([4e6] * 3, rel=1e-6)


def test_the_columns_of_official_files_are_recognised(tmp_path):
    official = geojson({code: outline(place) for place, code in enumerate(CODES)})
    official = official.replace('"code":', '"INSEE_COM":').replace('"nom":', '"NOM_COM":')
    outlines = outlines_of(tmp_path, SPEC.replace(", code: code, name: nom", ""), communes_geojson=official)
    assert (outlines.codes, outlines.names) == (CODES, NAMES)


def test_a_missing_column_is_named_with_the_columns_of_the_map(tmp_path):
    assert sentences(outlines_of, tmp_path, SPEC.replace("code: code,", "code: insee,")) == [
        "communes.geojson: communes.code: there is no column insee: the columns are code, nom",
    ]


def test_repeated_codes_are_refused(tmp_path):
    text = geojson({"A1": outline(0), "B1": outline(1), "C1": outline(2)}).replace('"C1"', '"A1"')
    assert sentences(outlines_of, tmp_path, communes_geojson=text) == [
        "communes.geojson: A1 appear more than once: keep one row each",
    ]


def test_an_invalid_polygon_is_refused_with_its_name_and_reason(tmp_path):
    bow = Polygon([(WEST, SOUTH), (WEST + 2_000, SOUTH + 2_000), (WEST + 2_000, SOUTH), (WEST, SOUTH + 2_000)])
    (sentence,) = sentences(outlines_of, tmp_path, communes_geojson=with_polygon(0, bow))
    assert sentence.startswith("communes.geojson: the outline of Amont is not valid (Self-intersection[")


def test_overlapping_polygons_are_refused_with_their_names_and_share(tmp_path):
    wide = box(WEST + 1_500, SOUTH, WEST + 4_000, SOUTH + 2_000)
    assert sentences(outlines_of, tmp_path, communes_geojson=with_polygon(1, wide)) == [
        "communes.geojson: the outlines of Amont and Bourg overlap by 25 % of the smaller one: correct them",
    ]


def test_a_sliver_of_overlap_is_tolerated(tmp_path):
    wide = box(WEST + 1_990, SOUTH, WEST + 4_000, SOUTH + 2_000)  # 0.5 % of the smaller one
    assert len(outlines_of(tmp_path, communes_geojson=with_polygon(1, wide)).codes) == 3


def test_a_commune_without_polygon_is_refused(tmp_path):
    text = geojson({"A1": outline(0), "B1": outline(1), "C1": outline(2).centroid})
    assert sentences(outlines_of, tmp_path, communes_geojson=text) == [
        "communes.geojson: Le Creux has no polygon: give its outline",
    ]


def test_metres_in_a_file_that_says_degrees_are_refused(tmp_path):
    text = geojson({code: outline(place) for place, code in enumerate(CODES)}, in_degrees=False)
    (sentence,) = sentences(outlines_of, tmp_path, communes_geojson=text)
    assert sentence.startswith("communes.geojson: the coordinates are metres, but the file says")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("not a map", "the file is not a map that can be read"),
        ('{"type": "FeatureCollection", "features": []}', "the territory has no commune"),
    ],
)
def test_a_file_that_holds_no_map_is_refused(tmp_path, text, sentence):
    assert sentence in sentences(outlines_of, tmp_path, communes_geojson=text)[0]


def test_the_table_is_put_in_the_order_of_the_outlines(tmp_path):
    lines = attributes_csv().splitlines()
    table = described(tmp_path, communes_csv="\n".join([lines[0], *reversed(lines[1:])]))
    assert table.population.tolist() == [1_000, 500, 100]
    assert table.centres == pytest.approx(centres(), abs=0.2)
    assert table.area_km2 == pytest.approx([4.0] * 3, rel=1e-6)


def test_secret_attributes_are_missing_and_never_zero(tmp_path):
    attributes = described(tmp_path).attributes
    assert np.array_equal(attributes["poverty_rate"], [12.5, np.nan, np.nan], equal_nan=True)
    assert np.array_equal(attributes["median_income"], [20_000, np.nan, np.nan], equal_nan=True)


def test_the_centre_is_a_point_of_the_outline_where_none_is_given(tmp_path):
    table = described(tmp_path, SPEC.replace("  centre: [lng, lat]\n", ""))
    assert all(outline(place).contains_properly(_point(xy)) for place, xy in enumerate(table.centres))
    lost = described(
        tmp_path, communes_csv=attributes_csv().replace(attributes_csv().splitlines()[2].split(";")[3], "")
    )
    assert outline(1).contains_properly(_point(lost.centres[1]))


def _point(xy):
    from shapely import Point

    return Point(xy)


def test_codes_unknown_on_either_side_are_said_with_the_other_faults(tmp_path):
    table = attributes_csv().replace("C1;Le Creux;100", "C9;Le Creux;-4").replace("B1;Bourg;500", "B1;Bourg;s")
    assert sentences(described, tmp_path, communes_csv=table) == [
        "communes.csv:4: code_insee: C9 is not the code of a commune of the territory: check the list of communes",
        "communes.csv: code_insee: the table has no row for C1: add them, or remove their outlines",
        "communes.csv:3: pmun: the value is missing or secret (s), but it is needed: give a number",
        "communes.csv:4: pmun: the population -4 is negative: correct it",
    ]


def test_a_repeated_row_is_refused(tmp_path):
    table = attributes_csv() + attributes_csv().splitlines()[1] + "\n"
    assert sentences(described, tmp_path, communes_csv=table) == [
        "communes.csv:5: code_insee: A1 already stands at line 2: keep one row",
    ]


def test_all_missing_columns_of_the_table_are_said(tmp_path):
    spec = SPEC.replace("pmun", "pop").replace("lng, lat", "x, lat")
    assert [each.split(": ")[1] for each in sentences(described, tmp_path, spec)] == ["pop", "x"]


def test_exchanged_latitudes_and_longitudes_are_recognised(tmp_path):
    spec = SPEC.replace("centre: [lng, lat]", "centre: [lat, lng]")
    assert sentences(described, tmp_path, spec) == [
        "communes.csv: latitude and longitude look exchanged: longitude (east) comes first",
    ]


def test_a_centre_far_from_its_commune_is_refused(tmp_path):
    lng = attributes_csv().splitlines()[2].split(";")[3]
    (sentence,) = sentences(described, tmp_path, communes_csv=attributes_csv().replace(lng, f"{float(lng) + 1:.6f}"))
    assert sentence.startswith("communes.csv:3: the centre of Bourg is 8")
    assert sentence.endswith(" km away from its outline: check its coordinates")
