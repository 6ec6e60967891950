"""Sweeps: from the top of the hierarchy to its bottom, sixteen ends at a time.

A search goes up from each end; then all nodes are read once, the highest
first, and each one takes the best of the links to the nodes above it. All the
memory is read in order, and the sixteen ends of a row are computed together.

Delling, Goldberg, Nowatzyk and Werneck 2011 and 2013 (PHAST),
doi:10.1109/IPDPS.2011.89 and doi:10.1016/j.jpdc.2012.02.007.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from territo.access.hierarchy.links import NONE, Links
from territo.domain.arrays import Bools, Floats, Ints, Singles
from territo.locate.kernels.compile import compiled

LANES = 16


class Upward(NamedTuple):
    """The links of each node to higher ones; nodes are numbered by place, the highest first.

    Place ``p`` reads ``above[start[p]:start[p + 1]]``, places smaller than
    ``p``, and likewise minutes and km to them (``to``) and from them (``back``).
    """

    start: Ints
    above: NDArray[np.int32]
    to: Floats
    back: Floats
    to_km: Floats
    back_km: Floats


@compiled
def upward(links: Links, node_at: Ints, place_of: Ints) -> Upward:
    """Write the lists of a contraction as rows, by place."""
    nodes = node_at.size
    start = np.zeros(nodes + 1, np.int64)
    for place in range(nodes):
        record, count = links.first[node_at[place]], 0
        while record != NONE:
            count += 1
            record = links.after[record]
        start[place + 1] = start[place] + count
    size = start[nodes]
    rows = Upward(start, np.empty(size, np.int32), np.empty(size), np.empty(size), np.empty(size), np.empty(size))
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
    rows: Upward, up: Floats, down: Floats, ends: Ints, asked: Ints, order: Ints, minutes: Floats, found: Singles
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
        (v, LANES) to write on.
    found
        (e, q) written: minutes, ``inf`` where there is no way.
    """
    start, above = rows.start, rows.above
    column, seen = np.empty((LANES, asked.size), np.float32), np.zeros(start.size - 1, np.bool_)
    for first in range(0, ends.size, LANES):
        lanes = min(LANES, ends.size - first)
        minutes[:] = np.inf
        for lane in range(lanes):
            climb(rows, up, up, minutes, minutes, seen, ends[first + lane], lane)
        for place in range(start.size - 1):
            row = minutes[place]
            for link in range(start[place], start[place + 1]):
                higher, more = minutes[above[link]], down[link]
                for lane in range(row.size):  # not a constant: the compiler would unroll and not use vectors
                    row[lane] = min(row[lane], higher[lane] + more)
        _read(minutes, asked, order, column, found[first : first + lanes])


@compiled
def sweep_both(
    rows: Upward,
    up: tuple[Floats, Floats],
    down: tuple[Floats, Floats],
    ends: Ints,
    asked: Ints,
    order: Ints,
    work: tuple[Floats, Floats],
    found: tuple[Singles, Singles],
) -> None:
    """Compute minutes between some ends and some places, and the km of the same paths; see :func:`sweep_minutes`."""
    start, above = rows.start, rows.above
    column, seen = np.empty((LANES, asked.size), np.float32), np.zeros(start.size - 1, np.bool_)
    minutes, km = work
    for first in range(0, ends.size, LANES):
        lanes = min(LANES, ends.size - first)
        minutes[:], km[:] = np.inf, np.inf
        for lane in range(lanes):
            climb(rows, up[0], up[1], minutes, km, seen, ends[first + lane], lane)
        for place in range(start.size - 1):
            row, row_km = minutes[place], km[place]
            for link in range(start[place], start[place + 1]):
                higher, higher_km = minutes[above[link]], km[above[link]]
                more, more_km = down[0][link], down[1][link]
                for lane in range(row.size):  # everything is read before anything is chosen: vectors again
                    arrival, arrival_km = higher[lane] + more, higher_km[lane] + more_km
                    best, best_km = row[lane], row_km[lane]
                    row_km[lane] = arrival_km if arrival < best else best_km
                    row[lane] = min(arrival, best)
        _read(minutes, asked, order, column, found[0][first : first + lanes])
        _read(km, asked, order, column, found[1][first : first + lanes])


@compiled
def _read(values: Floats, asked: Ints, order: Ints, column: Singles, found: Singles) -> None:
    """Copy what is asked, in two steps that both stay in the caches of the processor."""
    for at in range(asked.size):
        row = values[asked[at]]
        for lane in range(found.shape[0]):
            column[lane, at] = row[lane]
    for lane in range(found.shape[0]):
        for at in range(order.size):
            found[lane, at] = column[lane, order[at]]


@compiled
def climb(
    rows: Upward, up: Floats, up_km: Floats, minutes: Floats, km: Floats, seen: Bools, end: int, lane: int
) -> None:
    """Search up from an end: all that lies above it, the lowest first; ``km`` may be ``minutes``."""
    start, above = rows.start, rows.above
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
    km[end, lane] = 0.0
    minutes[end, lane] = 0.0
    for back in range(size):
        place = region[size - 1 - back]
        seen[place] = False
        for link in range(start[place], start[place + 1]):
            arrival = minutes[place, lane] + up[link]
            if arrival < minutes[above[link], lane]:
                km[above[link], lane] = km[place, lane] + up_km[link]
                minutes[above[link], lane] = arrival
