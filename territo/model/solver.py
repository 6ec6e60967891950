"""Programs to HiGHS: arrays in, what the solver itself said out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from territo.domain.arrays import Floats
from territo.locate import highs
from territo.locate.highs import Options
from territo.locate.location import Status
from territo.model.program import Decision, Program
from territo.progress import Progress


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What the solver said.

    Parameters
    ----------
    status
        ``optimal`` only where HiGHS itself proved the gap asked.
    values
        Decision -> value of the best answer; empty without one.
    objective, bound, gap
        Best answer, proven bound, relative gap; NaN, -inf and inf without one.
    seconds
        Time in the solver.
    rows, columns, binaries
        Size of what was solved.
    prices
        (rows,) what a unit of each row is worth, of a linear relaxation that was solved; else empty.
    """

    status: Status
    values: Mapping[Decision, float]
    objective: float
    bound: float
    gap: float
    seconds: float
    rows: int
    columns: int
    binaries: int
    prices: Floats = field(default_factory=highs.EMPTY.copy)


def solve(
    program: Program,
    options: Options,
    progress: Progress,
    *,
    stage: str = "siting",
    start: Mapping[Decision, float] | None = None,
    relaxed: bool = False,
) -> Outcome:
    """Minimise a program with HiGHS.

    Parameters
    ----------
    program
        The decisions, their rows and the objective.
    options, progress, stage
        As :func:`territo.locate.highs.minimise`.
    start
        Values of some integer decisions to start from.
    relaxed
        Let whole decisions take any value between their limits.
    """
    arrays = program.as_arrays()
    if relaxed:
        arrays = replace(arrays, whole=np.zeros_like(arrays.whole))
    known = {decision.index: value for decision, value in (start or {}).items() if decision.whole}
    answer = highs.minimise(arrays, options, progress, stage=stage, start=known)
    values = dict(zip(program.decisions, answer.values.tolist(), strict=True)) if answer.values.size else {}
    size = (*arrays.rows.shape, int(arrays.whole.sum()))
    return Outcome(
        answer.status, values, answer.objective, answer.bound, answer.gap, answer.seconds, *size, answer.prices
    )
