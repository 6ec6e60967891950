"""Who lies within reach of which site."""

from __future__ import annotations

import numpy as np

from territo.domain.arrays import Bools, Floats, Ints
from territo.locate.checks import ROWS_AT_ONCE, Costs


def within(costs: Costs, radius: float) -> Bools:
    """Tell for each point and site whether the site may serve the point and lies within a radius."""
    return (costs <= radius) & np.isfinite(costs)


def nearest_site(costs: Costs, sites: Ints) -> tuple[Ints, Floats]:
    """Find the nearest of some sites of each point; of equals the first in the list.

    Returns
    -------
    nearest : int array (points,)
        Its column.
    cost : float array (points,)
        ``inf`` where none of them may serve the point.
    """
    nearest, cost = np.empty(costs.shape[0], np.int64), np.empty(costs.shape[0])
    for first in range(0, costs.shape[0], ROWS_AT_ONCE):
        rows = slice(first, first + ROWS_AT_ONCE)
        there = costs[rows, sites]
        least = there.argmin(axis=1)
        nearest[rows], cost[rows] = sites[least], np.take_along_axis(there, least[:, None], axis=1)[:, 0]
    return nearest, cost
