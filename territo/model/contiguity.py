r"""Territories in one piece (family CONTIG).

The sufficient rule: a commune joins a seat only with a neighbour that is
nearer to it,

.. math::
   t_{cp} \le \sum_{a \in Adj(c),\ \tau_{ap} < \tau_{cp}} t_{ap}

(Zoltners and Sinha 1983, doi:10.1287/mnsc.29.11.1237); ties in minutes are
broken by the order of the communes. It may forbid valid plans (case MC7). The
exact rule asks for a neighbour, nearer or not, and adds, for each piece D cut off from its seat in an answer and each
commune c of D, ``t_cp <= sum of t_vp over the separator``, and solves again
(Validi, Buchanan and Lykhovyd 2022, doi:10.1287/opre.2021.2141).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from territo.domain.arrays import Bools, Ints
from territo.model.families import Territories
from territo.model.problem import Problem
from territo.model.program import AT_MOST, Program

Cut = tuple[int, int, tuple[int, ...]]


def contiguity(m: Program, p: Problem) -> None:
    """Ask for a neighbour: a nearer one by the sufficient rule, any one by the exact rule.

    The exact rule adds its cuts while solving.
    """
    plan = p.territories
    if plan is None or plan.contiguity == "none":
        return
    neighbours = _neighbours(plan)
    for k in range(len(plan.seats)):
        rank = _ranks(plan, k)
        for c in range(len(p.communes)):
            if c != plan.seat_commune[k] and (c, k) in m.member:
                through = [a for a in neighbours[c] if plan.contiguity == "exact" or rank[a] < rank[c]]
                _join(m, p, plan, (c, k, tuple(through)), "contiguity")


def may_join(plan: Territories) -> Bools:
    """(n, p) whether a commune may belong to a seat, as far as its minutes and the sufficient rule tell."""
    within: Bools = np.isfinite(plan.minutes)
    if plan.contiguity != "sufficient":
        return within
    neighbours = _neighbours(plan)
    for k, home in enumerate(plan.seat_commune.tolist()):
        rank = _ranks(plan, k)
        for c in np.argsort(rank).tolist():
            within[c, k] &= c == home or any(within[a, k] and rank[a] < rank[c] for a in neighbours[c])
    return within


def _neighbours(plan: Territories) -> list[list[int]]:
    """Return the neighbours of each commune, in increasing order."""
    linked: list[list[int]] = [[] for _ in plan.workload]
    for a, b in plan.adjacency:
        linked[a].append(int(b))
        linked[b].append(int(a))
    return [sorted(around) for around in linked]


def _ranks(plan: Territories, k: int) -> Ints:
    """(n,) communes in the order of their minutes to a seat, the seat's own first."""
    rank = np.empty(len(plan.minutes), dtype=np.int64)
    rank[np.argsort(plan.minutes[:, k], kind="stable")] = np.arange(len(rank))
    rank[plan.seat_commune[k]] = -1
    return rank


def add_cuts(m: Program, p: Problem, cuts: Iterable[Cut], turn: int) -> None:
    """Add the separator cuts (commune, seat, separator) of one turn of the exact loop."""
    if p.territories is not None:
        for cut in cuts:
            _join(m, p, p.territories, cut, f"contiguity_cut{turn}")


def _join(m: Program, p: Problem, plan: Territories, cut: Cut, name: str) -> None:
    c, k, through = cut
    allowed = [(m.member[a, k], -1.0) for a in through if (a, k) in m.member]
    m.row(f"{name}({p.communes[c]},{p.sites.codes[plan.seats[k]]})", [(m.member[c, k], 1.0), *allowed], AT_MOST, 0.0)


def separators(plan: Territories, seat_of: Sequence[int]) -> list[Cut]:
    """Find the cuts that an answer violates.

    Parameters
    ----------
    plan
        The territories.
    seat_of
        (n,) position of the seat each commune belongs to.

    Returns
    -------
    list of (commune, seat, separator)
        Empty if every territory is in one piece.
    """
    neighbours = _neighbours(plan)
    cuts: list[Cut] = []
    for k in sorted(set(seat_of)):
        home = int(plan.seat_commune[k])
        members = {c for c, seat in enumerate(seat_of) if seat == k}
        pieces = members - _reached(neighbours, home, members)
        while pieces:
            piece = _reached(neighbours, min(pieces), pieces)
            pieces -= piece
            reachable = _reached(neighbours, home, set(range(len(neighbours))) - piece)
            rim = {a for c in piece for a in neighbours[c]} - piece
            separator = tuple(sorted(rim & reachable))
            cuts += [(c, k, separator) for c in sorted(piece)]
    return cuts


def in_pieces(plan: Territories, seat_of: Ints) -> bool:
    """Whether the territories break the rule of contiguity of a plan; ``seat_of`` is (n,) site of the seat.

    The sufficient rule may call a territory broken that is in one piece.
    """
    position = {int(site): k for k, site in enumerate(plan.seats)}
    seats = [position[int(site)] for site in seat_of]
    if plan.contiguity == "exact":
        return bool(separators(plan, seats))
    neighbours, ranks = _neighbours(plan), {k: _ranks(plan, k) for k in set(seats)}
    return any(
        c != plan.seat_commune[k] and not any(seats[a] == k and ranks[k][a] < ranks[k][c] for a in neighbours[c])
        for c, k in enumerate(seats)
    )


def _reached(neighbours: Sequence[Sequence[int]], start: int, within: set[int]) -> set[int]:
    """Communes that a walk from the start reaches without leaving the set."""
    seen, front = {start}, [start]
    while front:
        front = [a for c in front for a in neighbours[c] if a in within and a not in seen]
        seen.update(front)
        front = sorted(set(front))
    return seen
