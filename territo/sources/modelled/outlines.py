"""Commune outlines: a perimeter cut into regions, with irregular edges shared exactly by neighbours."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, MultiLineString, MultiPoint, Point, Polygon, STRtree
from shapely.geometry.base import BaseGeometry

from territo.domain.arrays import Bools, Floats
from territo.sources.modelled.regions import fitted_weights, perimeter, separators
from territo.sources.modelled.table import CommuneTable

Shapes = NDArray[np.object_]

# Half the diagonal of a 200 m cell is 141 m: a region that holds this disc holds the centre of a cell.
CLEAR_M = 145.0
_COARSE_M = 120.0
_STEP_M = 220.0
_ROUGHNESS, _SMOOTHING = 0.14, 0.5
_TRIES = 12
_DECIMALS = 6


def outlines(table: CommuneTable, seed: int) -> list[Polygon]:
    """Model the outline of each commune.

    Parameters
    ----------
    table
        The communes.
    seed
        Fixes the irregularities of the edges.

    Returns
    -------
    list of Polygon
        One a commune, in order, longitude and latitude rounded to the sixth
        decimal. Neighbours share their vertices: no gap, no overlap; each
        polygon holds the centre of its commune.
    """
    from pyproj import Transformer

    centres = table.centres()
    arcs = _arcs(_faces(centres, table.area_km2, seed))
    rng = np.random.default_rng([seed, 1])
    noise = [rng.uniform(-1, 1, 4096) for _ in arcs]
    to_degrees = Transformer.from_crs(table.crs, "EPSG:4326", always_xy=True)

    def rounded(xy: Floats) -> Floats:
        """Turn metres into rounded degrees."""
        return np.round(np.column_stack(to_degrees.transform(xy[:, 0], xy[:, 1])), _DECIMALS)

    held = MultiPoint(centres).buffer(CLEAR_M)
    for attempt in range(_TRIES):
        lines = _irregular(arcs, noise, held, _ROUGHNESS * _SMOOTHING**attempt)
        faces = _polygons([shapely.transform(line, rounded) for line in lines])
        owner = [_holder_of(faces, at) for at in table.lnglat]
        # rounded edges may meet where they should not, which merges two communes: smoother ones do not
        if len(faces) == len(set(owner)) == len(table.codes):
            return [shapely.normalize(faces[face]) for face in owner]
    msg = "the edges of the communes meet where they should not even when they are straight"
    raise AssertionError(msg)


def _holder_of(faces: Shapes, at: Floats) -> int:
    """Face that holds a point."""
    return int(np.flatnonzero(shapely.contains(faces, Point(at)))[0])


def _irregular(arcs: Sequence[Floats], noise: Sequence[Floats], held: BaseGeometry, highest: float) -> list[LineString]:
    """Make the edges irregular; smooth those that would cross others or the ground held around the centres."""
    roughness = np.full(len(arcs), highest)
    for _ in range(_TRIES):
        lines = [_roughened(*arc) for arc in zip(arcs, roughness, noise, strict=True)]
        amiss = _amiss(lines, held)
        if not amiss.any():
            return lines
        roughness[amiss] *= _SMOOTHING
    msg = "the edges of the communes cross each other even when they are straight"
    raise AssertionError(msg)


def _amiss(lines: Sequence[LineString], held: BaseGeometry) -> Bools:
    """Whether each line crosses itself, another one, or the ground that a commune holds around its centre."""
    crossing, _ = STRtree([*lines]).query([*lines], predicate="crosses")
    amiss = shapely.intersects(held, lines) | ~shapely.is_simple(lines)
    amiss[crossing] = True
    return np.asarray(amiss, dtype=np.bool_)


def _faces(centres: Floats, area_km2: Floats, seed: int) -> list[BaseGeometry]:
    """One polygon a centre; pieces that the perimeter cuts off go to the neighbour with the longest shared edge."""
    pieces = _pieces(centres, area_km2, seed)
    points = [Point(centre) for centre in centres]
    owner = np.array([_holder(piece, points) for piece in pieces])
    for orphan in np.flatnonzero(owner < 0):
        shared = shapely.length(shapely.intersection(pieces, pieces[orphan])) * (owner >= 0)
        owner[orphan] = owner[int(np.argmax(shared))]
    return [shapely.union_all(pieces[owner == commune]) for commune in range(len(centres))]


def _pieces(centres: Floats, area_km2: Floats, seed: int) -> Shapes:
    """Cut the perimeter along the borders of the regions."""
    border = perimeter(centres, area_km2, seed)
    west, south, east, north = border.bounds
    cuts = separators(centres, fitted_weights(centres, area_km2, border), float(np.hypot(east - west, north - south)))
    pieces = _polygons([*shapely.get_parts(shapely.union(MultiLineString(cuts), border.exterior))])
    return pieces[shapely.contains(border, shapely.point_on_surface(pieces))]


def _polygons(lines: Sequence[BaseGeometry]) -> Shapes:
    """Return the faces between lines that meet at their ends."""
    return np.array(shapely.get_parts(shapely.polygonize([*lines])), dtype=object)


def _holder(piece: BaseGeometry, points: Sequence[BaseGeometry]) -> int:
    held = np.flatnonzero(shapely.contains(piece, points))
    return int(held[0]) if len(held) else -1


def _arcs(faces: Sequence[BaseGeometry]) -> list[Floats]:
    """Edges between the points where three outlines meet, each once, in a fixed order."""
    merged = shapely.line_merge(shapely.union_all(shapely.boundary(faces)))
    arcs = [shapely.get_coordinates(shapely.simplify(arc, _COARSE_M)) for arc in shapely.get_parts(merged)]
    return sorted(arcs, key=lambda arc: tuple(arc[[0, -1]].ravel()))


def _roughened(arc: Floats, roughness: float, noise: Floats) -> LineString:
    """Displace midpoints again and again, until steps are short; both ends stay."""
    line, used = arc, 0
    while True:
        step = np.diff(line, axis=0)
        long = np.flatnonzero(np.hypot(*step.T) > _STEP_M)
        if not len(long):
            return LineString(line)
        aside = np.column_stack([-step[long, 1], step[long, 0]])
        offset = roughness * noise[np.arange(used, used + len(long)) % len(noise)]
        middle = line[long] + step[long] / 2 + aside * offset[:, None]
        line, used = np.insert(line, long + 1, middle, axis=0), used + len(long)
