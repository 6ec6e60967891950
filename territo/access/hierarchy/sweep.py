"""Sweeps: from the top of the hierarchy to its bottom, sixteen ends at a time.

A search goes up from each end; then all nodes are read once, the highest
first, and each one takes the best of the links to the nodes above it. All the
memory is read in order, and the sixteen ends of a row are computed together.
Half the nodes are above none: they are leaves, whose rows are used again as
soon as they were read.

Delling, Goldberg, Nowatzyk and Werneck 2011 and 2013 (PHAST),
doi:10.1109/IPDPS.2011.89 and doi:10.1016/j.jpdc.2012.02.007.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from territo.access.hierarchy.links import NONE, Links
from territo.domain.arrays import Bools, Floats, Ints, Reals, Singles
from territo.domain.compiled import compiled

Places = NDArray[np.int32]
LANES = 16
# places that no other reads are computed so many at a time, and not kept
LEAVES = 1_024


class Upward(NamedTuple):
    """The links of each node to higher ones; nodes are numbered by place, the highest first.

    Place ``p`` reads ``above[start[p]:start[p + 1]]``, places smaller than
    ``p``, and likewise minutes and km to them (``to``) and from them (``back``).
    Kilometres choose no path: single precision is enough for those of a link.
    """

    start: Places
    above: Places
    to: Floats
    back: Floats
    to_km: Singles
    back_km: Singles


@compiled
def upward(links: Links, node_at: Ints, place_of: Places) -> Upward:
    """Write the lists of a contraction as rows, by place."""
    nodes = node_at.size
    start = np.zeros(nodes + 1, np.int32)
    for place in range(nodes):
        record, count = links.first[node_at[place]], 0
        while record != NONE:
            count += 1
            record = links.after[record]
        start[place + 1] = start[place] + count
    size = start[nodes]
    to, back, to_km, back_km = np.empty(size), np.empty(size), np.empty(size, np.float32), np.empty(size, np.float32)
    rows = Upward(start, np.empty(size, np.int32), to, back, to_km, back_km)
    at = 0
    for place in range(nodes):
        record = links.first[node_at[place]]
        while record != NONE:
            rows.above[at] = place_of[links.other[record]]
            rows.to[at], rows.back[at] = links.to[record], links.back[record]
            rows.to_km[at], rows.back_km[at] = links.to_km[record], links.back_km[record]
            at += 1
            record = links.after[record]
    return rows


@compiled
def sweep_minutes(
    rows: Upward, up: Floats, down: Floats, ends: Places, asked: Places, order: Ints, minutes: Floats, found: Singles
) -> None:
    """Compute minutes between some ends and some places.

    Parameters
    ----------
    rows
        The hierarchy.
    up, down
        Minutes of its links on the search up, and on the sweep down.
    ends
        (e,) places of the ends.
    asked, order
        Distinct places, ascending, and (q,) which of them each column is.
    minutes
        (i + LEAVES, LANES) to write on; the first i places are above others.
    found
        (e, q) written: minutes, ``inf`` where there is no way.
    """
    start, above, inner = rows.start, rows.above, minutes.shape[0] - LEAVES
    seen = np.zeros(start.size - 1, np.bool_)
    for first in range(0, ends.size, LANES):
        some, answer = ends[first : first + LANES], found[first : first + LANES]
        minutes[:] = np.inf
        for lane in range(some.size):
            climb(rows, up, up, minutes, minutes, seen, some[lane], lane)
        begin, end, read = 0, inner, 0
        while True:
            shift = max(begin - inner, 0)
            for place in range(begin, end):
                row = minutes[place - shift]
                for link in range(start[place], start[place + 1]):
                    higher, more = minutes[above[link]], down[link]
                    for lane in range(row.size):  # not a constant: the compiler would unroll and not use vectors
                        row[lane] = min(row[lane], higher[lane] + more)
            _read(minutes, shift, asked[read:], end, answer[:, read:])
            read = np.searchsorted(asked, end)
            if end == start.size - 1:
                break
            begin, end = end, min(end + LEAVES, start.size - 1)
            _renew(minutes, inner, some, begin, end)
        _arrange(answer, asked.size, order)


@compiled
def sweep_both(
    rows: Upward,
    up: tuple[Floats, Singles],
    down: tuple[Floats, Singles],
    ends: Places,
    asked: Places,
    order: Ints,
    work: tuple[Floats, Floats],
    found: tuple[Singles, Singles],
) -> None:
    """Compute minutes between some ends and some places, and the km of the same paths; see :func:`sweep_minutes`."""
    minutes, km = work
    start, above, inner = rows.start, rows.above, minutes.shape[0] - LEAVES
    seen = np.zeros(start.size - 1, np.bool_)
    for first in range(0, ends.size, LANES):
        some, last = ends[first : first + LANES], first + LANES
        minutes[:], km[:] = np.inf, np.inf
        for lane in range(some.size):
            climb(rows, up[0], up[1], minutes, km, seen, some[lane], lane)
        begin, end, read = 0, inner, 0
        while True:
            shift = max(begin - inner, 0)
            for place in range(begin, end):
                row, row_km = minutes[place - shift], km[place - shift]
                for link in range(start[place], start[place + 1]):
                    higher, higher_km = minutes[above[link]], km[above[link]]
                    more, more_km = down[0][link], down[1][link]
                    for lane in range(row.size):  # everything is read before anything is chosen: vectors again
                        arrival, arrival_km = higher[lane] + more, higher_km[lane] + more_km
                        best, best_km = row[lane], row_km[lane]
                        row_km[lane] = arrival_km if arrival < best else best_km
                        row[lane] = min(arrival, best)
            _read(minutes, shift, asked[read:], end, found[0][first:last, read:])
            _read(km, shift, asked[read:], end, found[1][first:last, read:])
            read = np.searchsorted(asked, end)
            if end == start.size - 1:
                break
            begin, end = end, min(end + LEAVES, start.size - 1)
            _renew(minutes, inner, some, begin, end)
            _renew(km, inner, some, begin, end)
        _arrange(found[0][first:last], asked.size, order)
        _arrange(found[1][first:last], asked.size, order)


@compiled
def _renew(values: Floats, inner: int, ends: Places, begin: int, end: int) -> None:
    """Make the rows of the leaves those of other places: nothing is known but that an end is at 0 from itself."""
    values[inner:] = np.inf
    for lane in range(ends.size):
        if begin <= ends[lane] < end:
            values[inner + ends[lane] - begin, lane] = 0.0


@compiled
def _read(values: Floats, shift: int, asked: Places, end: int, found: Singles) -> None:
    """Copy the distinct places that are asked and computed to the columns in which the answer will stand."""
    at = 0
    while at < asked.size and asked[at] < end:
        row = values[asked[at] - shift]
        for lane in range(found.shape[0]):
            found[lane, at] = row[lane]
        at += 1


@compiled
def _arrange(found: Singles, size: int, order: Ints) -> None:
    """Give each column the place that it asks for: a row of answers at a time stays in the caches."""
    for lane in range(found.shape[0]):
        distinct = found[lane, :size].copy()
        for at in range(order.size):
            found[lane, at] = distinct[order[at]]


@compiled
def climb(
    rows: Upward, up: Floats, up_km: Reals, minutes: Floats, km: Floats, seen: Bools, end: int, lane: int
) -> None:
    """Search up from an end: all that lies above it, the lowest first; ``km`` may be ``minutes``.

    An end that is a leaf writes on the first row of the leaves.
    """
    start, above, leaf = rows.start, rows.above, minutes.shape[0] - LEAVES
    region = np.empty(64, np.int64)
    region[0], size, read = end, 1, 0
    seen[end] = True
    while read < size:
        place = region[read]
        read += 1
        for link in range(start[place], start[place + 1]):
            higher = above[link]
            if not seen[higher]:
                seen[higher] = True
                if size == region.size:
                    region = np.concatenate((region, np.empty(size, np.int64)))
                region[size] = higher
                size += 1
    region = np.sort(region[:size])
    km[min(end, leaf), lane] = 0.0
    minutes[min(end, leaf), lane] = 0.0
    for back in range(size):
        place = region[size - 1 - back]
        row = min(place, leaf)
        seen[place] = False
        for link in range(start[place], start[place + 1]):
            arrival = minutes[row, lane] + up[link]
            if arrival < minutes[above[link], lane]:
                km[above[link], lane] = km[row, lane] + up_km[link]
                minutes[above[link], lane] = arrival
