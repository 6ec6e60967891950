"""Greedy opening, and the fast interchange that improves it.

The profit of opening ``j`` and closing ``r`` is split as in Resende and
Werneck (2007, doi:10.1016/j.ejor.2005.02.002): what the points nearer to ``j``
gain, what the points of ``r`` lose when they go to their second site, and a
correction for those that ``j`` takes over.
"""

from __future__ import annotations

import numpy as np

from territo.domain.arrays import Bools, Floats, Ints
from territo.domain.compiled import compiled
from territo.locate.kernels.lists import FREE, Lists, nearest_two

LEAST_PROFIT = 1e-9


@compiled
def open_greedily(lists: Lists, opening: Floats, state: Ints, is_open: Bools, p: int) -> Bools:
    """Open the most useful site again and again: up to ``p``, or while it pays where ``p`` is 0."""
    is_open = is_open.copy()
    _, nearest, _ = nearest_two(lists, is_open)
    number = is_open.sum()
    while p == 0 or number < p:
        gain = np.where((state == FREE) & ~is_open, gains(lists, opening, nearest), -np.inf)
        best = gain.argmax()
        if gain[best] == -np.inf or (p == 0 and number > 0 and gain[best] <= 0):
            break
        is_open[best] = True
        number += 1
        _, nearest, _ = nearest_two(lists, is_open)
    return is_open


@compiled
def gains(lists: Lists, opening: Floats, nearest: Floats) -> Floats:
    """Compute what each site would gain if it opened beside those at ``nearest``."""
    gain = -opening
    for i in range(nearest.size):
        for k in range(lists.start[i], lists.start[i + 1]):
            if lists.cost[k] >= nearest[i]:
                break
            gain[lists.site[k]] += nearest[i] - lists.cost[k]
    return gain


@compiled
def interchange(lists: Lists, opening: Floats, state: Ints, is_open: Bools, p: int, most: int) -> Bools:
    """Exchange one open site for a closed one while it pays; also open or close one where ``p`` is 0.

    At most ``most`` moves; each is the most profitable one.
    """
    is_open = is_open.copy()
    for _ in range(most):
        first, d1, d2 = nearest_two(lists, is_open)
        opened = np.flatnonzero(is_open)
        gain = gains(lists, opening, d1)
        relief, extra = closings(lists, opening, opened, first, d1, d2)
        least = LEAST_PROFIT * (1.0 + abs(d1.sum()))
        movable = (state == FREE) & ~is_open
        entering, leaving, profit = best_exchange(gain, relief, extra, movable, state[opened] == FREE, least)
        if p == 0:
            entering, leaving = best_single(gain, relief, movable, state[opened] == FREE, entering, leaving, profit)
        if entering < 0 and leaving < 0:
            break
        if entering >= 0:
            is_open[entering] = True
        if leaving >= 0:
            is_open[opened[leaving]] = False
    return is_open


@compiled
def closings(lists: Lists, opening: Floats, opened: Ints, first: Ints, d1: Floats, d2: Floats) -> tuple[Floats, Floats]:
    """Compute what closing each open site brings, and what each site that opens in its place adds to that."""
    place = np.full(opening.size, -1, np.int64)
    place[opened] = np.arange(opened.size)
    relief, extra = opening[opened], np.zeros((opening.size, opened.size))
    for i in range(d1.size):
        if first[i] < 0:
            continue
        r = place[first[i]]
        relief[r] -= d2[i] - d1[i]
        for k in range(lists.start[i], lists.start[i + 1]):
            if lists.cost[k] >= d2[i]:
                break
            extra[lists.site[k], r] += d2[i] - max(d1[i], lists.cost[k])
    return relief, extra


@compiled
def best_exchange(
    gain: Floats, relief: Floats, extra: Floats, may_open: Bools, may_close: Bools, least: float
) -> tuple[int, int, float]:
    """Find the site to open and the open site to close in its place; -1 where none pays more than ``least``."""
    profit, entering, leaving = least, -1, -1
    for j in range(gain.size):
        if may_open[j]:
            for r in range(relief.size):
                here = gain[j] + relief[r] + extra[j, r]
                if may_close[r] and here > profit:
                    profit, entering, leaving = here, j, r
    return entering, leaving, profit


@compiled
def best_single(
    gain: Floats, relief: Floats, may_open: Bools, may_close: Bools, entering: int, leaving: int, profit: float
) -> tuple[int, int]:
    """Keep the best exchange, or open or close one site where that pays more; the last one stays open."""
    for j in range(gain.size):
        if may_open[j] and gain[j] > profit:
            profit, entering, leaving = gain[j], j, -1
    for r in range(relief.size):
        if relief.size > 1 and may_close[r] and relief[r] > profit:
            profit, entering, leaving = relief[r], -1, r
    return entering, leaving
