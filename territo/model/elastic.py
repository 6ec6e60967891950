"""Why not all promises can be kept, and how far each one must give way (section 5.10).

A family of constraints becomes elastic by leaving its promise out and
minimising what it promised: the least cost that the other promises allow
tells how much a budget lacks, without a slack and without a large constant
that would blur the answer. Promises that are no sums are searched by bisection,
wishes are dropped.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import numpy as np

from territo.locate.location import Status
from territo.model.budget import capital
from territo.model.problem import Problem
from territo.model.program import AT_MOST, Program, Term
from territo.model.promises import Promise, promises, relaxed, without
from territo.model.solver import Outcome

# what is minimised instead of the goals of the problem
Aim = Callable[[Program, Problem, Mapping[str, Term]], Term]
Attempt = Callable[[Problem, Aim | None, bool], Outcome]

PERCENT = 100.0


@dataclass(frozen=True, slots=True)
class Relaxation:
    """How far one promise must give way for the others to be kept.

    Parameters
    ----------
    promise
        Which one.
    to
        Value that is reached by an organisation found, in the unit of the
        promise; NaN where the wish must be given up.
    """

    promise: Promise
    to: float = np.nan


class Elastic:
    """Solves a problem without some of its promises, and remembers what it learnt.

    Parameters
    ----------
    problem
        The whole problem.
    attempt
        Minimises an aim on a problem, or nothing: finds any organisation.
        Told whether any answer will do.
    """

    def __init__(self, problem: Problem, attempt: Attempt) -> None:
        self.problem = problem
        self.promises = promises(problem)
        self.cut_short = False
        self._attempt = attempt
        self._known: dict[frozenset[str], Status] = {}

    def status(self, dropped: Collection[Promise]) -> Status:
        """Say whether some organisation keeps all promises but these."""
        key = frozenset(promise.id for promise in dropped)
        if self._known.get(key, "unknown") == "unknown":
            self._known[key] = self._any(without(self.problem, dropped)).status
        return self._known[key]

    def enough(self, dropped: Collection[Promise]) -> bool:
        """Whether an organisation was found that keeps all promises but these."""
        return self.status(dropped) in {"optimal", "feasible"}

    def least(self, promise: Promise, dropped: Collection[Promise] = ()) -> Relaxation | None:
        """Find the least relaxation of one promise that lets the others be kept.

        Parameters
        ----------
        promise
            The one that gives way.
        dropped
            Promises left out besides.

        Returns
        -------
        Relaxation or None
            None where giving it up is not enough, or no answer was found in time.
        """
        base = without(self.problem, dropped)
        rest = without(base, [promise])
        aim = _aim(promise)
        if aim is not None:
            found = self._solve(rest, aim)
            return Relaxation(promise, _from_aim(base, promise, found.objective)) if found.values else None
        if not self.enough([*dropped, promise]):
            return None
        steps = _steps(base, promise)
        if not steps:
            return Relaxation(promise)
        first = bisect(len(steps), lambda k: bool(self._any(relaxed(base, promise, steps[k])).values))
        return Relaxation(promise, steps[first]) if first is not None else Relaxation(promise)

    def _any(self, problem: Problem) -> Outcome:
        """Look for any organisation; a budget gives the search a direction."""
        return self._solve(problem, _spend_little if "cost" in problem.limits else None, anyone=True)

    def _solve(self, problem: Problem, aim: Aim | None, *, anyone: bool = False) -> Outcome:
        outcome = self._attempt(problem, aim, anyone)
        self.cut_short |= outcome.status == "unknown"
        return outcome


def _spend_little(_m: Program, _p: Problem, terms: Mapping[str, Term]) -> Term:
    return terms["cost"]


def bisect(count: int, enough: Callable[[int], bool]) -> int | None:
    """Find the first step that is enough, where each later one is too; None if none is."""
    if not count or not enough(count - 1):
        return None
    low, high = 0, count - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle + 1, high)
    return low


def _steps(problem: Problem, promise: Promise) -> list[float]:
    """Values that a promise may take when it gives way little by little; none for a wish that is kept or not."""
    plan = problem.territories
    if plan is not None and promise.kind == "balance":
        return [percent / PERCENT for percent in range(math.floor(plan.tolerance * PERCENT) + 1, int(PERCENT) + 1)]
    if plan is not None and promise.kind == "fewest":
        return [float(count) for count in range(plan.fewest - 1, 0, -1)]
    if plan is not None and promise.kind == "most":
        return [float(count) for count in range(plan.most + 1, plan.seats.size + 1)]
    return []


def _from_aim(problem: Problem, promise: Promise, objective: float) -> float:
    """Turn what was minimised into the unit of the promise."""
    if promise.kind == "norm":
        return 1.0 - objective
    if promise.kind == "reach":
        return promise.asked + objective
    return objective + float(problem.sites.public.sum()) if promise.kind == "max_closures" else objective


def _late_share(m: Program, p: Problem, service: int) -> Term:
    """Sum the share of the inhabitants beyond the target time of the service."""
    people = p.population / p.population.sum()
    return [
        (share, float(people[i] * (1.0 - p.covered[i, j, s]))) for (i, j, s), share in m.share.items() if s == service
    ]


def _late_minutes(m: Program, p: Problem, promise: Promise) -> Term:
    """Hold the minutes beyond the maximum of the node that is worst served; nodes that nothing reaches do not count."""
    worst = m.variable("late()")
    late = p.minutes.min(axis=1) > promise.asked
    beyond: dict[int, Term] = {}
    for (i, j, s), share in m.share.items():
        minutes = float(p.minutes[i, j]) - promise.asked
        if s == promise.at[0] and minutes > 0 and not late[i]:
            beyond.setdefault(i, []).append((share, minutes))
    for i, terms in beyond.items():
        m.row(f"late({p.nodes[i]})", [*terms, (worst, -1.0)], AT_MOST, 0.0)
    return [(worst, 1.0)]


def _aim(promise: Promise) -> Aim | None:
    """Return what to minimise for the least relaxation of a promise; None for what is no sum."""
    aims: dict[str, Aim] = {
        "limits": lambda _m, _p, terms: terms[promise.id.partition(".")[2]],
        "capital": lambda m, p, _: capital(m, p),
        "norm": lambda m, p, _: _late_share(m, p, promise.at[0]),
        "reach": lambda m, p, _: _late_minutes(m, p, promise),
        "max_open": lambda m, _p, _terms: [(opened, 1.0) for opened in m.opened.values()],
        "max_closures": lambda m, p, _: [(m.opened[int(j)], -1.0) for j in np.flatnonzero(p.sites.public)],
    }
    return aims.get(promise.kind)
