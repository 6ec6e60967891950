"""A scenario in one state of the world: its numbers, its demand, and what a plan gives there."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np

from territo.domain.indicators import Assessment
from territo.domain.robustness import Outcome, Trial
from territo.errors import InfeasibleError, NoSolutionError
from territo.formulate import organisation_of
from territo.model.plan import Plan
from territo.model.problem import Problem
from territo.model.promises import promises, without
from territo.model.solution import Solution
from territo.progress import Progress
from territo.scenario.objective import Weighted
from territo.studies.compare import measure, solve_prepared, status_of
from territo.studies.prepare import Prepared, targets
from territo.studies.question import digest

# they depend on the plan alone; the points that the law keeps also say which decisions there are
EVERYWHERE = ("reach", "presence", "second")
# the model and the evaluator count inhabitants in different orders
ROUNDING = 1e-6


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class World:
    """A scenario, written as a problem, in one state of the world."""

    prepared: Prepared

    @property
    def problem(self) -> Problem:
        """The arrays of the model."""
        return self.prepared.formulation.problem

    def asks_as(self, other: World) -> bool:
        """Whether the model sees the same problem in both worlds, so that the best answer is the same."""
        return digest(self.problem) == digest(other.problem)

    @property
    def price(self) -> float:
        """Euro per hour of travel: the scenario's where it weighs travel, else the catalogue's."""
        objective = self.prepared.scenario.objective
        if isinstance(objective, Weighted):
            return objective.value_of_time_eur_h
        return self.prepared.now.catalogue.constants.value_of_time_eur_h

    @property
    def site_ids(self) -> tuple[str, ...]:
        """Ids of the candidate sites, in the order of the problem."""
        ids = self.prepared.territory.territory.sites.ids
        return tuple(ids[site] for site in self.prepared.formulation.sites)

    def solve(self, problem: Problem, progress: Progress) -> Solution:
        """Solve a problem of this world within the limits of the scenario."""
        return solve_prepared(self.prepared, problem, progress)

    def given(self, plan: Plan) -> Problem:
        """Return the problem of who goes where, and with which teams, once the plan is given.

        Promises do not bind there, but for those that hold in every world:
        what does not hold is said (:meth:`broken`).
        """
        loose = [promise for promise in promises(self.problem) if promise.kind not in EVERYWHERE]
        goals = ({"cost": 1.0, "travel": self.price},)
        return dataclasses.replace(without(self.problem, loose), frozen=plan, goals=goals)

    def outcome(self, figures: Assessment) -> Outcome:
        """Take the figures of an organisation that count here."""
        cost, travel = figures["COST"].value, figures["PRX6"].value
        return Outcome(
            cost=cost,
            travel=travel,
            saving=figures["ECO1"].value,
            saving_most=figures["ECO1.theoretical"].value,
            total=cost + self.price * travel,
        )

    def broken(self, solution: Solution, figures: Assessment) -> tuple[str, ...]:
        """Name the promises that do not hold, whichever family they are of."""
        found = (*self._norms(solution), *self._ceilings(figures), *self._staff(figures))
        return tuple(dict.fromkeys(found))

    def _norms(self, solution: Solution) -> Iterator[str]:
        """Name the services with too few inhabitants, of all or of a group, within their target time."""
        problem, nodes = self.problem, np.arange(len(self.problem.nodes))
        for norm in problem.norms:
            people, within = norm.counted(problem.population, problem.covered)
            if within[nodes, solution.site_of[:, norm.service]] @ people < (norm.share - ROUNDING) * people.sum():
                yield f"norm:{problem.services.codes[norm.service]}"

    def _ceilings(self, figures: Assessment) -> Iterator[str]:
        cost = figures["COST"].value - self.prepared.study.residual_cost
        values = {"cost": cost, "travel": figures["PRX6"].value}
        for name, most in self.problem.limits.items():
            if values.get(name, 0.0) > most * (1.0 + ROUNDING):
                yield name

    def _staff(self, figures: Assessment) -> Iterator[str]:
        """Name what is promised on agents who move, and on means that follow needs."""
        moves, means = self.problem.moves, self.problem.means
        if moves is not None and moves.most_fte is not None and figures["ORG2"].value > moves.most_fte + ROUNDING:
            yield "moves"
        if means is not None and (
            figures["EQU4.min"].value < (means.least_ratio or 0.0) - ROUNDING
            or figures["EQU4.gap"].value > (np.inf if means.most_gap is None else means.most_gap) + ROUNDING
        ):
            yield "means"

    def trial(self, solution: Solution, plan: Plan) -> Trial:
        """Measure an answer, and name the sites that differ from a plan."""
        prepared = self.prepared
        organisation = organisation_of(prepared.study, prepared.formulation, solution)
        norms = targets(prepared.now.catalogue, prepared.study.services)
        demand = prepared.study.demand
        figures = measure(organisation, prepared.scenario, prepared.territory, prepared.now, demand, norms)
        before, after = (each.chosen(self.problem.required) for each in (plan, solution.plan))
        return Trial(
            status=status_of(solution.proofs),
            outcome=self.outcome(figures),
            opened=tuple(np.array(self.site_ids)[after & ~before].tolist()),
            closed=tuple(np.array(self.site_ids)[before & ~after].tolist()),
            broken=self.broken(solution, figures),
        )


def tried_kept(world: World, plan: Plan, progress: Progress) -> Trial:
    """Keep a plan in a world: users and teams follow, nothing else moves."""
    return _tried(world, world.given(plan), plan, progress)[0]


def tried_free(world: World, plan: Plan, progress: Progress) -> tuple[Trial, Solution | None]:
    """Look for the best answer of a world, and compare its sites with a plan's."""
    return _tried(world, world.problem, plan, progress)


def _tried(world: World, problem: Problem, plan: Plan, progress: Progress) -> tuple[Trial, Solution | None]:
    try:
        solution = world.solve(problem, progress)
    except InfeasibleError:
        return Trial("infeasible"), None
    except NoSolutionError:
        return Trial("unknown"), None
    return world.trial(solution, plan), solution
