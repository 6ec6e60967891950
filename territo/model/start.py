"""What to start from: seats, sites and territories that are likely, or the answer of a neighbour.

Nothing is proven here: HiGHS completes a start, or drops it where the other
promises do not allow it. Seats near the inhabitants, by a p-median over the
communes: on 124 communes and 28 possible seats there is an answer within 0.3 %
of the optimum before the search of HiGHS finds a first one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from territo.domain.arrays import Bools, Ints
from territo.locate import fixed_charge, p_median
from territo.model.contiguity import may_join
from territo.model.plan import Plan
from territo.model.problem import Problem
from territo.model.solution import Solution

TIME_LIMIT_S = 1.0
# price of an hour on the road where the first goal gives less, to guess where points stand (domain specification,
# section 2)
USUAL_HOUR_EUR = 8.6
# how well a location of one service alone is solved
GAP = 1e-3


def first_seats(p: Problem) -> Mapping[str, float]:
    """Say which communes are seats, for the middle of the numbers of territories allowed; nothing without poles."""
    plan = p.territories
    if plan is None:
        return {}
    minutes = np.where(may_join(plan), plan.minutes, np.inf)
    reached = np.isfinite(minutes).any(axis=1)
    population = np.bincount(p.node_commune, p.population, minlength=len(p.communes))
    number = min((plan.fewest + plan.most) // 2, plan.seats.size)
    answer = p_median(minutes[reached], population[reached], number, time_limit=TIME_LIMIT_S)
    if not answer.open_sites.size:
        return {}
    chosen = {*answer.open_sites.tolist()}
    return {
        _member(p, int(commune), int(plan.seats[seat])): float(seat in chosen)
        for seat, commune in enumerate(plan.seat_commune)
        if np.isfinite(plan.minutes[commune, seat])
    }


def from_solution(p: Problem, known: Solution) -> dict[str, float]:
    """Start from the answer of a problem that differs by its limits and goals only."""
    sites, services = p.sites.codes, p.services.codes
    values = {f"open({site})": float(known.offered[j].any()) for j, site in enumerate(sites)}
    for s, service in enumerate(services):
        values |= {f"offered({site},{service})": float(known.offered[j, s]) for j, site in enumerate(sites)}
        values |= {f"mode({service},{name})": float(known.modality[s] == name) for name in p.services.choices[s]}
        for i, node in enumerate(p.nodes):
            for j, site in enumerate(sites):
                values[f"share({node},{site},{service})"] = float(known.site_of[i, s] == j)
    return values | territories_of(p, known.seat_of)


def given(p: Problem, plan: Plan, free: frozenset[int] = frozenset()) -> dict[str, float]:
    """Fix what a plan decides, but for the points and the modality of services that are free."""
    values = territories_of(p, plan.seat_of)
    for s, service in enumerate(p.services.codes):
        if s not in free:
            values |= {f"offered({site},{service})": float(plan.offered[j, s]) for j, site in enumerate(p.sites.codes)}
            values |= {f"mode({service},{name})": float(plan.modality[s] == name) for name in p.services.choices[s]}
    return values


def territories_of(p: Problem, seat_of: Ints) -> dict[str, float]:
    """Say which commune belongs to which seat; ``seat_of`` is (n,) sites."""
    if p.territories is None:
        return {}
    return {
        _member(p, c, int(site)): float(seat_of[c] == site)
        for c in range(len(p.communes))
        for site in p.territories.seats
    }


def _member(p: Problem, commune: int, site: int) -> str:
    return f"member({p.communes[commune]},{p.sites.codes[site]})"


def target_only(p: Problem) -> Problem:
    """Leave out the way, what comes after the first aim, and the moves that nothing limits."""
    free = p.moves is not None and p.moves.most_fte is None
    return replace(p, phasing=None, goals=p.goals[:1], moves=None if free else p.moves)


def hour_eur(p: Problem) -> float:
    """Return the price that the first goal gives to hours; the usual one where it compares them with nothing."""
    goal = p.goals[0]
    return goal.get("travel", 0.0) / goal["cost"] if goal.get("cost") else USUAL_HOUR_EUR


def likely_sites(p: Problem, service: int, pairs: Bools) -> Ints:
    """(i,) site that each node would use, were the service alone; ``pairs`` are the (i, j) allowed ones.

    A fixed charge: points that pay for themselves at the price that the first
    goal gives to hours, or a usual one where it is higher, as many as there are smallest teams at most.
    """
    s, services = service, p.services
    # where hours cost next to nothing one point would do, and tell nothing of where others may stand
    hour = max(hour_eur(p), USUAL_HOUR_EUR)
    minutes = np.where(pairs, p.minutes, np.inf)
    reached, places = pairs.any(axis=1), pairs.any(axis=0)
    opening = services.point_eur[s] + p.shared_reception * services.reception_m2[s] * p.sites.reception_eur_m2
    yearly = p.visits[reached, s] * hour * 2.0 / 60.0
    site_of = np.zeros(len(p.nodes), dtype=np.int64)
    answer = fixed_charge(minutes[np.ix_(reached, places)], yearly, opening[places], time_limit=TIME_LIMIT_S, gap=GAP)
    work = p.units[:, s].sum() / services.productivity[s]
    least = services.least_team[s]
    most = max(int(work / least), 1) if np.isfinite(work) and least else answer.open_sites.size
    if answer.open_sites.size > most:
        answer = p_median(
            minutes[np.ix_(reached, places)], p.visits[reached, s], most, time_limit=TIME_LIMIT_S, gap=GAP
        )
    site_of[reached] = np.flatnonzero(places)[answer.assignment]
    return site_of
