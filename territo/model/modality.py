r"""Where a service may stand (family MODALITY), and who serves a territory (family SECTOR).

.. math::
   \sum_m z_{sm} = 1, \qquad
   y_{js} \le z_{s,free} + z_{s,p+a} + [j = siège]\, z_{s,central} + l_{js}, \qquad
   t_{pp} + z_{s,poles} + z_{s,p+a} - 1 \le l_{ps} \le \min(t_{pp}, z_{s,poles} + z_{s,p+a}), \\
   x_{ips} \le t_{c(i)p} + 1 - z_{s,poles}, \qquad
   x_{ijs} \le 1 - z_{s,p+a} + 1 - t_{c(i)p} + t_{m(j)p}

z: modality of service s (p+a: poles and antennas); l: seat p offers s as a
pole; t: membership; m(j): commune of site j. Rows are written only for
services with a choice; a given modality is a matter of which decisions exist.
Domain specification, section 5.4.
"""

from __future__ import annotations

from territo.domain.organisation import IN_POLES
from territo.model.decisions import at_every_seat
from territo.model.problem import Problem
from territo.model.program import AT_LEAST, AT_MOST, EQUAL, Program


def modality(m: Program, p: Problem) -> None:
    """Choose one modality a service, and let points stand where it allows."""
    for s, service in enumerate(p.services.codes):
        if len(p.services.choices[s]) > 1:
            modes = [(m.mode[s, name], 1.0) for name in p.services.choices[s]]
            m.row(f"modality({service})", modes, EQUAL, 1.0)
        if p.possible(s, *IN_POLES) and not at_every_seat(p, s):
            _stand_at_seats(m, p, s)
        if len(p.services.choices[s]) > 1:
            _stand_where_allowed(m, p, s)


def _stand_at_seats(m: Program, p: Problem, s: int) -> None:
    """Put a service in poles at every seat."""
    plan = p.territories
    if plan is None:
        return
    for k, j in enumerate(plan.seats):
        label = f"{p.sites.codes[j]},{p.services.codes[s]}"
        seat = m.member[int(plan.seat_commune[k]), k]
        chosen = [] if p.in_poles(s) else [(z, -1.0) for z in m.in_poles(s)]
        m.liaison[k, s] = m.variable(f"liaison({label})", high=1.0)
        both = [(m.liaison[k, s], 1.0), (seat, -1.0), *chosen]
        m.row(f"modality_pole({label})", both, AT_LEAST, -1.0 if chosen else 0.0)
        m.row(f"modality_seat({label})", [(m.liaison[k, s], 1.0), (seat, -1.0)], AT_MOST, 0.0)
        if chosen:
            m.row(f"modality_chosen({label})", [(m.liaison[k, s], 1.0), *chosen], AT_MOST, 0.0)
        m.row(f"modality_offer({label})", [(m.offered[int(j), s], 1.0), (m.liaison[k, s], -1.0)], AT_LEAST, 0.0)


def _stand_where_allowed(m: Program, p: Problem, s: int) -> None:
    for (j, service), point in m.offered.items():
        if service != s or p.required[j, s]:
            continue
        allowing = [(m.mode[s, name], -1.0) for name in ("poles_antennas", "free") if (s, name) in m.mode]
        if j == p.headquarters and (s, "central") in m.mode:
            allowing.append((m.mode[s, "central"], -1.0))
        seat = p.seat_at(j)
        if seat is not None and (seat, s) in m.liaison:
            allowing.append((m.liaison[seat, s], -1.0))
        label = f"{p.sites.codes[j]},{p.services.codes[s]}"
        m.row(f"modality_place({label})", [(point, 1.0), *allowing], AT_MOST, 0.0)


def sector(m: Program, p: Problem) -> None:
    """In poles, the communes of a territory use its own seat, or an antenna inside it."""
    for (i, j, s), share in m.share.items():
        if not p.services.sector[s] or p.territories is None:
            continue
        label = f"{p.nodes[i]},{p.sites.codes[j]},{p.services.codes[s]}"
        seat = p.seat_at(j)
        own_share = p.itinerant(s) and at_every_seat(p, s)
        if seat is not None and ((s, "poles") in m.mode or own_share):
            own = m.member.get((int(p.node_commune[i]), seat))
            chosen = [(m.mode[s, "poles"], 1.0)] if (s, "poles") in m.mode else []
            terms = [(share, 1.0), *chosen, *([] if own is None else [(own, -1.0)])]
            m.row(f"sector({label})", terms, AT_MOST, float(len(chosen)))
        if p.possible(s, "poles_antennas") and p.sites.commune[j] != p.node_commune[i]:
            _inside(m, p, (i, j, s), label)


def _inside(m: Program, p: Problem, key: tuple[int, int, int], label: str) -> None:
    """Keep a node out of a site whose commune is in another territory."""
    i, j, s = key
    plan = p.territories
    if plan is None:
        return
    chosen = [(m.mode[s, "poles_antennas"], 1.0)] if (s, "poles_antennas") in m.mode else []
    for k, seat in enumerate(plan.seats):
        home, there = m.member.get((int(p.node_commune[i]), k)), m.member.get((int(p.sites.commune[j]), k))
        if home is not None:
            sides = [(home, 1.0), *([] if there is None else [(there, -1.0)])]
            row = [(m.share[key], 1.0), *chosen, *sides]
            m.row(f"sector_inside({label},{p.sites.codes[seat]})", row, AT_MOST, 1.0 + len(chosen))
