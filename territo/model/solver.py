"""PuLP problems to HiGHS: arrays in, what the solver itself said out.

PuLP's own status is not read: it calls a solve that stopped on its time limit
optimal. A start and a stop are given to HiGHS directly, which PuLP does not do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pulp
from scipy.sparse import csr_array

from territo.locate import highs
from territo.locate.highs import Options
from territo.locate.location import Status
from territo.progress import Progress


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What the solver said.

    Parameters
    ----------
    status
        ``optimal`` only where HiGHS itself proved the gap asked.
    values
        Variable -> value of the best answer; empty without one.
    objective, bound, gap
        Best answer, proven bound, relative gap; NaN, -inf and inf without one.
    seconds
        Time in the solver.
    rows, columns, binaries
        Size of what was solved.
    """

    status: Status
    values: Mapping[pulp.LpVariable, float]
    objective: float
    bound: float
    gap: float
    seconds: float
    rows: int
    columns: int
    binaries: int


def solve(
    lp: pulp.LpProblem,
    options: Options,
    progress: Progress,
    *,
    stage: str = "siting",
    start: Mapping[pulp.LpVariable, float] | None = None,
) -> Outcome:
    """Minimise a PuLP problem with HiGHS.

    Parameters
    ----------
    lp
        The problem; its objective must have no constant.
    options
        See :class:`Options`.
    progress
        Receives incumbents and bounds; may ask for a stop, which keeps the
        best answer.
    stage
        Name of the stage in the events.
    start
        Values of some integer variables to start from.
    """
    variables = lp.variables()
    program = _as_arrays(lp, variables)
    known = {k: start[v] for k, v in enumerate(variables) if v in start and program.whole[k]} if start else {}
    answer = highs.minimise(program, options, progress, stage=stage, start=known)
    values = dict(zip(variables, answer.values.tolist(), strict=True)) if answer.values.size else {}
    size = (*program.rows.shape, int(program.whole.sum()))
    return Outcome(answer.status, values, answer.objective, answer.bound, answer.gap, answer.seconds, *size)


def _as_arrays(lp: pulp.LpProblem, variables: list[pulp.LpVariable]) -> highs.Program:
    column = {variable: index for index, variable in enumerate(variables)}
    constraints = lp.constraints()
    start = np.cumsum([0, *(len(row) for row in constraints)])
    index = np.array([column[v] for row in constraints for v in row], dtype=np.int32)
    value = np.array([c for row in constraints for c in row.values()], dtype=np.float64)
    right = np.array([-row.constant for row in constraints], dtype=np.float64)
    sense = np.array([row.sense for row in constraints], dtype=np.int64)
    return highs.Program(
        cost=np.array([lp.objective.get(variable, 0.0) for variable in variables], dtype=np.float64),
        lower=np.array([_or(variable.lowBound, -np.inf) for variable in variables], dtype=np.float64),
        upper=np.array([_or(variable.upBound, np.inf) for variable in variables], dtype=np.float64),
        whole=np.array([variable.cat == pulp.LpInteger for variable in variables], dtype=np.bool_),
        rows=csr_array((value, index, start), shape=(len(constraints), len(variables))),
        row_lower=np.where(sense >= 0, right, -np.inf),
        row_upper=np.where(sense <= 0, right, np.inf),
    )


def _or(value: float | None, default: float) -> float:
    return default if value is None else float(value)
