"""Sites with capacities: the capacitated p-median, and fixed charge with capacities."""

from __future__ import annotations

from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike

from territo.domain.arrays import Floats
from territo.locate.capacitated_problem import ROUNDING, Incumbent, Problem
from territo.locate.capacitated_rounds import climb, rounds
from territo.locate.capacitated_search import Tree
from territo.locate.capacitated_start import Scout
from territo.locate.checks import Inspection, named
from territo.locate.limits import Clock, Keywords, Limits
from territo.locate.location import Location, nowhere, relative_gap

ALGORITHM = "branch and bound on Lagrangian knapsacks"


def capacitated_p_median(
    costs: ArrayLike, demands: ArrayLike, capacities: ArrayLike, p: int, **keywords: Unpack[Keywords]
) -> Location:
    """Open p sites and send each demand point to one of them, within their capacities.

    The costs are not weighted by the demands: a row holds what it costs to
    serve the whole point, as in the instances of the OR-Library (pmedcap).

    Parameters
    ----------
    costs : float array (demand points, sites)
        Cost of serving each point; ``inf`` where a site may not serve it.
    demands : float array (demand points,)
        What each point takes of a capacity, 0 or more.
    capacities : float array (sites,)
        Most demand that each site serves.
    p
        Number of sites to open, the fixed ones included; a site may stay
        without points.
    **keywords
        See :class:`~territo.locate.limits.Keywords`.

    Returns
    -------
    Location
        ``objective`` is the sum of the costs; ``infeasible`` where the demands
        do not pack into any p sites. Whole costs are proven exactly, others to
        a relative 1e-9 where the gap asked is smaller.

    Raises
    ------
    InputError
        What is wrong with the arrays, all at once; also capacities whose sum
        is below the demand, and points that fit nowhere.

    References
    ----------
    Bounds by knapsacks: Pirkul (1987), Efficient algorithms for the capacitated
    concentrator location problem, Computers & Operations Research 14.
    """
    limits = Limits(**keywords)
    clock = Clock(limits)
    inspection = Inspection(costs, limits)
    load = inspection.vector("demands", demands)
    capacity = inspection.vector("capacities", capacities, of="sites")
    p = inspection.number_of_sites(p)
    _fits(inspection, load, capacity, most=p, whole=True)
    inspection.end()
    problem = Problem(
        np.asarray(inspection.costs, dtype=np.float64),
        load,
        capacity,
        np.zeros(inspection.sites),
        inspection.fixed_open,
        inspection.allowed,
        least=p,
        most=p,
        whole=True,
    )
    return _solved(problem, limits, clock)


def capacitated_fixed_charge(
    inspection: Inspection,
    weights: ArrayLike,
    opening_costs: ArrayLike,
    capacities: ArrayLike,
    *,
    single_source: bool,
    limits: Limits,
    clock: Clock,
) -> Location:
    """Open as many sites as pay within their capacities; :func:`~territo.locate.fixed_charge` with its costs read.

    The relaxations of this problem, compared: Cornuejols, Sridharan and Thizy
    (1991), doi:10.1016/0377-2217(91)90261-S.
    """
    load = inspection.vector("weights", weights)
    opening = inspection.vector("opening_costs", opening_costs, of="sites")
    capacity = inspection.vector("capacities", capacities, of="sites")
    most = int(inspection.allowed.sum())
    _fits(inspection, load, capacity, most=most, whole=single_source)
    inspection.end()
    served = inspection.costs
    problem = Problem(
        np.where(np.isfinite(served), load[:, None] * np.where(np.isfinite(served), served, 0.0), np.inf),
        load,
        capacity,
        opening,
        inspection.fixed_open,
        inspection.allowed,
        least=_fewest(inspection, load, capacity),
        most=most,
        whole=single_source,
    )
    return _solved(problem, limits, clock)


def _largest(inspection: Inspection, capacity: Floats) -> Floats:
    """List the capacities of the fixed sites, then the others, the largest first; added up."""
    others = np.sort(capacity[inspection.allowed & ~inspection.fixed_open])[::-1]
    fixed = capacity[inspection.fixed_open]
    return np.cumsum(np.concatenate([fixed, others])) * (1 + ROUNDING)


def _fewest(inspection: Inspection, load: Floats, capacity: Floats) -> int:
    """Count how many sites the demand needs at least, the fixed ones included."""
    needed = int(np.searchsorted(_largest(inspection, capacity), load.sum())) + 1
    return max(needed, int(inspection.fixed_open.sum()), 1)


def _fits(inspection: Inspection, load: Floats, capacity: Floats, *, most: int, whole: bool) -> None:
    """Require that each point has somewhere to go, and that the capacities add up to the demand."""
    inspection.somewhere_to_go()
    together = float(_largest(inspection, capacity)[:most][-1:].sum())
    text = "add up to at most {capacity:g} at {number} sites, below the demand of {demand:g}"
    context = {"capacity": together, "number": most, "demand": float(load.sum())}
    inspection.require(load.sum() <= together, "capacities", "locate-capacity", text, **context)
    if whole:
        room = np.where(inspection.allowed, capacity, -np.inf) * (1 + ROUNDING)
        widest = np.max(np.where(np.isfinite(inspection.costs), room, -np.inf), axis=1)
        lost = np.flatnonzero((load > widest) & np.isfinite(widest))
        text = "rows {rows} demand more than any site that may serve them takes: split them or raise a capacity"
        inspection.require(not lost.size, "capacities", "locate-fits-nowhere", text, rows=named(lost))


def _solved(problem: Problem, limits: Limits, clock: Clock) -> Location:
    incumbent = Incumbent(problem, limits.gap)
    scout = Scout(problem, incumbent, limits.seed)
    root = climb(problem, incumbent, scout, clock)
    if not incumbent.proven:
        scout.wander(clock)
    rounds(root, incumbent, clock, Tree(problem, incumbent, scout, limits, clock).explore)
    if not incumbent.found:
        infeasible = incumbent.proven
        bound = np.inf if infeasible else incumbent.bound
        return nowhere("infeasible" if infeasible else "unknown", problem.loads.size, clock.seconds, ALGORITHM, bound)
    gap = relative_gap(incumbent.upper, incumbent.bound)
    return Location(
        "optimal" if gap <= limits.gap else "feasible",
        incumbent.opened,
        incumbent.site,
        incumbent.upper,
        incumbent.bound,
        gap,
        clock.seconds,
        ALGORITHM,
        None if problem.whole else incumbent.all_shares(),
    )
