"""Which way of computing fastest paths suits a task: one search an end, or sweeps over a hierarchy."""

from __future__ import annotations

from typing import Literal, Protocol

from territo.access.dijkstra import Dijkstra
from territo.access.network import WeightedGraph
from territo.domain.arrays import Floats, Ints, Singles

Engine = Literal["auto", "dijkstra", "hierarchy"]
# below either, preparing a hierarchy and loading its kernels takes longer than the searches
LEAST_ENDS = 100
LEAST_WORK = 5_000_000


class Paths(Protocol):
    """Computes fastest paths on one graph."""

    def minutes(self, ends: Ints, nodes: Ints, *, towards: bool = True) -> Singles:
        """Compute (e, q) minutes between ends and nodes, ``inf`` where there is no way.

        From the nodes to the ends, with the one-way streets; from the ends to
        the nodes where ``towards`` is False.
        """

    def minutes_and_km(self, ends: Ints, nodes: Ints, *, towards: bool = True) -> tuple[Singles, Singles]:
        """Compute minutes, and the km of the same paths."""


def engine_for(nodes: int, ends: int, *, limited: bool) -> Engine:
    """Choose an engine by the size of the task alone, so that the same task is always computed alike.

    A limit keeps Dijkstra: it then visits a small part of the graph.
    """
    large = ends >= LEAST_ENDS and ends * nodes >= LEAST_WORK
    return "hierarchy" if large and not limited else "dijkstra"


def paths_on(graph: WeightedGraph, xy: Floats, ends: int, limit: float, engine: Engine = "auto") -> Paths:
    """Prepare the fastest paths of a graph.

    Parameters
    ----------
    graph, xy
        The links, and (v, 2) places of the nodes.
    ends
        How many ends will be asked for.
    limit
        Paths of more minutes are not needed, ``inf`` if all are; the
        hierarchy computes them all the same.
    engine
        ``auto``: :func:`engine_for`.
    """
    chosen = engine_for(graph.nodes, ends, limited=limit < float("inf")) if engine == "auto" else engine
    if chosen == "dijkstra":
        return Dijkstra(graph, limit)
    from territo.access.hierarchy import hierarchy_of  # numba is loaded for large tasks only

    return hierarchy_of(graph, xy)
