r"""Territories: a partition of the communes around seats (family TERRITORY).

.. math::
   \sum_p t_{cp} = 1, \qquad t_{cp} \le t_{pp}, \qquad P_{min} \le \sum_p t_{pp} \le P_{max}

t: commune c belongs to the territory of seat p; seats belong to their own.
Hess et al. 1965, doi:10.1287/opre.13.6.998; domain specification, section 5.4.
"""

from __future__ import annotations

from territo.model.families import Territories
from territo.model.problem import Problem
from territo.model.program import AT_LEAST, AT_MOST, EQUAL, Program


def territory(m: Program, p: Problem) -> None:
    """Put each commune in exactly one territory."""
    plan = p.territories
    if plan is None:
        return
    for c, commune in enumerate(p.communes):
        options = [(m.member[c, k], 1.0) for k in range(len(plan.seats)) if (c, k) in m.member]
        m.row(f"territory({commune})", options, EQUAL, 1.0)
    for (c, k), belongs in m.member.items():
        home = int(plan.seat_commune[k])
        if c != home:
            name = f"territory_seat({p.communes[c]},{p.sites.codes[plan.seats[k]]})"
            m.row(name, [(belongs, 1.0), (m.member[home, k], -1.0)], AT_MOST, 0.0)
    seats = [(m.member[int(plan.seat_commune[k]), k], 1.0) for k in range(len(plan.seats))]
    m.row("territory_fewest()", seats, AT_LEAST, plan.fewest)
    m.row("territory_most()", seats, AT_MOST, plan.most)


def locks(m: Program, p: Problem) -> None:
    """Keep the wishes: communes together or apart, inside or outside a territory."""
    plan = p.territories
    if plan is None:
        return
    for a, b, together in plan.together:
        _pair(m, p, plan, (a, b), together=together)
    for c, k, wanted in plan.inside:
        name = f"lock_inside({p.communes[c]},{p.sites.codes[plan.seats[k]]})"
        m.row(name, [(m.member[c, k], 1.0)], EQUAL, float(wanted))


def _pair(m: Program, p: Problem, plan: Territories, pair: tuple[int, int], *, together: bool) -> None:
    a, b = pair
    for k in range(len(plan.seats)):
        wish = "together" if together else "apart"
        name = f"lock_{wish}({p.communes[a]},{p.communes[b]},{p.sites.codes[plan.seats[k]]})"
        if together:
            m.row(name, [(m.member[a, k], 1.0), (m.member[b, k], -1.0)], EQUAL, 0.0)
        else:
            m.row(name, [(m.member[a, k], 1.0), (m.member[b, k], 1.0)], AT_MOST, 1.0)
