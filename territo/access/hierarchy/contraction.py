"""Contraction: nodes leave one after the other, the least useful first, and shortcuts keep all fastest paths.

A shortcut replaces two links through the node that leaves, unless another path
is as fast (the witness). The next node to leave is the one that adds few
shortcuts for the links it takes away, has few contracted neighbours and lies
low, reconsidered when its turn comes.

Geisberger, Sanders, Schultes and Delling 2008, doi:10.1007/978-3-540-68552-4_24;
Geisberger, Sanders, Schultes and Vetter 2012, doi:10.1287/trsc.1110.0401.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from territo.access.hierarchy.heap import pop, push
from territo.access.hierarchy.links import NONE, Links, add_link, drop, empty_links, with_room
from territo.domain.arrays import Floats, Ints
from territo.domain.compiled import compiled

# nodes that a search for a witness settles: fewer is faster, more leaves fewer shortcuts
TRIED, DECIDED = 20, 60
# a full heap ends a search early, which costs a shortcut at most
HEAP = 4_096


class Search(NamedTuple):
    """What a search for witnesses writes on: minutes of every node, those reached, and the heap."""

    minutes: Floats
    reached: Ints
    keys: Floats
    items: Ints


@compiled
def contract(nodes: int, tail: Ints, head: Ints, minutes: Floats, km: Floats) -> tuple[Links, Ints]:
    """Contract a graph to the last node.

    Parameters
    ----------
    nodes
        Number of nodes, v.
    tail, head, minutes, km
        (a,) directed links.

    Returns
    -------
    Links
        Of each node, its links and shortcuts to nodes that left after it.
    (v,) int
        The level of each: above those of all its neighbours that left before.
    """
    links = empty_links(nodes, 2 * tail.size + 2)
    for link in range(tail.size):
        add_link(links, tail[link], head[link], minutes[link], km[link])
    search = Search(np.full(nodes, np.inf), np.empty(nodes, np.int64), np.empty(HEAP), np.empty(HEAP, np.int64))
    gone, level = np.zeros(nodes, np.int64), np.zeros(nodes, np.int64)
    keys, items, size = np.empty(nodes + 1), np.empty(nodes + 1, np.int64), 0
    for node in range(nodes):
        size = push(keys, items, size, _priority(links, node, gone, level, search), node)
    while size:
        node = items[0]
        size = pop(keys, items, size)
        key = _priority(links, node, gone, level, search)
        if size and key > keys[0]:
            size = push(keys, items, size, key, node)
            continue
        links = _leave(links, node, gone, level, search)
    return links, level


@compiled
def _priority(links: Links, node: int, gone: Ints, level: Ints, search: Search) -> float:
    """How useful a node still is: shortcuts it needs less links it takes away, contracted neighbours, level."""
    added, removed = 0, 0
    record = links.first[node]
    while record != NONE:
        removed += (links.to[record] < np.inf) + (links.back[record] < np.inf)
        if links.back[record] < np.inf:
            added += _shortcuts(links, node, record, search, TRIED)
        record = links.after[record]
    return float(2 * added - removed + gone[node] + level[node])


@compiled
def _shortcuts(links: Links, node: int, entry: int, search: Search, most: int) -> int:
    """Count the shortcuts that trips through a node, in by one link, would need."""
    reached, count = _witness(links, node, entry, search, most), 0
    leaving = links.first[node]
    while leaving != NONE:
        if leaving != entry and links.back[entry] + links.to[leaving] < search.minutes[links.other[leaving]]:
            count += 1
        leaving = links.after[leaving]
    for place in range(reached):
        search.minutes[search.reached[place]] = np.inf
    return count


@compiled
def _witness(links: Links, node: int, entry: int, search: Search, most: int) -> int:
    """Search the fastest paths that avoid a node, from a neighbour; return how many nodes were reached."""
    furthest = _longest(links, node, entry)
    if furthest < 0:
        return 0
    start = links.other[entry]
    search.minutes[start], search.reached[0], reached = 0.0, start, 1
    size = push(search.keys, search.items, 0, 0.0, start)
    settled = 0
    while size and settled < most:
        minutes, at = search.keys[0], search.items[0]
        size = pop(search.keys, search.items, size)
        if minutes > furthest:
            break
        if minutes > search.minutes[at]:
            continue
        settled += 1
        record = links.first[at]
        while record != NONE:
            other, arrival = links.other[record], minutes + links.to[record]
            if other != node and arrival < search.minutes[other] and arrival <= furthest:
                if search.minutes[other] == np.inf:
                    search.reached[reached] = other
                    reached += 1
                search.minutes[other] = arrival
                if size < HEAP:
                    size = push(search.keys, search.items, size, arrival, other)
            record = links.after[record]
    return reached


@compiled
def _longest(links: Links, node: int, entry: int) -> float:
    """Minutes of the longest trip through a node, in by one link; negative if there is none."""
    longest = -np.inf
    leaving = links.first[node]
    while leaving != NONE:
        if leaving != entry and links.to[leaving] < np.inf:
            longest = max(longest, links.back[entry] + links.to[leaving])
        leaving = links.after[leaving]
    return longest


@compiled
def _leave(links: Links, node: int, gone: Ints, level: Ints, search: Search) -> Links:
    """Contract a node: put its shortcuts in, and take it out of the lists of its neighbours."""
    entry = links.first[node]
    while entry != NONE:
        if links.back[entry] < np.inf:
            links = _bridge(links, node, entry, search)
        entry = links.after[entry]
    entry = links.first[node]
    while entry != NONE:
        other = links.other[entry]
        drop(links, other, node)
        gone[other] += 1
        level[other] = max(level[other], level[node] + 1)
        entry = links.after[entry]
    return links


@compiled
def _bridge(links: Links, node: int, entry: int, search: Search) -> Links:
    """Add the shortcuts that trips through a node, in by one link, need."""
    reached = _witness(links, node, entry, search, DECIDED)
    leaving = links.first[node]
    while leaving != NONE:
        minutes = links.back[entry] + links.to[leaving]
        if leaving != entry and minutes < search.minutes[links.other[leaving]]:
            links = with_room(links)
            km = links.back_km[entry] + links.to_km[leaving]
            add_link(links, links.other[entry], links.other[leaving], minutes, km)
        leaving = links.after[leaving]
    for place in range(reached):
        search.minutes[search.reached[place]] = np.inf
    return links
