"""Solve a large problem from its near sites outwards, and prove the whole.

1. How many near sites to list comes from each service located alone, which is
   also an answer soon, and from the linear relaxation, widened where it goes beyond.
2. A first organisation: territories alone, then all else within them.
3. The narrow problem. Its bound holds for the whole (:mod:`territo.model.farther`).
   Where its answer goes beyond the near sites, the same plan is completed with
   the sites that people would use; if that is within the gap of the bound, it
   is proven, else those nodes are widened and the narrow problem solved again.

On 158 communes, 40 sites and 28 services the whole has 291,000 rows and no
answer in two minutes; the narrow problem has 120,000 (ADR 0011).
"""

from __future__ import annotations

import dataclasses
import itertools
import math
import time
from collections.abc import Mapping, Sequence

import numpy as np

from territo.domain.arrays import Ints
from territo.domain.indicators import Proof
from territo.locate.highs import Options
from territo.locate.location import Status, relative_gap
from territo.model import solver
from territo.model.around import all_else, changed_sites, free_points
from territo.model.build import build
from territo.model.narrow import Width
from territo.model.neighbours import sure
from territo.model.parts import Parts
from territo.model.plan import Plan
from territo.model.problem import Problem
from territo.model.solution import HALF, Solution
from territo.model.stages import ANY_GAP, Staged, stages
from territo.model.start import first_seats, from_solution, given, likely_sites
from territo.progress import Event, Progress, Unheard

# each step before the last takes this part of the time left
PART_OF_TIME, PART_TO_BOUND = 0.25, 0.5
# what a narrow answer may take to become one of the whole, where the time is over and there is no other
GRACE_S = 5.0
# gap of an organisation where some decisions are given, as a part of the one asked: it leaves room for what they lose
FINER = 0.3
# part of the points that a relaxation opens wholly or not at all, from which on the rest is a short search
MOSTLY = 0.85
USED = 1e-6


class Widening:
    """The search for the answer of one large problem.

    Parameters
    ----------
    problem
        The whole.
    options
        Limits of the whole search.
    progress
        Receives incumbents and bounds; may ask for a stop.
    """

    def __init__(self, problem: Problem, options: Options, progress: Progress, bound: float = -math.inf) -> None:
        self._problem, self._width, self._options, self._progress = problem, Width(problem), options, progress
        self._began = time.perf_counter()
        self._best: Solution | None = None
        self._known: Mapping[str, float] = {}
        self._neighbours: list[Mapping[str, float]] = []
        self._bound = bound

    def answer(self, start: Solution | None, neighbours: Sequence[Solution] = ()) -> Solution | Status:
        """Return the answer, proven where the time was enough, or why there is none.

        Parameters
        ----------
        start
            Answer of a problem that differs by its limits, goals, and sites kept or closed only.
        neighbours
            Other such answers near the one sought.
        """
        if start is None:
            likely = {s: likely_sites(self._problem, s, pairs) for s, pairs in self._width.pairs_by_service()}
            self._width.expect(likely.values())
            self._place(likely)
        else:
            # services that go beyond the sites of the shortest answer list more; those of the longest may be nearly all
            short = min((start, *neighbours), key=lambda each: each.terms["travel"])
            self._width.expect(short.site_of[:, s] for s, _ in self._width.pairs_by_service())
            self._begin_at(start)
        self._neighbours = [from_solution(self._problem, each) for each in neighbours]
        # of several aims no bound is kept: near answers that are known, there is nothing to take apart for
        alone = self._one_goal or not neighbours
        if alone and not self._proven() and not self._over() and self._take_apart() == "infeasible":
            return "infeasible"
        return self._widened()

    def _widened(self) -> Solution | Status:
        """Solve the narrow problem, wider each time, until its answer is one of the whole."""
        while not self._over() and not self._proven():
            narrow, limits = self._width.narrowed(), self._left()
            found = stages(narrow, limits, self._progress, self._known, neighbours=self._neighbours)
            if not found.values and self._best is None:
                return found.status
            if not found.values:
                break
            beyond = _beyond(found)
            if not beyond and not self._better_than(found):
                return self._dated(found.solution)
            bound, plan, goals = found.proofs[0].bound, found.solution.plan, len(found.proofs)
            self._bounded(bound)
            self._keep(self._with_plan(plan, goals), bound)
            if not self._proven():
                self._settle(given(self._problem, plan, beyond), _by_name(found), goals, bound)
            self._known = {**_by_name(found), **(from_solution(self._problem, self._best) if self._best else {})}
        return self._dated(self._best) if self._best else "unknown"

    def _place(self, likely: Mapping[int, Ints]) -> None:
        """Put each service where it would stand alone, and any territories around likely seats: an answer soon."""
        problem = self._problem
        offered = problem.required.copy()
        for s, site_of in likely.items():
            offered[np.unique(site_of), s] = True
        points = {
            f"offered({site},{problem.services.codes[s]})": float(offered[j, s])
            for s in likely
            for j, site in enumerate(problem.sites.codes)
        }
        self._try({**first_seats(problem), **points})

    def _try(self, fixed: Mapping[str, float]) -> None:
        """Keep the first organisation found where points are given."""
        if self._over():
            return
        sites, services = self._problem.sites.codes, self._problem.services.codes
        offered = np.array([[fixed.get(f"offered({site},{code})", 0.0) > HALF for code in services] for site in sites])
        plan = Plan(offered | self._problem.required, (), np.full(len(self._problem.communes), -1))
        whole = dataclasses.replace(self._width.completed(plan), goals=self._problem.goals[:1])
        self._keep(stages(whole, self._left(PART_OF_TIME, ANY_GAP), Unheard(self._progress), {}, fixed=fixed))

    def _begin_at(self, start: Solution) -> None:
        """Decide again around the sites that are kept or closed now, all else as it was: an answer soon."""
        changed = changed_sites(self._problem, start)
        free = free_points(self._problem, start, changed)
        near = dataclasses.replace(self._width.completed(start.plan, free), goals=self._problem.goals[:1])
        limits = self._left(PART_OF_TIME)
        limits = dataclasses.replace(limits, gap=FINER * limits.gap, enough=self._enough)
        known = from_solution(self._problem, start)
        fixed = all_else(self._problem, start, changed, free)
        self._keep(stages(near, limits, Unheard(self._progress), known, fixed=fixed))
        self._known = from_solution(self._problem, self._best) if self._best else known

    def _take_apart(self) -> Status:
        """Bound the problem by its services apart, list more sites where they go beyond, and put them together."""
        narrow = self._width.narrowed()
        program, terms = build(narrow)
        program.minimise(narrow.goals[0], terms)
        quiet = Unheard(self._progress)
        if self._over():
            return "unknown"
        relaxed = solver.solve(program, self._left(PART_TO_BOUND), quiet, relaxed=True)
        if not relaxed.values:
            return relaxed.status
        self._bounded(relaxed.bound)
        points = {point.name: value for point, value in sure(program, relaxed.values).items()}
        if self._neighbours and len(points) > MOSTLY * len(program.offered) and self._round(points):
            return "unknown"
        parts = Parts(program, relaxed)
        beyond = parts.solve(program, narrow, self._left(PART_TO_BOUND), quiet)
        self._bounded(parts.bound)
        if beyond and not self._over():
            self._try(parts.points)
        while beyond and not self._over():
            self._width.double(beyond)
            narrow = self._width.narrowed()
            program, terms = build(narrow)
            program.minimise(narrow.goals[0], terms)
            beyond = parts.solve(program, narrow, self._left(PART_TO_BOUND), quiet, only=beyond)
            self._bounded(parts.bound)
        for fixed in (parts.agreed, parts.territories):
            if not self._over() and self._settle(fixed, parts.values):
                break
        self._known = from_solution(self._problem, self._best) if self._best else parts.territories
        return "unknown"

    def _round(self, points: Mapping[str, float]) -> bool:
        """Whether the bound of the relaxation proves an answer with the points that it opens wholly or not at all."""
        limits = dataclasses.replace(self._left(PART_OF_TIME), enough=self._enough)
        found = stages(self._width.narrowed(), limits, Unheard(self._progress), {}, fixed=points)
        if found.values and self._enough is not None and found.proofs[-1].objective <= self._enough:
            self._keep(self._with_plan(found.solution.plan, 1) if _beyond(found) else found)
        return self._proven()

    def _settle(
        self, fixed: Mapping[str, float], known: Mapping[str, float], goals: int = 1, bound: float = -math.inf
    ) -> bool:
        """Find an answer of the whole where some decisions are given: list more sites until nobody goes beyond."""
        while not self._over():
            narrow = dataclasses.replace(self._width.narrowed(), goals=self._problem.goals[:goals])
            limits = self._left(PART_OF_TIME)
            limits = dataclasses.replace(limits, gap=FINER * limits.gap, enough=self._enough)
            found = stages(narrow, limits, Unheard(self._progress), known, fixed=fixed)
            if not found.values:
                return False
            beyond = _beyond(found)
            if not beyond:
                self._keep(found, bound)
                return True
            self._keep(self._with_plan(found.solution.plan, goals), bound)
            if self._proven():
                return True
            self._width.double(beyond)
            known = _by_name(found)
        return self._best is not None

    def _bounded(self, bound: float) -> None:
        """Keep a bound of the whole, of one aim, where it is the best."""
        if self._one_goal:
            self._bound = max(self._bound, bound)
            self._say()

    def _with_plan(self, plan: Plan, goals: int) -> Staged:
        """Solve the whole with a plan that is given."""
        whole = dataclasses.replace(self._width.completed(plan), goals=self._problem.goals[:goals])
        left = self._left(PART_OF_TIME)
        limits = left if self._best else dataclasses.replace(left, time_limit_s=max(left.time_limit_s, GRACE_S))
        return stages(whole, limits, Unheard(self._progress), {}, fixed=given(self._problem, plan))

    def _keep(self, answer: Staged, bound: float = -math.inf) -> None:
        """Keep an answer of the whole if it is the best, with a bound of its first aim."""
        if answer.values:
            figures = answer.figures
            values = [sum(weight * figures[name] for name, weight in goal.items()) for goal in answer.problem.goals]
            known = [proof.objective for proof in self._best.proofs] if self._best else []
            if len(values) > len(known) or values < known:
                bounds = (bound, *itertools.repeat(-math.inf, len(values) - 1))
                pairs = zip(answer.proofs, values, bounds, strict=True)
                proofs = tuple(self._proof(proof, value, least) for proof, value, least in pairs)
                self._best = dataclasses.replace(answer.solution, proofs=proofs)
        self._say()

    def _better_than(self, found: Staged) -> bool:
        """Whether the best answer beats one that a stop cut short before it took up its start."""
        return (
            self._one_goal and self._best is not None and self._best.proofs[-1].objective < found.proofs[-1].objective
        )

    def _proven(self) -> bool:
        return self._best is not None and self._best.proofs[-1].status == "optimal"

    def _say(self) -> None:
        """Measure the best answer against the best bound, and tell."""
        if self._best is not None and self._one_goal:
            proof = self._proof(self._best.proofs[-1], self._best.proofs[-1].objective, self._bound)
            self._best = dataclasses.replace(self._best, proofs=(proof,))
            seconds = time.perf_counter() - self._began
            self._progress.report(Event("optimise.siting", seconds, incumbent=proof.objective, bound=self._bound))

    def _proof(self, proof: Proof, objective: float, bound: float) -> Proof:
        """Say how far an answer is proven; a later stage was bound to more than its answer keeps: it proves nothing."""
        gap = relative_gap(objective, min(bound, objective))
        proven = self._one_goal and gap <= self._options.gap
        return dataclasses.replace(
            proof, status="optimal" if proven else "feasible", objective=objective, bound=bound, gap=gap
        )

    @property
    def _enough(self) -> float | None:
        """Greatest value that the bound known proves; None without one."""
        return self._bound / (1.0 - self._options.gap) if self._one_goal and self._bound > 0.0 else None

    @property
    def _one_goal(self) -> bool:
        return len(self._problem.goals) == 1

    def _dated(self, solution: Solution) -> Solution:
        """Count all the time of the search in its last proof."""
        *earlier, last = solution.proofs
        spent = time.perf_counter() - self._began - sum(proof.seconds for proof in earlier)
        return dataclasses.replace(solution, proofs=(*earlier, dataclasses.replace(last, seconds=spent)))

    def _left(self, part: float = 1.0, gap: float = 0.0) -> Options:
        """Return the limits of a solve: a part of the time left, and a gap no smaller than the one asked."""
        left = self._options.time_limit_s - (time.perf_counter() - self._began)
        return dataclasses.replace(self._options, time_limit_s=max(left, 0.0) * part, gap=max(gap, self._options.gap))

    def _over(self) -> bool:
        """Whether the time is over, or a stop was asked."""
        return self._progress.cancelled() or self._left().time_limit_s <= 0.0


def _beyond(found: Staged) -> frozenset[int]:
    """Tell the services that an answer sends beyond the near sites."""
    return frozenset(s for (_, s), share in found.program.farther.items() if found.values[share] > USED)


def _by_name(found: Staged) -> dict[str, float]:
    return {decision.name: value for decision, value in found.values.items()}
