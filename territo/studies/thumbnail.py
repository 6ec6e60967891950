"""The shape of a territory, small enough for a list of studies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from territo.domain.territory import Territory

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

SIDE = 100.0
PARTS = 140.0


def outline_path(territory: Territory) -> str:
    """Write the outlines of the communes as the path of an SVG picture, 100 wide or high at most; only numbers."""
    import shapely

    outlines = np.array(territory.communes.outlines, dtype=object)
    west, south, east, north = shapely.total_bounds(outlines)
    span = max(east - west, north - south)
    simple = shapely.coverage_simplify(outlines, span / PARTS)
    scaled = shapely.transform(simple, lambda xy: (xy - (west, north)) * (SIDE / span, -SIDE / span))
    return "".join(_ring(ring) for shape in shapely.get_parts(scaled) for ring in shapely.get_rings(shape))


def _ring(ring: BaseGeometry) -> str:
    import shapely

    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in shapely.get_coordinates(ring)[:-1]) + "Z"
