"""Travel times and distances from every cell to every site, by car.

The shortest paths run from the sites on the reversed graph, so that one-way
streets are honoured in the direction of the trip, from the cell to the site.
A trip is: crow-fly access from the cell to its nearest road node, the fastest
path, crow-fly access from the last node to the site, and the terminal time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from territo.access.network import METRES_PER_KM, MINUTES_PER_HOUR, Speeds, WeightedGraph, weighted_graph
from territo.domain.arrays import Floats, Ints
from territo.domain.roads import RoadNetwork
from territo.domain.travel import TravelTimes

if TYPE_CHECKING:
    from scipy.sparse import csr_array

SITES_AT_ONCE = 64


@dataclass(frozen=True, slots=True, eq=False)
class Snapped:
    """Points tied to their nearest road node.

    Parameters
    ----------
    node
        (n,) index of the node.
    metres
        (n,) crow-fly distance to it.
    """

    node: Ints
    metres: Floats

    def minutes(self, speeds: Speeds) -> Floats:
        """(n,) minutes of the access leg, ``inf`` where it is too long to be one."""
        minutes = self.metres / METRES_PER_KM / speeds.access_kmh * MINUTES_PER_HOUR
        return np.where(self.metres > speeds.access_max_m, np.inf, minutes)


def snap(xy: Floats, roads: RoadNetwork) -> Snapped:
    """Tie (n, 2) points to their nearest road node."""
    from scipy.spatial import KDTree

    metres, node = KDTree(roads.xy).query(xy)
    return Snapped(np.asarray(node, dtype=np.int64), np.asarray(metres, dtype=np.float64))


def travel_times(
    roads: RoadNetwork,
    speeds: Speeds,
    origins_xy: Floats,
    sites_xy: Floats,
    *,
    limit_minutes: float | None = None,
    provenance: str = "",
) -> TravelTimes:
    """Compute the travel of every origin to every site.

    Parameters
    ----------
    roads, speeds
        The network, in metres, and how fast it is.
    origins_xy, sites_xy
        (m, 2) and (k, 2) metres, in the reference system of the roads.
    limit_minutes
        Trips longer than this are unreachable; saves time on large networks.
    provenance
        What people read beside the figures.

    Returns
    -------
    TravelTimes
        (m, k) minutes and km by the same path; ``inf`` where there is none.
    """
    graph = weighted_graph(roads, speeds)
    origins, sites = snap(origins_xy, roads), snap(sites_xy, roads)
    targets, place = np.unique(sites.node, return_inverse=True)
    starts, start = np.unique(origins.node, return_inverse=True)
    path_minutes, path_km = _fastest_paths(graph, targets, starts, np.inf if limit_minutes is None else limit_minutes)
    minutes, km = path_minutes[start][:, place], path_km[start][:, place]
    minutes += origins.minutes(speeds)[:, None] + sites.minutes(speeds)[None, :] + speeds.terminal_min
    km += (origins.metres[:, None] + sites.metres[None, :]) / METRES_PER_KM
    if limit_minutes is not None:
        minutes[minutes > limit_minutes] = np.inf
    km[np.isinf(minutes)] = np.inf
    return TravelTimes(minutes, km, "car", provenance)


def _fastest_paths(graph: WeightedGraph, targets: Ints, starts: Ints, limit: float) -> tuple[Floats, Floats]:
    """Return (starts, targets) minutes and km from each start node to each target node."""
    from scipy.sparse.csgraph import dijkstra

    matrix: csr_array = graph.reversed_matrix()
    minutes = np.empty((len(starts), len(targets)))
    km = np.empty_like(minutes)
    for first in range(0, len(targets), SITES_AT_ONCE):
        some = slice(first, first + SITES_AT_ONCE)
        from_targets, towards = dijkstra(matrix, indices=targets[some], limit=limit, return_predecessors=True)
        minutes[:, some] = from_targets[:, starts].T
        km[:, some] = _km_along(graph, np.asarray(towards, dtype=np.int64))[:, starts].T
    return minutes, km


def _km_along(graph: WeightedGraph, towards: Ints) -> Floats:
    """(targets, v) km along the path trees; ``towards`` is the next node on the way to the target.

    Pointer doubling: after step t each node knows the km of its next 2^t links,
    so that the number of steps is the logarithm of the longest path.
    """
    rows, nodes = np.nonzero(towards >= 0)
    km = np.zeros(towards.shape)
    km[rows, nodes] = graph.km_between(nodes, towards[rows, nodes])
    itself = np.broadcast_to(np.arange(graph.nodes), towards.shape)
    ahead = np.where(towards >= 0, towards, itself)
    while (ahead != np.take_along_axis(ahead, ahead, axis=1)).any():
        km += np.take_along_axis(km, ahead, axis=1)
        ahead = np.take_along_axis(ahead, ahead, axis=1)
    return km
