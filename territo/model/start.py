"""A first answer to start from, which HiGHS completes, or drops where the other promises do not allow it.

Seats near the inhabitants, by a p-median over the communes: on 124 communes
and 28 possible seats there is an answer within 0.3 % of the optimum before
the search of HiGHS finds a first one. On a large problem, the answer of a
smaller one, in which people use only the sites nearest to them: on 158
communes, 40 sites and 28 services it is proven in a minute, where the whole
has no answer in two. Nothing is proven there: the whole is solved all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from territo.locate import p_median
from territo.locate.highs import Options
from territo.model import solver
from territo.model.problem import Problem
from territo.model.program import Decision, Program
from territo.model.solution import Solution
from territo.progress import Progress

TIME_LIMIT_S = 1.0
# so many nearest sites, in problems of so many pairs of a node and a site, all services together
NEAREST, LARGE = 8, 100_000
# of a way that only gives the search a beginning
GAP_TO_START = 0.01
# a smaller problem that keeps more of the pairs is not worth it
WORTHWHILE = 0.5


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


def near_only(p: Problem) -> Problem | None:
    """Leave out sites far from a node where people choose freely; None where that would spare little."""
    chosen = p.services.nearest & ~p.services.sector & [p.possible(s, "free") for s in range(len(p.services.codes))]
    rank = np.argsort(np.argsort(p.minutes, axis=1, kind="stable"), axis=1, kind="stable")
    always = p.sites.kept.copy()
    always[p.headquarters] = True
    near = (rank < NEAREST)[:, :, None] | always[None, :, None] | p.required[None, :, :] | ~chosen
    pairs = int(p.allowed.sum())
    kept = p.allowed & near
    if pairs < LARGE or kept.sum() > WORTHWHILE * pairs:
        return None
    return replace(p, allowed=kept)


def from_solution(m: Program, p: Problem, known: Solution) -> Mapping[Decision, float]:
    """Start from the answer of a problem that differs by its limits and goals only."""
    plan = p.territories
    values: dict[Decision, float] = {}
    for (c, k), belongs in m.member.items():
        values[belongs] = float(plan is not None and known.seat_of[c] == plan.seats[k])
    for (i, j, s), share in m.share.items():
        values[share] = float(known.site_of[i, s] == j)
    values |= {point: float(known.offered[key]) for key, point in m.offered.items()}
    values |= {opened: float(known.offered[j].any()) for j, opened in m.opened.items()}
    return values | {chosen: float(known.modality[s] == name) for (s, name), chosen in m.mode.items()}


def target_only(p: Problem) -> Problem:
    """Leave out the way, what comes after the first aim, and the moves that nothing limits."""
    free = p.moves is not None and p.moves.most_fte is None
    return replace(p, phasing=None, goals=p.goals[:1], moves=None if free else p.moves)


def first_way(
    m: Program, known: Mapping[Decision, float], options: Options, progress: Progress
) -> Mapping[Decision, float]:
    """Find a way to a target that is known; the target alone where it cannot be reached, or not in time.

    Parameters
    ----------
    m
        All steps, with an objective.
    known
        Decisions of the target.
    options, progress
        As :func:`territo.model.solver.solve`.
    """
    whole = {decision: round(value) for decision, value in known.items() if decision.whole}
    limits = {decision: (decision.low, decision.high) for decision in whole}
    for decision, value in whole.items():
        decision.low = decision.high = float(value)
    outcome = solver.solve(m, replace(options, gap=max(options.gap, GAP_TO_START)), progress, stage="start")
    for decision, (low, high) in limits.items():
        decision.low, decision.high = low, high
    return outcome.values or known
