"""Subgradient ascent on the Lagrangian relaxation of the assignment rows.

With a multiplier ``u_i`` for "point i is served once", the rest falls apart by
site: ``rho_j = f_j + sum_i min(0, c_ij - u_i)`` and the bound is
``sum_i u_i`` plus the least that a choice of sites costs (Cornuejols, Fisher
and Nemhauser 1977, doi:10.1287/mnsc.23.8.789).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from territo.domain.arrays import Bools, Floats, Ints
from territo.domain.compiled import compiled
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
    chosen = state == OPEN
    value, opened = rho[chosen].sum(), chosen.sum()
    free = rho[state == FREE]
    wanted = min(p - opened, free.size) if p > 0 else max((free < 0).sum(), min(1 - opened, free.size))
    if wanted <= 0:
        return value, chosen
    last = np.partition(free, wanted - 1)[wanted - 1]
    # the sites below the last value, then as many of those at it as are still wanted
    for strict in (True, False):
        for j in range(rho.size):
            if wanted > 0 and state[j] == FREE and not chosen[j] and (rho[j] < last if strict else rho[j] == last):
                chosen[j] = True
                wanted -= 1
                value += rho[j]
    return value, chosen


class Stride(NamedTuple):
    """How far an ascent goes: number of steps, factor on their length, steps without gain before it is halved."""

    steps: int
    pace: float
    patience: int


class Ascent(NamedTuple):
    """Where an ascent arrived: the best bound with its multipliers, reduced costs and choice.

    ``mean_choice`` is a running mean of the choices, ``pace`` the factor that
    is left for the next steps.
    """

    bound: float
    u: Floats
    rho: Floats
    chosen: Bools
    mean_choice: Floats
    pace: float


@compiled
def ascend(lists: Lists, opening: Floats, state: Ints, p: int, u: Floats, target: float, stride: Stride) -> Ascent:
    """Raise the bound from multipliers ``u``.

    Stops early above ``target`` (no better solution can remain). Multipliers
    stay between the cheapest listed cost of a point and its cost beyond the
    list: outside, the bound cannot rise.
    """
    floor = cheapest(lists)
    u = np.minimum(np.maximum(u, floor), lists.beyond)
    best, best_u, best_rho = -np.inf, u, opening
    best_choice = np.zeros(opening.size, np.bool_)
    mean_choice = np.zeros(opening.size)
    direction = np.zeros(u.size)
    rho = reduced_costs(lists, opening, u)
    norm, stale, pace = 0.0, 0, stride.pace
    for _ in range(stride.steps):
        value, chosen = cheapest_choice(rho, state, p)
        bound = value + u.sum()
        mean_choice += NEWEST * (chosen - mean_choice)
        stale = 0 if bound > best + 1e-7 * abs(best) else stale + 1
        if bound > best:
            best, best_u, best_rho, best_choice = bound, u.copy(), rho, chosen
        if best > target or pace < SLOWEST:
            break
        if stale >= stride.patience:
            pace *= 0.5
            stale = 0
        if norm == 0:
            norm = violation(lists, chosen, u, floor)
            if norm == 0:  # these multipliers are the best there are
                pace = 0.0
                break
        step = pace * max(target - bound, 1e-6 * abs(bound)) / norm
        rho, norm = move(lists, opening, chosen, u, floor, direction, step)
    return Ascent(best, best_u, best_rho, best_choice, mean_choice, pace)


@compiled
def cheapest(lists: Lists) -> Floats:
    """Find the least that each point can cost."""
    floor = lists.beyond.copy()
    for i in range(floor.size):
        if lists.start[i] < lists.start[i + 1]:
            floor[i] = min(floor[i], lists.cost[lists.start[i]])
    return floor


@compiled
def missing_service(lists: Lists, chosen: Bools, u: Floats, floor: Floats, i: int) -> float:
    """Count how often point ``i`` is served too little; 0 where its multiplier cannot follow."""
    missing = 1.0
    for k in range(lists.start[i], lists.start[i + 1]):
        if lists.cost[k] >= u[i]:
            break
        missing -= chosen[lists.site[k]]
    stuck = (missing > 0 and u[i] >= lists.beyond[i]) or (missing < 0 and u[i] <= floor[i])
    return 0.0 if stuck else missing


@compiled
def violation(lists: Lists, chosen: Bools, u: Floats, floor: Floats) -> float:
    """Sum the squares of what is missing."""
    total = 0.0
    for i in range(u.size):
        total += missing_service(lists, chosen, u, floor, i) ** 2
    return total


@compiled
def move(
    lists: Lists, opening: Floats, chosen: Bools, u: Floats, floor: Floats, direction: Floats, step: float
) -> tuple[Floats, float]:
    """Move ``u`` and ``direction`` one step, in place; give the new reduced costs, and the violation left behind.

    One pass over the lists: they are too long to be read twice. The length of
    a step therefore comes from the violation of the step before.
    """
    rho, norm = opening.copy(), 0.0
    for i in range(u.size):
        missing = missing_service(lists, chosen, u, floor, i)
        norm += missing * missing
        direction[i] = missing + MOMENTUM * direction[i]
        paid = min(max(u[i] + step * direction[i], floor[i]), lists.beyond[i])
        u[i] = paid
        for k in range(lists.start[i], lists.start[i + 1]):
            if lists.cost[k] >= paid:
                break
            rho[lists.site[k]] -= paid - lists.cost[k]
    return rho, norm
