"""Greedy opening, and the fast interchange that improves it.

The profit of opening ``j`` and closing ``r`` is split as in Resende and
Werneck (2007, doi:10.1016/j.ejor.2005.02.002): what the points nearer to ``j``
gain, what the points of ``r`` lose when they go to their second site, and a
correction for those that ``j`` takes over.
"""

from __future__ import annotations

import numpy as np

from territo.domain.arrays import Bools, Floats, Ints
from territo.locate.kernels.compile import compiled
from territo.locate.kernels.lists import FREE, Lists, nearest_two

LEAST_PROFIT = 1e-9


@compiled
def open_greedily(lists: Lists, opening: Floats, state: Ints, is_open: Bools, p: int) -> Bools:
    """Open the most useful site again and again: up to ``p``, or while it pays where ``p`` is 0."""
    is_open = is_open.copy()
    _, d1, _ = nearest_two(lists, is_open)
    number = is_open.sum()
    while p == 0 or number < p:
        gain = -opening
        for i in range(d1.size):
            for k in range(lists.start[i], lists.start[i + 1]):
                if lists.cost[k] >= d1[i]:
                    break
                gain[lists.site[k]] += d1[i] - lists.cost[k]
        best = -1
        for j in range(gain.size):
            if state[j] == FREE and not is_open[j] and (best < 0 or gain[j] > gain[best]):
                best = j
        if best < 0 or (p == 0 and number > 0 and gain[best] <= 0):
            break
        is_open[best] = True
        number += 1
        for i in range(d1.size):
            for k in range(lists.start[i], lists.start[i + 1]):
                if lists.cost[k] >= d1[i]:
                    break
                if lists.site[k] == best:
                    d1[i] = lists.cost[k]
                    break
    return is_open


@compiled
def interchange(lists: Lists, opening: Floats, state: Ints, is_open: Bools, p: int, most: int) -> tuple[Bools, float]:
    """Exchange one open site for a closed one while it pays; also open or close one where ``p`` is 0.

    At most ``most`` moves. Returns the open sites and their value on the lists.
    """
    is_open = is_open.copy()
    sites = opening.size
    place = np.full(sites, -1, np.int64)
    for _ in range(most):
        first, d1, d2 = nearest_two(lists, is_open)
        opened = np.flatnonzero(is_open)
        for r in range(opened.size):
            place[opened[r]] = r
        gain, loss = -opening, np.zeros(opened.size)
        extra = np.zeros((sites, opened.size))
        for i in range(d1.size):
            r = place[first[i]] if first[i] >= 0 else -1
            if r >= 0:
                loss[r] += d2[i] - d1[i]
            for k in range(lists.start[i], lists.start[i + 1]):
                cost = lists.cost[k]
                if cost >= d2[i]:
                    break
                j = lists.site[k]
                if cost < d1[i]:
                    gain[j] += d1[i] - cost
                if r >= 0:
                    extra[j, r] += d2[i] - max(d1[i], cost)
        profit, entering, leaving = LEAST_PROFIT * (1.0 + abs(d1.sum())), -1, -1
        for j in range(sites):
            if state[j] != FREE or is_open[j]:
                continue
            if p == 0 and gain[j] > profit:
                profit, entering, leaving = gain[j], j, -1
            for r in range(opened.size):
                here = gain[j] - loss[r] + extra[j, r] + opening[opened[r]]
                if here > profit and state[opened[r]] == FREE:
                    profit, entering, leaving = here, j, r
        if p == 0 and opened.size > 1:
            for r in range(opened.size):
                here = opening[opened[r]] - loss[r]
                if here > profit and state[opened[r]] == FREE:
                    profit, entering, leaving = here, -1, r
        if entering < 0 and leaving < 0:
            break
        if entering >= 0:
            is_open[entering] = True
        if leaving >= 0:
            is_open[opened[leaving]] = False
    _, d1, _ = nearest_two(lists, is_open)
    return is_open, d1.sum() + opening[is_open].sum()
