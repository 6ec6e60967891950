"""The hierarchy of a road graph, prepared once and asked many times."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from territo.access.hierarchy.contraction import contract
from territo.access.hierarchy.sweep import LANES, LEAVES, Places, Upward, sweep_both, sweep_minutes, upward
from territo.access.network import WeightedGraph
from territo.domain.arrays import Floats, Ints, Singles

CURVE_BITS = 16


@dataclass(frozen=True, slots=True, eq=False)
class Hierarchy:
    """A graph, ready for sweeps in both directions.

    Parameters
    ----------
    place_of
        (v,) place of each node, the highest first.
    rows
        Links and shortcuts to higher places.
    """

    place_of: Places
    rows: Upward

    def minutes(self, ends: Ints, nodes: Ints, *, towards: bool = True) -> Singles:
        """Compute the fastest paths between nodes and some ends.

        Parameters
        ----------
        ends, nodes
            (e,) and (q,) nodes of the graph.
        towards
            From the nodes to the ends, with the one-way streets; from the ends
            to the nodes when False.

        Returns
        -------
        (e, q) float32
            Minutes, ``inf`` where there is no way.
        """
        up, down = self.rows.back, self.rows.to
        if not towards:
            up, down = down, up
        found, work = np.empty((len(ends), len(nodes)), np.float32), np.empty(self._room())
        sweep_minutes(self.rows, up, down, self.place_of[ends], *self._asked(nodes), work, found)
        return found

    def minutes_and_km(self, ends: Ints, nodes: Ints, *, towards: bool = True) -> tuple[Singles, Singles]:
        """Compute the fastest paths and their length; see :meth:`minutes`."""
        up, down = (self.rows.back, self.rows.back_km), (self.rows.to, self.rows.to_km)
        if not towards:
            up, down = down, up
        shape, room = (len(ends), len(nodes)), self._room()
        found = np.empty(shape, np.float32), np.empty(shape, np.float32)
        work = np.empty(room), np.empty(room)
        sweep_both(self.rows, up, down, self.place_of[ends], *self._asked(nodes), work, found)
        return found

    def _room(self) -> tuple[int, int]:
        """Shape of what a sweep writes on: a row for each place that is above another, and those of the leaves."""
        return int(self.rows.above.max(initial=-1)) + 1 + LEAVES, LANES

    def _asked(self, nodes: Ints) -> tuple[Places, Ints]:
        asked, order = np.unique(self.place_of[nodes], return_inverse=True)
        return asked, order


def hierarchy_of(graph: WeightedGraph, xy: Floats) -> Hierarchy:
    """Prepare a graph for sweeps.

    Parameters
    ----------
    graph
        Links of at least 0 minutes.
    xy
        (v, 2) places of the nodes: neighbours on the ground become neighbours
        in memory, which makes the sweeps several times faster.
    """
    links, level = contract(graph.nodes, graph.tail, graph.head, graph.minutes, graph.km)
    node_at = np.lexsort((_along_curve(xy), -level))
    place_of = np.empty(graph.nodes, np.int32)
    place_of[node_at] = np.arange(graph.nodes)
    return Hierarchy(place_of, upward(links, node_at, place_of))


def _along_curve(xy: Floats) -> Ints:
    """(v,) position along a Morton curve."""
    low = xy.min(axis=0, initial=np.inf)
    side = max(float((xy.max(axis=0, initial=-np.inf) - low).max()), 1.0)
    steps = ((xy - low) / side * (2**CURVE_BITS - 1)).astype(np.int64)
    code = np.zeros(len(xy), dtype=np.int64)
    for bit in range(CURVE_BITS):
        code |= ((steps[:, 0] >> bit) & 1) << (2 * bit) | ((steps[:, 1] >> bit) & 1) << (2 * bit + 1)
    return code
