"""Fixed charge: open the sites that pay, where each costs something to open."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple, Unpack

import numpy as np
from numpy.typing import ArrayLike

from territo.domain.arrays import Bools, Floats, Ints
from territo.locate.capacitated import capacitated_fixed_charge
from territo.locate.checks import Inspection
from territo.locate.limits import Clock, Keywords, Limits
from territo.locate.location import Location, relative_gap
from territo.locate.siting import Siting
from territo.locate.uncapacitated import solve


def fixed_charge(
    costs: ArrayLike,
    weights: ArrayLike,
    opening_costs: ArrayLike,
    *,
    capacities: ArrayLike | None = None,
    single_source: bool = False,
    unit_costs: ArrayLike | None = None,
    **keywords: Unpack[Keywords],
) -> Location:
    """Open as many sites as pay, at least one, and choose who goes where.

    Without capacities each point goes where serving it costs least. With
    ``unit_costs``, a site that serves the weight ``v`` pays the least of its
    lines ``opening_costs + unit_costs x v``: its cost is concave.

    Parameters
    ----------
    costs : float array (demand points, sites)
        Cost of serving one unit of weight; ``inf`` where a site may not.
    weights : float array (demand points,)
        0 or more.
    opening_costs : float array (sites,) or (sites, lines)
        What a site costs if it opens, 0 or more.
    capacities : float array (sites,), optional
        Most weight that each site serves.
    single_source
        With capacities: whether each point goes to one site as a whole.
    unit_costs : float array (sites,) or (sites, lines), optional
        What a site costs for each unit that it serves, 0 or more, by the same
        lines; a site with fewer lines than others repeats one.
    **keywords
        See :class:`~territo.locate.limits.Keywords`.

    Returns
    -------
    Location
        ``objective``, the sum of weights x costs and of what the open sites
        cost, is exact in whole numbers, else to a relative 1e-9 if the gap is
        smaller. Where capacities divide demand, ``shares`` tells how.

    Raises
    ------
    InputError
        What is wrong with the arrays, all at once; capacities below the weights
        in all; points that fit nowhere as a whole; capacities with unit costs.

    References
    ----------
    Lagrangian relaxation: Cornuejols et al. (1977), doi:10.1287/mnsc.23.8.789.
    """
    limits = Limits(**keywords)
    clock = Clock(limits)
    inspection = Inspection(costs, limits)
    if capacities is not None and unit_costs is None:
        return capacitated_fixed_charge(
            inspection, weights, opening_costs, capacities, single_source=single_source, limits=limits, clock=clock
        )
    _require_unlimited(inspection, capacities)
    return _without_capacities(inspection, weights, opening_costs, unit_costs, limits, clock)


def _require_unlimited(inspection: Inspection, capacities: ArrayLike | None) -> None:
    """Require that sites with a cost for each unit have no capacity."""
    text = "and capacities do not go together: leave out one of them"
    inspection.require(capacities is None, "unit_costs", "locate-concave-capacities", text)


def _without_capacities(
    inspection: Inspection,
    weights: ArrayLike,
    opening_costs: ArrayLike,
    unit_costs: ArrayLike | None,
    limits: Limits,
    clock: Clock,
) -> Location:
    """Read what sites cost, and solve where each takes all that come."""
    weight = inspection.vector("weights", weights)
    opening = _by_line(inspection, "opening_costs", opening_costs)
    unit = np.zeros_like(opening[:, :1]) if unit_costs is None else _by_line(inspection, "unit_costs", unit_costs)
    text = "gives {lines} lines and opening_costs {other}: each line needs both"
    lines, other = unit.shape[1] if unit_costs is not None else 0, opening.shape[1]
    inspection.require(other == max(lines, 1), "unit_costs", "locate-lines", text, lines=lines, other=other)
    inspection.somewhere_to_go()
    inspection.end()
    siting = Siting(inspection.costs, weight, opening[:, 0], 0, inspection.fixed_open, inspection.allowed)
    if unit_costs is None:
        return solve(siting, limits.gap, clock, seed=limits.seed)
    return _concave(siting, opening, unit, limits, clock)


def _by_line(inspection: Inspection, name: str, values: ArrayLike) -> Floats:
    """Read one number, 0 or more, for each site and line; one for each site is one line."""
    table = np.asarray(values, dtype=np.float64)
    lines = table[:, None] if table.ndim == 1 else table
    if lines.ndim != 2 or not lines.size:  # noqa: PLR2004  # a table
        inspection.vector(name, table, of="sites")
        return np.zeros((inspection.sites, 1))
    # each site by the number that is wrong, if there is one
    worst = inspection.vector(name, np.where(np.isfinite(lines), lines, np.nan).min(axis=1), of="sites")
    return lines if lines.shape[0] == worst.size else np.zeros((worst.size, lines.shape[1]))


class _Copies(NamedTuple):
    """One copy of a site for each of its lines that may pay.

    ``first`` tells which copies have the least opening cost of their site.
    """

    site: Ints
    opening: Floats
    unit: Floats
    first: Bools


def _copies(opening: Floats, unit: Floats) -> _Copies:
    """List the lines that cost less per unit than all that open for as little."""
    order = np.lexsort((unit, opening), axis=1)
    opening, unit = (np.take_along_axis(table, order, axis=1) for table in (opening, unit))
    useful = np.ones(unit.shape, np.bool_)
    useful[:, 1:] = unit[:, 1:] < np.minimum.accumulate(unit, axis=1)[:, :-1]
    site = np.nonzero(useful)[0]
    return _Copies(site, opening[useful], unit[useful], np.diff(site, prepend=-1) > 0)


def _concave(siting: Siting, opening: Floats, unit: Floats, limits: Limits, clock: Clock) -> Location:
    """Solve with one copy of each site for each line.

    The points of a site go to its open copy of least unit cost, so a second
    copy only costs more: the best answer pays the least line of each site. A
    site that must open has the copy of least opening cost open from the start,
    and the others cost what they cost more: whichever of them opens, both
    together cost that line, and all points prefer it, as it costs less per
    unit.
    """
    copies = _copies(opening, unit)
    must = siting.fixed_open[copies.site]
    paid = np.where(must & ~copies.first, copies.opening[copies.first][copies.site], 0.0)
    costs = siting.costs[:, copies.site].astype(np.float64)
    costs += copies.unit
    answer = solve(
        Siting(costs, siting.weights, copies.opening - paid, 0, must & copies.first, siting.allowed[copies.site]),
        limits.gap,
        clock,
        seed=limits.seed,
    )
    if not answer.open_sites.size:
        return answer
    sites, assignment = np.unique(copies.site[answer.open_sites]), copies.site[answer.assignment]
    load = np.bincount(assignment, siting.weights, minlength=siting.allowed.size)
    served = np.take_along_axis(siting.costs, assignment[:, None], axis=1)[:, 0].astype(np.float64)
    least = (opening[sites] + unit[sites] * load[sites, None]).min(axis=1)
    objective = float(siting.weights @ served + least.sum())
    bound = min(answer.bound, objective) if answer.gap else objective
    gap = relative_gap(objective, bound)
    return replace(
        answer,
        status="optimal" if gap <= limits.gap else answer.status,
        open_sites=sites,
        assignment=assignment,
        objective=objective,
        bound=bound,
        gap=gap,
    )
