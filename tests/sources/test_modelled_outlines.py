"""Outlines of modelled communes: a partition of the territory that looks irregular and is exact."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import shapely
from pyproj import Transformer
from shapely import Polygon, box

from territo.sources.modelled import draw_table
from territo.sources.modelled.outlines import CLEAR_M, _amiss, _arcs, _faces, _irregular, _pieces, _roughened, outlines
from territo.sources.modelled.regions import fitted_weights, perimeter, separators

AREAS = np.array([41.0, 20, 43, 29, 31, 48, 7])


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


def test_a_piece_that_the_perimeter_cuts_off_goes_to_the_neighbour_along_its_longest_edge():
    # Seven scattered centres: the perimeter is bent, and cuts the region of one of them in two.
    centres = np.array([[26, 119], [262, 142], [274, 230], [275, 38], [22, 21], [261, 190], [149, 49]]) * 100.0
    assert len(_pieces(centres, AREAS, 1)) == 8
    faces = _faces(centres, AREAS, 1)
    assert all(isinstance(face, Polygon) for face in faces)
    assert all(face.contains(shapely.Point(centre)) for face, centre in zip(faces, centres, strict=True))
    assert sum(face.area for face in faces) == pytest.approx(perimeter(centres, AREAS, 1).area)


def test_edges_that_would_cross_are_smoothed_until_the_outlines_are_exact():
    # With this draw, the edges at full roughness cross each other or the ground of a centre.
    table = draw_table(5, 3)
    centres = table.centres()
    rng = np.random.default_rng([3, 1])
    arcs = _arcs(_faces(centres, table.area_km2, 3))
    full = [_roughened(arc, 0.14, rng.uniform(-1, 1, 4096)) for arc in arcs]
    assert _amiss(full, shapely.MultiPoint(centres).buffer(CLEAR_M)).any()
    shapes = outlines(table, 3)
    assert shapely.coverage_is_valid(shapes)
    assert all(shape.contains(shapely.Point(at)) for shape, at in zip(shapes, table.lnglat, strict=True))


@pytest.mark.parametrize(
    ("second", "amiss"),
    [
        ([(0, 2), (10, 3)], [False, False]),
        ([(5, -1), (5, 1)], [True, True]),
        ([(4, 8), (6, 8)], [False, True]),
        ([(0, 2), (2, 4), (2, 2), (0, 4)], [False, True]),
    ],
    ids=["apart", "crossing", "over held ground", "crossing itself"],
)
def test_lines_amiss_are_found(second, amiss):
    lines = [shapely.LineString([(0, 0), (10, 0)]), shapely.LineString(second)]
    assert _amiss(lines, shapely.Point(5, 8).buffer(0.5)).tolist() == amiss


def test_edges_that_cross_even_when_straight_are_refused():
    across = [np.array([[0.0, 0], [100, 0]]), np.array([[50.0, -50], [50, 50]])]
    with pytest.raises(AssertionError, match="cross each other even when they are straight"):
        _irregular(across, [np.zeros(4096)] * 2, shapely.Point(), 0.14)


@pytest.mark.parametrize(("communes", "seed"), [(5, 0), (8, 2), (8, 7), (31, 3)])
def test_no_two_drawn_communes_share_ground(communes, seed):
    shapes = outlines(draw_table(communes, seed), seed)
    assert len({shape.wkb for shape in shapes}) == communes
    assert shapely.coverage_is_valid(shapes)
