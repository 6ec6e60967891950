"""Subgradient ascent on the Lagrangian relaxation of the assignment rows, with one knapsack a site.

With a multiplier ``u_i`` for "point i is served once" the rest falls apart by
site: ``v_j = f_j + min sum_i (c_ij - u_i) x_ij`` within the capacity, and the
bound is ``sum_i u_i`` plus the cheapest choice of sites (Pirkul 1987, Computers
& Operations Research 14). At its best it is that of the linear relaxation, and
more where points go whole.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from territo.domain.arrays import Bools, Floats, Ints
from territo.domain.compiled import compiled
from territo.locate.kernels.knapsack import fill, rises, slopes
from territo.locate.kernels.lists import CLOSED, FREE, OPEN

MOMENTUM = 0.7
# weight of the newest answer in the running means, which lean to a fractional optimum
NEWEST = 0.1
SLOWEST = 5e-3
# a bound that rises less, relative to itself, stands still; after so many steps the pace halves
RISE = 1e-4
PATIENCE = 15
# what the sums of a bound may be off, relative to the multipliers, and a share that is nothing
ROUNDING, NOTHING = 1e-14, 1e-9


class Arcs(NamedTuple):
    """The pairs still allowed: site ``j`` may serve ``point[start[j]:start[j + 1]]`` at ``cost``."""

    start: Ints
    point: Ints
    cost: Floats


class Demand(NamedTuple):
    """What each point takes of a capacity, and whether it goes whole to one site."""

    loads: Floats
    whole: bool


class Sites(NamedTuple):
    """Capacity, opening cost and state of each site, and how many of them open."""

    capacity: Floats
    opening: Floats
    state: Ints
    least: int
    most: int


class Ascent(NamedTuple):
    """Where an ascent ended: its best bound with what led to it, and the running means."""

    bound: float
    u: Floats
    values: Floats  # of the sites: v_j, inf where closed
    chosen: Bools
    share: Floats  # of the arcs
    mean_open: Floats
    mean_share: Floats
    pace: float


@compiled
def ascend(arcs: Arcs, sites: Sites, demand: Demand, u: Floats, target: float, steps: int, pace: float) -> Ascent:
    """Raise the bound from multipliers ``u``; stop above the target, where nothing better can remain.

    ``pace`` is the step relative to the one that would reach the target in a
    straight line; it halves whenever the bound stands still.
    """
    u = u.copy()
    share, mean_share = np.zeros(arcs.cost.size), np.zeros(arcs.cost.size)
    mean_open, direction = np.zeros(sites.state.size), np.zeros(u.size)
    best, best_u, best_share = -np.inf, u.copy(), share.copy()
    best_values, best_chosen = sites.opening, np.zeros(sites.state.size, np.bool_)
    stale, mark = 0, -np.inf
    for _ in range(steps):
        values = price(arcs, sites, demand, u, share)
        total, chosen = choose(values, sites)
        bound = u.sum() + total - ROUNDING * np.abs(u).sum()
        stale += 1
        if bound > best:
            if best == -np.inf or bound > mark + RISE * abs(mark):
                stale, mark = 0, bound
            best, best_values, best_chosen = bound, values, chosen
            best_u[:], best_share[:] = u, share
        if best > target or not np.isfinite(bound):
            break
        if stale >= PATIENCE:
            pace, stale = 0.5 * pace, 0
            u[:] = best_u
        if pace < SLOWEST:
            break
        missing = _missing(arcs, chosen, share, mean_open, mean_share, u.size)
        direction = missing + MOMENTUM * direction
        norm = (direction * direction).sum()
        if norm == 0 or np.abs(missing).max() < NOTHING:
            break
        u += pace * max(target - bound, 1e-6 * abs(bound)) / norm * direction
    return Ascent(best, best_u, best_values, best_chosen, best_share, mean_open, mean_share, pace)


@compiled
def price(arcs: Arcs, sites: Sites, demand: Demand, u: Floats, share: Floats) -> Floats:
    """Compute what each site costs once the points it would serve have paid ``u``; writes the shares."""
    values = np.full(sites.state.size, np.inf)
    for j in range(values.size):
        if sites.state[j] != CLOSED:
            a, b = arcs.start[j], arcs.start[j + 1]
            points = arcs.point[a:b]
            reduced, loads = arcs.cost[a:b] - u[points], demand.loads[points]
            values[j] = sites.opening[j] + fill(reduced, loads, sites.capacity[j], demand.whole, share[a:b])
    return values


@compiled
def choose(values: Floats, sites: Sites) -> tuple[float, Bools]:
    """Choose the sites open for good, then the cheapest: as many as must open, and further ones that pay."""
    chosen = sites.state == OPEN
    total, number = 0.0, 0
    for j in range(values.size):
        if chosen[j]:
            total += values[j]
            number += 1
    for j in np.argsort(values, kind="mergesort"):
        if number >= sites.most or (number >= sites.least and values[j] >= 0):
            break
        if sites.state[j] == FREE:
            chosen[j] = True
            total += values[j]
            number += 1
    return total if sites.least <= number <= sites.most else np.inf, chosen


@compiled
def _missing(arcs: Arcs, chosen: Bools, share: Floats, mean_open: Floats, mean_share: Floats, points: int) -> Floats:
    """Part of each point that nobody serves, negative if it is served too often; moves the means on."""
    missing = np.ones(points)
    for j in range(chosen.size):
        mean_open[j] += NEWEST * (chosen[j] - mean_open[j])
        for k in range(arcs.start[j], arcs.start[j + 1]):
            served = share[k] if chosen[j] else 0.0
            mean_share[k] += NEWEST * (served - mean_share[k])
            missing[arcs.point[k]] -= served
    return missing


@compiled
def penalties(values: Floats, chosen: Bools, sites: Sites) -> Floats:
    """By how much the bound rises when the choice of each free site is turned round."""
    worst, following, number = -np.inf, np.inf, 0
    for j in range(values.size):
        number += chosen[j]
        if sites.state[j] == FREE:
            if chosen[j]:
                worst = max(worst, values[j])
            else:
                following = min(following, values[j])
    if number < sites.most:
        worst = max(worst, 0.0)
    if number > sites.least:
        following = min(following, 0.0)
    rise = np.zeros(values.size)
    for j in range(values.size):
        if sites.state[j] == FREE:
            rise[j] = following - values[j] if chosen[j] else values[j] - worst
    return rise


@compiled
def ruled_out(arcs: Arcs, sites: Sites, demand: Demand, ascent: Ascent, limit: float) -> tuple[Ints, Floats]:
    """Find what no solution within the limit does.

    Returns the states of the sites, and the largest share that each arc may
    carry: where points go whole, 0 or 1; where they are split, what the slope
    of the bound leaves it.
    """
    state, most = sites.state.copy(), np.ones(arcs.cost.size)
    rise = penalties(ascent.values, ascent.chosen, sites)
    for j in range(state.size):
        a, b = arcs.start[j], arcs.start[j + 1]
        if state[j] == FREE and ascent.bound + rise[j] > limit:
            state[j] = OPEN if ascent.chosen[j] else CLOSED
        if state[j] == CLOSED:
            most[a:b] = 0.0
            continue
        left = limit - ascent.bound - (0.0 if ascent.chosen[j] else rise[j])
        points = arcs.point[a:b]
        reduced, loads = arcs.cost[a:b] - ascent.u[points], demand.loads[points]
        if demand.whole:
            value = ascent.values[j] - sites.opening[j]
            most[a:b] = rises(reduced, loads, sites.capacity[j], value) <= left
        else:
            slope = slopes(reduced, loads, ascent.share[a:b])
            for k in range(a, b):
                if slope[k - a] > left:
                    most[k] = max(left, 0.0) / slope[k - a]
    return state, most


@compiled
def kept(arcs: Arcs, keep: Bools) -> Arcs:
    """Leave out arcs."""
    start = np.zeros_like(arcs.start)
    for j in range(start.size - 1):
        start[j + 1] = start[j] + keep[arcs.start[j] : arcs.start[j + 1]].sum()
    return Arcs(start, arcs.point[keep], arcs.cost[keep])
