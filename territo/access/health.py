"""Health of a matrix of travel times: what to look at before any optimisation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from territo.access.matrix import Snapped, snap, travel_times
from territo.access.network import METRES_PER_KM, Speeds
from territo.domain.arrays import Bools, Floats, Reals
from territo.domain.roads import RoadNetwork
from territo.domain.territory import Territory
from territo.domain.travel import MatrixHealth, Notice, TravelTimes

WORST_SHOWN = 5
ASYMMETRIC_MIN = 1.0
LEAST_CROW_KM = 1.0
FAR_FROM_ROAD_M = 1_000.0
USUAL_DETOUR = (1.1, 2.0)


def matrix_health(
    territory: Territory,
    roads: RoadNetwork,
    speeds: Speeds,
    travel: TravelTimes,
    *,
    dropped_nodes: int = 0,
    notices: Sequence[Notice] = (),
) -> MatrixHealth:
    """Measure how far the points are from the roads, what is unreachable, and how winding the paths are.

    Parameters
    ----------
    territory, roads, speeds, travel
        What the travel times were computed from, and the result.
    dropped_nodes
        Road nodes left out because they are not connected to the others.
    notices
        What was dropped, completed or repaired before; more are added here.
    """
    cells, sites = territory.cells, territory.sites
    from_cells, from_sites = snap(cells.xy, roads), snap(sites.xy, roads)
    reached = np.isfinite(travel.minutes)
    lost: Bools = np.logical_not(reached.any(axis=1))
    median, low, high = _detours(travel.km, cells.xy, sites.xy)
    codes = territory.communes.codes
    return MatrixHealth(
        cells=len(cells),
        sites=len(sites),
        road_nodes=len(roads.xy),
        road_links=len(roads.tail),
        dropped_nodes=dropped_nodes,
        snap_cells_median_m=float(np.median(from_cells.metres)),
        snap_cells_max_m=float(from_cells.metres.max()),
        snap_sites_median_m=float(np.median(from_sites.metres)),
        snap_sites_max_m=float(from_sites.metres.max()),
        worst_cells=_worst(from_cells, [codes[index] for index in cells.commune]),
        worst_sites=_worst(from_sites, sites.ids),
        unreachable_cells=int(lost.sum()),
        unreachable_inhabitants=float(cells.population[lost].sum()),
        unreachable_sites=tuple(np.array(sites.ids)[~reached.any(axis=0)].tolist()),
        asymmetric_pairs=_asymmetric(roads, speeds, sites.xy),
        site_pairs=len(sites) * (len(sites) - 1) // 2,
        detour_median=median,
        detour_p05=low,
        detour_p95=high,
        notices=(*notices, *_warnings(from_sites, sites.ids, lost, median, dropped_nodes, len(roads.xy))),
    )


def _worst(snapped: Snapped, names: Sequence[str]) -> tuple[tuple[str, float], ...]:
    order = np.argsort(-snapped.metres, kind="stable")[:WORST_SHOWN]
    return tuple((names[index], float(snapped.metres[index])) for index in order)


def _detours(km: Reals, cells_xy: Floats, sites_xy: Floats) -> tuple[float, float, float]:
    """Median, 5th and 95th percentile of road km / crow-fly km."""
    from scipy.spatial.distance import cdist

    crow = cdist(cells_xy, sites_xy) / METRES_PER_KM
    counted = np.isfinite(km) & (crow > LEAST_CROW_KM)
    if not counted.any():
        return np.nan, np.nan, np.nan
    median, low, high = np.percentile(km[counted] / crow[counted], [50, 5, 95])
    return float(median), float(low), float(high)


def _asymmetric(roads: RoadNetwork, speeds: Speeds, sites_xy: Floats) -> int:
    """Count the pairs of sites whose two directions differ by over one minute."""
    there = travel_times(roads, speeds, sites_xy, sites_xy, both_ways=False).minutes
    finite = np.isfinite(there) & np.isfinite(there.T)
    differs = np.abs(np.where(finite, there, 0) - np.where(finite, there.T, 0)) > ASYMMETRIC_MIN
    return int(np.triu(differs | (np.isfinite(there) != np.isfinite(there.T)), 1).sum())


def _warnings(
    from_sites: Snapped, ids: Sequence[str], lost: Bools, detour: float, dropped: int, nodes: int
) -> list[Notice]:
    notices = []
    far = np.flatnonzero(from_sites.metres > FAR_FROM_ROAD_M)
    if far.size:
        worst = int(from_sites.metres.argmax())
        metres = round(float(from_sites.metres[worst]))
        notices.append(Notice("far-from-road", {"count": int(far.size), "site": ids[worst], "metres": metres}))
    if lost.any():
        notices.append(Notice("unreachable-cells", {"cells": int(lost.sum())}))
    if dropped:
        notices.append(Notice("dropped-road-nodes", {"nodes": dropped, "kept": nodes}))
    if detour < USUAL_DETOUR[0] or detour > USUAL_DETOUR[1]:
        notices.append(Notice("unusual-detour", {"detour": round(detour, 2)}))
    return notices
