"""The perimeter of a modelled territory, and one region around each centre.

The regions are a power diagram (Aurenhammer 1987, doi:10.1137/0216006): each
point belongs to the centre with the least squared distance minus weight. The
weights are fitted so that areas come near the published ones, and bounded so
that every centre stays well inside its own region.
"""

from __future__ import annotations

import numpy as np
import shapely
from scipy.sparse.csgraph import minimum_spanning_tree, shortest_path
from scipy.spatial import ConvexHull
from scipy.spatial.distance import cdist
from shapely import MultiLineString, MultiPoint, Polygon
from shapely.geometry.base import BaseGeometry

from territo.domain.arrays import Floats

_ROUNDS = 40
_SAMPLES, _SAMPLES_EACH = 12_000, 20
_PULL = 0.5
_SLACK = 0.5
_LEAST_RADIUS_M = 400.0
_ROUNDING = 3
_ANGLES = 48
_WAVES = ((2, 0.2), (3, 0.14), (5, 0.08))


def perimeter(centres: Floats, area_km2: Floats, seed: int) -> Polygon:
    """Draw a perimeter around the centres whose area is the sum of the communes' areas.

    Parameters
    ----------
    centres
        (n, 2) metres.
    area_km2
        (n,) area of each commune.
    seed
        Fixes how far the perimeter goes in each direction.

    Returns
    -------
    Polygon
        One polygon without holes that holds every centre, metres.
    """
    lobes = _lobes(np.sqrt(area_km2 * 1e6 / np.pi), np.random.default_rng([seed, 7]))
    tree = minimum_spanning_tree(cdist(centres, centres)).tocoo()
    links = MultiLineString([centres[[i, j]] for i, j in zip(tree.row, tree.col, strict=True)])
    low, high = 0.2, 4.0
    for _ in range(22):
        middle = (low + high) / 2
        if _around(centres, lobes * middle, links).area < area_km2.sum() * 1e6:
            low = middle
        else:
            high = middle
    return _around(centres, lobes * high, links)


def _lobes(radius: Floats, rng: np.random.Generator) -> Floats:
    """(n, a, 2) outlines around (0, 0), rounded but not round."""
    angle = np.linspace(0, 2 * np.pi, _ANGLES, endpoint=False)
    reach = np.ones((len(radius), _ANGLES))
    for waves, height in _WAVES:
        reach += height * np.cos(waves * angle + rng.uniform(0, 2 * np.pi, (len(radius), 1)))
    unit = np.column_stack([np.cos(angle), np.sin(angle)])
    return np.asarray((radius[:, None] * reach)[:, :, None] * unit, dtype=np.float64)


def _around(centres: Floats, lobes: Floats, links: BaseGeometry) -> Polygon:
    width = float(np.median(np.hypot(lobes[:, :, 0], lobes[:, :, 1])))
    held = MultiPoint(centres).buffer(_LEAST_RADIUS_M)
    reached = [Polygon(ring) for ring in centres[:, None, :] + lobes]
    blob = shapely.union_all([held, *reached, links.buffer(width / 2)])
    closed = blob.buffer(width, quad_segs=4).buffer(-width, quad_segs=4)
    return Polygon(max(shapely.get_parts(closed), key=lambda part: part.area).exterior)


def fitted_weights(centres: Floats, area_km2: Floats, border: Polygon) -> Floats:
    """(n,) weights, square metres, that bring the areas of the regions near ``area_km2``."""
    west, south, east, north = border.bounds
    side = np.sqrt(border.area / (_SAMPLES + _SAMPLES_EACH * len(centres)))
    grid = np.meshgrid(np.arange(west + side / 2, east, side), np.arange(south + side / 2, north, side))
    points = np.column_stack([axis.ravel() for axis in grid])
    points = points[shapely.contains_xy(border, points)]
    squared = cdist(points, centres, "sqeuclidean")
    # Weights may differ by less than the squared distance of two centres, or one would fall out of its region.
    room = shortest_path(_SLACK * cdist(centres, centres, "sqeuclidean"))
    share = area_km2 / area_km2.sum()
    weights = np.zeros(len(centres))
    for _ in range(_ROUNDS):
        owner = np.argmin(squared - weights, axis=1)
        got = np.bincount(owner, minlength=len(centres)) / len(points)
        wanted = weights + _PULL * (share - got) * border.area
        weights = (wanted[None, :] + room).min(axis=1)
    return weights


def separators(centres: Floats, weights: Floats, reach: float) -> list[Floats]:
    """Segments, each (2, 2) metres, that separate the regions of the centres.

    Parameters
    ----------
    centres, weights
        (n, 2) metres and (n,) square metres.
    reach
        Distance beyond which segments need not go.
    """
    middle = centres.mean(axis=0)
    turn = np.linspace(0, 2 * np.pi, 16, endpoint=False)
    ring = 6 * reach * np.column_stack([np.cos(turn), np.sin(turn)])
    points = np.concatenate([centres - middle, ring])
    height = (points**2).sum(axis=1) - np.concatenate([weights, np.zeros(len(ring))])
    hull = ConvexHull(np.column_stack([points, height]))
    normal = hull.equations[:, :3]
    lower = normal[:, 2] < 0
    corner = np.full((len(normal), 2), np.nan)
    corner[lower] = np.round(-normal[lower, :2] / (2 * normal[lower, 2:3]) + middle, _ROUNDING)
    return [
        corner[[facet, other]]
        for facet, others in enumerate(hull.neighbors)
        for other in others
        if facet < other and lower[facet] and lower[other] and (corner[facet] != corner[other]).any()
    ]
