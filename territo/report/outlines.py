"""The outlines of the communes, small enough to be sent once with a page.

Outlines are simplified together, so that neighbours keep exactly the same
border: the page finds the borders of the territories from the shared segments.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, cast

import numpy as np

from territo.domain.arrays import Floats, Ints
from territo.domain.territory import Territory

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

DEGREES_TO_INTEGERS = 1e5
PARTS_OF_THE_WIDTH = 900.0

Ring = list[int]


def encoded_outlines(territory: Territory) -> list[list[list[Ring]]]:
    """Encode each commune as polygons of rings ``[x0, y0, dx, dy, ...]``.

    Numbers are hundred-thousandths of a degree (WGS 84, longitude first),
    each vertex as its difference from the one before. The closing vertex is
    left out.

    Returns
    -------
    list
        One entry a commune, in their order; each is a list of polygons, each
        a list of rings, the first ring outside and the others holes.
    """
    import shapely

    outlines = np.array(territory.communes.outlines, dtype=object)
    west, south, east, north = shapely.total_bounds(outlines)
    tolerance = max(east - west, north - south) / PARTS_OF_THE_WIDTH
    simple = shapely.coverage_simplify(outlines, tolerance)
    degrees = shapely.transform(simple, lambda xy: to_degrees(territory.crs, xy))
    return [[_rings(polygon) for polygon in shapely.get_parts(shape)] for shape in degrees]


def encoded_points(territory: Territory, xy: Floats) -> list[list[int]]:
    """Encode (k, 2) metres as k pairs of hundred-thousandths of a degree, longitude first."""
    rounded = _integers(to_degrees(territory.crs, xy))
    return cast("list[list[int]]", rounded.tolist())


def to_degrees(crs: str, xy: Floats) -> Floats:
    """Turn (k, 2) metres of a reference system into (k, 2) degrees, longitude first."""
    from pyproj import Transformer

    change = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    return np.column_stack(change.transform(xy[:, 0], xy[:, 1]))


def _integers(degrees: Floats) -> Ints:
    return np.round(degrees * DEGREES_TO_INTEGERS).astype(np.int64)


def _rings(polygon: BaseGeometry) -> list[Ring]:
    import shapely

    lines = shapely.get_rings(polygon)
    return [_encoded(_integers(shapely.get_coordinates(line))) for line in lines]


def _encoded(vertices: Ints) -> Ring:
    opened = [tuple(vertex) for vertex in vertices[:-1].tolist()]
    ring = list(opened[0])
    for (x0, y0), (x1, y1) in pairwise(opened):
        ring += [x1 - x0, y1 - y0]
    return ring
