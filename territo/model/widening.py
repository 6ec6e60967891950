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
import math
import time
from collections.abc import Mapping, Sequence

import numpy as np

from territo.domain.arrays import Ints
from territo.locate.highs import Options
from territo.locate.location import Status
from territo.model import solver
from territo.model.around import all_else, changed_sites, free_points
from territo.model.build import build
from territo.model.narrow import Width
from territo.model.neighbours import sure
from territo.model.parts import SHARED, Parts
from territo.model.plan import Plan
from territo.model.problem import Problem
from territo.model.program import Program
from territo.model.search import Search
from territo.model.solution import HALF, Solution
from territo.model.stages import Staged, stages
from territo.model.start import USUAL_HOUR_EUR, first_seats, from_solution, given, hour_eur, likely_sites
from territo.progress import Progress, Unheard

# each step before the last takes this part of the time left
PART_OF_TIME = 0.25
# the first organisation of a kind ends its search, so that it may take more
PART_TO_TRY = 0.5
# what the relaxation and what all parts may take of it, and a round of parts of what is left to these
PART_TO_BOUND, PART_OF_A_ROUND = 0.5, 0.75
# what a narrow answer may take to become one of the whole, where the time is over and there is no other
GRACE_S = 5.0
# gap of an organisation where some decisions are given, as a part of the one asked: it leaves room for what they lose
FINER = 0.3
# part of the points that a relaxation opens wholly or not at all, from which on the rest is a short search
MOSTLY = 0.85
# gap of a first organisation: the first one found is often a sixth too dear, and no sooner
ROUGHLY = 0.03
USED = 1e-6


class Widening:
    """The search for the answer of one large problem.

    Parameters
    ----------
    problem, options, progress, bound
        As :class:`territo.model.search.Search`.
    """

    def __init__(self, problem: Problem, options: Options, progress: Progress, bound: float = -math.inf) -> None:
        self._problem, self._width, self._search = problem, Width(problem), Search(problem, options, progress, bound)
        self._progress, self._quiet = progress, Unheard(progress)
        self._known: Mapping[str, float] = {}
        self._neighbours: list[Mapping[str, float]] = []

    def answer(self, start: Solution | None, neighbours: Sequence[Solution] = ()) -> Solution | Status:
        """Return the answer, proven where the time was enough, or why there is none.

        Parameters
        ----------
        start
            Answer of a problem that differs by its limits, goals, and sites kept or closed only.
        neighbours
            Other such answers near the one sought.
        """
        if start is None or hour_eur(self._problem) < USUAL_HOUR_EUR:  # such an answer goes nearly anywhere
            likely = {s: likely_sites(self._problem, s, pairs) for s, pairs in self._width.pairs_by_service()}
            self._width.expect(likely.values())
        else:
            # services that go beyond the sites of the shortest answer list more; those of the longest may be nearly all
            short = min((start, *neighbours), key=lambda each: each.terms["travel"])
            self._width.expect(short.site_of[:, s] for s, _ in self._width.pairs_by_service())
        if start is None:
            self._place(likely)
        else:
            self._begin_at(start)
        self._neighbours = [from_solution(self._problem, each) for each in neighbours]
        # of several aims no bound is kept: near answers that are known, there is nothing to take apart for
        alone = self._search.one_goal or not neighbours
        if alone and not self._search.proven and not self._search.over and self._take_apart() == "infeasible":
            return "infeasible"
        return self._widened()

    def _widened(self) -> Solution | Status:
        """Solve the narrow problem, wider each time, until its answer is one of the whole."""
        while not self._search.over and not self._search.proven:
            narrow, limits = self._width.narrowed(), self._search.left()
            if self._known:
                limits = dataclasses.replace(limits, enough=self._search.enough)
            found = stages(narrow, limits, self._progress, self._known, neighbours=self._neighbours)
            if not found.values and self._search.best is None:
                return found.status
            if not found.values:
                break
            beyond = _beyond(found)
            if not beyond and not self._search.better_than(found):
                return self._search.dated(found.solution)
            bound, plan, goals = found.proofs[0].bound, found.solution.plan, len(found.proofs)
            self._search.bounded(bound)
            self._search.keep(self._with_plan(plan, goals), bound)
            if not self._search.proven:
                self._settle(given(self._problem, plan, beyond), _by_name(found), goals, bound)
            self._known = {**_by_name(found), **self._best_known()}
        return self._search.dated(self._search.best) if self._search.best else "unknown"

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
        if self._search.best is None:  # no territory in one piece around these seats
            self._try(points)

    def _try(self, fixed: Mapping[str, float]) -> None:
        """Keep an organisation near the best one where points are given."""
        if self._search.over:
            return
        sites, services = self._problem.sites.codes, self._problem.services.codes
        offered = np.array([[fixed.get(f"offered({site},{code})", 0.0) > HALF for code in services] for site in sites])
        plan = Plan(offered | self._problem.required, (), np.full(len(self._problem.communes), -1))
        whole = dataclasses.replace(self._width.completed(plan), goals=self._problem.goals[:1])
        self._search.keep(stages(whole, self._search.left(PART_TO_TRY, ROUGHLY), self._quiet, {}, fixed=fixed))

    def _begin_at(self, start: Solution) -> None:
        """Decide again around the sites that are kept or closed now, all else as it was: an answer soon."""
        changed = changed_sites(self._problem, start)
        free = free_points(self._problem, start, changed)
        near = dataclasses.replace(self._width.completed(start.plan, free), goals=self._problem.goals[:1])
        limits = self._search.left(PART_OF_TIME)
        limits = dataclasses.replace(limits, gap=FINER * limits.gap, enough=self._search.enough)
        known = from_solution(self._problem, start)
        fixed = all_else(self._problem, start, changed, free)
        self._search.keep(stages(near, limits, self._quiet, known, fixed=fixed))
        self._known = self._best_known() or known

    def _take_apart(self) -> Status:
        """Bound the problem by its services apart, list more sites where they go beyond, and put them together."""
        program, narrow = self._narrow()
        if self._search.over:
            return "unknown"
        relaxed = solver.solve(program, self._search.left(PART_TO_BOUND), self._quiet, relaxed=True)
        if relaxed.status != "optimal":  # stopped on its way: it has neither a bound nor prices
            return relaxed.status
        self._search.bounded(relaxed.bound)
        points = {point.name: value for point, value in sure(program, relaxed.values).items()}
        if self._neighbours and len(points) > MOSTLY * len(program.offered) and self._round(points):
            return "unknown"
        parts = Parts(program, relaxed)
        wider, narrow = self._bound_by(parts, program, narrow)
        self._settle(parts.agreed, parts.values)
        if self._search.one_goal and not self._search.proven and not self._search.over:
            parts = parts.with_teams_in_poles(program, relaxed)
            self._prove_further(parts, wider, narrow)
        if self._search.one_goal and not self._search.proven and not self._neighbours:
            self._settle(parts.closed, parts.values)
        if self._search.best is None:
            self._settle(parts.territories, parts.values)
        self._known = self._best_known() or parts.territories
        return "unknown"

    def _bound_by(self, parts: Parts, program: Program, narrow: Problem) -> tuple[Program, Problem]:
        """Solve the parts, and once more those that go beyond, with twice as many sites; return the last program."""
        limits = self._search.left(PART_TO_BOUND)
        until = time.perf_counter() + limits.time_limit_s
        beyond = parts.solve(program, narrow, limits, self._quiet)
        self._search.bounded(parts.bound)
        if beyond:
            self._try(parts.points)
        if beyond and not self._search.over and time.perf_counter() < until:
            self._width.double(beyond)
            program, narrow = self._narrow()
            limits = dataclasses.replace(limits, time_limit_s=PART_OF_A_ROUND * (until - time.perf_counter()))
            parts.solve(program, narrow, limits, self._quiet, only=beyond)
            self._search.bounded(parts.bound)
        return program, narrow

    def _prove_further(self, parts: Parts, program: Program, narrow: Problem) -> None:
        """Solve finely what all share, then the parts that could be proven further, as long as the bound is too low."""
        for loose in (frozenset({SHARED}), parts.loose(self._search.left().gap)):
            if not self._search.proven and not self._search.over:
                limits = self._search.left(PART_TO_BOUND)
                parts.solve(program, narrow, limits, self._quiet, only=loose, finely=True)
                self._search.bounded(parts.bound)

    def _narrow(self) -> tuple[Program, Problem]:
        """Write the narrow problem, with its first aim."""
        narrow = self._width.narrowed()
        program, terms = build(narrow)
        program.minimise(narrow.goals[0], terms)
        self._search.written(program)
        return program, narrow

    def _round(self, points: Mapping[str, float]) -> bool:
        """Whether the bound of the relaxation proves an answer with the points that it opens wholly or not at all."""
        limits = dataclasses.replace(self._search.left(PART_OF_TIME), enough=self._search.enough)
        found = stages(self._width.narrowed(), limits, self._quiet, {}, fixed=points)
        if found.values and self._search.enough is not None and found.proofs[-1].objective <= self._search.enough:
            self._search.keep(self._with_plan(found.solution.plan, 1) if _beyond(found) else found)
        return self._search.proven

    def _settle(
        self, fixed: Mapping[str, float], known: Mapping[str, float], goals: int = 1, bound: float = -math.inf
    ) -> bool:
        """Find an answer of the whole where some decisions are given: list more sites until nobody goes beyond."""
        while not self._search.over:
            narrow = dataclasses.replace(self._width.narrowed(), goals=self._problem.goals[:goals])
            limits = self._search.left(PART_OF_TIME)
            limits = dataclasses.replace(limits, gap=FINER * limits.gap, enough=self._search.enough)
            found = stages(narrow, limits, self._quiet, known, fixed=fixed)
            if not found.values:
                return False
            beyond = _beyond(found)
            if not beyond:
                self._search.keep(found, bound)
                return True
            self._search.keep(self._with_plan(found.solution.plan, goals), bound)
            if self._search.proven or self._search.reaches(found.proofs[0].objective, limits.gap):
                return True
            self._width.double(beyond)
            known = _by_name(found)
        return self._search.best is not None

    def _best_known(self) -> Mapping[str, float]:
        """Return the best answer by name, to start from; nothing without one, or without time to start anything."""
        known = None if self._search.over else self._search.best
        return from_solution(self._problem, known) if known else {}

    def _with_plan(self, plan: Plan, goals: int) -> Staged:
        """Solve the whole with a plan that is given."""
        whole = dataclasses.replace(self._width.completed(plan), goals=self._problem.goals[:goals])
        left = self._search.left(PART_OF_TIME)
        limits = left if self._search.best else dataclasses.replace(left, time_limit_s=max(left.time_limit_s, GRACE_S))
        return stages(whole, limits, self._quiet, {}, fixed=given(self._problem, plan))


def _beyond(found: Staged) -> frozenset[int]:
    """Tell the services that an answer sends beyond the near sites."""
    return frozenset(s for (_, s), share in found.program.farther.items() if found.values[share] > USED)


def _by_name(found: Staged) -> dict[str, float]:
    return {decision.name: value for decision, value in found.values.items()}
