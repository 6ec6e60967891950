"""Outlines of modelled communes: a partition of the territory that looks irregular and is exact."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import shapely
from pyproj import Transformer
from shapely import Polygon, box

from territo.sources.modelled import draw_table
from territo.sources.modelled.outlines import CLEAR_M, outlines
from territo.sources.modelled.regions import fitted_weights, perimeter, separators


@pytest.fixture(scope="module", params=[(3, 1), (12, 2), (60, 3)], ids=lambda param: f"{param[0]} communes")
def drawn(request):
    table = draw_table(*request.param)
    return table, outlines(table, 7)


def metres(table, shapes):
    project = Transformer.from_crs("EPSG:4326", table.crs, always_xy=True)
    return [shapely.transform(shape, lambda at: np.column_stack(project.transform(*at.T))) for shape in shapes]


def test_each_outline_is_one_valid_polygon_without_holes(drawn):
    _, shapes = drawn
    assert all(isinstance(shape, Polygon) and shape.is_valid and not shape.interiors for shape in shapes)


def test_each_outline_holds_its_centre_and_the_centre_of_a_cell(drawn):
    table, shapes = drawn
    for shape, centre in zip(metres(table, shapes), table.centres(), strict=True):
        assert shape.contains(shapely.Point(centre).buffer(CLEAR_M - 1))


def test_outlines_leave_no_gap_and_do_not_overlap(drawn):
    _, shapes = drawn
    whole = shapely.union_all(shapes)
    assert isinstance(whole, Polygon)
    assert not whole.interiors
    assert whole.area == pytest.approx(shapely.area(shapes).sum(), rel=1e-12)
    assert shapely.coverage_is_valid(shapes)


def test_the_total_area_is_near_the_sum_of_the_areas(drawn):
    table, shapes = drawn
    assert sum(shape.area for shape in metres(table, shapes)) / 1e6 == pytest.approx(table.area_km2.sum(), rel=0.03)


def test_edges_between_communes_are_not_straight():
    table = draw_table(12, 2)
    shapes = metres(table, outlines(table, 7))
    shared = [shapely.line_merge(a.intersection(b)) for a, b in pairwise(shapes)]
    long = [edge for edge in shared if edge.geom_type == "LineString" and edge.length > 1_000]
    assert long
    for edge in long:
        ends = np.array(edge.coords)[[0, -1]]
        assert edge.length > 1.005 * np.hypot(*(ends[1] - ends[0]))


def test_outlines_depend_on_the_seed_only():
    table = draw_table(12, 2)
    assert outlines(table, 1) == outlines(table, 1)
    assert outlines(table, 1) != outlines(table, 2)


def test_with_equal_weights_two_centres_are_separated_by_their_bisector():
    centres = np.array([[0.0, 0.0], [1_000.0, 0.0]])
    cuts = shapely.multilinestrings(separators(centres, np.zeros(2), 2_000.0))
    between = cuts.intersection(box(-900, -900, 1_900, 900))
    assert between.equals(shapely.LineString([(500, -900), (500, 900)]))


def test_a_weight_moves_the_bisector_by_the_power_rule():
    # |x|^2 - 200,000 = |x - 1,000|^2 gives x = (1,000,000 + 200,000) / 2,000 = 600.
    centres = np.array([[0.0, 0.0], [1_000.0, 0.0]])
    cuts = shapely.multilinestrings(separators(centres, np.array([200_000.0, 0.0]), 2_000.0))
    between = cuts.intersection(box(-900, -900, 1_900, 900))
    assert between.equals(shapely.LineString([(600, -900), (600, 900)]))


def test_fitted_weights_give_the_larger_commune_the_larger_region():
    # Two regions of a 2 x 1 km rectangle in the ratio 3 to 2: the cut is at 1,200 m, so the weight is 400,000 m2.
    centres = np.array([[500.0, 500.0], [1_500.0, 500.0]])
    weights = fitted_weights(centres, np.array([1.2, 0.8]), box(0, 0, 2_000, 1_000))
    assert weights[0] - weights[1] == pytest.approx(400_000, abs=30_000)


def test_no_weight_pushes_a_centre_near_the_edge_of_its_region():
    centres = np.array([[500.0, 500.0], [1_500.0, 500.0]])
    weights = fitted_weights(centres, np.array([1.99, 0.01]), box(0, 0, 2_000, 1_000))
    assert weights[0] - weights[1] == pytest.approx(500_000)


def test_the_perimeter_has_the_area_asked_for_and_holds_the_centres():
    centres = np.array([[0.0, 0.0], [5_000.0, 0.0], [0.0, 5_000.0], [6_000.0, 6_000.0]])
    border = perimeter(centres, np.array([20.0, 20.0, 20.0, 20.0]), 1)
    assert border.area / 1e6 == pytest.approx(80, rel=0.001)
    assert shapely.contains_xy(border, centres).all()
