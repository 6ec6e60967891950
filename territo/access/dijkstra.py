"""Fastest paths by scipy's Dijkstra: the default, and what the hierarchy is checked against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from territo.access.network import WeightedGraph
from territo.domain.arrays import Floats, Ints, Singles

if TYPE_CHECKING:
    from scipy.sparse import csr_array

ENDS_AT_ONCE = 64


@dataclass(frozen=True, slots=True, eq=False)
class Dijkstra:
    """A graph, searched from each end.

    Parameters
    ----------
    graph
        What is searched.
    limit
        Paths of more minutes are not looked for; the others do not change.
    """

    graph: WeightedGraph
    limit: float = np.inf

    def minutes(self, ends: Ints, nodes: Ints, *, towards: bool = True) -> Singles:
        """Compute the fastest paths between nodes and some ends; see :class:`territo.access.paths.Paths`."""
        from scipy.sparse.csgraph import dijkstra

        matrix = self._matrix(towards=towards)
        found = np.empty((len(ends), len(nodes)), dtype=np.float32)
        for first in range(0, len(ends), ENDS_AT_ONCE):
            some = slice(first, first + ENDS_AT_ONCE)
            found[some] = dijkstra(matrix, indices=ends[some], limit=self.limit)[:, nodes]
        return found

    def minutes_and_km(self, ends: Ints, nodes: Ints, *, towards: bool = True) -> tuple[Singles, Singles]:
        """Compute the fastest paths and their length; see :class:`territo.access.paths.Paths`."""
        from scipy.sparse.csgraph import dijkstra

        matrix = self._matrix(towards=towards)
        shape = (len(ends), len(nodes))
        found, km = np.empty(shape, dtype=np.float32), np.empty(shape, dtype=np.float32)
        for first in range(0, len(ends), ENDS_AT_ONCE):
            some = slice(first, first + ENDS_AT_ONCE)
            minutes, before = dijkstra(matrix, indices=ends[some], limit=self.limit, return_predecessors=True)
            found[some] = minutes[:, nodes]
            km[some] = self._km_along(np.asarray(before, dtype=np.int64), towards=towards)[:, nodes]
        km[np.isinf(found)] = np.inf
        return found, km

    def _matrix(self, *, towards: bool) -> csr_array:
        return self.graph.reversed_matrix() if towards else self.graph.matrix()

    def _km_along(self, before: Ints, *, towards: bool) -> Floats:
        """Sum (ends, v) km along the path trees; ``before`` is the node next to each on the way from the end.

        Pointer doubling: after step t each node knows the km of its next 2^t
        links, so that the number of steps is the logarithm of the longest path.
        """
        rows, nodes = np.nonzero(before >= 0)
        tail, head = (nodes, before[rows, nodes]) if towards else (before[rows, nodes], nodes)
        km = np.zeros(before.shape)
        km[rows, nodes] = self.graph.km_between(tail, head)
        ahead = np.where(before >= 0, before, np.broadcast_to(np.arange(self.graph.nodes), before.shape))
        while (ahead != np.take_along_axis(ahead, ahead, axis=1)).any():
            km += np.take_along_axis(km, ahead, axis=1)
            ahead = np.take_along_axis(ahead, ahead, axis=1)
        return km
