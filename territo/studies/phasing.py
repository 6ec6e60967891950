"""The way from today to an organisation: solved with it, and measured step by step."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from territo.domain.arrays import Bools
from territo.domain.indicators import Assessment, Run, Step
from territo.domain.organisation import Organisation
from territo.errors import Fault, InfeasibleError, fault
from territo.formulate import organisation_of, solution_of, with_steps
from territo.model.families import Phasing
from territo.model.problem import Problem
from territo.model.solution import Solution
from territo.model.solve import solve
from territo.progress import Progress, Unheard
from territo.studies.prepare import Prepared
from territo.studies.question import bound_from


def on_the_way(prepared: Prepared) -> Prepared:
    """Add the steps that the scenario plans; unchanged where it plans none."""
    formulation = with_steps(prepared.study, prepared.scenario, prepared.formulation)
    return replace(prepared, formulation=formulation)


def solve_way(prepared: Prepared, problem: Problem, progress: Progress, answered: Run | None = None) -> Solution:
    """Solve an organisation, and the way to it where the problem has steps.

    Parameters
    ----------
    prepared, problem
        The scenario, and what is asked of it.
    progress
        Receives events; may ask for a stop.
    answered
        An answer on the same territory to start from; its bound counts where only sites were kept or closed since.

    Raises
    ------
    InfeasibleError
        No organisation keeps all promises, which are named; or one does, and
        cannot be reached at the pace asked.
    NoSolutionError
        As :func:`territo.model.solve.solve`.
    """
    start, bound = None, -math.inf
    if answered is not None and answered.organisation.services == prepared.study.services:
        start = solution_of(prepared.formulation, answered.organisation, answered.terms)
        bound = bound_from(answered, problem)
    try:
        return solve(problem, prepared.options, progress, start=start, bound=bound, say_why=problem.phasing is None)
    except InfeasibleError as error:
        if problem.phasing is None:
            raise
        alone = solve(replace(problem, phasing=None), prepared.options, Unheard(progress))
        raise InfeasibleError(_too_slow(prepared, problem, problem.phasing, alone)) from error


def _too_slow(prepared: Prepared, problem: Problem, way: Phasing, alone: Solution) -> Fault:
    """Say what the organisation asks for where it is looked at alone, and which limits to raise."""
    changed = alone.offered != way.offered
    sentence = (
        "the organisation can be had, but not at this pace: without steps it opens or closes {points} points open to"
        " users and changes {services} services; raise {keys}, or give more steps"
    )
    return fault(
        "phasing-pace",
        sentence,
        key="transition.phasing",
        points=str(int(changed[:, problem.services.nearest].sum())),
        services=str(int(changed.any(axis=0).sum())),
        keys=", ".join(_limits(prepared)),
    )


def _limits(prepared: Prepared) -> list[str]:
    """Name the limits of pace that the scenario sets."""
    wish = prepared.scenario.transition.phasing if prepared.scenario.transition else None
    return [key for key in ("max_changes", "max_services", "capital_eur") if getattr(wish, key) is not None]


def steps_of(
    prepared: Prepared,
    solution: Solution,
    target: tuple[Organisation, Assessment],
    measured: Callable[[Organisation], Assessment],
) -> tuple[Step, ...]:
    """Measure each step with what measures an organisation, the target last; nothing where there are none.

    Parameters
    ----------
    prepared, solution
        What was asked, and its answer.
    target
        The organisation looked for, and its figures.
    measured
        Measures an organisation without looking at the moves of agents.
    """
    way = prepared.formulation.problem.phasing
    if way is None:
        return ()
    places = [organisation_of(prepared.study, prepared.formulation, step) for step in solution.steps]
    figures = [*(measured(place) for place in places), target[1]]
    before, found = prepared.now.organisation, []
    for number, place in enumerate([*places, target[0]]):
        found.append(_step(prepared, (way.years[number], way.weights[number]), (before, place), figures[number]))
        before = place
    return tuple(found)


def _step(
    prepared: Prepared, span: tuple[int, float], change: tuple[Organisation, Organisation], figures: Assessment
) -> Step:
    before, now = change
    moves = figures.indicators.get("COST.moves")
    return Step(
        year=span[0],
        weight=span[1],
        cost_eur=figures["COST"].value - (moves.value if moves else 0.0),
        travel_hours=figures["PRX6"].value,
        staff_fte=figures["ECO4"].value,
        works_eur=figures["ECO3.works"].value,
        changed=_changed(prepared.now.organisation, now),
        opened=_points(prepared, now.offered & ~before.offered),
        closed=_points(prepared, before.offered & ~now.offered),
    )


def _changed(today: Organisation, now: Organisation) -> tuple[str, ...]:
    """Services whose points, or their users' points, are no longer those of today."""
    moved = (now.offered != today.offered).any(axis=0) | (now.assignment != today.assignment).any(axis=0)
    return tuple(code for code, changed in zip(now.services, moved, strict=True) if changed)


def _points(prepared: Prepared, changed: Bools) -> tuple[tuple[str, str], ...]:
    ids, services = prepared.territory.territory.sites.ids, prepared.study.services
    return tuple((ids[site], services[column]) for site, column in zip(*np.nonzero(changed), strict=True))
