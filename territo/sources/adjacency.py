"""Which communes are neighbours: a shared border, and a road that crosses it inside the territory.

A road crosses from one commune to another where a link has its two ends in
them, or where a path leads from one to the other over nodes in no commune (on
the shore, on a simplified border). Where this leaves the communes in several
parts, the parts are joined by the shortest road path between them, wherever
it runs; a commune without any road node is joined to the neighbour with which
it shares the longest border. Every such repair is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from territo.domain.arrays import Floats, Ints
from territo.domain.roads import RoadNetwork
from territo.domain.travel import Notice

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

TOLERANCE_M = 5.0
LEAST_NEAR_BORDER_M = 100.0
NODE_REACH_M = 250.0


def adjacency(
    codes: Sequence[str], outlines: Sequence[BaseGeometry], roads: RoadNetwork, commune_of_node: Ints
) -> tuple[Ints, tuple[Notice, ...]]:
    """Find the pairs of neighbouring communes.

    Parameters
    ----------
    codes, outlines
        The n communes.
    roads
        The network, in metres.
    commune_of_node
        (v,) commune of each road node, -1 for none.

    Returns
    -------
    (e, 2) int
        Pairs, first index below second; one connected graph.
    tuple of Notice
        ``communes-joined`` for each repair.
    """
    borders = shared_borders(outlines)
    crossed = crossed_by_road(roads, commune_of_node)
    pairs = sorted(set(borders) & crossed)
    notices: list[Notice] = []
    while True:
        part = _parts(len(codes), pairs)
        if part.max() == 0:
            return np.array(pairs, dtype=np.int64).reshape(-1, 2), tuple(notices)
        pair, km = _bridge(part, roads, commune_of_node, borders)
        pairs.append(pair)
        notices.append(Notice("communes-joined", {"one": codes[pair[0]], "other": codes[pair[1]], "km": round(km, 1)}))


def shared_borders(outlines: Sequence[BaseGeometry]) -> dict[tuple[int, int], float]:
    """Length in metres of the border that two communes share; a common point is no border.

    Outlines that do not share their vertices are neighbours where at least
    100 m of border run within 5 m.
    """
    from shapely import STRtree

    shapes = list(outlines)
    near = STRtree(shapes).query(shapes, predicate="dwithin", distance=TOLERANCE_M).T
    borders = {}
    for one, other in near[near[:, 0] < near[:, 1]]:
        first, second = shapes[one], shapes[other]
        length = first.boundary.intersection(second.boundary).length
        if length <= TOLERANCE_M:
            close = first.boundary.intersection(second.buffer(TOLERANCE_M)).length
            length = close if close >= LEAST_NEAR_BORDER_M else 0.0
        if length > 0:
            borders[int(one), int(other)] = float(length)
    return borders


def crossed_by_road(roads: RoadNetwork, commune_of_node: Ints) -> set[tuple[int, int]]:
    """Pairs of communes that a road links without entering a third one."""
    tail, head = commune_of_node[roads.tail], commune_of_node[roads.head]
    pairs = {(int(a), int(b)) for a, b in zip(tail, head, strict=True) if 0 <= a != b >= 0}
    between = _links_outside(roads, commune_of_node)
    pairs |= {(a, b) for touched in between for a in touched for b in touched if a != b}
    return {(min(pair), max(pair)) for pair in pairs}


def _links_outside(roads: RoadNetwork, commune_of_node: Ints) -> list[set[int]]:
    """Communes that each connected group of nodes outside all communes touches."""
    outside = commune_of_node < 0
    if not outside.any():
        return []
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    both = outside[roads.tail] & outside[roads.head]
    shape = (len(roads.xy), len(roads.xy))
    links = csr_array((np.ones(both.sum(), dtype=np.int8), (roads.tail[both], roads.head[both])), shape=shape)
    group = connected_components(links, directed=False)[1]
    touched: dict[int, set[int]] = {}
    for one, other in ((roads.tail, roads.head), (roads.head, roads.tail)):
        border = outside[one] & ~outside[other]
        for key, commune in zip(group[one[border]], commune_of_node[other[border]], strict=True):
            touched.setdefault(int(key), set()).add(int(commune))
    return list(touched.values())


def _parts(count: int, pairs: Sequence[tuple[int, int]]) -> Ints:
    """(n,) part of each commune in the graph of the pairs."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    ends = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    graph = csr_array((np.ones(len(ends), dtype=np.int8), (ends[:, 0], ends[:, 1])), shape=(count, count))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def _bridge(
    part: Ints, roads: RoadNetwork, commune_of_node: Ints, borders: dict[tuple[int, int], float]
) -> tuple[tuple[int, int], float]:
    """Return the pair of communes that joins the smallest part to another, and the km of road between them."""
    smallest = int(np.bincount(part).argmin())
    inside = np.isin(commune_of_node, np.flatnonzero(part == smallest))
    elsewhere = (commune_of_node >= 0) & ~inside
    if inside.any() and elsewhere.any():
        metres, origin = _nearest_by_road(roads, np.flatnonzero(inside))
        reached = np.flatnonzero(elsewhere & np.isfinite(metres))
        if reached.size:
            node = reached[metres[reached].argmin()]
            pair = sorted((int(commune_of_node[origin[node]]), int(commune_of_node[node])))
            return (pair[0], pair[1]), float(metres[node]) / 1000
    return _longest_border(part, smallest, borders)


def _nearest_by_road(roads: RoadNetwork, sources: Ints) -> tuple[Floats, Ints]:
    """(v,) metres from the nearest source along roads, whatever their direction, and that source."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    order = np.lexsort((roads.length_m, roads.head, roads.tail))
    kept = order[np.unique(roads.tail[order] * len(roads.xy) + roads.head[order], return_index=True)[1]]
    shape = (len(roads.xy), len(roads.xy))
    links = csr_array((roads.length_m[kept], (roads.tail[kept], roads.head[kept])), shape=shape)
    metres, _, origin = dijkstra(links, directed=False, indices=sources, min_only=True, return_predecessors=True)
    return np.asarray(metres, dtype=np.float64), np.asarray(origin, dtype=np.int64)


def _longest_border(part: Ints, smallest: int, borders: dict[tuple[int, int], float]) -> tuple[tuple[int, int], float]:
    leaving = {
        pair: length for pair, length in borders.items() if (part[pair[0]] == smallest) != (part[pair[1]] == smallest)
    }
    if leaving:
        return max(leaving, key=lambda pair: (leaving[pair], pair)), 0.0
    inside, outside = np.flatnonzero(part == smallest), np.flatnonzero(part != smallest)
    return (min(int(inside[0]), int(outside[0])), max(int(inside[0]), int(outside[0]))), 0.0
