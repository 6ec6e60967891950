"""The one door to HiGHS: arrays in, what the solver itself said out.

PuLP's own status is not read: it calls a solve that stopped on its time limit
optimal. A start and a stop are given to HiGHS directly, which PuLP does not do.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import highspy
import numpy as np
import pulp

from territo.domain.arrays import Floats
from territo.progress import Event, Progress

Status = Literal["optimal", "feasible", "infeasible", "unknown"]

FEASIBILITY = 1e-7


@dataclass(frozen=True, slots=True)
class Options:
    """How long and how well to solve.

    Parameters
    ----------
    time_limit_s
        Seconds for one call of the solver.
    gap
        Relative gap below which an answer counts as proven.
    seed, threads
        The same two give the same answer.
    """

    time_limit_s: float = 60.0
    gap: float = 1e-3
    seed: int = 0
    threads: int = 2


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
    highs = _session(options)
    highs.passModel(_as_arrays(lp, variables))
    if start:
        _give_start(highs, variables, start)
    _watch(highs, progress, stage)
    began = time.perf_counter()
    highs.run()
    return _read(highs, variables, time.perf_counter() - began)


def _session(options: Options) -> highspy.Highs:
    highs = highspy.Highs()
    settings = {
        "output_flag": False,
        "time_limit": float(options.time_limit_s),
        "mip_rel_gap": float(options.gap),
        "random_seed": int(options.seed),
        "threads": int(options.threads),
    }
    for name, value in settings.items():
        highs.setOptionValue(name, value)
    return highs


def _as_arrays(lp: pulp.LpProblem, variables: list[pulp.LpVariable]) -> highspy.HighsLp:
    """Turn the problem into the row-wise arrays of HiGHS."""
    column = {variable: index for index, variable in enumerate(variables)}
    constraints = lp.constraints()
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(variables), len(constraints)
    model.col_cost_ = np.array([lp.objective.get(variable, 0.0) for variable in variables])
    model.col_lower_ = np.array([_or(variable.lowBound, -highspy.kHighsInf) for variable in variables])
    model.col_upper_ = np.array([_or(variable.upBound, highspy.kHighsInf) for variable in variables])
    whole, real = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
    model.integrality_ = [whole if variable.cat == pulp.LpInteger else real for variable in variables]
    right = np.array([-row.constant for row in constraints], dtype=np.float64)
    sense = np.array([row.sense for row in constraints], dtype=np.int64)
    model.row_lower_ = np.where(sense >= 0, right, -highspy.kHighsInf)
    model.row_upper_ = np.where(sense <= 0, right, highspy.kHighsInf)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.cumsum([0, *(len(row) for row in constraints)])
    model.a_matrix_.index_ = np.array([column[v] for row in constraints for v in row], dtype=np.int32)
    model.a_matrix_.value_ = np.array([c for row in constraints for c in row.values()], dtype=np.float64)
    return model


def _or(value: float | None, default: float) -> float:
    return default if value is None else float(value)


def _give_start(highs: highspy.Highs, variables: list[pulp.LpVariable], start: Mapping[pulp.LpVariable, float]) -> None:
    known = [(index, start[v]) for index, v in enumerate(variables) if v in start and v.cat == pulp.LpInteger]
    if known:
        index, value = zip(*known, strict=True)
        highs.setSolution(len(known), np.array(index, dtype=np.int32), np.array(value, dtype=np.float64))


def _watch(highs: highspy.Highs, progress: Progress, stage: str) -> None:
    def report(event: Any) -> None:
        data = event.data_out
        found = abs(data.mip_primal_bound) < highspy.kHighsInf
        proven = abs(data.mip_dual_bound) < highspy.kHighsInf
        progress.report(
            Event(
                stage,
                seconds=data.running_time,
                incumbent=data.mip_primal_bound if found else None,
                bound=data.mip_dual_bound if proven else None,
            )
        )

    def stop(event: Any) -> None:
        if progress.cancelled():
            event.data_in.user_interrupt = True

    highs.cbMipLogging += report
    highs.cbMipImprovingSolution += report
    highs.cbMipInterrupt += stop
    highs.cbSimplexInterrupt += stop


def _read(highs: highspy.Highs, variables: list[pulp.LpVariable], seconds: float) -> Outcome:
    info, status = highs.getInfo(), highs.getModelStatus()
    binaries = sum(variable.cat == pulp.LpInteger for variable in variables)
    size = (highs.getNumRow(), highs.getNumCol(), binaries)
    statuses = highspy.HighsModelStatus
    if status in (statuses.kInfeasible, statuses.kUnboundedOrInfeasible):
        return Outcome("infeasible", {}, np.nan, np.inf, np.inf, seconds, *size)
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    bound = info.mip_dual_bound if binaries else (info.objective_function_value if found else -np.inf)
    if not found:
        return Outcome("unknown", {}, np.nan, bound, np.inf, seconds, *size)
    objective = info.objective_function_value
    proven = status == statuses.kOptimal
    if not binaries and not proven:
        bound = -np.inf
    gap = max(objective - bound, 0.0) / max(abs(objective), FEASIBILITY)
    values: Floats = np.array(highs.getSolution().col_value)
    return Outcome(
        "optimal" if proven else "feasible",
        dict(zip(variables, values.tolist(), strict=True)),
        objective,
        bound,
        gap,
        seconds,
        *size,
    )
