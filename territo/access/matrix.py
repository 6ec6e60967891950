"""Travel times and distances from every cell to every site.

A trip is: crow-fly access from the cell to its nearest road node, the fastest
path, crow-fly access from the last node to the site, and the terminal time.
People come and go back: the time of a pair is that of the slower direction,
one-way streets respected (domain specification, section 5.2; ADR 0013).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from territo.access.network import METRES_PER_KM, MINUTES_PER_HOUR, Speeds, weighted_graph
from territo.access.paths import Engine, Paths, paths_on
from territo.domain.arrays import Floats, Ints, Singles
from territo.domain.roads import RoadNetwork
from territo.domain.travel import TravelTimes

ENDS_AT_ONCE = 64


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
    both_ways: bool = True,
    limit_minutes: float | None = None,
    engine: Engine = "auto",
    provenance: str = "",
) -> TravelTimes:
    """Compute the travel of every origin to every site.

    Parameters
    ----------
    roads, speeds
        The network, in metres, and how fast it is.
    origins_xy, sites_xy
        (m, 2) and (k, 2) metres, in the reference system of the roads.
    both_ways
        Minutes and km of the slower direction; from the origin to the site
        when False.
    limit_minutes
        Trips longer than this are unreachable, the others do not change.
    engine
        How the paths are computed; the figures do not depend on it.
    provenance
        What people read beside the figures.

    Returns
    -------
    TravelTimes
        (m, k) minutes and km by the same path, float32; ``inf`` where there is none.
    """
    limit = np.inf if limit_minutes is None else limit_minutes
    origins, sites = snap(origins_xy, roads), snap(sites_xy, roads)
    ends, end_of = np.unique(sites.node, return_inverse=True)
    starts, start_of = np.unique(origins.node, return_inverse=True)
    paths = paths_on(weighted_graph(roads, speeds), roads.xy, len(ends), limit, engine)
    shape = (len(origins.node), len(sites.node))
    minutes, km = np.empty(shape, dtype=np.float32), np.empty(shape, dtype=np.float32)
    before, after = origins.minutes(speeds)[:, None] + speeds.terminal_min, sites.minutes(speeds)
    for first in range(0, len(ends), ENDS_AT_ONCE):
        path_minutes, path_km = _fastest(paths, ends[first : first + ENDS_AT_ONCE], starts, both_ways=both_ways)
        columns = np.flatnonzero((end_of >= first) & (end_of < first + ENDS_AT_ONCE))
        block = np.ix_(end_of[columns] - first, start_of)
        minutes[:, columns] = path_minutes[block].T + before + after[columns]
        km[:, columns] = path_km[block].T + (origins.metres[:, None] + sites.metres[columns]) / METRES_PER_KM
    minutes[minutes > limit] = np.inf
    km[np.isinf(minutes)] = np.inf
    return TravelTimes(minutes, km, speeds.mode, provenance)


def _fastest(paths: Paths, ends: Ints, starts: Ints, *, both_ways: bool) -> tuple[Singles, Singles]:
    """Compute (ends, starts) minutes and km to the ends, or of the slower of both directions."""
    minutes, km = paths.minutes_and_km(ends, starts)
    if both_ways:
        return_minutes, return_km = paths.minutes_and_km(ends, starts, towards=False)
        slower = return_minutes > minutes
        minutes[slower], km[slower] = return_minutes[slower], return_km[slower]
    return minutes, km
