"""A hierarchical road network: main roads between centres, and streets and lanes around them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra, minimum_spanning_tree
from scipy.spatial.distance import cdist
from shapely import Polygon

from territo.domain.arrays import Bools, Floats, Ints
from territo.sources.modelled.places import local_places
from territo.sources.modelled.proximity import gabriel, neighbours, relative_neighbours, sides, triangles

TRUNK, PRIMARY, SECONDARY, TERTIARY, UNCLASSIFIED, RESIDENTIAL = CLASSES = (
    "trunk",
    "primary",
    "secondary",
    "tertiary",
    "unclassified",
    "residential",
)
# Road length over the straight distance between two nodes. With the bends of the links and the choice of
# path, whole trips come to 1.2 to 1.6 times the crow-fly distance (data specification, matrix health).
WINDING = {TRUNK: 1.08, PRIMARY: 1.12, SECONDARY: 1.18, TERTIARY: 1.24, UNCLASSIFIED: 1.3, RESIDENTIAL: 1.15}
_BEND = {TRUNK: 0.02, PRIMARY: 0.03, SECONDARY: 0.045, TERTIARY: 0.06}
_NODE_EVERY_M = 350.0
_ONE_WAY_SHARE = 0.15


@dataclass(frozen=True, slots=True, eq=False)
class Roads:
    """An undirected plan of v nodes and e roads; a one-way road runs from its first to its second node.

    Parameters
    ----------
    xy
        (v, 2) metres; the first n nodes are the centres of the communes.
    ends
        (e, 2) node indices.
    highway
        (e,) class of each road, of ``CLASSES``.
    length_m
        (e,) length.
    oneway
        (e,) whether only the direction of ``ends`` may be driven.
    """

    xy: Floats
    ends: Ints
    highway: tuple[str, ...]
    length_m: Floats
    oneway: Bools


def model_roads(centres: Floats, population: Ints, outlines: list[Polygon], seed: int) -> Roads:
    """Model the roads of a territory; strongly connected.

    Parameters
    ----------
    centres
        (n, 2) metres.
    population
        (n,) inhabitants: they rank the centres and size the towns.
    outlines
        n polygons, metres.
    seed
        The same seed gives the same roads.
    """
    pairs, classes = _links(centres, population)
    xy, ends, highway = _bent(centres, pairs, classes, np.random.default_rng([seed, 2]))
    main = len(xy)
    places, town = local_places(centres, population, outlines, xy, seed)
    xy = np.concatenate([xy, places])
    town = np.concatenate([np.zeros(main, dtype=np.bool_), town])
    mesh = triangles(xy)
    lanes, streets = _lanes(xy, mesh, main, town)
    ends, highway = np.concatenate([ends, lanes, streets]), [*highway, *(UNCLASSIFIED,) * len(lanes)]
    ends, oneway = _one_way(ends, len(ends) - len(streets), mesh, np.random.default_rng([seed, 3]))
    highway += [RESIDENTIAL] * len(streets)
    straight = np.hypot(*(xy[ends[:, 1]] - xy[ends[:, 0]]).T)
    winding = np.array([WINDING[name] for name in highway])
    return Roads(xy, ends, tuple(highway), straight * winding, oneway)


def _links(centres: Floats, population: Ints) -> tuple[Ints, list[str]]:
    """Gabriel links between centres, classed by the centres they serve."""
    pairs = neighbours(centres)
    pairs = pairs[gabriel(centres, pairs)]
    length = np.hypot(*(centres[pairs[:, 1]] - centres[pairs[:, 0]]).T)
    graph = csr_array((length, (pairs[:, 0], pairs[:, 1])), shape=(len(centres),) * 2)
    rank = np.argsort(-population, kind="stable")
    trunk = _between(graph, centres, rank[: 2 + len(centres) // 60])
    primary = _between(graph, centres, rank[: 3 + len(centres) // 8])
    median = np.median(population)
    classes = []
    for i, j in pairs.tolist():
        if (i, j) in trunk:
            classes.append(TRUNK)
        elif (i, j) in primary:
            classes.append(PRIMARY)
        else:
            classes.append(SECONDARY if max(population[i], population[j]) > 2 * median else TERTIARY)
    return pairs, classes


def _between(graph: csr_array, centres: Floats, towns: Ints) -> set[tuple[int, int]]:
    """Links on the shortest paths along a spanning tree of the towns."""
    tree = minimum_spanning_tree(cdist(centres[towns], centres[towns])).tocoo()
    _, before = dijkstra(graph, directed=False, indices=towns, return_predecessors=True)
    used = set()
    for start, end in zip(tree.row, tree.col, strict=True):
        here = int(towns[end])
        while here != towns[start]:
            there = int(before[start, here])
            used.add((min(here, there), max(here, there)))
            here = there
    return used


def _bent(centres: Floats, pairs: Ints, classes: list[str], rng: np.random.Generator) -> tuple[Floats, Ints, list[str]]:
    """Give each link a gentle bend and nodes along it."""
    nodes, ends, highway = [centres], [], []
    count = len(centres)
    for (i, j), name in zip(pairs.tolist(), classes, strict=True):
        along = centres[j] - centres[i]
        steps = max(1, round(float(np.hypot(*along)) / _NODE_EVERY_M))
        part = np.arange(1, steps)[:, None] / steps
        first, second = rng.uniform(-1, 1, 2) * _BEND[name]
        sway = first * np.sin(np.pi * part) + second / 2 * np.sin(2 * np.pi * part)
        nodes.append(centres[i] + part * along + sway * np.array([-along[1], along[0]]))
        chain = [i, *range(count, count + steps - 1), j]
        ends += [*itertools.pairwise(chain)]
        highway += [name] * steps
        count += steps - 1
    return np.concatenate(nodes), np.array(ends, dtype=np.int64), highway


def _lanes(xy: Floats, mesh: Ints, main: int, town: Bools) -> tuple[Ints, Ints]:
    """Country lanes (sparse) and town streets (denser); nodes of main roads are not linked again to each other."""
    pairs = sides(mesh)
    pairs = pairs[(pairs >= main).any(axis=1)]
    in_town = town[pairs].any(axis=1)
    streets = pairs[in_town][gabriel(xy, pairs[in_town])]
    lanes = pairs[~in_town][relative_neighbours(xy, pairs[~in_town])]
    return lanes, streets


def _one_way(ends: Ints, first: int, mesh: Ints, rng: np.random.Generator) -> tuple[Ints, Bools]:
    """Make some triangles of streets one-way, all three sides around: all nodes can still reach each other."""
    ends = ends.copy()
    oneway = np.zeros(len(ends), dtype=np.bool_)
    row_of = {(i, j): row for row, (i, j) in enumerate(ends.tolist()) if row >= first}
    for (a, b, c), drawn in zip(mesh.tolist(), rng.uniform(size=len(mesh)), strict=True):
        rows = [row_of.get(side) for side in ((a, b), (b, c), (a, c))]
        free = [row for row in rows if row is not None and not oneway[row]]
        if drawn < _ONE_WAY_SHARE and len(free) == len(rows):
            ends[free] = [(a, b), (b, c), (c, a)]
            oneway[free] = True
    return ends, oneway
