"""Neighbour lists: for each demand point, the sites that may serve it, the cheapest first."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from territo.domain.arrays import Bools, Floats, Ints
from territo.domain.compiled import compiled

OPEN, FREE, CLOSED = 1, 0, -1


class Lists(NamedTuple):
    """The demand points of a siting problem, each with its neighbour list.

    Row ``i`` reads ``site[start[i]:start[i + 1]]`` and ``cost`` likewise,
    ascending; ``beyond[i]`` is what it costs when none of them opens.
    """

    start: Ints
    site: Ints
    cost: Floats
    beyond: Floats


@compiled
def nearest_two(lists: Lists, is_open: Bools) -> tuple[Ints, Floats, Floats]:
    """Find for each point its nearest open site (-1: none listed), its cost, and the cost of the second."""
    points = lists.beyond.size
    first = np.full(points, -1, np.int64)
    d1, d2 = lists.beyond.copy(), lists.beyond.copy()
    for i in range(points):
        for k in range(lists.start[i], lists.start[i + 1]):
            if is_open[lists.site[k]]:
                if first[i] < 0:
                    first[i], d1[i] = lists.site[k], lists.cost[k]
                else:
                    d2[i] = lists.cost[k]
                    break
    return first, d1, d2


@compiled
def shorten(lists: Lists, state: Ints, reach: Floats) -> Lists:
    """Leave out closed sites, what lies beyond a site that is open for good, and beyond the reach of a point.

    Where a list is cut, ``beyond`` falls to the least cost that was cut or to
    the reach, so that no solution that respects the reach changes its cost.
    """
    points = lists.beyond.size
    start = np.zeros(points + 1, np.int64)
    beyond = np.minimum(lists.beyond, reach)
    site = np.empty(lists.site.size, lists.site.dtype)
    cost = np.empty(lists.site.size, np.float64)
    to = 0
    for i in range(points):
        for k in range(lists.start[i], lists.start[i + 1]):
            if lists.cost[k] > reach[i]:
                break
            j = lists.site[k]
            if state[j] == CLOSED:
                continue
            site[to], cost[to] = j, lists.cost[k]
            to += 1
            if state[j] == OPEN:
                beyond[i] = lists.cost[k]
                break
        start[i + 1] = to
    return Lists(start, site[:to].copy(), cost[:to].copy(), beyond)


@compiled
def rename(lists: Lists, name: Ints) -> Lists:
    """Give each site of the lists its new index."""
    site = np.empty_like(lists.site)
    for k in range(site.size):
        site[k] = name[lists.site[k]]
    return Lists(lists.start, site, lists.cost, lists.beyond)


@compiled
def fingerprints(lists: Lists, depth: int) -> Ints:
    """Hash the order of the first ``depth`` sites of each point; equal orders have equal hashes."""
    points = lists.beyond.size
    found = np.empty(points, np.int64)
    for i in range(points):
        value = np.int64(1469598103934665603)
        for k in range(lists.start[i], min(lists.start[i + 1], lists.start[i] + depth)):
            value = (value ^ (lists.site[k] + np.int64(1))) * np.int64(1099511628211)
            value ^= value >> np.int64(29)
        found[i] = value
    return found


@compiled
def merge(lists: Lists, order: Ints, hashes: Ints) -> tuple[Lists, Ints]:
    """Add up points with the same order of sites: whatever opens, they go together.

    ``order`` sorts the points by their hashes. Returns the merged lists and
    the merged row of each point.
    """
    points = order.size
    row = np.empty(points, np.int64)
    leader = np.empty(points, np.int64)
    rows, entries = 0, 0
    for at in range(points):
        i = order[at]
        same = at > 0 and hashes[i] == hashes[order[at - 1]] and _same_order(lists, i, leader[rows - 1])
        if not same:
            leader[rows] = i
            rows += 1
            entries += lists.start[i + 1] - lists.start[i]
        row[i] = rows - 1
    start = np.zeros(rows + 1, np.int64)
    for r in range(rows):
        start[r + 1] = start[r] + lists.start[leader[r] + 1] - lists.start[leader[r]]
    site = np.empty(entries, lists.site.dtype)
    cost, beyond = np.zeros(entries), np.zeros(rows)
    for i in range(points):
        r = row[i]
        beyond[r] += lists.beyond[i]
        for k in range(lists.start[i + 1] - lists.start[i]):
            site[start[r] + k] = lists.site[lists.start[i] + k]
            cost[start[r] + k] += lists.cost[lists.start[i] + k]
    return Lists(start, site, cost, beyond), row


@compiled
def _same_order(lists: Lists, i: int, other: int) -> bool:
    here = lists.site[lists.start[i] : lists.start[i + 1]]
    return np.array_equal(here, lists.site[lists.start[other] : lists.start[other + 1]])
