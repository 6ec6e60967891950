"""Road graphs to measure travel times on: a real one, and a synthetic one of any size."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from territo.access.network import WeightedGraph, largest_part, weighted_graph
from territo.domain.arrays import Floats
from territo.domain.roads import RoadNetwork
from territo.sources.roads import read_roads
from territo.sources.speeds import load_speeds
from territo.studies.workspace import default_workspace

LAMBERT_93 = "EPSG:2154"
SPACING_M = 300.0
LINKS_PER_NODE = 1.32
LONGEST = 0.9
ONE_WAY = 0.1
CLASSES = {"residential": 0.6, "tertiary": 0.25, "secondary": 0.1, "primary": 0.05}


def corsica(data: Path) -> tuple[WeightedGraph, Floats]:
    """Read the roads of Corse-du-Sud; return the links and the places of the nodes."""
    from pyproj import CRS

    network, _ = read_roads(data / "corse_du_sud" / "roads_osm_2022.graphml.gz", CRS(LAMBERT_93))
    return weighed(network)


def synthetic(nodes: int, seed: int = 0) -> tuple[WeightedGraph, Floats]:
    """Draw a road-like graph: a spanning tree of nearby crossings, more of their links, a tenth of them one-way."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import minimum_spanning_tree
    from scipy.spatial import Delaunay

    draw = np.random.default_rng(seed)
    xy = draw.uniform(0, np.sqrt(nodes) * SPACING_M, (nodes, 2))
    corners = Delaunay(xy).simplices
    pairs = np.unique(np.sort(np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]])), axis=0)
    metres = np.linalg.norm(xy[pairs[:, 0]] - xy[pairs[:, 1]], axis=1)
    tree = minimum_spanning_tree(coo_array((metres, pairs.T), shape=(nodes, nodes))).tocoo()
    links = np.sort(np.column_stack([tree.row, tree.col]).astype(np.int64))
    in_tree = np.isin(pairs @ [nodes, 1], links @ [nodes, 1])
    others = np.flatnonzero(~in_tree & (metres < np.quantile(metres, LONGEST)))
    more = draw.choice(others, int(LINKS_PER_NODE * nodes) - in_tree.sum(), replace=False)
    kept = np.concatenate([np.flatnonzero(in_tree), more])
    two_way = in_tree[kept] | (draw.random(len(kept)) > ONE_WAY)
    length = metres[kept] * draw.uniform(1.05, 1.4, len(kept))
    road_class = draw.choice(len(CLASSES), len(kept), p=list(CLASSES.values()))
    ends = np.concatenate([pairs[kept], pairs[kept][two_way][:, ::-1]])
    columns = (np.concatenate([column, column[two_way]]) for column in (length, road_class))
    return weighed(RoadNetwork(xy, *ends.T, *columns, tuple(CLASSES)))


def weighed(roads: RoadNetwork) -> tuple[WeightedGraph, Floats]:
    """Weigh the part of a network that routes, at the speeds of territo."""
    routable = largest_part(roads)[0]
    return weighted_graph(routable, load_speeds(default_workspace().speeds)), routable.xy
