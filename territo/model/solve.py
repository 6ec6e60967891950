"""Solve a problem: as it is, or from its near sites outwards where it is large; and say why not."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Sequence
from typing import NoReturn

import numpy as np

from territo.errors import InfeasibleError, NoSolutionError, fault
from territo.locate.highs import Options
from territo.locate.location import Status
from territo.model.conflicts import why_not
from territo.model.elastic import Elastic
from territo.model.finding import Aim, Found, any_organisation, best
from territo.model.narrow import is_large
from territo.model.problem import Problem
from territo.model.program import Program
from territo.model.solution import Solution
from territo.model.solver import Outcome
from territo.model.stages import ANY_GAP, PART_TO_START, Values, one_stage, stages
from territo.model.start import first_seats, from_solution, target_only
from territo.model.widening import Widening
from territo.progress import Progress, Silent, Unheard

NO_GAP = 0.0
UNEXPLAINED = "the promises cannot all be kept; which ones block is not known"
NOT_SOLVED = Outcome("unknown", {}, np.nan, -np.inf, np.inf, 0.0, 0, 0, 0)


def solve(
    problem: Problem,
    options: Options | None = None,
    progress: Progress | None = None,
    *,
    start: Solution | None = None,
    neighbours: Sequence[Solution] = (),
    bound: float = -np.inf,
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
        Answer of a problem that differs by its limits, goals, and sites kept or closed only.
    neighbours
        Other such answers near the one sought: with them and a start, the
        linear relaxation comes first (:mod:`territo.model.neighbours`).
    bound
        What no answer can be below, where it is known.
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
    if is_large(problem):
        found = Widening(problem, options, progress, bound).answer(start, neighbours)
        if isinstance(found, Solution):
            return found
        _give_up(problem, options, progress, found, say_why=say_why)
    began = time.perf_counter()
    start = start or _target(problem, options, progress)
    left = dataclasses.replace(options, time_limit_s=options.time_limit_s - (time.perf_counter() - began))
    first = from_solution(problem, start) if start else first_seats(problem)
    others = [from_solution(problem, each) for each in neighbours]
    whole = stages(problem, left, progress, first, neighbours=others)
    if not whole.values:
        _give_up(problem, options, progress, whole.status, say_why=say_why)
    return whole.solution


def _target(problem: Problem, options: Options, progress: Progress) -> Solution | None:
    """Answer the target of a way alone, to start from; None without a way, or without an answer."""
    if problem.phasing is None:
        return None
    limits = dataclasses.replace(options, time_limit_s=PART_TO_START * options.time_limit_s)
    try:
        return solve(target_only(problem), limits, Unheard(progress), say_why=False)
    except (InfeasibleError, NoSolutionError):
        return None


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
        return one_stage(program, changed, "siting", own, quiet, start)

    def optimise(changed: Problem, aim: Aim, known: Solution | None) -> Found:
        """Minimise an aim."""
        return best(changed, aim, attempt, options.gap, known)

    return Elastic(problem, optimise, lambda changed, known: any_organisation(changed, attempt, known))
