"""The terms of the objective; each one is also a limit, and a reported value.

========== ======================================================= ==================
term       what                                                    unit
========== ======================================================= ==================
cost       running cost, fit-out annuity included                  euro per year
travel     users' time on the road, both ways                      hours per year
coverage   inhabitants beyond the target time, summed over services inhabitants
equity     Kolm-Pollak proxy over visits (section 4)               weighted visits
========== ======================================================= ==================

Domain specification, section 5.5.
"""

from __future__ import annotations

from collections.abc import Callable

from territo.domain.arrays import Floats
from territo.domain.organisation import IN_POLES
from territo.model.problem import Problem
from territo.model.program import Program, Term


def cost(m: Program, p: Problem) -> Term:
    """Sum the running cost: teams, points, area, sites, coordination, field travel."""
    terms: Term = []
    for (j, s), team in m.staff.items():
        area = float(p.services.space_m2[s] * p.sites.staff_eur_m2[j, s])
        terms.append((team, float(p.services.fte_eur[s]) + area))
    terms += [(point, float(p.services.point_eur[s])) for (_, s), point in m.offered.items()]
    terms += [(area, float(p.sites.reception_eur_m2[j])) for j, area in m.reception.items()]
    terms += [(opened, float(p.sites.opening_eur[j])) for j, opened in m.opened.items()]
    terms += _coordination(m, p)
    terms += _weighted_shares(m, p.agent_eur)
    return [(variable, weight) for variable, weight in terms if weight]


def _coordination(m: Program, p: Problem) -> Term:
    price = p.coordination
    terms: Term = [(fte, price.manager_eur) for fte in m.manager.values()]
    terms += [(branch, price.manager_eur * price.branch_fte) for branch in m.branch.values()]
    if p.territories is None:
        return terms
    for s in range(len(p.services.codes)):
        for k, home in enumerate(p.territories.seat_commune):
            if p.possible(s, *IN_POLES):
                pole = m.liaison.get((k, s), m.member[int(home), k])
                terms.append((pole, price.manager_eur * price.liaison_fte))
    return terms


def travel(m: Program, p: Problem) -> Term:
    """Sum the users' hours on the road."""
    return _weighted_shares(m, p.hours)


def coverage(m: Program, p: Problem) -> Term:
    """Count the inhabitants beyond the target time of each service that has one."""
    return _weighted_shares(m, p.population[:, None, None] * (1.0 - p.covered))


def equity(m: Program, p: Problem) -> Term:
    """Sum the weighted visits x exp(kappa x minutes): the same order as the Kolm-Pollak equivalent."""
    return _weighted_shares(m, p.need[:, None, :] * p.unevenness[:, :, None])


def _weighted_shares(m: Program, weights: Floats) -> Term:
    return [(share, float(weights[key])) for key, share in m.share.items() if weights[key]]


TERMS: dict[str, Callable[[Program, Problem], Term]] = {
    "cost": cost,
    "travel": travel,
    "coverage": coverage,
    "equity": equity,
}
