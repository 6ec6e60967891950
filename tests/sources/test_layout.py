"""Shapes of communes: repaired where it is safe, refused where it is not, and what is odd is said."""

from __future__ import annotations

import pytest
from shapely import MultiPolygon, Polygon, box
from shapely.geometry import GeometryCollection, LineString

from territo.domain.travel import Notice
from territo.errors import InputError
from territo.sources.layout import checked_shapes, perimeter_notices

SQUARE = box(0, 0, 2_000, 2_000)


def test_a_small_loop_is_repaired_and_said_with_the_area_that_changed():
    looped = Polygon([(0, 0), (2_000, 0), (2_000, 2_000), (1_000, 2_000), (1_010, 2_010), (1_010, 2_000), (0, 2_000)])
    assert not looped.is_valid
    (repaired,), (notice,) = checked_shapes(["Amont"], [looped], "map")
    assert repaired.is_valid
    assert repaired.area == pytest.approx(4e6, abs=100)
    assert (notice.code, notice.params["name"]) == ("outline-repaired", "Amont")
    assert 0 <= notice.params["hectares"] <= 0.02


def test_only_the_polygons_of_a_collection_are_kept():
    mixed = GeometryCollection([SQUARE, LineString([(0, 0), (5_000, 5_000)])])
    (kept,), notices = checked_shapes(["Amont"], [mixed], "map")
    assert (kept.geom_type, kept.area, notices) == ("Polygon", 4e6, ())


@pytest.mark.parametrize("shape", [None, Polygon(), LineString([(0, 0), (1, 1)])])
def test_a_commune_without_polygon_is_refused_by_name(shape):
    with pytest.raises(InputError, match="Amont has no polygon"):
        checked_shapes(["Amont"], [shape], "map")


def test_a_repair_that_would_change_the_area_is_refused():
    bow = Polygon([(0, 0), (2_000, 2_000), (2_000, 0), (0, 2_000)])
    with pytest.raises(InputError, match="the outline of Amont is not valid"):
        checked_shapes(["Amont"], [bow], "map")


def test_small_overlaps_are_summed_up_and_large_ones_refused():
    _, notices = checked_shapes(["A", "B"], [SQUARE, box(1_990, 0, 4_000, 2_000)], "map")
    assert notices == (Notice("outlines-overlap", {"count": 1, "hectares": 2, "one": "A", "other": "B"}),)
    with pytest.raises(InputError, match="the outlines of A and B overlap by 5 % of the smaller one"):
        checked_shapes(["A", "B"], [SQUARE, box(1_900, 0, 4_000, 2_000)], "map")


def test_islands_and_enclaves_are_said_and_a_plain_perimeter_is_silent():
    assert perimeter_notices(["A", "B"], [SQUARE, box(2_000, 0, 4_000, 2_000)]) == ()
    far = box(9_000, 0, 10_000, 1_000)
    ring = SQUARE.difference(box(500, 500, 1_500, 1_500))
    assert [(notice.code, dict(notice.params)) for notice in perimeter_notices(["Anneau", "Île"], [ring, far])] == [
        ("perimeter-in-parts", {"count": 2, "km2": 1.0}),
        ("communes-apart", {"count": 1, "names": "Île"}),
        ("perimeter-holes", {"count": 1, "km2": 1.0}),
    ]


def test_an_exclave_is_a_part_but_no_commune_apart():
    codes = [notice.code for notice in perimeter_notices(["A"], [MultiPolygon([SQUARE, box(5e3, 0, 6e3, 1e3)])])]
    assert codes == ["perimeter-in-parts"]
