"""Good answers for points that go whole: regret, shift, swap, recentre, and chance.

Regret insertion after Martello and Toth (1990, Knapsack Problems, chapter 7);
shifts and swaps between sites as Osman and Christofides (1994, International
Transactions in Operational Research 1). An overload is allowed at a price, which
rises until it is gone.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from territo.domain.arrays import Bools, Floats, Ints
from territo.domain.compiled import compiled

RECENTRES = 50
DEARER, RAISES = 4.0, 8
LEAST_PROFIT = 1e-9


class Ground(NamedTuple):
    """The data of a problem: pairs that are not allowed are dear, not inf."""

    cost: Floats  # (points, sites)
    loads: Floats
    capacity: Floats
    opening: Floats
    fixed_open: Bools
    allowed: Bools
    least: int
    most: int
    dear: float  # price of a unit of overload


class Plan(NamedTuple):
    """Open sites, the site of each point, the room left at each site, and the value."""

    opened: Bools
    site: Ints
    room: Floats
    value: float


@compiled
def wander(ground: Ground, plan: Plan, draws: Floats) -> Plan:
    """Change a site by chance and descend, once for each row of draws in [0, 1); keep what is better."""
    for row in range(draws.shape[0]):
        other = descend(ground, _shaken(ground, plan, draws[row]))
        if other.value < plan.value - LEAST_PROFIT * abs(plan.value):
            plan = other
    return plan


@compiled
def descend(ground: Ground, opened: Bools) -> Plan:
    """Assign the points to the open sites, then improve assignment and sites in turn."""
    opened = opened.copy()
    site, room = _allot(ground, opened)
    for _ in range(RECENTRES):
        dear = ground.dear
        for _ in range(RAISES):
            _settle(ground, np.flatnonzero(opened), site, room, dear)
            if room.min() >= 0:
                break
            dear *= DEARER
        if not _recentre(ground, opened, site, room):
            break
    _close_idle(ground, opened, room)
    value = ground.opening[opened].sum() - ground.dear * DEARER**RAISES * np.minimum(room, 0.0).sum()
    for i in range(site.size):
        value += ground.cost[i, site[i]]
    return Plan(opened, site, room, value)


@compiled
def _close_idle(ground: Ground, opened: Bools, room: Floats) -> None:
    """Close sites that carry nothing, the dearest first, as far as this is allowed and saves."""
    idle = opened & ~ground.fixed_open & (room == ground.capacity) & (ground.opening > 0)
    for j in np.argsort(-ground.opening, kind="mergesort"):
        if idle[j] and opened.sum() > ground.least:
            opened[j] = False


@compiled
def _shaken(ground: Ground, plan: Plan, draw: Floats) -> Bools:
    """Exchange two sites that are rather near to a random point, or only open or close one."""
    opened = plan.opened.copy()
    i = int(draw[0] * plan.site.size)
    number, dropping, adding = opened.sum(), True, True
    if draw[1] < 1 / 3 and number < ground.most:
        dropping = False
    elif draw[1] > 2 / 3 and number > ground.least:
        adding = False
    if adding:
        rank = int(draw[2] * draw[2] * (ground.allowed.sum() - number))
        entering = _ranked(ground.cost[i], ground.allowed & ~opened, rank)
        if entering < 0:
            return opened
        opened[entering] = True
    if dropping:
        leaving = _ranked(ground.cost[i], plan.opened & ~ground.fixed_open, int(draw[3] * draw[3] * number))
        if leaving < 0:
            return plan.opened.copy()
        opened[leaving] = False
    return opened


@compiled
def _ranked(cost: Floats, among: Bools, rank: int) -> int:
    columns = np.flatnonzero(among)
    if columns.size == 0:
        return -1
    return int(columns[np.argsort(cost[columns], kind="mergesort")[min(rank, columns.size - 1)]])


@compiled
def _allot(ground: Ground, opened: Bools) -> tuple[Ints, Floats]:
    """Assign first the point that loses most if its best site fills up; what fits nowhere goes where most room is."""
    points = ground.loads.size
    columns, room = np.flatnonzero(opened), ground.capacity.copy()
    site = np.full(points, -1, np.int64)
    first, second = np.full(points, -2, np.int64), np.full(points, -2, np.int64)
    for _ in range(points):
        pick, worst = -1, -np.inf
        for i in range(points):
            if site[i] >= 0:
                continue
            load = ground.loads[i]
            full = (first[i] >= 0 and room[first[i]] < load) or (second[i] >= 0 and room[second[i]] < load)
            if first[i] == -2 or full:  # noqa: PLR2004  # not looked at yet
                first[i], second[i] = _best_two(ground.cost[i], columns, room, load)
            regret = np.inf
            if first[i] >= 0 and second[i] >= 0:
                regret = ground.cost[i, second[i]] - ground.cost[i, first[i]]
            if pick < 0 or regret > worst:
                pick, worst = i, regret
        to = first[pick] if first[pick] >= 0 else columns[np.argmax(room[columns])]
        site[pick] = to
        room[to] -= ground.loads[pick]
    return site, room


@compiled
def _best_two(cost: Floats, columns: Ints, room: Floats, load: float) -> tuple[int, int]:
    first, second = -1, -1
    for j in columns:
        if room[j] >= load:
            if first < 0 or cost[j] < cost[first]:
                first, second = j, first
            elif second < 0 or cost[j] < cost[second]:
                second = j
    return first, second


@compiled
def _settle(ground: Ground, columns: Ints, site: Ints, room: Floats, dear: float) -> None:
    """Shift points between sites, and swap pairs of them, until nothing pays."""
    cost, loads = ground.cost, ground.loads
    better = True
    while better:
        better = False
        for i in range(site.size):
            better |= _shift(cost[i], loads[i], columns, site, room, dear, i)
        if not better:
            for i in range(site.size):
                better |= _swap(cost, loads, site, room, dear, i)


@compiled
def _shift(cost: Floats, load: float, columns: Ints, site: Ints, room: Floats, dear: float, i: int) -> bool:
    here = site[i]
    now = cost[here] + dear * (min(room[here] + load, 0.0) - min(room[here], 0.0))
    to, least = -1, now - LEAST_PROFIT * (1.0 + abs(now))
    for j in columns:
        if j != here and cost[j] < least:
            then = cost[j] + dear * (min(room[j], 0.0) - min(room[j] - load, 0.0))
            if then < least:
                to, least = j, then
    if to < 0:
        return False
    site[i] = to
    room[here] += load
    room[to] -= load
    return True


@compiled
def _swap(cost: Floats, loads: Floats, site: Ints, room: Floats, dear: float, i: int) -> bool:
    """Exchange the sites of a point and of later ones."""
    better = False
    for k in range(i + 1, site.size):
        a, b = site[i], site[k]
        change = cost[i, b] + cost[k, a] - cost[i, a] - cost[k, b]
        if a == b or (change >= 0 and room[a] >= 0 and room[b] >= 0):
            continue
        freed = loads[i] - loads[k]
        before = min(room[a], 0.0) + min(room[b], 0.0)
        change += dear * (before - min(room[a] + freed, 0.0) - min(room[b] - freed, 0.0))
        if change < -LEAST_PROFIT * (1.0 + abs(cost[i, a])):
            site[i], site[k] = b, a
            room[a] += freed
            room[b] -= freed
            better = True
    return better


@compiled
def _recentre(ground: Ground, opened: Bools, site: Ints, room: Floats) -> bool:
    """Move each site to where its points go cheapest, among those that take their load."""
    moved = False
    for j in np.flatnonzero(opened & ~ground.fixed_open):
        mine = np.flatnonzero(site == j)
        load = ground.capacity[j] - room[j]
        now = ground.opening[j]
        for i in mine:
            now += ground.cost[i, j]
        now -= LEAST_PROFIT * (1.0 + abs(now))
        to = -1
        for b in range(opened.size):
            if ground.allowed[b] and not opened[b] and ground.capacity[b] >= load:
                then = ground.opening[b]
                for i in mine:
                    then += ground.cost[i, b]
                    if then >= now:
                        break
                if then < now:
                    to, now = b, then
        if to >= 0:
            opened[j], opened[to] = False, True
            room[to], room[j] = ground.capacity[to] - load, ground.capacity[j]
            site[mine] = to
            moved = True
    return moved
