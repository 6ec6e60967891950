"""Floating catchments and isochrones, on plain arrays.

The two-step floating catchment area (Luo and Wang 2003, doi:10.1068/b29120)
shares the supply of each site between those who can reach it, then adds up for
each place what it can reach. The enhanced form (Luo and Qi 2009,
doi:10.1016/j.healthplace.2009.06.002) weighs people and sites by zones of
travel time.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from territo.domain.arrays import Floats, Ints, Reals
from territo.domain.catchment import Zones

# Luo and Qi 2009, first set of weights
ENHANCED = Zones((10.0, 20.0, 30.0), (1.0, 0.68, 0.22))


def pull(minutes: Reals, zones: Zones) -> Floats:
    """(m, k) weight of each zone of travel time, 0 beyond the last; the end of a zone belongs to it."""
    weights = np.append(np.array(zones.weights), 0.0)
    return weights[np.searchsorted(np.array(zones.minutes), minutes, side="left")]


def floating_catchment(minutes: Reals, supply: Floats, demand: Floats, zones: Zones) -> Floats:
    """Compute how much supply a unit of demand finds within reach of each place.

    One zone of weight 1 gives the two-step floating catchment area, several
    the enhanced one.

    Parameters
    ----------
    minutes
        (m, k) from each place to each site, ``inf`` = unreachable.
    supply, demand
        (k,) of the sites and (m,) of the places, at least 0.
    zones
        Steps of travel time and their weights.

    Returns
    -------
    (m,) float
        Supply per unit of demand; 0 where no supply is within reach. The sum
        of demand x result is the supply of the sites that some demand reaches.
    """
    weights = pull(minutes, zones)
    users = demand @ weights
    shared = np.divide(supply, users, out=np.zeros(len(supply)), where=users > 0)
    found: Floats = weights @ shared
    return found


def mismatch(offer: Floats, demand: Floats) -> float:
    """Share of what is offered that would have to move for everyone to have as much (Hoover); NaN without offer."""
    total = float(offer @ demand)
    if total <= 0:
        return float("nan")
    mean = total / float(demand.sum())
    return float(np.abs(offer - mean) @ demand) / (2.0 * total)


def isochrones(minutes: Floats, ends: Sequence[float]) -> Ints:
    """(m,) band of each place: 0 up to the first end, included, and so on; ``len(ends)`` beyond the last."""
    return np.searchsorted(np.array(ends), minutes, side="left").astype(np.int64)
