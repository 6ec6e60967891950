"""Why not all promises can be kept, and how far each one must give way (section 5.10).

A family of constraints becomes elastic by leaving its promise out and
minimising what it promised: the least cost that the other promises allow
tells how much a budget lacks, without a slack and without a large constant
that would blur the answer. Promises that are no sums are searched by bisection,
wishes are dropped.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from territo.locate.location import Status
from territo.model.budget import capital
from territo.model.finding import Aim, Found, worthwhile
from territo.model.kept import broken
from territo.model.problem import Problem
from territo.model.program import Program, Term
from territo.model.promises import Promise, promises, relaxed, without
from territo.model.solution import Solution
from territo.model.terms import served

# the best for an aim, from an organisation that may do; any organisation, from some that may nearly do
Optimise = Callable[[Problem, Aim, Solution | None], Found]
Find = Callable[[Problem, Sequence[Solution]], Found]

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
    proven
        Whether it is known that less is not enough.
    beyond
        Value that is known not to be enough, or nearly to be; NaN where none is known.
    """

    promise: Promise
    to: float = np.nan
    proven: bool = True
    beyond: float = np.nan


class Elastic:
    """Solves a problem without some of its promises, and remembers what it learnt.

    An organisation found answers for every set of promises that it keeps, a
    set that cannot be kept answers for every set that holds it.

    Parameters
    ----------
    problem
        The whole problem.
    optimise
        Minimises an aim on a problem, from an organisation that may do.
    find
        Finds any organisation of a problem, near some that are known.
    """

    def __init__(self, problem: Problem, optimise: Optimise, find: Find) -> None:
        self.problem = problem
        self.promises = promises(problem)
        self.cut_short = False
        self._optimise, self._find = optimise, find
        self._found: list[tuple[frozenset[str], Solution]] = []
        # of another problem, and nearly enough: tried, mended, before a search
        self._likely: list[Solution] = []
        self._impossible: set[frozenset[str]] = set()
        self._told: dict[tuple[str, frozenset[str]], Relaxation | None] = {}

    def recall(self, other: Elastic) -> None:
        """Learn from the organisations found for a problem that differs by its promises only."""
        for gone, found in other._found:
            # a norm may be another under the same name: it is read anew
            same = {each for each in other.promises if each.id not in gone and each.family != "norm"}
            asked = [promise for promise in self.promises if promise not in same]
            self._keep(_ids(broken(self.problem, found, asked)), found)
        # the last one found broke nearly what is asked now
        least = min((len(gone) for gone, _ in self._found), default=0)
        self._likely = [found for gone, found in self._found if len(gone) == least][-1:]

    def _keep(self, gone: frozenset[str], found: Solution) -> None:
        """Remember an organisation and what it breaks, once."""
        if not any(left == gone and each.plan.same_as(found.plan) for left, each in self._found):
            self._found.append((gone, found))

    def status(self, dropped: Collection[Promise]) -> Status:
        """Say whether some organisation keeps all promises but these."""
        left = _ids(dropped)
        if self.knows(dropped):
            return "feasible"
        if any(left <= other for other in self._impossible):
            return "infeasible"
        outcome, found = self._any(without(self.problem, dropped), self._likely)
        if found is not None:
            self._keep(_ids(broken(self.problem, found, dropped)), found)
        elif outcome.status == "infeasible":
            self._impossible.add(left)
        return outcome.status

    def knows(self, dropped: Collection[Promise]) -> bool:
        """Whether an organisation is known, without any solve, that keeps all promises but these."""
        return self._known(_ids(dropped)) is not None

    def breaks(self, dropped: Collection[Promise]) -> frozenset[str]:
        """Return what an organisation that was found breaks, of the promises dropped; nothing where none was found."""
        left = _ids(dropped)
        return next((gone for gone, _ in self._found if gone <= left), frozenset())

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
        question = (promise.id, _ids(dropped))
        if question not in self._told:
            self._told[question] = self._relaxation(promise, dropped)
        return self._told[question]

    def _relaxation(self, promise: Promise, dropped: Collection[Promise]) -> Relaxation | None:
        if not self.enough([*dropped, promise]):
            return None
        before, self.cut_short = self.cut_short, False
        to, beyond = self._least(without(self.problem, dropped), promise, [*dropped, promise])
        proven, self.cut_short = not self.cut_short, self.cut_short or before
        return None if to is None else Relaxation(promise, to, proven, beyond)

    def _least(self, base: Problem, promise: Promise, left: Collection[Promise]) -> tuple[float | None, float]:
        """Find the least value of a promise, and what is known not to be enough.

        The first is NaN for a wish that must be given up, None where nothing was found.
        """
        known, steps = self._known(_ids(left)), _steps(base, promise)
        if steps:
            organisations = [] if known is None else [known]
            answer = self._first_enough(base, promise, steps, organisations)
            for each in organisations:
                self._keep(_ids(broken(self.problem, each, left)), each)
            return answer
        aim = _aim(promise)
        if aim is None:
            return np.nan, np.nan
        outcome, found = self._optimise(_loosened(base, promise), aim, known)
        self.cut_short |= outcome.status in {"feasible", "unknown"}  # a smaller relaxation may exist
        if found is None:
            return None, np.nan
        return _from_aim(base, promise, outcome.objective), _from_aim(base, promise, outcome.bound)

    def _first_enough(
        self, base: Problem, promise: Promise, steps: Sequence[float], found: list[Solution]
    ) -> tuple[float, float]:
        """Find the first step that is enough, and the last that is known not to be.

        What one organisation reaches is enough for all later steps; those that are found are added to ``found``.
        """
        impossible = [-1]

        def enough(k: int) -> bool:
            """Whether an organisation is known, or is found."""
            changed, asked = relaxed(base, promise, steps[k]), replace(promise, asked=steps[k])
            if any(not broken(changed, each, [asked]) for each in found):
                return True
            outcome, other = self._any(changed, found[-1:])
            found.extend([] if other is None else [other])
            impossible.extend([k] if outcome.status == "infeasible" else [])
            return other is not None

        first, last = bisect(len(steps), enough), max(impossible)
        return np.nan if first is None else steps[first], steps[last] if last >= 0 else np.nan

    def _known(self, left: frozenset[str]) -> Solution | None:
        """Return an organisation found before that keeps all promises but these."""
        return next((found for gone, found in self._found if gone <= left), None)

    def _any(self, problem: Problem, known: Sequence[Solution] = ()) -> Found:
        outcome, found = self._find(problem, known)
        self.cut_short |= outcome.status == "unknown"
        return outcome, found


def _ids(promises: Collection[Promise]) -> frozenset[str]:
    return frozenset(promise.id for promise in promises)


def _loosened(problem: Problem, promise: Promise) -> Problem:
    """Ask nothing of a promise; a norm keeps the trips that it measures."""
    return relaxed(problem, promise, 0.0) if promise.kind == "norm" else without(problem, [promise])


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
    """Values that a promise may take when it gives way little by little; none where it is a sum, or a wish."""
    plan = problem.territories
    if plan is not None and promise.kind == "balance":
        return [percent / PERCENT for percent in range(math.floor(plan.tolerance * PERCENT) + 1, int(PERCENT) + 1)]
    if plan is not None and promise.kind == "fewest":
        return [float(count) for count in range(plan.fewest - 1, 0, -1)]
    if plan is not None and promise.kind == "most":
        return [float(count) for count in range(plan.most + 1, plan.seats.size + 1)]
    if promise.kind == "norm" and "cost" in problem.limits and worthwhile(problem):
        # on a large problem, the least cost of a share is found much sooner than the largest share of a budget
        return [percent / PERCENT for percent in range(math.ceil(promise.asked * PERCENT) - 1, -1, -1)]
    if promise.kind == "reach":
        minutes = problem.minutes[np.isfinite(problem.minutes)]
        return [float(step) for step in np.unique(np.ceil(minutes[minutes > promise.asked]))]
    return []


def _from_aim(problem: Problem, promise: Promise, objective: float) -> float:
    """Turn what was minimised into the unit of the promise."""
    if promise.kind == "norm":
        return -objective
    return objective + float(problem.sites.public.sum()) if promise.kind == "max_closures" else objective


def _late(m: Program, p: Problem, service: int) -> Term:
    """Subtract the share of the inhabitants within the target time of the service."""
    people = p.population / p.population.sum()
    return [
        (share, -part * float(people[i] * p.covered[i, j, s]))
        for (i, j, s), share, part in served(m, p)
        if s == service
    ]


def _aim(promise: Promise) -> Aim | None:
    """Return what to minimise for the least relaxation of a promise; None for what is no sum."""
    aims: dict[str, Aim] = {
        "limits": lambda _m, _p, terms: terms[promise.id.rpartition(".")[2]],
        "equity": lambda _m, _p, terms: terms["equity"],
        "capital": lambda m, p, _: capital(m, p),
        "norm": lambda m, p, _: _late(m, p, promise.at[0]),
        "max_open": lambda m, _p, _terms: [(opened, 1.0) for opened in m.opened.values()],
        "max_closures": lambda m, p, _: [(m.opened[int(j)], -1.0) for j in np.flatnonzero(p.sites.public)],
    }
    return aims.get(promise.kind)
