"""What each promise costs: the best organisation with it against the best without it.

The rows of a mixed-integer program have no dual values that mean anything, so
the price of a promise is the difference of two optima (section 10 of the
domain specification: what-if, no hidden weights).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

from territo.errors import NoSolutionError
from territo.locate.highs import Options
from territo.model.problem import Problem
from territo.model.promises import Promise, promises, without
from territo.model.solution import Solution
from territo.model.solve import solve
from territo.progress import Event, Progress


@dataclass(frozen=True, slots=True)
class Difference:
    """Two organisations compared: the first against the second.

    Parameters
    ----------
    value
        Euro a year, hours at their price included; positive where the first costs more.
    margin
        Euro a year that the proofs leave open.
    cost, hours
        Running cost, euro a year; travel of the users, hours a year.
    """

    value: float
    margin: float
    cost: float
    hours: float


def prices(
    problem: Problem, eur_per_hour: float, options: Options, progress: Progress
) -> Iterator[tuple[Promise, Solution, Solution]]:
    """Yield the best organisation with each promise of a feasible problem, and the best without it.

    Parameters
    ----------
    problem
        The promises; its goals are replaced by cost plus travel at a price.
    eur_per_hour
        Price of an hour that users travel.
    options
        Limits of each solve; the gap bounds the margin of the prices.
    progress
        A stop ends the list early.

    Raises
    ------
    InfeasibleError, NoSolutionError
        As :func:`territo.model.solve.solve`, for the problem itself.
    """
    priced = dataclasses.replace(problem, goals=({"cost": 1.0, "travel": eur_per_hour},))
    best = solve(priced, options, progress)
    for promise in promises(priced):
        if progress.cancelled():
            return
        progress.report(Event("price", subject=promise.id))
        try:
            freed = solve(without(priced, [promise]), options, progress, start=best)
        except NoSolutionError:
            continue
        yield promise, best, freed


def difference(one: Solution, other: Solution) -> Difference:
    """Compare two solutions of problems that differ by their promises only."""
    return Difference(
        value=one.proofs[-1].objective - other.proofs[-1].objective,
        margin=sum(max(proof.objective - proof.bound, 0.0) for proof in (one.proofs[-1], other.proofs[-1])),
        cost=one.terms["cost"] - other.terms["cost"],
        hours=one.terms["travel"] - other.terms["travel"],
    )
