"""Who lies within reach of which site."""

from __future__ import annotations

import numpy as np

from territo.domain.arrays import Bools, Ints
from territo.locate.checks import Costs


def within(costs: Costs, radius: float) -> Bools:
    """Tell for each point and site whether the site may serve the point and lies within a radius."""
    return (costs <= radius) & np.isfinite(costs)


def nearest_site(costs: Costs, sites: Ints) -> tuple[Ints, Costs]:
    """Find the nearest of some sites of each point, and its cost; of equals the first in the list."""
    there = costs[:, sites]
    nearest = there.argmin(axis=1)
    return sites[nearest], np.take_along_axis(there, nearest[:, None], axis=1)[:, 0]
