"""The first answer of a search and its multipliers; a large problem takes them from a smaller one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from territo.domain.arrays import Bools, Floats, Ints
from territo.locate.aggregation import groups, spread
from territo.locate.kernels.ascent import cheapest
from territo.locate.kernels.interchange import interchange, open_greedily
from territo.locate.kernels.lists import FREE, OPEN, nearest_two
from territo.locate.kernels.rows import sum_rows
from territo.locate.limits import Clock
from territo.locate.neighbours import neighbour_lists
from territo.locate.siting import SLOWEST, Best, Core, Siting, ascended, is_whole, worst_cost

BLOCKS, STEPS, MOVES = 25, 80, 1000
# no first multiplier is so many times the mean cost, unless the point itself costs more
TYPICAL = 4.0
# so many sites are exchanged at random, until nothing came of it so often in a row, times the number of points
SHAKEN, VAIN_POINTS = 6, 250_000
# relative gap at which a warm start is good enough
NEAR_ENOUGH = 5e-4
# entries of neighbour lists kept at once: 12 bytes each
ENTRIES = 25_000_000
# and, in large problems, how many a point needs, as a multiple of sites / p
SMALL, LIST_FACTOR, LIST_LEAST = 1_000_000, 3, 30


def begin(siting: Siting, gap: float, clock: Clock, seed: int) -> tuple[Best, Core, Bools]:
    """List the neighbours and find a first answer with its multipliers; also tell which lists are cut short."""
    columns = np.flatnonzero(siting.allowed)
    worst = worst_cost(siting)
    most = _longest_list(siting)
    lists, cut = neighbour_lists(siting.costs, siting.weights, columns, most=most, unserved=2 * worst + 1)
    state = np.where(siting.fixed_open[columns], OPEN, FREE)
    best = Best(siting, gap, seed, worst, is_whole(siting), np.zeros(siting.allowed.size, np.bool_))
    core = Core(lists, siting.opening[columns], state, columns, np.zeros(siting.costs.shape[0]))
    best.lower = float(cheapest(lists).sum() + core.opening[state == OPEN].sum())
    group = groups(lists)
    return best, _first_answer(best, core) if group is None else _warm_start(best, core, group, clock), cut


def _first_answer(best: Best, core: Core) -> Core:
    """Open sites greedily, and exchange them while it pays."""
    p = best.siting.p
    chosen = open_greedily(core.lists, core.opening, core.state, core.state == OPEN, p)
    chosen = interchange(core.lists, core.opening, core.state, chosen, p, MOVES)
    best.consider(core, chosen)
    _, d1, d2 = nearest_two(core.lists, chosen)
    # where a few costs are huge, the second site says little of what a point is worth
    return replace(core, u=np.minimum((d1 + d2) / 2, TYPICAL * np.maximum(d1, d1.mean())))


def _warm_start(best: Best, core: Core, group: Ints, clock: Clock) -> Core:
    """Take sites and multipliers from the problem of the groups."""
    siting, size = best.siting, int(group.max()) + 1
    smaller = replace(
        siting,
        costs=sum_rows(siting.costs, siting.weights, core.names, group, size),
        weights=np.ones(size),
        opening=core.opening,
        fixed_open=core.state == OPEN,
        allowed=np.ones(core.names.size, np.bool_),
    )
    found, small, _ = begin(smaller, best.gap, clock, best.seed)
    _shake(found, small, clock)
    u = _raised(found, small, clock)
    chosen = interchange(core.lists, core.opening, core.state, found.is_open, siting.p, MOVES)
    best.consider(core, chosen)
    return replace(core, u=spread(u, group, core.lists, found.is_open))


def _shake(best: Best, core: Core, clock: Clock) -> None:
    """Exchange a few sites at random, again and again, and keep what interchange makes better of it."""
    random = np.random.default_rng(best.seed)
    vain = 0
    while vain * core.u.size < VAIN_POINTS and not clock.over():
        chosen = best.is_open[core.names]
        out, into = (np.flatnonzero((core.state == FREE) & (chosen == side)) for side in (True, False))
        number = min(SHAKEN, out.size, into.size)
        if number == 0:
            break
        chosen[random.choice(out, number, replace=False)] = False
        chosen[random.choice(into, number, replace=False)] = True
        chosen = interchange(core.lists, core.opening, core.state, chosen, best.siting.p, MOVES)
        vain = 0 if best.consider(core, chosen) else vain + 1


def _raised(best: Best, core: Core, clock: Clock) -> Floats:
    """Give the multipliers of the best bound with nothing fixed: fixed sites need no price."""
    for block in range(BLOCKS):
        bound, core, _, chosen = ascended(best, core, best.upper, STEPS)
        best.improve(core, chosen, block)
        if core.pace < SLOWEST or best.upper - bound < NEAR_ENOUGH * best.upper or clock.over():
            break
    return core.u


def _longest_list(siting: Siting) -> int:
    """Choose how many sites to list for each point: all, or several times as many as lie nearer than open ones."""
    points, sites = int(siting.costs.shape[0]), int(siting.costs.shape[1])
    if points * sites <= SMALL or not siting.p:
        return max(ENTRIES // points, 2)
    return min(max(ENTRIES // points, 2), LIST_FACTOR * sites // siting.p + LIST_LEAST)
