"""Ways to compute minutes from all nodes of a graph to some ends, each with its preparation.

A peer prepares the graph, then answers ``(ends, v)`` minutes. Nothing is imported
before it is needed: the peak memory is that of the peer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from territo.access.network import WeightedGraph
from territo.domain.arrays import Floats, Ints

Ask = Callable[[Ints], Any]
AT_ONCE = 50
# pandana answers pairs, not all nodes
TARGETS = 1_000


def territo(graph: WeightedGraph, xy: Floats) -> Ask:
    """Contraction hierarchy and sweeps."""
    from territo.access.hierarchy import hierarchy_of

    hierarchy, every = hierarchy_of(graph, xy), np.arange(graph.nodes)
    return lambda ends: hierarchy.minutes(ends, every)


def territo_km(graph: WeightedGraph, xy: Floats) -> Ask:
    """Contraction hierarchy and sweeps, with the kilometres of the paths."""
    from territo.access.hierarchy import hierarchy_of

    hierarchy, every = hierarchy_of(graph, xy), np.arange(graph.nodes)
    return lambda ends: hierarchy.minutes_and_km(ends, every)[0]


def scipy(graph: WeightedGraph, _xy: Floats) -> Ask:
    """scipy.sparse.csgraph.dijkstra."""
    from scipy.sparse.csgraph import dijkstra

    matrix = graph.reversed_matrix()
    return lambda ends: _in_parts(lambda some: dijkstra(matrix, indices=some), ends, graph.nodes)


def scipy_km(graph: WeightedGraph, _xy: Floats) -> Ask:
    """Dijkstra of scipy with the kilometres of the paths, as territo computes small tasks."""
    from territo.access.dijkstra import Dijkstra

    every = np.arange(graph.nodes)
    return lambda ends: Dijkstra(graph).minutes_and_km(ends, every)[0]


def networkx(graph: WeightedGraph, _xy: Floats) -> Ask:
    """networkx.single_source_dijkstra_path_length on the reversed graph."""
    from networkx import DiGraph, single_source_dijkstra_path_length

    roads = DiGraph()
    roads.add_weighted_edges_from(zip(graph.head.tolist(), graph.tail.tolist(), graph.minutes.tolist(), strict=True))

    def ask(ends: Ints) -> Floats:
        found = np.full((len(ends), graph.nodes), np.inf)
        for row, end in zip(found, ends.tolist(), strict=True):
            lengths = single_source_dijkstra_path_length(roads, end)
            row[list(lengths)] = list(lengths.values())
        return found

    return ask


def igraph(graph: WeightedGraph, _xy: Floats) -> Ask:
    """Graph.distances of igraph."""
    from igraph import Graph

    roads = Graph(graph.nodes, np.column_stack([graph.tail, graph.head]).tolist(), directed=True)
    minutes = graph.minutes.tolist()

    def some(ends: Ints) -> Any:
        return roads.distances(ends.tolist(), weights=minutes, mode="in")

    return lambda ends: _in_parts(some, ends, graph.nodes)


def pandana(graph: WeightedGraph, xy: Floats) -> Ask:
    """pandana.Network.shortest_path_lengths, to a thousand nodes only; the others stay NaN."""
    from pandana import Network
    from pandas import Series

    columns = (Series(column) for column in (graph.tail, graph.head))
    roads = Network(
        Series(xy[:, 0]), Series(xy[:, 1]), *columns, Series(graph.minutes).to_frame("minutes"), twoway=False
    )
    targets = np.linspace(0, graph.nodes - 1, TARGETS).astype(np.int64)

    def ask(ends: Ints) -> Floats:
        found = np.full((len(ends), graph.nodes), np.nan)
        pairs = np.tile(targets, len(ends)), np.repeat(ends, len(targets))
        found[:, targets] = np.reshape(roads.shortest_path_lengths(*pairs), (len(ends), -1))
        return found

    return ask


def _in_parts(ask: Ask, ends: Ints, nodes: int) -> Floats:
    """Ask for some ends at a time: what they return in double precision would not fit at once."""
    found = np.empty((len(ends), nodes), dtype=np.float32)
    for first in range(0, len(ends), AT_ONCE):
        found[first : first + AT_ONCE] = ask(ends[first : first + AT_ONCE])
    return found


PEERS = {
    "territo": territo,
    "scipy": scipy,
    "networkx": networkx,
    "igraph": igraph,
    "pandana": pandana,
    "territo with km": territo_km,
    "scipy with km": scipy_km,
}
