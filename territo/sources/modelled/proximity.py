"""Proximity graphs of points: which pairs of places a road would link.

Both graphs keep a pair of points only where no third point lies in a region
between them, and both contain a minimum spanning tree, hence are connected.
"""

from __future__ import annotations

import numpy as np
from scipy.spatial import Delaunay, cKDTree

from territo.domain.arrays import Bools, Floats, Ints

_WITNESSES = 12
_FAR = 10.0
_TOLERANCE = 1e-9


def triangles(xy: Floats) -> Ints:
    """(t, 3) Delaunay triangles of (n, 2) distinct points."""
    return np.sort(Delaunay(xy).simplices, axis=1).astype(np.int64)


def neighbours(xy: Floats) -> Ints:
    """(e, 2) Delaunay pairs i < j of (n, 2) distinct points, also where all lie on one line."""
    away = _FAR * np.ptp(xy, axis=0).max()
    corners = xy.mean(axis=0) + away * np.array([[-1.0, -1.1], [1.2, -1.0], [1.0, 1.1], [-1.2, 1.0]])
    pairs = sides(triangles(np.concatenate([xy, corners])))
    return pairs[(pairs < len(xy)).all(axis=1)]


def sides(simplices: Ints) -> Ints:
    """(e, 2) distinct sides i < j of (t, 3) triangles."""
    pairs = np.concatenate([simplices[:, [0, 1]], simplices[:, [1, 2]], simplices[:, [0, 2]]])
    return np.unique(pairs, axis=0)


def gabriel(xy: Floats, pairs: Ints) -> Bools:
    """Whether the circle on each pair as diameter is empty (Gabriel and Sokal 1969, doi:10.2307/2412323)."""
    middle, length = _middle(xy, pairs)
    nearest, _ = cKDTree(xy).query(middle)
    return np.asarray(nearest >= length / 2 * (1 - _TOLERANCE))


def relative_neighbours(xy: Floats, pairs: Ints) -> Bools:
    """Whether no point is nearer to both ends than they are to each other.

    Relative neighbourhood graph (Toussaint 1980, doi:10.1016/0031-3203(80)90066-7).
    Only the points nearest to the middle are asked, so that a few pairs more
    than in the exact graph may stay; none is missing.
    """
    middle, length = _middle(xy, pairs)
    _, witness = cKDTree(xy).query(middle, k=min(_WITNESSES, len(xy)))
    to_ends = [np.linalg.norm(xy[witness] - xy[pairs[:, end]][:, None, :], axis=2) for end in (0, 1)]
    blocked = np.maximum(*to_ends) < (length * (1 - _TOLERANCE))[:, None]
    return np.asarray(~blocked.any(axis=1), dtype=np.bool_)


def _middle(xy: Floats, pairs: Ints) -> tuple[Floats, Floats]:
    start, end = xy[pairs[:, 0]], xy[pairs[:, 1]]
    return (start + end) / 2, np.linalg.norm(end - start, axis=1)
