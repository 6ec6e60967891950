"""The one door to HiGHS: arrays in, what the solver itself said out.

Statuses are those of HiGHS, never a guess from an objective: a solve that
stopped on its time limit is not optimal.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import highspy
import numpy as np
from scipy.sparse import csr_array

from territo.domain.arrays import Bools, Floats
from territo.locate.location import Status, relative_gap
from territo.progress import Event, Progress

EMPTY: Floats = np.empty(0)


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """A mixed-integer program to minimise: ``row_lower <= rows x <= row_upper``.

    Parameters
    ----------
    cost, lower, upper : float arrays (columns,)
        Objective and limits of the variables.
    whole : bool array (columns,)
        Which variables are integers.
    rows : sparse array (rows, columns)
    row_lower, row_upper : float arrays (rows,)
    """

    cost: Floats
    lower: Floats
    upper: Floats
    whole: Bools
    rows: csr_array
    row_lower: Floats
    row_upper: Floats


@dataclass(frozen=True, slots=True)
class Options:
    """How long and how well to solve.

    Parameters
    ----------
    time_limit_s
        Seconds for one call; inf waits for the proof.
    gap
        Relative gap below which an answer counts as proven.
    seed, threads
        The same two give the same answer.
    enough
        The search ends once an answer is no greater than this, or, without a
        start, once the bound is greater; None = it goes on to the proof.
    extra
        Further options of HiGHS by their own names.
    """

    time_limit_s: float = 60.0
    gap: float = 1e-3
    seed: int = 0
    threads: int = 2
    enough: float | None = None
    extra: Mapping[str, str | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What HiGHS said.

    Parameters
    ----------
    status
        ``optimal`` only where HiGHS itself proved the gap asked.
    values : float array (columns,)
        Best answer; empty without one.
    objective, bound, gap
        Best value, proven bound, relative gap; NaN, -inf and inf without one.
    seconds
        Time in the solver.
    prices : float array (rows,)
        What a unit of each row is worth, where the program has no integers and was solved; else empty.
    """

    status: Status
    values: Floats
    objective: float
    bound: float
    gap: float
    seconds: float
    prices: Floats = field(default_factory=EMPTY.copy)


def minimise(
    program: Program, options: Options, progress: Progress, *, stage: str, start: Mapping[int, float] | None = None
) -> Answer:
    """Minimise a program with HiGHS.

    Parameters
    ----------
    program
        Its arrays.
    options
        See :class:`Options`.
    progress
        Receives incumbents and bounds; may ask for a stop, which keeps the
        best answer.
    stage
        Name of the stage in the events.
    start
        Values of some integer columns to start from.

    Raises
    ------
    RuntimeError
        HiGHS refused the program or the options: not an answer of any kind.
    """
    highs = _session(options)
    refused = highs.passModel(_lp(program)) == highspy.HighsStatus.kError
    if start:
        index, value = np.array([*start], dtype=np.int32), np.array([*start.values()], dtype=np.float64)
        highs.setSolution(len(start), index, value)
    if options.enough is not None:
        _end_at(highs, options.enough, bounded=not start)
    began = time.perf_counter()
    _watch(highs, progress, stage, began + options.time_limit_s)
    if refused or highs.run() == highspy.HighsStatus.kError:
        message = f"HiGHS refused to solve {stage}: {highs.modelStatusToString(highs.getModelStatus())}"
        raise RuntimeError(message)
    return _read(highs, whole=bool(program.whole.any()), seconds=time.perf_counter() - began)


def _session(options: Options) -> highspy.Highs:
    # HiGHS keeps its threads from one solve to the next, and refuses another number of them
    highspy.Highs.resetGlobalScheduler(True)
    highs = highspy.Highs()
    settings = {
        "output_flag": False,
        "time_limit": float(options.time_limit_s),
        "mip_rel_gap": float(options.gap),
        "random_seed": int(options.seed),
        "threads": int(options.threads),
        **options.extra,
    }
    for name, value in settings.items():
        highs.setOptionValue(name, value)
    return highs


def _lp(program: Program) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = program.rows.shape
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = program.cost, program.lower, program.upper
    whole, real = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
    lp.integrality_ = [whole if integer else real for integer in program.whole.tolist()]
    lp.row_lower_, lp.row_upper_ = program.row_lower, program.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = program.rows.indptr
    lp.a_matrix_.index_ = program.rows.indices.astype(np.int32, copy=False)
    lp.a_matrix_.value_ = program.rows.data
    return lp


def _watch(highs: highspy.Highs, progress: Progress, stage: str, deadline: float) -> None:
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
        # some of its steps look at the time limit only when they end
        if progress.cancelled() or time.perf_counter() > deadline:
            event.data_in.user_interrupt = True

    highs.cbMipLogging += report
    highs.cbMipImprovingSolution += report
    highs.cbMipInterrupt += stop
    highs.cbSimplexInterrupt += stop


def _end_at(highs: highspy.Highs, enough: float, *, bounded: bool) -> None:
    """End once it is known on which side of a value the optimum is.

    A start is first completed on a part of the program, whose bound is not that of the whole.
    """

    def decide(event: Any) -> None:
        data = event.data_out
        above = bounded and enough < data.mip_dual_bound < highspy.kHighsInf
        if above or data.mip_primal_bound <= enough:
            event.data_in.user_interrupt = True

    highs.cbMipInterrupt += decide


def _read(highs: highspy.Highs, *, whole: bool, seconds: float) -> Answer:
    info, status = highs.getInfo(), highs.getModelStatus()
    statuses = highspy.HighsModelStatus
    if status in (statuses.kInfeasible, statuses.kUnboundedOrInfeasible):
        return Answer("infeasible", EMPTY, np.nan, np.inf, np.inf, seconds)
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    proven = status == statuses.kOptimal
    objective = float(info.objective_function_value) if found else np.nan
    # the bound of a linear program is its optimum, once reached
    reached = objective if proven else -np.inf
    bound = float(info.mip_dual_bound) if whole else reached
    if not found:
        return Answer("unknown", EMPTY, np.nan, bound, np.inf, seconds)
    gap, solution = relative_gap(objective, min(bound, objective)), highs.getSolution()
    prices = np.array(solution.row_dual) if proven and not whole else EMPTY
    return Answer(
        "optimal" if proven else "feasible", np.array(solution.col_value), objective, bound, gap, seconds, prices
    )
