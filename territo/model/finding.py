"""Whether any organisation keeps the promises, and the best by one measure: first asked of an outline.

What the outline proves impossible is so. What satisfies it is completed on the
whole problem, with its plan given; only where that fails is the whole problem
solved.

A budget is not a row here: the least cost is searched until an answer is within
the budget, or the bound above it, which finds first answers much sooner.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from territo.locate.location import relative_gap
from territo.model.build import build
from territo.model.mending import first_points, mended
from territo.model.outline import outline
from territo.model.plan import Plan
from territo.model.problem import Problem
from territo.model.program import Decision, Program, Term
from territo.model.solution import Solution, read
from territo.model.solver import Outcome
from territo.model.start import first_seats, from_solution

# what is minimised instead of the goals of the problem
Aim = Callable[[Program, Problem, Mapping[str, Term]], Term]
# solves a program of a problem from a start; ends as soon as a value is known to be reached, or not to be
Attempt = Callable[[Program, Problem, Mapping[Decision, float], float | None], Outcome]
Found = tuple[Outcome, Solution | None]

# a smaller problem is as soon solved whole, pairs of a node and a site, all services together
LARGE = 10_000
# and of a larger one than this not even the relaxation is solved in the time of one question
HUGE = 100_000
# these terms are sums over all trips, which an outline leaves out
OF_TRIPS = frozenset({"travel", "coverage", "equity"})
NOTHING_FOUND: Found = (Outcome("unknown", {}, np.nan, -np.inf, np.inf, 0.0, 0, 0, 0), None)
# what a bound and a ceiling may miss each other by
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class _Search:
    """What is minimised, by whom, and until which value is reached or proven out of reach; None: to the proof."""

    aim: Aim
    attempt: Attempt
    ceiling: float | None = None

    def whole(self, p: Problem, known: Solution | None = None) -> Found:
        """Search the whole problem, from an organisation that may do."""
        program, terms = build(p)
        return self._of(p, program, terms, program.named(from_solution(p, known) if known is not None else {}))

    def completed(self, p: Problem, roughly: Solution | None) -> Found:
        """Complete what an outline found: its plan is given, mended where need be; who goes where is left open."""
        if roughly is None:
            return NOTHING_FOUND
        return self.whole(planned(p, mended(p, roughly.plan)))

    def polished(self, p: Problem, plan: Plan, known: Solution | None = None) -> Found:
        """Find the best among the points of a plan, and no others."""
        return self.whole(replace(p, allowed=p.allowed & plan.offered[None]), known)

    def outlined(self, p: Problem) -> Found:
        """Search the outline of a problem; what is found is only roughly an organisation."""
        program, terms = outline(p)
        start = {**program.named(first_seats(p)), **first_points(program, p)} if self.ceiling is None else {}
        return self._of(p, program, terms, start)

    def _of(self, p: Problem, m: Program, terms: Mapping[str, Term], start: Mapping[Decision, float]) -> Found:
        m.minimise({"aim": 1.0}, {"aim": self.aim(m, p, terms)})
        outcome = self._judged(self.attempt(m, p, start, self.ceiling))
        if not outcome.values:
            return outcome, None
        figures = {name: sum(weight * outcome.values[v] for v, weight in term) for name, term in terms.items()}
        return outcome, read(m, p, outcome.values, figures, ())

    def _judged(self, outcome: Outcome) -> Outcome:
        """Say whether an answer is within the ceiling, and whether it is proven that none is."""
        ceiling = self.ceiling
        if ceiling is None or (outcome.values and outcome.objective <= ceiling):
            return outcome
        proven = outcome.status == "infeasible" or outcome.bound > ceiling + abs(ceiling) * ROUNDING
        return replace(outcome, status="infeasible" if proven else "unknown", values={})


def any_organisation(problem: Problem, attempt: Attempt, known: Sequence[Solution] = ()) -> Found:
    """Look for any organisation of a problem.

    Parameters
    ----------
    problem
        The promises to keep.
    attempt
        Solves one program.
    known
        Organisations of problems that differ by their promises: their points, mended, are tried first.

    Returns
    -------
    Outcome, Solution or None
        ``infeasible`` only where that is proven; the organisation that was found.
    """
    ceiling = problem.limits.get("cost", np.inf)
    free = replace(problem, limits={name: most for name, most in problem.limits.items() if name != "cost"})
    search = _Search(_nothing if np.isinf(ceiling) else _cost, attempt, ceiling)
    if not worthwhile(problem):
        return search.whole(free)
    for each in known:
        found = search.polished(free, mended(free, each.plan))
        if found[1] is not None:
            return found
    roughly = search.outlined(free)
    if roughly[1] is None:
        return roughly
    found = search.completed(free, roughly[1])
    return found if found[1] is not None or problem.allowed.sum() > HUGE else search.whole(free, roughly[1])


def best(problem: Problem, aim: Aim, attempt: Attempt, gap: float, known: Solution | None) -> Found:
    """Minimise an aim on a problem.

    Parameters
    ----------
    problem
        The promises to keep.
    aim
        What is minimised.
    attempt
        Solves one program.
    gap
        Relative gap that is a proof.
    known
        An organisation of the problem, or of one that differs by its promises.

    Returns
    -------
    Outcome, Solution or None
        ``optimal`` only where that is proven.
    """
    search = _Search(aim, attempt)
    if not worthwhile(problem):
        return search.whole(problem, known)
    roughly = search.outlined(problem)
    bound = roughly[0].bound
    if roughly[0].status == "infeasible":
        return roughly
    completed = search.completed(problem, roughly[1])
    known = completed[1] or known
    near = search.polished(problem, known.plan, known) if known is not None else completed
    answer = near if near[1] is not None else completed
    if _held_against(answer, bound, gap)[0].status == "optimal" or problem.allowed.sum() > HUGE:
        return _held_against(answer, bound, gap)
    whole = search.whole(problem, answer[1] or known)
    if whole[0].status == "infeasible":
        return whole
    return _held_against(whole, max(bound, whole[0].bound), gap)


def _held_against(found: Found, bound: float, gap: float) -> Found:
    """Say how far an answer is proven by a bound of the whole problem; its own is that of a part."""
    outcome, solution = found
    if solution is None:
        return replace(outcome, status="unknown", values={}, bound=bound), None
    left = relative_gap(outcome.objective, min(bound, outcome.objective))
    return replace(outcome, status="optimal" if left <= gap else "feasible", bound=bound, gap=left), solution


def planned(problem: Problem, plan: Plan) -> Problem:
    """Give the points, modalities and territories of a plan; who goes where, and the teams, are left open."""
    return replace(problem, frozen=plan, allowed=problem.allowed & plan.offered[None])


def worthwhile(p: Problem) -> bool:
    """Whether an outline spares enough, and asks enough; stops and given plans are solved whole."""
    whole = p.stops is not None or p.frozen is not None or OF_TRIPS & p.limits.keys()
    return not whole and int(p.allowed.sum()) >= LARGE


def _nothing(_m: Program, _p: Problem, _terms: Mapping[str, Term]) -> Term:
    return []


def _cost(_m: Program, _p: Problem, terms: Mapping[str, Term]) -> Term:
    return terms["cost"]
