"""Set cover: ``min |S|`` such that each point has a site of S within a radius."""

from __future__ import annotations

from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike

from territo.locate.checks import Inspection
from territo.locate.covering import smallest_cover
from territo.locate.effort import Effort
from territo.locate.limits import Clock, Keywords, Limits
from territo.locate.location import Location, Status, relative_gap
from territo.locate.reach import nearest_site, within

ALGORITHM = "dominance and set cover"


def set_cover(costs: ArrayLike, radius: float, **keywords: Unpack[Keywords]) -> Location:
    """Open as few sites as leave no demand point farther than a radius.

    The location set covering problem of Toregas, Swain, ReVelle and Bergman
    (1971, https://doi.org/10.1287/opre.19.6.1363).

    Parameters
    ----------
    costs : float array (demand points, sites)
        ``inf`` where a site may not serve a point.
    radius
        Highest cost at which a site covers a point, in the unit of the costs.
    **keywords
        See :class:`~territo.locate.limits.Keywords`.

    Returns
    -------
    Location
        Its objective and bound are numbers of sites, the fixed ones included.

    Raises
    ------
    InputError
        The arguments cannot be used, or a point has no allowed site within
        the radius.
    """
    limits = Limits(**keywords)
    clock = Clock(limits)
    inspection = Inspection(costs, limits)
    radius = inspection.at_least_zero("radius", radius)
    inspection.somewhere_to_go(radius)
    inspection.end()
    table = inspection.costs
    covers = within(table, radius)
    fixed, free = inspection.fixed, inspection.free
    left = ~covers[:, fixed].any(axis=1)
    effort = Effort(limits, clock, fixed.size)
    cover = smallest_cover(covers[np.ix_(left, free)], free.size, effort)
    sites = np.sort(np.append(fixed, free[cover.columns]))
    assignment, _ = nearest_site(table, sites)
    objective, bound = float(sites.size), float(fixed.size + cover.bound)
    gap = relative_gap(objective, bound)
    status: Status = "optimal" if gap <= limits.gap else "feasible"
    return Location(status, sites, assignment, objective, bound, gap, clock.seconds, ALGORITHM)
