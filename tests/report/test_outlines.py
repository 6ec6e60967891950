"""Outlines are sent small, in degrees, and neighbours keep the same border."""

from dataclasses import replace

import numpy as np
import shapely

from territo.report.outlines import encoded_outlines, encoded_points, to_degrees
from tests.report.fixtures import territory


def decoded(ring):
    steps = np.array(ring).reshape(-1, 2)
    return [tuple(vertex) for vertex in np.cumsum(steps, axis=0).tolist()]


def two_squares():
    place = territory(2)
    left, right = shapely.box(0, 0, 1_000, 1_000), shapely.box(1_000, 0, 2_000, 1_000)
    moved = tuple(shapely.transform(shape, lambda xy: np.add(xy, [700_000, 6_600_000])) for shape in (left, right))
    return replace(place, communes=replace(place.communes, outlines=moved))


def test_the_origin_of_lambert_93_is_three_degrees_east_and_46_and_a_half_north():
    assert np.allclose(to_degrees("EPSG:2154", np.array([[700_000.0, 6_600_000.0]])), [[3.0, 46.5]])


def test_points_are_hundred_thousandths_of_a_degree_longitude_first():
    place = two_squares()
    assert encoded_points(place, np.array([[700_000.0, 6_600_000.0]])) == [[300_000, 4_650_000]]


def test_a_square_is_four_vertices_without_the_closing_one():
    (square,), _ = encoded_outlines(two_squares())
    corners = decoded(square[0])
    assert len(corners) == 4
    assert (300_000, 4_650_000) in corners


def test_neighbours_share_exactly_the_vertices_of_their_border():
    (left,), (right,) = encoded_outlines(two_squares())
    assert len(set(decoded(left[0])) & set(decoded(right[0]))) == 2


def test_a_hole_follows_its_outside_ring():
    place = two_squares()
    _, right = place.communes.outlines
    holed = place.communes.outlines[0].difference(shapely.point_on_surface(place.communes.outlines[0]).buffer(100))
    place = replace(place, communes=replace(place.communes, outlines=(holed, right)))
    (polygon,), _ = encoded_outlines(place)
    assert len(polygon) == 2
