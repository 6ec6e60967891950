r"""Means that follow needs (family EQUITY, means).

.. math::
   \sum_p F_{jp} = \sum_s E_{js}, \quad F_{jp} \le \bar E\, t_{m(j)p}, \qquad
   \sum_p G_{cp} = \sum_{js} E_{js} = E, \quad G_{cp} \le \bar E\, t_{cp}, \\
   \sum_j F_{jp} \ge \rho \sum_c \nu_c G_{cp}, \qquad
   \sum_p \Bigl( \sum_c \nu_c G_{cp} - \sum_j F_{jp} \Bigr)^+ \le D\, E

F: FTE of the site j that belong to the territory of seat p; E: all FTE of the
services that are not central; nu: share of the need of commune c, so that the
sum over c of nu G is what the territory would have by its need; rho: least
means per need of a territory over the overall one; D: greatest share of the
agents to move. A team may be larger than its demand asks, where a territory
would lack means otherwise. G is E times membership, exactly, since t is 0 or 1. Domain
specification, section 4.
"""

from __future__ import annotations

from territo.model.families import Means, Territories
from territo.model.problem import Problem
from territo.model.program import AT_LEAST, AT_MOST, EQUAL, Program, Term


def means(m: Program, p: Problem) -> None:
    """Keep each territory close to the means that its need asks for."""
    wish, plan = p.means, p.territories
    if wish is None or plan is None:
        return
    teams = {key: team for key, team in m.staff.items() if wish.local[key[1]]}
    total = [(team, 1.0) for team in teams.values()]
    most = sum(p.team_for(s, float(p.units[:, s].sum())) for _, s in teams)
    here = _staff_of_seats(m, p, plan, most)
    due = _due(m, p, plan, (total, most))
    for k, j in enumerate(plan.seats):
        seat = p.sites.codes[j]
        if wish.least_ratio is not None:
            asked = [(part, -wish.least_ratio * weight) for part, weight in due[k]]
            m.row(f"means_least({seat})", [*here[k], *asked], AT_LEAST, 0.0)
    if wish.most_gap is not None:
        _gap(m, p, wish, [(here[k], due[k]) for k in range(len(plan.seats))], total)


def _gap(m: Program, p: Problem, wish: Means, territories: list[tuple[Term, Term]], total: Term) -> None:
    plan, short = p.territories, []
    if plan is None or wish.most_gap is None:
        return
    for j, (here, due) in zip(plan.seats, territories, strict=True):
        short.append((m.variable(f"short({p.sites.codes[j]})"), 1.0))
        row = [short[-1], *here, *((part, -weight) for part, weight in due)]
        m.row(f"means_short({p.sites.codes[j]})", row, AT_LEAST, 0.0)
    m.row("means_gap()", [*short, *((team, -wish.most_gap) for team, _ in total)], AT_MOST, 0.0)


def _staff_of_seats(m: Program, p: Problem, plan: Territories, most: float) -> list[Term]:
    """FTE of the local services in the territory of each seat, as terms."""
    here: list[Term] = [[] for _ in plan.seats]
    for j, site in enumerate(p.sites.codes):
        teams = [(team, -1.0) for (k, s), team in m.staff.items() if k == j and p.means and p.means.local[s]]
        parts: Term = []
        for k, seat in enumerate(plan.seats):
            belongs = m.member.get((int(p.sites.commune[j]), k))
            if teams and belongs is not None:
                part = m.variable(f"means({site},{p.sites.codes[seat]})")
                m.row(f"means_inside({site},{p.sites.codes[seat]})", [(part, 1.0), (belongs, -most)], AT_MOST, 0.0)
                parts.append((part, 1.0))
                here[k].append((part, 1.0))
        if teams:
            m.row(f"means_site({site})", [*parts, *teams], EQUAL, 0.0)
    return here


def _due(m: Program, p: Problem, plan: Territories, whole: tuple[Term, float]) -> list[Term]:
    """FTE that the need of each territory would bring it, as terms."""
    total, most = whole
    due: list[Term] = [[] for _ in plan.seats]
    for c, commune in enumerate(p.communes):
        weight = 0.0 if p.means is None else float(p.means.need[c] / p.means.need.sum())
        if weight == 0.0:
            continue
        parts: Term = []
        for k, seat in enumerate(plan.seats):
            if (c, k) in m.member:
                part = m.variable(f"due({commune},{p.sites.codes[seat]})")
                row = [(part, 1.0), (m.member[c, k], -most)]
                m.row(f"means_due({commune},{p.sites.codes[seat]})", row, AT_MOST, 0.0)
                parts.append((part, 1.0))
                due[k].append((part, weight))
        m.row(f"means_whole({commune})", [*parts, *((team, -1.0) for team, _ in total)], EQUAL, 0.0)
    return due
