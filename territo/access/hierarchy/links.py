"""The links that the contraction works on: for each node, a list that grows and shrinks.

A link between two nodes stands in the lists of both, with the way there and
the way back: most roads are two-way, and one list serves both directions.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from territo.domain.arrays import Floats, Ints
from territo.domain.compiled import compiled

NONE = -1


class Links(NamedTuple):
    """Lists of links in one pool.

    Node ``v`` reads ``first[v]``, then ``after`` until :data:`NONE`. A record
    gives the other node, minutes and km to it (``to``) and from it (``back``),
    ``inf`` where the road is one-way. ``spare[0]`` is the first free record.
    """

    first: Ints
    after: Ints
    other: Ints
    to: Floats
    back: Floats
    to_km: Floats
    back_km: Floats
    spare: Ints


@compiled
def empty_links(nodes: int, room: int) -> Links:
    """Make empty lists, with room for some records."""
    after = np.arange(1, room + 1)
    after[-1] = NONE
    return Links(
        np.full(nodes, NONE),
        after,
        np.full(room, NONE),
        np.full(room, np.inf),
        np.full(room, np.inf),
        np.full(room, np.inf),
        np.full(room, np.inf),
        np.zeros(1, np.int64),
    )


@compiled
def with_room(links: Links) -> Links:
    """Give twice the records when fewer than two are free."""
    free = links.spare[0]
    if free != NONE and links.after[free] != NONE:
        return links
    room = links.after.size
    larger = empty_links(links.first.size, 2 * room)
    larger.first[:] = links.first
    larger.after[:room] = links.after
    larger.other[:room] = links.other
    larger.to[:room] = links.to
    larger.back[:room] = links.back
    larger.to_km[:room] = links.to_km
    larger.back_km[:room] = links.back_km
    larger.spare[0] = room
    if free != NONE:
        larger.spare[0] = free
        larger.after[free] = room
    return larger


@compiled
def add_link(links: Links, tail: int, head: int, minutes: float, km: float) -> None:
    """Add a link, or make it faster where there is one; of equally fast ones the shorter stays."""
    there, here = find(links, tail, head), find(links, head, tail)
    if there == NONE:
        there, here = _record(links, tail, head), _record(links, head, tail)
    if minutes < links.to[there] or (minutes == links.to[there] and km < links.to_km[there]):
        links.to[there], links.to_km[there] = minutes, km
        links.back[here], links.back_km[here] = minutes, km


@compiled
def find(links: Links, node: int, other: int) -> int:
    """Return the record of a node's link with another, or :data:`NONE`."""
    record = int(links.first[node])
    while record != NONE and links.other[record] != other:
        record = int(links.after[record])
    return record


@compiled
def _record(links: Links, node: int, other: int) -> int:
    record = int(links.spare[0])
    links.spare[0] = links.after[record]
    links.after[record], links.first[node] = links.first[node], record
    links.other[record] = other
    links.to[record], links.back[record] = np.inf, np.inf
    links.to_km[record], links.back_km[record] = np.inf, np.inf
    return record


@compiled
def drop(links: Links, node: int, other: int) -> None:
    """Take one record out of the list of a node."""
    before, record = NONE, links.first[node]
    while links.other[record] != other:
        before, record = record, links.after[record]
    if before == NONE:
        links.first[node] = links.after[record]
    else:
        links.after[before] = links.after[record]
    links.after[record], links.spare[0] = links.spare[0], record
