"""The terms of the objective; each one is also a limit, and a reported value.

========== ======================================================= ==================
term       what                                                    unit
========== ======================================================= ==================
cost       running cost, fit-out annuity included                  euro per year
travel     users' time on the road, both ways                      hours per year
coverage   inhabitants beyond the target time, summed over services inhabitants
equity     Kolm-Pollak proxy over visits (section 4), or the mean  weighted visits,
           of the worst-served visits                              or minutes
========== ======================================================= ==================

Domain specification, section 5.5.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from territo.domain.arrays import Floats
from territo.domain.organisation import IN_POLES
from territo.model.problem import Problem
from territo.model.program import Decision, Program, Term


def cost(m: Program, p: Problem) -> Term:
    """Sum the running cost: teams, points, area, sites, coordination, field travel, stops, moves."""
    terms: Term = []
    for (j, s), team in m.staff.items():
        area = float(p.services.space_m2[s] * p.sites.staff_eur_m2[j, s])
        terms.append((team, float(p.services.fte_eur[s]) + area))
    terms += [(point, float(p.services.point_eur[s])) for (_, s), point in m.offered.items()]
    terms += [(area, float(p.sites.reception_eur_m2[j])) for j, area in m.reception.items()]
    terms += [(opened, float(p.sites.opening_eur[j])) for j, opened in m.opened.items()]
    terms += _coordination(m, p)
    terms += _weighted_shares(m, p, p.agent_eur)
    if p.stops is not None:
        terms += [(held, float(p.stops.half_day_eur[key])) for key, held in m.held.items()]
    if p.moves is not None:
        terms += [(move, float(p.moves.yearly_eur[o, j])) for (o, j, _), move in m.move.items()]
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
    return _weighted_shares(m, p, p.hours)


def coverage(m: Program, p: Problem) -> Term:
    """Count the inhabitants beyond the target time of each service that has one."""
    return _weighted_shares(m, p, p.population[:, None, None] * (1.0 - p.covered))


def equity(m: Program, p: Problem) -> Term:
    """Sum the weighted visits x exp(kappa x minutes), in the order of the Kolm-Pollak equivalent; or CVaR."""
    if p.worst_share is not None:
        return m.worst
    return _weighted_shares(m, p, p.need[:, None, :] * p.unevenness[:, :, None])


def _weighted_shares(m: Program, p: Problem, weights: Floats) -> Term:
    near = [(share, part * float(weights[key])) for key, share, part in served(m, p) if weights[key]]
    return [*near, *((share, least) for _, share, least in best_beyond(m, p, weights) if least)]


def best_beyond(m: Program, p: Problem, weights: Floats) -> Iterator[tuple[tuple[int, int], Decision, float]]:
    """Yield the shares of what is beyond the near sites: (node, service), decision, least of the (i, j, s) weights."""
    if p.beyond is not None:
        least = np.min(weights, axis=1, where=p.beyond, initial=np.inf)
        for (i, s), share in m.farther.items():
            yield (i, s), share, float(least[i, s])


def served(m: Program, p: Problem) -> Iterator[tuple[tuple[int, int, int], Decision, float]]:
    """Yield who goes where: (node, site, service), the decision, and the part of the node that it moves."""
    for key, share in m.share.items():
        yield key, share, 1.0
    if p.stops is not None:
        for (i, q, s), used in m.visit.items():
            yield (i, int(p.stops.sites[q]), s), used, p.stops.credit


TERMS: dict[str, Callable[[Program, Problem], Term]] = {
    "cost": cost,
    "travel": travel,
    "coverage": coverage,
    "equity": equity,
}
