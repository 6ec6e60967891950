"""Maximal covering: ``max sum of w_i`` over the points with a site of S within a radius; S has p sites."""

from __future__ import annotations

from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike

from territo.locate.checks import Inspection
from territo.locate.coverage import MostCovered
from territo.locate.effort import Effort
from territo.locate.limits import Clock, Keywords, Limits
from territo.locate.location import UNSERVED, Location, Status, relative_gap
from territo.locate.reach import nearest_site, within

ALGORITHM = "Lagrangian bound, exchange and enumeration"


def max_cover(costs: ArrayLike, weights: ArrayLike, radius: float, p: int, **keywords: Unpack[Keywords]) -> Location:
    """Open p sites so that as much weight as can be lies within a radius of one.

    The maximal covering location problem of Church and ReVelle (1974,
    https://doi.org/10.1007/BF01942293).

    Parameters
    ----------
    costs : float array (demand points, sites)
        ``inf`` where a site may not serve a point.
    weights : float array (demand points,)
        Weight of each point, 0 or more.
    radius
        Highest cost at which a site covers a point, in the unit of the costs.
    p
        Number of sites to open, the fixed ones included.
    **keywords
        See :class:`~territo.locate.limits.Keywords`.

    Returns
    -------
    Location
        Its objective is the weight covered, and its bound the most that could
        be. Points go to the nearest open site, and to none beyond the radius.
        Whole weights are proven exactly, others to a relative 1e-9, or 1e-6
        where an enumeration ends the proof.

    Raises
    ------
    InputError
        The arguments cannot be used.
    """
    limits = Limits(**keywords)
    clock = Clock(limits)
    inspection = Inspection(costs, limits)
    weight = inspection.vector("weights", weights)
    radius = inspection.at_least_zero("radius", radius)
    p = inspection.number_of_sites(p)
    inspection.end()
    table = inspection.costs
    covers = within(table, radius)
    fixed, free = inspection.fixed, inspection.free
    left = ~covers[:, fixed].any(axis=1)
    sure = float(weight[~left].sum())
    search = MostCovered(covers[np.ix_(left, free)], weight[left], p - fixed.size, Effort(limits, clock, sure))
    search.run()
    sites = np.append(fixed, free[search.best])
    sites = np.sort(np.append(sites, np.setdiff1d(free, sites)[: p - sites.size]))
    nearest, distance = nearest_site(table, sites)
    assignment = np.where(within(distance, radius), nearest, UNSERVED)
    objective = float(weight[assignment != UNSERVED].sum())
    bound = objective if search.proven else max(objective, search.bound + sure)
    gap = relative_gap(objective, bound)
    status: Status = "optimal" if gap <= limits.gap else "feasible"
    return Location(status, sites, assignment, objective, bound, gap, clock.seconds, ALGORITHM)
