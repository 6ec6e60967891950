"""What a study needs before anything is solved: the current situation, and a scenario as a problem."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from territo.assess.assessment import Settings, assess
from territo.assess.case import make_case
from territo.assess.fairness import needy_trips, reference_alpha
from territo.assess.reference import current_situation
from territo.domain.catalogue import Catalogue
from territo.domain.demand import Demand, yearly_demand
from territo.domain.indicators import Assessment
from territo.domain.organisation import Organisation
from territo.domain.travel import LoadedTerritory
from territo.formulate import Formulation, Study, formulate
from territo.locate.highs import Options
from territo.scenario.objective import Weighted
from territo.scenario.schema import Scenario


@dataclass(frozen=True, slots=True, eq=False)
class Today:
    """The current situation of the services under study."""

    demand: Demand
    organisation: Organisation
    assessment: Assessment
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A scenario written as a problem on a territory.

    Parameters
    ----------
    scenario, territory, catalogue
        As loaded.
    now
        The current situation.
    study, formulation
        What the scenario was written from, and the problem.
    """

    scenario: Scenario
    territory: LoadedTerritory
    catalogue: Catalogue
    now: Today
    study: Study
    formulation: Formulation

    @property
    def options(self) -> Options:
        """Limits of the computation, as the scenario says."""
        limits = self.scenario.solver
        return Options(limits.time_limit_s, limits.gap, limits.seed, limits.threads)


def services_of(scenario: Scenario, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the codes of the services of a scenario."""
    return catalogue.codes if scenario.services == "all" else scenario.services


def today(territory: LoadedTerritory, catalogue: Catalogue, services: tuple[str, ...]) -> Today:
    """Estimate the current situation of some services and measure it."""
    demand = yearly_demand(territory.territory, catalogue, services)
    reference, assumed = current_situation(territory.territory, catalogue, territory.travel, services, demand)
    settings = Settings(targets(catalogue, services))
    figures = assess(territory.territory, catalogue, territory.travel, demand, reference, reference, settings)
    warnings = tuple(":".join((each.code, *each.params.values())) for each in assumed)
    return Today(demand, reference, figures, warnings)


def targets(catalogue: Catalogue, services: Sequence[str]) -> dict[str, float]:
    """Return the target times of the catalogue, minutes, that all scenarios are measured with."""
    norms = {code: catalogue[code].norm_min for code in services}
    return {code: minutes for code, minutes in norms.items() if minutes is not None}


def demand_of(scenario: Scenario, territory: LoadedTerritory, catalogue: Catalogue, now: Today) -> Demand:
    """Return the yearly demand of the cells under a scenario."""
    scale = scenario.digital.take_up_scale
    return yearly_demand(territory.territory, catalogue, now.organisation.services, take_up_scale=scale)


def prepare(scenario: Scenario, territory: LoadedTerritory, catalogue: Catalogue, now: Today) -> Prepared:
    """Write a scenario as a problem."""
    demand = demand_of(scenario, territory, catalogue, now)
    before = make_case(territory.territory, catalogue, territory.travel, demand, now.organisation)
    study = Study(
        territory=territory.territory,
        catalogue=catalogue,
        travel=territory.travel,
        services=now.organisation.services,
        demand=demand,
        reference=now.organisation,
        reference_cost=now.assessment["COST"].value,
        kappa=abs(scenario.equity.aversion) * reference_alpha(before),
        need=needy_trips(before),
    )
    return Prepared(scenario, territory, catalogue, now, study, formulate(study, scenario))


def eur_per_hour(prepared: Prepared) -> float:
    """Return the price of an hour that users travel: the scenario's, else the catalogue's."""
    objective = prepared.scenario.objective
    if isinstance(objective, Weighted):
        return objective.value_of_time_eur_h
    return prepared.catalogue.constants.value_of_time_eur_h
