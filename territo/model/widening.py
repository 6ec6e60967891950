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
from typing import NamedTuple

import numpy as np

from territo.domain.arrays import Bools, Floats, Ints
from territo.domain.indicators import Proof
from territo.locate.highs import Options
from territo.locate.location import Status, relative_gap
from territo.model import solver
from territo.model.build import build
from territo.model.narrow import Width
from territo.model.plan import Plan
from territo.model.problem import Problem
from territo.model.program import Program
from territo.model.solution import HALF, Solution
from territo.model.stages import ANY_GAP, Staged, Values, stages
from territo.model.start import first_seats, from_solution, given, likely_sites, territories_alone, territories_of
from territo.progress import Event, Progress, Unheard

# the relaxation is widened so many times at most, or until so small a part of the nodes goes beyond
ROUNDS, FEW = 2, 1e-2
# territories to start from are good enough within this gap; each step before the last takes this part of the time left
GAP_OF_TERRITORIES, PART_OF_TIME, PART_OF_RELAXATION = 2e-3, 0.25, 0.5
# what a narrow answer may take to become one of the whole, where the time is over and there is no other
GRACE_S = 5.0
# gap of a first organisation, as a part of the one asked: it must leave room for what its territories lose; and of one
# service alone, whose cost is a small part of the whole
FINER, PART_OF_GAP = 0.3, 0.03
USED = 1e-6


class _Relaxed(NamedTuple):
    """What the linear relaxation says: points that it opens wholly or not at all by name, (j,) opening of sites."""

    status: Status
    sure: Mapping[str, float]
    opened: Floats


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

    def __init__(self, problem: Problem, options: Options, progress: Progress) -> None:
        self._problem, self._width, self._options, self._progress = problem, Width(problem), options, progress
        self._began = time.perf_counter()
        self._best: Solution | None = None
        self._bound = -math.inf

    def answer(self, start: Solution | None, neighbours: Sequence[Solution] = ()) -> Solution | Status:
        """Return the answer, proven where the time was enough, or why there is none.

        Parameters
        ----------
        start
            Answer of a problem that differs by its limits and goals only.
        neighbours
            Other such answers near the one sought.
        """
        if start is None:
            likely = {s: likely_sites(self._problem, s, pairs) for s, pairs in self._width.pairs_by_service()}
            self._width.expect(likely.values())
            self._place(likely)
            relaxed = self._widen_by_relaxation()
            if relaxed.status == "infeasible":
                return relaxed.status
            known = self._first_organisation(relaxed)
        else:
            for each in (start, *neighbours):
                self._width.expect(each.site_of[:, s] for s, _ in self._width.pairs_by_service())
            known = from_solution(self._problem, start)
        return self._widened(known, [from_solution(self._problem, each) for each in neighbours])

    def _widened(self, known: Mapping[str, float], neighbours: Sequence[Mapping[str, float]]) -> Solution | Status:
        """Solve the narrow problem, wider each time, until its answer is one of the whole."""
        while not self._over():
            narrow, limits = self._width.narrowed(), self._left()
            found = stages(narrow, limits, self._progress, known, neighbours=neighbours)
            if not found.values and self._best is None:
                return found.status
            if not found.values:
                break
            beyond = _beyond(found.program, found.values)
            if not beyond and not self._better_than(found):
                return self._dated(found.solution)
            self._learn(found)
            if self._proven():
                break
            self._width.widen(beyond, _points(found.program, found.values, self._problem))
            known = {**_by_name(found), **(from_solution(self._problem, self._best) if self._best else {})}
        return self._dated(self._best) if self._best else "unknown"

    def _place(self, likely: Mapping[int, Ints]) -> None:
        """Put each service where it would stand alone, and any territories around likely seats: an answer soon."""
        problem = self._problem
        offered = problem.required.copy()
        for s, site_of in likely.items():
            offered[np.unique(site_of), s] = True
        fixed = {
            f"offered({site},{problem.services.codes[s]})": float(offered[j, s])
            for s in likely
            for j, site in enumerate(problem.sites.codes)
        }
        plan = Plan(offered, (), np.full(len(problem.communes), -1))
        whole = dataclasses.replace(self._width.completed(plan), goals=problem.goals[:1])
        limits = self._left(PART_OF_TIME, ANY_GAP)
        answer = stages(whole, limits, Unheard(self._progress), {}, fixed={**first_seats(problem), **fixed})
        if answer.values:
            proofs = tuple(dataclasses.replace(proof, bound=-math.inf) for proof in answer.proofs)
            self._keep(answer, dataclasses.replace(answer, proofs=proofs))

    def _widen_by_relaxation(self) -> _Relaxed:
        """List more sites for the nodes that the linear relaxation sends beyond; keep its bound."""
        known = _Relaxed("unknown", {}, np.zeros(len(self._problem.sites.codes)))
        chosen = {s for s, _ in self._width.pairs_by_service()}
        for _ in range(ROUNDS):
            problem = self._width.narrowed()
            program, terms = build(problem)
            program.minimise(problem.goals[0], terms)
            outcome = solver.solve(program, self._left(PART_OF_RELAXATION), Unheard(self._progress), relaxed=True)
            if not outcome.values:
                return known._replace(status=outcome.status)
            if self._one_goal:
                self._bound = max(self._bound, outcome.bound)
            points = {point.name: outcome.values[point] for (_, s), point in program.offered.items() if s in chosen}
            sure = {name: float(round(value)) for name, value in points.items() if abs(value - round(value)) < USED}
            opened = np.array([outcome.values[program.opened[j]] for j in range(len(problem.sites.codes))])
            known = _Relaxed("optimal", sure, opened)
            beyond = _beyond(program, outcome.values)
            self._width.widen(beyond, _points(program, outcome.values, problem))
            if sum(outcome.values[program.farther[key]] for key in beyond) <= FEW * problem.units.size:
                break
        return known

    def _first_organisation(self, relaxed: _Relaxed) -> Mapping[str, float]:
        """Draw the territories alone, then place all else within them: first with the points that are sure."""
        if self._over():
            return {}
        alone, drawn = territories_alone(self._problem, relaxed.opened), {}
        quiet = Unheard(self._progress)
        if alone is not None:
            # a value that is enough for the whole says nothing of a part
            limits = dataclasses.replace(self._left(PART_OF_TIME, GAP_OF_TERRITORIES), enough=None)
            found = stages(alone, limits, quiet, {})
            drawn = territories_of(self._problem, found.solution.seat_of) if found.values else {}
        narrow = dataclasses.replace(self._width.narrowed(), goals=self._problem.goals[:1])
        limits = self._left(PART_OF_TIME)
        limits = dataclasses.replace(limits, gap=FINER * limits.gap)
        for fixed in ({**drawn, **relaxed.sure}, drawn):
            found = stages(narrow, limits, quiet, {}, fixed=fixed)
            if found.values:
                self._learn(found, bounds=not fixed)
            if found.values or self._over():
                break
        return from_solution(self._problem, self._best) if self._best else drawn

    def _learn(self, found: Staged, *, bounds: bool = True) -> None:
        """Keep the bound of a narrow answer, and the answer of the whole with the same plan where it is the best."""
        if bounds and self._one_goal:
            self._bound = max(self._bound, found.proofs[-1].bound)
            self._say()
        if self._proven():
            return
        self._keep(self._with_plan(found.solution.plan, found), found)
        for s in sorted({s for _, s in _beyond(found.program, found.values)}):
            if self._best is not None and not self._over():
                self._keep(self._with_plan(self._best.plan, found, free=s), found)

    def _with_plan(self, plan: Plan, found: Staged, free: int | None = None) -> Staged:
        """Solve the whole with a plan that is given, but for one service where it is free."""
        whole = dataclasses.replace(self._width.completed(plan, free), goals=self._problem.goals[: len(found.proofs)])
        left = self._left(PART_OF_TIME).time_limit_s
        limits = dataclasses.replace(
            self._options,
            time_limit_s=left if self._best else max(left, GRACE_S),
            gap=PART_OF_GAP * self._options.gap,
        )
        return stages(whole, limits, Unheard(self._progress), {}, fixed=given(self._problem, plan, free))

    def _keep(self, answer: Staged, narrow: Staged) -> None:
        """Keep an answer of the whole if it is the best; its bounds are those of the narrow one."""
        if answer.values:
            figures = answer.figures
            values = [sum(weight * figures[name] for name, weight in goal.items()) for goal in answer.problem.goals]
            if self._best is None or values < [proof.objective for proof in self._best.proofs]:
                pairs = zip(narrow.proofs, values, strict=True)
                proofs = tuple(self._proof(proof, value, proof.bound) for proof, value in pairs)
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


def _beyond(program: Program, values: Values) -> list[tuple[int, int]]:
    """List the (node, service) that an answer sends beyond the near sites."""
    return [key for key, share in program.farther.items() if values[share] > USED]


def _points(program: Program, values: Values, problem: Problem) -> Bools:
    """(j, s) points that an answer opens, more than half where it is a relaxation."""
    offered = np.zeros((len(problem.sites.codes), len(problem.services.codes)), dtype=np.bool_)
    for key, point in program.offered.items():
        offered[key] = values[point] > HALF
    return offered


def _by_name(found: Staged) -> dict[str, float]:
    return {decision.name: value for decision, value in found.values.items()}
