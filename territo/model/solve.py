"""Solve a problem: its stages in order, the exact rule of contiguity, and why not."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Mapping
from typing import NoReturn

import numpy as np

from territo.domain.indicators import Proof
from territo.errors import InfeasibleError, NoSolutionError, fault
from territo.locate.highs import Options
from territo.locate.location import Status
from territo.model import solver
from territo.model.build import build
from territo.model.conflicts import why_not
from territo.model.contiguity import add_cuts, separators
from territo.model.elastic import Elastic
from territo.model.finding import Aim, Found, any_organisation, best
from territo.model.problem import Problem
from territo.model.program import AT_MOST, Decision, Program, Term
from territo.model.solution import Solution, read, seats
from territo.model.solver import Outcome
from territo.model.start import first_seats, from_solution, near_only
from territo.progress import Progress, Silent, Unheard

Values = Mapping[Decision, float]

ROUNDS_OF_CUTS = 50
# most cuts are found on answers that are only roughly the best
GAP_WHILE_CUTTING = 0.01
SHORTEST_TIME_S = 0.01
# part of the time that a smaller problem, to start from, may take
PART_TO_START = 0.5

# the first organisation found will do
ANY_GAP, NO_GAP = 1.0, 0.0
UNEXPLAINED = "the promises cannot all be kept; which ones block is not known"
NOT_SOLVED = Outcome("unknown", {}, np.nan, -np.inf, np.inf, 0.0, 0, 0, 0)


def solve(
    problem: Problem,
    options: Options | None = None,
    progress: Progress | None = None,
    *,
    start: Solution | None = None,
    say_why: bool = True,
) -> Solution:
    """Find the best organisation, stage by stage.

    Parameters
    ----------
    problem
        The data; ``goals`` gives the stages.
    options
        Limits of the whole; a stage may take its part of the time that is left.
    progress
        Receives incumbents and bounds; may ask for a stop.
    start
        Answer of a problem that differs by its limits and goals only.
    say_why
        Look for the families that block an infeasible problem, which takes
        several solves.

    Returns
    -------
    Solution
        With one proof a stage, as the solver said it.

    Raises
    ------
    InfeasibleError
        No organisation keeps all promises; names the families that block.
    NoSolutionError
        The limits were reached, or a stop was asked, before any organisation was found.
    """
    options, progress = options or Options(), progress or Silent()
    deadline = time.perf_counter() + options.time_limit_s
    start = start or _answer_nearby(problem, options, progress)
    program, terms = build(problem)
    first = from_solution(program, problem, start) if start else first_seats(program, problem)
    proofs: list[Proof] = []
    values: Values = {}
    for number, goal in enumerate(problem.goals):
        program.minimise(goal, terms)
        name = "siting" if len(problem.goals) == 1 else "+".join(goal)
        left = (deadline - time.perf_counter()) / (len(problem.goals) - number)
        outcome = _stage(
            program, problem, name, dataclasses.replace(options, time_limit_s=left), progress, values or first
        )
        proofs.append(_proof(name, outcome))
        if not outcome.values and not values:
            _give_up(problem, options, progress, outcome.status, say_why=say_why)
        if not outcome.values:  # stopped: what the earlier stages reached stands
            break
        values = outcome.values
        _keep(program, goal, terms, outcome.objective, options.gap)
    figures = {name: sum(weight * values.get(v, 0.0) for v, weight in term) for name, term in terms.items()}
    return read(program, problem, values, figures, tuple(proofs))


def _answer_nearby(problem: Problem, options: Options, progress: Progress) -> Solution | None:
    """Answer a smaller problem, where there is one and it has an answer, to start from."""
    smaller = near_only(problem)
    if smaller is None:
        return None
    limits = dataclasses.replace(options, time_limit_s=PART_TO_START * options.time_limit_s)
    try:
        return solve(smaller, limits, Unheard(progress), say_why=False)
    except (InfeasibleError, NoSolutionError):
        return None


def _stage(
    program: Program, problem: Problem, name: str, options: Options, progress: Progress, start: Values
) -> Outcome:
    """Solve one stage; with the exact rule, add cuts until every territory is in one piece."""
    plan = problem.territories
    exact = plan is not None and plan.contiguity == "exact"
    gap = max(options.gap, GAP_WHILE_CUTTING) if exact else options.gap
    deadline, spent = time.perf_counter() + options.time_limit_s, 0.0
    whole: Outcome | None = None
    for _ in range(ROUNDS_OF_CUTS):
        left = max(deadline - time.perf_counter(), SHORTEST_TIME_S)
        outcome = solver.solve(
            program,
            dataclasses.replace(options, time_limit_s=left, gap=gap),
            progress,
            stage=f"optimise.{name}",
            start=start,
        )
        spent += outcome.seconds
        outcome = dataclasses.replace(outcome, seconds=spent)
        if plan is None or not exact:
            return outcome
        if not outcome.values:
            break
        position = {int(site): k for k, site in enumerate(plan.seats)}
        cuts = separators(plan, [position[int(site)] for site in seats(program, problem, outcome.values)])
        if not cuts and (gap == options.gap or outcome.gap <= options.gap):
            return outcome
        if not cuts:
            whole, gap = outcome, options.gap
        start = outcome.values
        add_cuts(program, problem, cuts, len(program.rows.names))
        if time.perf_counter() > deadline:
            break
    if whole is not None:  # in one piece, and proven only as far as the bound of that round
        return dataclasses.replace(whole, status="feasible", seconds=spent)
    return outcome if not outcome.values else dataclasses.replace(outcome, status="unknown", values={})


def _keep(program: Program, goal: Mapping[str, float], terms: Mapping[str, Term], value: float, gap: float) -> None:
    """Let later stages lose no more than the gap on what this one reached."""
    kept = [(variable, weight * part) for name, weight in goal.items() for variable, part in terms[name]]
    program.row(f"kept({'+'.join(goal)})", kept, AT_MOST, value + abs(value) * gap)


def _proof(name: str, outcome: Outcome) -> Proof:
    return Proof(
        stage=name,
        status=outcome.status,
        objective=outcome.objective,
        bound=outcome.bound,
        gap=outcome.gap,
        seconds=outcome.seconds,
        rows=outcome.rows,
        columns=outcome.columns,
        binaries=outcome.binaries,
    )


def _give_up(problem: Problem, options: Options, progress: Progress, status: Status, *, say_why: bool) -> NoReturn:
    if status != "infeasible" and progress.cancelled():
        sentence = "stopped before any organisation was found: run it again and let it search longer"
        raise NoSolutionError(fault("stopped-before-any", sentence))
    if status != "infeasible":
        sentence = "no organisation was found in {seconds} s: raise solver.time_limit_s or loosen the promises"
        raise NoSolutionError(fault("no-solution-in-time", sentence, seconds=f"{options.time_limit_s:.0f}"))
    if not say_why:
        raise InfeasibleError(fault("infeasible-unexplained", UNEXPLAINED))
    raise InfeasibleError(*why_not(elastic(problem, options, progress)))


def elastic(problem: Problem, options: Options, progress: Progress) -> Elastic:
    """Return what solves a problem without some of its promises.

    Parameters
    ----------
    problem
        The whole problem.
    options
        Limits of each solve.
    progress
        May ask for a stop, after which nothing more is solved; receives no event.
    """
    quiet = Unheard(progress)

    def attempt(program: Program, changed: Problem, start: Values, ceiling: float | None) -> Outcome:
        """Solve to the proof, or until it is known whether something is within a ceiling."""
        if progress.cancelled():
            return NOT_SOLVED
        if ceiling is None:
            own = options
        elif np.isinf(ceiling):
            own = dataclasses.replace(options, gap=ANY_GAP)
        else:
            own = dataclasses.replace(options, gap=NO_GAP, enough=ceiling)
        return _stage(program, changed, "siting", own, quiet, start)

    def optimise(changed: Problem, aim: Aim, known: Solution | None) -> Found:
        """Minimise an aim."""
        return best(changed, aim, attempt, options.gap, known)

    return Elastic(problem, optimise, lambda changed, known: any_organisation(changed, attempt, known))
