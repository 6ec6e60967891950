r"""Solve a program near answers that are known: its linear relaxation first, then small parts of it.

The relaxation costs a small part of the whole search, and its value :math:`z`
is a bound: an answer no greater than :math:`z / (1 - gap)` is proven. Three
parts of the program are asked for one before all of it, with

1. the points that the relaxation opens wholly or not at all, as far as it is
   known whether that is enough (Berthold 2014, doi:10.1007/s12532-013-0060-9);
2. all that two known answers decide alike (Rothberg 2007, doi:10.1287/ijoc.1060.0189);
3. the points on which the relaxation and the best answer agree (Danna, Rothberg
   and Le Pape 2005, doi:10.1007/s10107-004-0518-7).

Their best answer starts the search of the whole, which is then mostly a proof.
A part says nothing of the whole but by its answer: bounds are those of the
relaxation and of the whole search.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Mapping, Sequence

import numpy as np

from territo.locate.highs import Options
from territo.locate.location import Status, provable, relative_gap
from territo.model import solver
from territo.model.program import Decision, Program
from territo.model.solver import Outcome
from territo.progress import Event, Progress, Unheard

Values = Mapping[Decision, float]

# a point that the relaxation opens so nearly, or so little, is open, or is not
WHOLE = 1e-6
# gap of a part, as a part of the one asked: the rest is for what the part loses
FINER = 0.5
# part of the time left that a part may take
PART_OF_TIME = 0.25
NOTHING = Outcome("unknown", {}, np.nan, -np.inf, np.inf, 0.0, 0, 0, 0)


def near(program: Program, options: Options, progress: Progress, *, stage: str, known: Sequence[Values]) -> Outcome:
    """Minimise a program near answers that are known.

    Parameters
    ----------
    program, options, progress, stage
        As :func:`territo.model.solver.solve`.
    known
        Values of whole decisions in answers of programs that have the same
        ones; the search starts from the first, if nothing better is found.
    """
    began = time.perf_counter()
    relaxed = solver.solve(program, options, Unheard(progress), stage=stage, relaxed=True)
    if relaxed.status == "infeasible":
        return relaxed
    search = _Neighbourhood(program, options, Unheard(progress), stage, relaxed, began + options.time_limit_s)
    best = search.part(sure(program, relaxed.values), NOTHING, ends=True)
    best = search.part(_alike(program, known), best)
    best = search.part(_agreed(program, relaxed.values, best.values or known[0]), best)
    if not search.proven(best):
        whole = solver.solve(program, search.left(), progress, stage=stage, start=best.values or known[0])
        better = best.values and not whole.objective <= best.objective
        values, objective = (best.values, best.objective) if better else (whole.values, whole.objective)
        best = dataclasses.replace(whole, values=values, objective=objective)
    seconds = time.perf_counter() - began
    progress.report(Event(stage, seconds, best.objective if best.values else None, max(best.bound, relaxed.bound)))
    return search.measured(best, seconds)


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class _Neighbourhood:
    """What parts of a program are measured against."""

    program: Program
    options: Options
    progress: Progress
    stage: str
    relaxed: Outcome
    deadline: float

    @property
    def enough(self) -> float:
        """Greatest value that the bound of the relaxation proves, or one known from elsewhere."""
        known = -np.inf if self.options.enough is None else self.options.enough
        return max(provable(self.relaxed.bound, self.options.gap), known)

    def proven(self, outcome: Outcome) -> bool:
        """Whether an answer is good enough as it is."""
        return bool(outcome.values) and outcome.objective <= self.enough

    def left(self, part: float = 1.0) -> Options:
        """Return the limits of a step: a part of the time left."""
        return dataclasses.replace(self.options, time_limit_s=part * max(self.deadline - time.perf_counter(), 0.0))

    def part(self, fixed: Values, best: Outcome, *, ends: bool = False) -> Outcome:
        """Return the best answer, that of a part of the program included; ``ends`` where it cannot be enough."""
        if not fixed or self.proven(best) or self.progress.cancelled():
            return best
        limits = {decision: (decision.low, decision.high) for decision in fixed}
        options = dataclasses.replace(self.left(PART_OF_TIME), gap=FINER * self.options.gap)
        options = dataclasses.replace(options, enough=self.enough if ends else None)
        try:
            for decision, value in fixed.items():
                decision.low = decision.high = value
            found = solver.solve(self.program, options, self.progress, stage=self.stage, start=best.values)
        finally:
            for decision, (low, high) in limits.items():
                decision.low, decision.high = low, high
        bounded = dataclasses.replace(found, bound=self.relaxed.bound)
        return bounded if found.values and not best.objective <= found.objective else best

    def measured(self, best: Outcome, seconds: float) -> Outcome:
        """Measure the best answer against the best bound."""
        if not best.values:
            return dataclasses.replace(best, seconds=seconds)
        bound = max(best.bound, self.relaxed.bound)
        gap = relative_gap(best.objective, min(bound, best.objective))
        status: Status = "optimal" if gap <= self.options.gap else "feasible"
        return dataclasses.replace(best, status=status, bound=bound, gap=gap, seconds=seconds)


def _points(program: Program) -> list[Decision]:
    return [point for point in program.offered.values() if point.whole]


def sure(program: Program, relaxed: Values) -> Values:
    """Return the points that a relaxation opens wholly or not at all; nothing without one."""
    return _agreed(program, relaxed, {point: round(value) for point, value in relaxed.items()})


def _agreed(program: Program, relaxed: Values, answer: Values) -> Values:
    """Return the points on which a relaxation and an answer agree."""
    both = [point for point in _points(program) if point in relaxed and point in answer]
    return {point: float(round(answer[point])) for point in both if abs(relaxed[point] - answer[point]) < WHOLE}


def _alike(program: Program, known: Sequence[Values]) -> Values:
    """Return what the first answer and the next one that differs decide alike on points, modalities and territories."""
    one, *others = known
    decided = [*_points(program), *program.mode.values(), *program.member.values()]
    for other in others:
        both = [decision for decision in decided if decision in one and decision in other]
        alike = {each: float(round(one[each])) for each in both if round(one[each]) == round(other[each])}
        if len(alike) < len(both):
            return alike
    return {}
