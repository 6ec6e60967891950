"""Reference systems, and the commune of a point."""

from __future__ import annotations

import numpy as np
import pytest
from shapely.geometry import box

from territo.errors import InputError
from territo.sources.places import area_fault, commune_of, projected, transform

LAMBERT = projected("EPSG:2154")


def test_coordinates_go_to_lambert_93_and_back():
    metres = transform(np.array([[3.0, 46.5]]), "EPSG:4326", LAMBERT)
    assert metres == pytest.approx(np.array([[700_000.0, 6_600_000.0]]), abs=1e-3)


@pytest.mark.parametrize(
    ("crs", "sentence"),
    [("EPSG:4326", "EPSG:4326 is not in metres"), ("EPSG:2", "EPSG:2 is not a known"), ("Lambert", "Lambert is not")],
)
def test_a_territory_needs_a_known_system_in_metres(crs, sentence):
    with pytest.raises(InputError, match=sentence):
        projected(crs)


@pytest.mark.parametrize(
    ("bounds", "declared", "code"),
    [
        ([8.5, 41.5, 9.2, 42.2], "EPSG:4326", None),
        ([420_000, 6_200_000, 430_000, 6_300_000], "EPSG:2154", None),
        ([420_000, 6_200_000, 430_000, 6_300_000], "EPSG:4326", "metres-of-another-crs"),
        ([9e6, 9e6, 9.1e6, 9.1e6], "EPSG:4326", "metres-as-degrees"),
        ([41.5, 8.5, 42.2, 9.2], "EPSG:4326", "swapped-coordinates"),
        ([55.2, -21.3, 55.8, -20.9], "EPSG:4326", "outside-crs-area"),
        ([8.5, 41.5, 9.2, 42.2], "EPSG:2154", "other-crs"),
        ([3_840_000, 2_340_000, 3_860_000, 2_370_000], "EPSG:2154", "other-crs"),
        ([9e6, 9e6, 9.1e6, 9.1e6], "EPSG:2154", "outside-crs-area"),
    ],
)
def test_coordinates_outside_the_area_of_the_system_are_explained(bounds, declared, code):
    found = area_fault(bounds, declared, LAMBERT, "communes.geojson")
    assert (found.code if found else None) == code
    assert code is None or str(found).startswith("communes.geojson: ")


OUTLINES = [box(0, 0, 10, 10), box(10, 0, 20, 10)]


def test_a_point_belongs_to_the_outline_around_it_and_on_a_border_to_the_first():
    points = np.array([[5, 5], [15, 5], [10, 5], [25, 5]], dtype=float)
    assert commune_of(points, OUTLINES).tolist() == [0, 1, 0, -1]


def test_a_point_outside_goes_to_the_nearest_outline_within_reach():
    points = np.array([[22, 5], [-1, 5], [40, 5]], dtype=float)
    assert commune_of(points, OUTLINES, within_m=3.0).tolist() == [1, 0, -1]


def test_no_point_has_no_commune():
    assert commune_of(np.empty((0, 2)), OUTLINES).shape == (0,)
