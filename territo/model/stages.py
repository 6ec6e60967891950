"""The stages of one problem in order, with the exact rule of contiguity."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from territo.domain.indicators import Proof
from territo.locate.highs import Options
from territo.locate.location import Status
from territo.model import solver
from territo.model.build import build, over_the_years
from territo.model.contiguity import add_cuts, separators
from territo.model.neighbours import near
from territo.model.problem import Problem
from territo.model.program import AT_MOST, Decision, Program, Term
from territo.model.solution import Solution, figures_of, read, seats
from territo.model.solver import Outcome
from territo.progress import Progress, Unheard

Values = Mapping[Decision, float]

ROUNDS_OF_CUTS = 50
# most cuts are found on answers that are only roughly the best
GAP_WHILE_CUTTING = 0.01
SHORTEST_TIME_S = 0.01
# part of the time of what only gives a search a beginning, and gap of a way that does
PART_TO_START, GAP_TO_START = 0.5, 0.01
# the first organisation found will do
ANY_GAP = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Staged:
    """What the stages of a problem gave.

    Parameters
    ----------
    problem, program, terms
        What was solved.
    values
        Decision -> value of the best answer; empty without one.
    proofs
        One a stage that was begun.
    status
        Of the last stage: why there is no answer, where there is none.
    """

    problem: Problem
    program: Program
    terms: Mapping[str, Term]
    values: Values
    proofs: tuple[Proof, ...]
    status: Status

    @property
    def figures(self) -> Mapping[str, float]:
        """Value of each term."""
        return figures_of(self.terms, self.values)

    @property
    def solution(self) -> Solution:
        """The answer on the arrays of the problem."""
        return read(self.program, self.problem, self.values, self.figures, self.proofs)


def stages(
    problem: Problem,
    options: Options,
    progress: Progress,
    start: Mapping[str, float],
    *,
    fixed: Mapping[str, float] | None = None,
    neighbours: Sequence[Mapping[str, float]] = (),
) -> Staged:
    """Build a problem and solve its stages; each may take its part of the time that is left.

    Parameters
    ----------
    problem
        The data; ``goals`` gives the stages.
    options
        Limits of the whole.
    progress
        Receives incumbents and bounds; may ask for a stop.
    start
        Values of some decisions to start from, by name.
    fixed
        Values that some decisions keep, by name.
    neighbours
        Other answers near the one sought, by name; with one, each stage begins with its relaxation.
    """
    deadline = time.perf_counter() + options.time_limit_s
    program, terms = build(problem)
    for decision in program.decisions:
        if fixed and decision.name in fixed:
            decision.low = decision.high = fixed[decision.name]
    aimed = over_the_years(program, problem, terms)
    first: Values = program.named(start)
    if program.steps and start:
        program.minimise(problem.goals[0], aimed)
        limits = dataclasses.replace(options, time_limit_s=PART_TO_START * options.time_limit_s)
        first = first_way(program, first, limits, Unheard(progress))
    others = [program.named(each) for each in neighbours]
    proofs: list[Proof] = []
    values: Values = {}
    status: Status = "unknown"
    for number, goal in enumerate(problem.goals):
        program.minimise(goal, aimed)
        name = "siting" if len(problem.goals) == 1 else "+".join(goal)
        left = (deadline - time.perf_counter()) / (len(problem.goals) - number)
        limits = dataclasses.replace(options, time_limit_s=left)
        outcome = one_stage(program, problem, name, limits, progress, values or first, others)
        outcome = outcome if outcome.values or values else _in_hand(program, outcome, first)
        proofs.append(_proof(name, outcome))
        if not outcome.values:  # stopped: what the earlier stages reached stands
            status = outcome.status
            break
        values, status = outcome.values, outcome.status
        _keep(program, goal, aimed, outcome.objective, options.gap)
    return Staged(problem, program, terms, values, tuple(proofs), status)


def first_way(program: Program, known: Values, options: Options, progress: Progress) -> Values:
    """Find a way to a target that is known; the target alone where it cannot be reached, or not in time.

    Parameters
    ----------
    program
        All steps, with an objective.
    known
        Decisions of the target.
    options, progress
        As :func:`stages`.
    """
    whole = {decision: float(round(value)) for decision, value in known.items() if decision.whole}
    limits = {decision: (decision.low, decision.high) for decision in whole}
    for decision, value in whole.items():
        decision.low = decision.high = value
    roughly = dataclasses.replace(options, gap=max(options.gap, GAP_TO_START))
    outcome = solver.solve(program, roughly, progress, stage="start")
    for decision, (low, high) in limits.items():
        decision.low, decision.high = low, high
    return outcome.values or known


def _in_hand(program: Program, outcome: Outcome, first: Values) -> Outcome:
    """Keep the whole answer that the search was to start from, where it was stopped before it took it up."""
    if outcome.status != "unknown" or len(first) < len(program.decisions):
        return outcome
    objective = sum(weight * first[decision] for decision, weight in program.objective.items())
    return dataclasses.replace(outcome, status="feasible", values=first, objective=objective)


def one_stage(
    program: Program,
    problem: Problem,
    name: str,
    options: Options,
    progress: Progress,
    start: Values,
    neighbours: Sequence[Values] = (),
) -> Outcome:
    """Solve one stage; with the exact rule, add cuts until every territory is in one piece."""
    plan = problem.territories
    exact = plan is not None and plan.contiguity == "exact"
    gap = max(options.gap, GAP_WHILE_CUTTING) if exact else options.gap
    deadline, spent = time.perf_counter() + options.time_limit_s, 0.0
    whole: Outcome | None = None
    for _ in range(ROUNDS_OF_CUTS):
        left = max(deadline - time.perf_counter(), SHORTEST_TIME_S)
        limits = dataclasses.replace(options, time_limit_s=left, gap=gap)
        outcome = _search(program, limits, progress, f"optimise.{name}", [start, *neighbours])
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


def _search(program: Program, options: Options, progress: Progress, stage: str, known: Sequence[Values]) -> Outcome:
    """Search from the first known answer; near them, where there are several."""
    if len(known) == 1:
        return solver.solve(program, options, progress, stage=stage, start=known[0])
    return near(program, options, progress, stage=stage, known=known)


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
