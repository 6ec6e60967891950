r"""Itinerant stops (family ITINERANCE).

.. math::
   v_{min}\, a_k \le v_k \le v_{max}\, a_k, \qquad \sum_r v_{kr} = v_k, \qquad v_{kr} \le v_{max}\, o_r, \\
   e_{iks} \le a_k, \qquad \sum_k e_{iks} \le 1, \qquad e_{iks} + y_{ks} \le 1, \qquad
   \sum_{is} \frac{H}{b_s} d_{is}\, \gamma\, e_{iks} \le 47 \times 4\, v_k

a: a stop stands at site k; v: its half-days a week, v_kr those held by agents
of site r; o: site r is a pole (the siège without territories); e: node i uses
the stop for service s; gamma: share of its users that a stop suits; H: hours
of an FTE a year; b: units an FTE handles a year; d: units a year. The share
gamma e enters ASSIGN and, at stops nearer than a fixed point, CLOSEST. Domain
specification, sections 5.4, 5.5 and 7.
"""

from __future__ import annotations

from territo.model.families import Stops
from territo.model.problem import Problem
from territo.model.program import AT_LEAST, AT_MOST, EQUAL, Program


def itinerance(m: Program, p: Problem) -> None:
    """Hold stops for some half-days a week, from an open pole, with time enough for those who use them."""
    stops = p.stops
    if stops is None:
        return
    for q, j in enumerate(stops.sites):
        site, days = p.sites.codes[j], m.half_days[q]
        m.row(f"itinerance_least({site})", [(days, 1.0), (m.stop[q], -float(stops.fewest))], AT_LEAST, 0.0)
        m.row(f"itinerance_most({site})", [(days, 1.0), (m.stop[q], -float(stops.most))], AT_MOST, 0.0)
        _held(m, p, stops, q)
        _worked(m, p, stops, q)
    _used(m, p, stops)


def _held(m: Program, p: Problem, stops: Stops, q: int) -> None:
    site = p.sites.codes[stops.sites[q]]
    held = [(m.held[q, r], 1.0) for r in range(len(stops.parents)) if (q, r) in m.held]
    m.row(f"itinerance_held({site})", [*held, (m.half_days[q], -1.0)], EQUAL, 0.0)
    for r, parent in enumerate(stops.parents):
        seat = p.seat_at(int(parent))
        if (q, r) not in m.held or seat is None or p.territories is None:
            continue
        pole = m.member[int(p.territories.seat_commune[seat]), seat]
        label = f"{site},{p.sites.codes[parent]}"
        m.row(f"itinerance_pole({label})", [(m.held[q, r], 1.0), (pole, -float(stops.most))], AT_MOST, 0.0)


def _worked(m: Program, p: Problem, stops: Stops, q: int) -> None:
    """Give the agents of a stop the time that its users need."""
    work = [
        (used, stops.credit * float(p.units[i, s]) * float(stops.hours_per_unit[s]))
        for (i, stop, s), used in m.visit.items()
        if stop == q
    ]
    row = [*work, (m.half_days[q], -stops.hours_per_half_day)]
    m.row(f"itinerance_work({p.sites.codes[stops.sites[q]]})", row, AT_MOST, 0.0)


def _used(m: Program, p: Problem, stops: Stops) -> None:
    for (i, q, s), used in m.visit.items():
        j = int(stops.sites[q])
        label = f"{p.nodes[i]},{p.sites.codes[j]},{p.services.codes[s]}"
        m.row(f"itinerance_use({label})", [(used, 1.0), (m.stop[q], -1.0)], AT_MOST, 0.0)
        if (j, s) in m.offered:
            m.row(f"itinerance_apart({label})", [(used, 1.0), (m.offered[j, s], 1.0)], AT_MOST, 1.0)
    for i, s in sorted({(i, s) for i, _, s in m.visit}):
        one = [(used, 1.0) for (node, _, service), used in m.visit.items() if (node, service) == (i, s)]
        if len(one) > 1:
            m.row(f"itinerance_one({p.nodes[i]},{p.services.codes[s]})", one, AT_MOST, 1.0)
