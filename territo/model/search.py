"""The best answer and the best bound of a search that goes through several solves, within its limits."""

from __future__ import annotations

import dataclasses
import itertools
import math
import time

from territo.domain.indicators import Proof
from territo.locate.highs import Options
from territo.locate.location import provable, relative_gap
from territo.model.problem import Problem
from territo.model.program import Program
from territo.model.solution import Solution
from territo.model.stages import Staged
from territo.progress import Event, Progress


class Search:
    """What is known of one problem, and the time left to know more.

    Parameters
    ----------
    problem
        The whole.
    options
        Limits of the whole search.
    progress
        Receives incumbents and bounds; may ask for a stop.
    bound
        What no answer can be below, where it is known.

    Attributes
    ----------
    best
        The best answer so far; with one aim, its proof says how far it is from the best bound.
    """

    def __init__(self, problem: Problem, options: Options, progress: Progress, bound: float = -math.inf) -> None:
        self._problem, self._options, self._progress, self._bound = problem, options, progress, bound
        self._began = time.perf_counter()
        self._rows, self._columns, self._binaries = 0, 0, 0
        self.best: Solution | None = None

    def written(self, program: Program) -> None:
        """Note how large the problem is that the bound comes from."""
        self._rows, self._columns = len(program.rows.names), len(program.decisions)
        self._binaries = sum(decision.whole for decision in program.decisions)

    def bounded(self, bound: float) -> None:
        """Keep a bound of the whole, of its first aim, where it is the best."""
        self._bound = max(self._bound, bound)
        self._say()

    def keep(self, answer: Staged, bound: float = -math.inf) -> None:
        """Keep an answer of the whole if it reached more aims than the best, or as many and better ones."""
        if answer.values:
            figures = answer.figures
            values = [sum(weight * figures[name] for name, weight in goal.items()) for goal in answer.problem.goals]
            known = [proof.objective for proof in self.best.proofs] if self.best else []
            if (-len(values), values) < (-len(known), known):
                bounds = (bound, *itertools.repeat(-math.inf, len(values) - 1))
                pairs = zip(answer.proofs, values, bounds, strict=True)
                proofs = tuple(self._proof(proof, value, least) for proof, value, least in pairs)
                self.best = dataclasses.replace(answer.solution, proofs=proofs)
        self._say()

    def better_than(self, found: Staged) -> bool:
        """Whether the best answer beats one that a stop cut short before it took up its start."""
        return self.one_goal and self.best is not None and self.best.proofs[-1].objective < found.proofs[-1].objective

    def reaches(self, value: float, gap: float) -> bool:
        """Whether the best answer is within a gap of a value that some of its decisions allow; of one aim alone."""
        return self.one_goal and self.best is not None and self.best.proofs[-1].objective <= provable(value, gap)

    @property
    def proven(self) -> bool:
        """Whether the best answer is within the gap asked."""
        return self.best is not None and self.best.proofs[-1].status == "optimal"

    def _say(self) -> None:
        """Measure the best answer against the best bound, and tell."""
        if self.best is not None and self.one_goal:
            proof = self._proof(self.best.proofs[-1], self.best.proofs[-1].objective, self._bound)
            self.best = dataclasses.replace(self.best, proofs=(proof,))
            seconds = time.perf_counter() - self._began
            self._progress.report(Event("optimise.siting", seconds, incumbent=proof.objective, bound=self._bound))

    def _proof(self, proof: Proof, objective: float, bound: float) -> Proof:
        """Say how far an answer is proven; a later stage was bound to more than its answer keeps: it proves nothing."""
        gap = relative_gap(objective, min(bound, objective))
        proven = self.one_goal and gap <= self._options.gap
        return dataclasses.replace(
            proof, status="optimal" if proven else "feasible", objective=objective, bound=bound, gap=gap
        )

    @property
    def enough(self) -> float | None:
        """Greatest value that the bound known proves; None without one."""
        return provable(self._bound, self._options.gap) if self.one_goal and math.isfinite(self._bound) else None

    @property
    def one_goal(self) -> bool:
        """Whether one aim alone is asked: a bound of the first of several says nothing of the others."""
        return len(self._problem.goals) == 1

    def dated(self, solution: Solution) -> Solution:
        """Count all the time of the search in its last proof, and the best bound in its first."""
        first, *others = solution.proofs
        bound = max(first.bound, self._bound)
        gap = relative_gap(first.objective, min(bound, first.objective))
        # an answer that has not reached the last aim is not the best, however well the first is proven
        reached = len(solution.proofs) == len(self._problem.goals)
        status = first.status if gap > self._options.gap else "optimal" if reached else "feasible"
        first = dataclasses.replace(
            first,
            bound=bound,
            gap=gap,
            status=status,
            rows=max(first.rows, self._rows),
            columns=max(first.columns, self._columns),
            binaries=max(first.binaries, self._binaries),
        )
        *earlier, last = first, *others
        spent = time.perf_counter() - self._began - sum(proof.seconds for proof in earlier)
        return dataclasses.replace(solution, proofs=(*earlier, dataclasses.replace(last, seconds=spent)))

    def left(self, part: float = 1.0, gap: float = 0.0) -> Options:
        """Return the limits of a solve: a part of the time left, and a gap no smaller than the one asked."""
        left = self._options.time_limit_s - (time.perf_counter() - self._began)
        return dataclasses.replace(self._options, time_limit_s=max(left, 0.0) * part, gap=max(gap, self._options.gap))

    @property
    def over(self) -> bool:
        """Whether the time is over, or a stop was asked."""
        return self._progress.cancelled() or self.left().time_limit_s <= 0.0
