"""Subgradient ascent on the Lagrangian relaxation of the assignment rows.

With a multiplier ``u_i`` for "point i is served once", the rest falls apart by
site: ``rho_j = f_j + sum_i min(0, c_ij - u_i)`` and the bound is
``sum_i u_i`` plus the least that a choice of sites costs (Cornuejols, Fisher
and Nemhauser 1977, doi:10.1287/mnsc.23.8.789).
"""

from __future__ import annotations

import numpy as np

from territo.domain.arrays import Bools, Floats, Ints
from territo.locate.kernels.compile import compiled
from territo.locate.kernels.lists import FREE, OPEN, Lists

MOMENTUM = 0.9
# weight of the newest choice in the running mean, which leans to a fractional optimum
NEWEST = 0.1
SLOWEST = 1e-4


@compiled
def reduced_costs(lists: Lists, opening: Floats, u: Floats) -> Floats:
    """Compute what each site costs once the points it would serve have paid ``u``."""
    rho = opening.copy()
    for i in range(u.size):
        paid = u[i]
        for k in range(lists.start[i], lists.start[i + 1]):
            if lists.cost[k] >= paid:
                break
            rho[lists.site[k]] -= paid - lists.cost[k]
    return rho


@compiled
def cheapest_choice(rho: Floats, state: Ints, p: int) -> tuple[float, Bools]:
    """Choose the sites open for good and the free ones of least reduced cost.

    ``p`` sites in all, or, where ``p`` is 0, all that are worth it and at
    least one.
    """
    chosen = np.zeros(rho.size, np.bool_)
    free = np.empty(rho.size)
    value, opened, candidates = 0.0, 0, 0
    for j in range(rho.size):
        if state[j] == OPEN:
            chosen[j] = True
            opened += 1
            value += rho[j]
        elif state[j] == FREE:
            free[candidates] = rho[j]
            candidates += 1
    if p > 0:
        wanted = min(p - opened, candidates)
    else:
        wanted = 0
        for j in range(candidates):
            wanted += free[j] < 0
        if opened == 0 and wanted == 0:
            wanted = min(1, candidates)
    if wanted <= 0:
        return value, chosen
    last = np.partition(free[:candidates], wanted - 1)[wanted - 1]
    for strict in (True, False):
        for j in range(rho.size):
            if wanted > 0 and state[j] == FREE and not chosen[j] and (rho[j] < last if strict else rho[j] == last):
                chosen[j] = True
                wanted -= 1
                value += rho[j]
    return value, chosen


@compiled
def ascend(
    lists: Lists, opening: Floats, state: Ints, p: int, u: Floats, target: float, steps: int, pace: float, patience: int
) -> tuple[float, Floats, Floats, Bools, Floats, float]:
    """Raise the bound from multipliers ``u`` in at most ``steps`` steps.

    Stops early above ``target`` (no better solution can remain). Multipliers
    stay between the cheapest listed cost of a point and its cost beyond the
    list: outside, the bound cannot rise. Returns the best bound, its
    multipliers, reduced costs and choice, and the pace reached.
    """
    points = u.size
    floor = lists.beyond.copy()
    for i in range(points):
        if lists.start[i] < lists.start[i + 1]:
            floor[i] = min(floor[i], lists.cost[lists.start[i]])
    u = np.minimum(np.maximum(u, floor), lists.beyond)
    best, best_u, best_rho = -np.inf, u, opening
    best_choice = np.zeros(opening.size, np.bool_)
    mean_choice = np.zeros(opening.size)
    direction = np.zeros(points)
    stale = 0
    for _ in range(steps):
        rho = reduced_costs(lists, opening, u)
        value, chosen = cheapest_choice(rho, state, p)
        bound = value + u.sum()
        mean_choice += NEWEST * (chosen - mean_choice)
        if bound > best + 1e-7 * abs(best):
            stale = 0
        else:
            stale += 1
        if bound > best:
            best, best_u, best_rho, best_choice = bound, u.copy(), rho, chosen
        if best > target or pace < SLOWEST:
            break
        if stale >= patience:
            pace *= 0.5
            stale = 0
        norm = 0.0
        for i in range(points):
            missing = 1.0
            for k in range(lists.start[i], lists.start[i + 1]):
                if lists.cost[k] >= u[i]:
                    break
                if chosen[lists.site[k]]:
                    missing -= 1.0
            if (missing > 0 and u[i] >= lists.beyond[i]) or (missing < 0 and u[i] <= floor[i]):
                missing = 0.0
            norm += missing * missing
            direction[i] = missing + MOMENTUM * direction[i]
        if norm == 0:
            break
        step = pace * max(target - bound, 1e-6 * abs(bound)) / norm
        for i in range(points):
            u[i] = min(max(u[i] + step * direction[i], floor[i]), lists.beyond[i])
    return best, best_u, best_rho, best_choice, mean_choice, pace
