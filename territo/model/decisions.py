"""Create the decisions that the problem needs, and no other.

Variables exist only for allowed pairs. Services that stand at every seat share
the decisions of the territories, so they need none of their own.
"""

from __future__ import annotations

import numpy as np

from territo.domain.arrays import Bools
from territo.domain.organisation import IN_POLES
from territo.model.problem import Problem
from territo.model.program import Program


def decide(m: Program, p: Problem) -> None:
    """Add all decisions of the problem to the program."""
    _territories(m, p)
    _sites(m, p)
    _stops(m, p)
    for s in range(len(p.services.codes)):
        _modes(m, p, s)
        _points(m, p, s)
        _shares(m, p, s)


def at_every_seat(p: Problem, s: int) -> bool:
    """Whether the service stands at the seats of the territories and nowhere else."""
    return p.given(s, "poles") and not p.required[:, s].any()


def _territories(m: Program, p: Problem) -> None:
    plan = p.territories
    if plan is None:
        return
    for k, site in enumerate(plan.seats):
        for c, commune in enumerate(p.communes):
            if np.isfinite(plan.minutes[c, k]):
                m.member[c, k] = m.choice(f"member({commune},{p.sites.codes[site]})")


def _sites(m: Program, p: Problem) -> None:
    for j, site in enumerate(p.sites.codes):
        m.opened[j] = m.choice(f"open({site})")
        m.reception[j] = m.variable(f"reception({site})")


def _modes(m: Program, p: Problem, s: int) -> None:
    choices = p.services.choices[s]
    if len(choices) > 1:
        for name in choices:
            m.mode[s, name] = m.choice(f"mode({p.services.codes[s]},{name})")


def _points(m: Program, p: Problem, s: int) -> None:
    for j, site in enumerate(p.sites.codes):
        seat = p.seat_at(j)
        if at_every_seat(p, s):
            if seat is None or p.territories is None:
                continue
            m.offered[j, s] = m.member[int(p.territories.seat_commune[seat]), seat]
        elif may_stand(p, j, s):
            m.offered[j, s] = m.choice(f"offered({site},{p.services.codes[s]})")
        else:
            continue
        if np.isfinite(p.services.productivity[s]):
            m.staff[j, s] = m.variable(f"staff({site},{p.services.codes[s]})")


def may_stand(p: Problem, j: int, s: int) -> bool:
    """Whether the law or one of the modalities allows a point of the service at the site."""
    return bool(
        p.required[j, s]
        or (p.possible(s, "free", "poles_antennas") and p.free_at[j, s])
        or (p.possible(s, *IN_POLES) and p.seat_at(j) is not None)
        or (p.possible(s, "central") and j == p.headquarters)
    )


def _stops(m: Program, p: Problem) -> None:
    if p.stops is None:
        return
    for q, j in enumerate(p.stops.sites):
        site = p.sites.codes[j]
        m.stop[q] = m.choice(f"stop({site})")
        m.half_days[q] = m.variable(f"half_days({site})", high=float(p.stops.most), whole=True)
        for r in np.flatnonzero(np.isfinite(p.stops.half_day_eur[q])):
            m.held[q, int(r)] = m.variable(f"held({site},{p.sites.codes[p.stops.parents[r]]})")
    for i, q, s in zip(*np.nonzero(p.stops.usable), strict=True):
        name = f"visit({p.nodes[i]},{p.sites.codes[p.stops.sites[q]]},{p.services.codes[s]})"
        m.visit[int(i), int(q), int(s)] = m.choice(name)


def seats_decide(p: Problem, s: int) -> bool:
    """Whether who goes where follows from the territories alone, so that services share that decision."""
    return at_every_seat(p, s) and not p.itinerant(s)


def _shares(m: Program, p: Problem, s: int) -> None:
    own_territory = seats_decide(p, s) and p.services.sector[s]
    owner = "nearest_seat" if seats_decide(p, s) else p.services.codes[s]
    useful = within_what_the_law_keeps(p, s)
    for i, node in enumerate(p.nodes):
        commune = int(p.node_commune[i])
        for j, site in enumerate(p.sites.codes):
            if (j, s) not in m.offered or not useful[i, j]:
                continue
            if own_territory:
                seat = p.seat_at(j)
                if seat is not None and (commune, seat) in m.member:
                    m.share[i, j, s] = m.member[commune, seat]
                continue
            if (i, j, owner) not in m.shared:
                name = f"share({node},{site},{owner})"
                m.shared[i, j, owner] = m.choice(name) if _may_split(p, s) else m.variable(name, high=1.0)
            m.share[i, j, s] = m.shared[i, j, owner]
        if p.beyond is not None and p.beyond[i, :, s].any():
            m.farther[i, s] = m.variable(f"farther({node},{owner})", high=1.0)


def within_what_the_law_keeps(p: Problem, s: int) -> Bools:
    """(i, j) allowed pairs no farther than the nearest point that the law keeps, where users choose the nearest."""
    pairs: Bools = p.allowed[:, :, s]
    kept = pairs & p.required[:, s]
    if not p.services.nearest[s] or (p.services.sector[s] and p.possible(s, *IN_POLES)):
        return pairs
    order = np.argsort(p.minutes, axis=1, kind="stable")
    rank = np.argsort(order, axis=1, kind="stable")
    last = np.min(rank, axis=1, where=kept, initial=rank.shape[1])
    near: Bools = pairs & (rank <= last[:, None])
    return near


def _may_split(p: Problem, s: int) -> bool:
    """Whether an optimum could split a node between sites, were its shares not whole."""
    if p.services.nearest[s] and not p.services.sector[s]:
        return False
    if p.phasing is not None and p.phasing.step is not None:  # on the way, who goes where follows from the points
        return False
    return p.possible(s, "poles_antennas") or (p.possible(s, "free") and not p.services.nearest[s])
