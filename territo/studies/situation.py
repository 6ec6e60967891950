"""The current situation of a territory, and what every study measures and solves against it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from territo.assess.assessment import Settings, assess
from territo.assess.case import make_case
from territo.assess.fairness import needy_trips, reference_alpha
from territo.assess.reference import current_situation
from territo.domain.catalogue import Catalogue
from territo.domain.demand import Demand, yearly_demand
from territo.domain.indicators import Assessment, Proof
from territo.domain.organisation import Organisation
from territo.domain.travel import LoadedTerritory
from territo.errors import InfeasibleError, NoSolutionError
from territo.formulate import Formulation, Study
from territo.locate.highs import Options
from territo.model.problem import Problem
from territo.model.solution import Solution
from territo.model.solve import solve
from territo.progress import Progress
from territo.scenario.schema import Scenario


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Situation:
    """The current situation of the services under study.

    Parameters
    ----------
    territory, catalogue
        Where, and what a service is.
    demand
        Yearly demand of the cells today.
    organisation, assessment
        How services are organised today, and its figures.
    warnings
        Codes of what had to be assumed.
    """

    territory: LoadedTerritory
    catalogue: Catalogue
    demand: Demand
    organisation: Organisation
    assessment: Assessment
    warnings: tuple[str, ...]

    @property
    def services(self) -> tuple[str, ...]:
        """Codes of the services, in the order of all columns."""
        return self.organisation.services


def current(territory: LoadedTerritory, catalogue: Catalogue, services: tuple[str, ...]) -> Situation:
    """Describe and measure the current situation of some services."""
    demand = yearly_demand(territory.territory, catalogue, services)
    reference, assumed = current_situation(territory.territory, catalogue, territory.travel, services, demand)
    settings = Settings(target_times(catalogue, services))
    figures = assess(territory.territory, catalogue, territory.travel, demand, reference, reference, settings)
    warnings = tuple(":".join((each.code, *each.params.values())) for each in assumed)
    return Situation(territory, catalogue, demand, reference, figures, warnings)


def target_times(catalogue: Catalogue, services: Sequence[str]) -> dict[str, float]:
    """Return the target minutes of the services that have one, by the catalogue."""
    norms = {code: catalogue[code].norm_min for code in services}
    return {code: minutes for code, minutes in norms.items() if minutes is not None}


def demand_of(scenario: Scenario, now: Situation) -> Demand:
    """Return the demand of a scenario, with its own use of online procedures."""
    territory, scale = now.territory.territory, scenario.digital.take_up_scale
    return yearly_demand(territory, now.catalogue, now.services, take_up_scale=scale)


def measure(
    organisation: Organisation, scenario: Scenario, now: Situation, demand: Demand, norms: dict[str, float]
) -> Assessment:
    """Measure an organisation against the current situation; ``norms`` are target minutes by service."""
    settings = Settings(norms, aversion=scenario.equity.aversion, accepted_reference=scenario.reference.accepted)
    territory = now.territory
    return assess(
        territory.territory, now.catalogue, territory.travel, demand, organisation, now.organisation, settings
    )


def study_of(scenario: Scenario, now: Situation, demand: Demand) -> Study:
    """Gather what the formulation of a scenario needs."""
    territory = now.territory
    before = make_case(territory.territory, now.catalogue, territory.travel, demand, now.organisation)
    return Study(
        territory=territory.territory,
        catalogue=now.catalogue,
        travel=territory.travel,
        services=now.services,
        demand=demand,
        reference=now.organisation,
        reference_cost=now.assessment["COST"].value,
        kappa=abs(scenario.equity.aversion) * reference_alpha(before),
        need=needy_trips(before),
    )


def options_of(scenario: Scenario) -> Options:
    """Return the limits of the solver that a scenario sets."""
    limits = scenario.solver
    return Options(limits.time_limit_s, limits.gap, limits.seed, limits.threads)


def solve_named(scenario: Scenario, problem: Problem, progress: Progress) -> Solution:
    """Solve, and say which scenario fails where it does."""
    try:
        return solve(problem, options_of(scenario), progress)
    except (InfeasibleError, NoSolutionError) as error:
        head, *rest = error.faults
        raise type(error)(dataclasses.replace(head, where=scenario.name), *rest) from error


def formulation_warnings(formulation: Formulation) -> tuple[str, ...]:
    """Say which communes the promises could not hold for, and which the balance leaves out."""
    late = (f"out_of_reach:{service}:{','.join(codes)}" for service, codes in formulation.out_of_reach.items())
    return (*late, *(f"exempt_from_balance:{code}" for code in formulation.exempt))


def status_of(proofs: Sequence[Proof]) -> str:
    """Worst of the stages; ``evaluated`` where nothing was optimised."""
    if not proofs:
        return "evaluated"
    return "optimal" if all(proof.status == "optimal" for proof in proofs) else "feasible"
