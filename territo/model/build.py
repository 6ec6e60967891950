"""The model on one page: its blocks, its terms, and a loop.

A block adds the rows of one family and returns at once where the family does
not apply; a term is built once and used three times: in the objective, as a
limit, as a reported value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from territo.model.assign import assign, link
from territo.model.balance import balance
from territo.model.budget import limits
from territo.model.closest import closest
from territo.model.concave import concave
from territo.model.contiguity import contiguity
from territo.model.coordination import coordination
from territo.model.decisions import decide
from territo.model.existing import existing, presence
from territo.model.families import Phasing
from territo.model.farther import farther
from territo.model.frozen import frozen, unlike
from territo.model.itinerance import itinerance
from territo.model.levels import levels
from territo.model.means import means
from territo.model.modality import modality, sector
from territo.model.norm import norm
from territo.model.phasing import phasing
from territo.model.premises import premises
from territo.model.problem import Problem
from territo.model.program import Program, Step, Term
from territo.model.resilience import resilience
from territo.model.staff import staff
from territo.model.staffmove import staffmove
from territo.model.steps import step_problem
from territo.model.terms import TERMS
from territo.model.territory import locks, territory
from territo.model.worst import worst

BLOCKS = (
    territory,
    locks,
    balance,
    contiguity,
    assign,
    link,
    modality,
    sector,
    closest,
    farther,
    itinerance,
    staff,
    concave,
    staffmove,
    premises,
    coordination,
    levels,
    presence,
    existing,
    norm,
    resilience,
    means,
    worst,
    frozen,
    unlike,
)


def build(
    problem: Problem, blocks: Sequence[Callable[[Program, Problem], None]] = BLOCKS
) -> tuple[Program, Mapping[str, Term]]:
    """Build the model of a problem.

    Parameters
    ----------
    problem
        The data.
    blocks
        Families of rows; fewer of them ask less than the problem does.

    Returns
    -------
    Program, mapping of Term
        The decisions and rows, and the terms by name; the objective is not set yet.
        With phasing these are of the target, and the program holds the steps.
    """
    program = Program()
    _write(program, problem, blocks)
    if problem.phasing is not None and problem.phasing.step is None:
        _steps(program, problem, problem.phasing)
    terms = {name: term(program, problem) for name, term in TERMS.items()}
    limits(program, problem, terms)
    return program, terms


def _write(program: Program, problem: Problem, blocks: Sequence[Callable[[Program, Problem], None]] = BLOCKS) -> None:
    decide(program, problem)
    for block in blocks:
        block(program, problem)


def _steps(program: Program, problem: Problem, way: Phasing) -> None:
    """Write the steps before the target, each one as the problem that it is, and bind them."""
    for number, year in enumerate(way.years[:-1]):
        view, asked = program.step(year), step_problem(program, problem, way, number)
        _write(view, asked)
        phasing(view, asked, (program, problem))
        terms = {name: term(view, asked) for name, term in TERMS.items()}
        program.steps.append(Step(view, asked, terms))
    phasing(program, problem, (program, problem))


def over_the_years(program: Program, problem: Problem, terms: Mapping[str, Term]) -> Mapping[str, Term]:
    """Return the mean of each term over the steps, by the weight of each; the terms themselves without steps."""
    way = problem.phasing
    if way is None or way.step is not None:
        return terms
    every = [*(step.terms for step in program.steps), terms]
    return {
        name: [
            (decision, weight * part)
            for weight, of in zip(way.weights, every, strict=True)
            for decision, part in of[name]
        ]
        for name in terms
    }
