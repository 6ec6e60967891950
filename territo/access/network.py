"""From a road network to a weighted graph: minutes and kilometres of the fastest link between two nodes.

This module knows no commune and no service.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from territo.domain.arrays import Bools, Floats, Ints
from territo.domain.roads import RoadNetwork

if TYPE_CHECKING:
    from scipy.sparse import csr_array

METRES_PER_KM = 1_000.0
MINUTES_PER_HOUR = 60.0
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Speeds:
    """How fast people go.

    Parameters
    ----------
    kmh
        Road class -> km/h; ``other`` stands for all classes not named.
    access_kmh
        Crow-fly speed between a point and its road node, km/h.
    access_max_m
        A point farther than this from any road node is unreachable, metres.
    terminal_min
        Minutes added to every trip: parking, and the walk to the door.
    version, digest
        Of the file of speeds.
    mode
        ``car``, ``bike`` or ``walk``.
    forbidden
        Road classes that the mode may not use.
    ignores_one_way
        Whether one-way streets bind other modes only.
    factor
        Multiplies the minutes on the roads: calibration, busy hours. Access
        and terminal time do not change.
    """

    kmh: Mapping[str, float]
    access_kmh: float
    access_max_m: float
    terminal_min: float
    version: str = ""
    digest: str = ""
    mode: str = "car"
    forbidden: frozenset[str] = frozenset()
    ignores_one_way: bool = False
    factor: float = 1.0

    def of(self, road_class: str) -> float:
        """Km/h on a road class."""
        return self.kmh.get(road_class, self.kmh[OTHER])


@dataclass(frozen=True, slots=True, eq=False)
class WeightedGraph:
    """The fastest direct link between each pair of nodes, sorted by tail, then head.

    Parameters
    ----------
    nodes
        Number of nodes, v.
    tail, head
        (a,) node indices; no pair appears twice, no link returns to its tail.
    minutes, km
        (a,) of the fastest link of the pair; the shortest of equally fast ones.
    """

    nodes: int
    tail: Ints
    head: Ints
    minutes: Floats
    km: Floats

    def matrix(self) -> csr_array:
        """(v, v) minutes by link: row = tail, column = head."""
        from scipy.sparse import csr_array

        return csr_array((self.minutes, (self.tail, self.head)), shape=(self.nodes, self.nodes))

    def reversed_matrix(self) -> csr_array:
        """(v, v) minutes by reversed link: row = head, column = tail."""
        from scipy.sparse import csr_array

        return csr_array((self.minutes, (self.head, self.tail)), shape=(self.nodes, self.nodes))

    def km_between(self, tail: Ints, head: Ints) -> Floats:
        """(n,) km of existing links."""
        keys = self.tail * self.nodes + self.head
        found: Floats = self.km[np.searchsorted(keys, tail * self.nodes + head)]
        return found


def weighted_graph(roads: RoadNetwork, speeds: Speeds) -> WeightedGraph:
    """Weigh the links by their speed and keep the fastest of parallel ones."""
    kmh = np.array([speeds.of(name) for name in roads.classes], dtype=np.float64)[roads.road_class]
    if roads.kmh is not None:
        kmh = np.where(np.isnan(roads.kmh), kmh, roads.kmh)
    km = roads.length_m / METRES_PER_KM
    minutes = km / kmh * MINUTES_PER_HOUR
    order = np.lexsort((km, minutes, roads.head, roads.tail))
    order = order[roads.tail[order] != roads.head[order]]
    keys = roads.tail[order] * len(roads.xy) + roads.head[order]
    kept = order[np.unique(keys, return_index=True)[1]]
    return WeightedGraph(len(roads.xy), roads.tail[kept], roads.head[kept], minutes[kept] * speeds.factor, km[kept])


def passable(roads: RoadNetwork, speeds: Speeds) -> RoadNetwork:
    """Keep the roads of a mode: its classes, both directions where it may, and the largest part that they connect."""
    if not speeds.forbidden and not speeds.ignores_one_way:
        return roads
    allowed = np.array([name not in speeds.forbidden for name in roads.classes])[roads.road_class]
    tail, head, length, road_class = (
        column[allowed] for column in (roads.tail, roads.head, roads.length_m, roads.road_class)
    )
    if speeds.ignores_one_way:
        tail, head = np.concatenate([tail, head]), np.concatenate([head, tail])
        length, road_class = np.tile(length, 2), np.tile(road_class, 2)
    return largest_part(RoadNetwork(roads.xy, tail, head, length, road_class, roads.classes))[0]


def largest_part(roads: RoadNetwork) -> tuple[RoadNetwork, Bools]:
    """Keep the largest strongly connected part, where every node reaches every other.

    Returns
    -------
    RoadNetwork
        The part that routes, nodes in their former order.
    (v,) bool
        Which of the former nodes were kept.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    count = len(roads.xy)
    links = csr_array((np.ones(len(roads.tail), dtype=np.int8), (roads.tail, roads.head)), shape=(count, count))
    parts = connected_components(links, directed=True, connection="strong")[1]
    kept: Bools = parts == np.bincount(parts).argmax()
    return subnetwork(roads, kept), kept


def subnetwork(roads: RoadNetwork, kept: Bools) -> RoadNetwork:
    """Keep some nodes, and the links between them."""
    renumbered = np.cumsum(kept) - 1
    inside = kept[roads.tail] & kept[roads.head]
    return RoadNetwork(
        xy=roads.xy[kept],
        tail=renumbered[roads.tail[inside]],
        head=renumbered[roads.head[inside]],
        length_m=roads.length_m[inside],
        road_class=roads.road_class[inside],
        classes=roads.classes,
        kmh=None if roads.kmh is None else roads.kmh[inside],
    )
