"""What a study needs before anything is solved: the current situation, and a scenario as a problem."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from territo.assess.assessment import Settings, assess
from territo.assess.calibration import calibrate, explained, fitted_catalogue
from territo.assess.case import make_case
from territo.assess.fairness import need_weights, needy_trips, reference_alpha
from territo.assess.reference import current_situation
from territo.domain.calibration import Calibration
from territo.domain.catalogue import Catalogue
from territo.domain.demand import Demand, yearly_demand
from territo.domain.groups import GROUPS, at_standard
from territo.domain.indicators import Assessment
from territo.domain.organisation import Organisation
from territo.domain.territory import Territory
from territo.domain.travel import LoadedTerritory
from territo.formulate import Formulation, Study, formulate
from territo.locate.highs import Options
from territo.scenario.objective import Weighted
from territo.scenario.schema import Scenario


@dataclass(frozen=True, slots=True, eq=False)
class Today:
    """The current situation of the services under study.

    Parameters
    ----------
    catalogue
        What a service is, with numbers fitted to the staff that was seen.
    calibration
        How they were fitted, and what remains unexplained.
    demand
        Yearly demand of the cells today.
    organisation, assessment
        How services are organised today, with the staff that the numbers
        explain, and its figures.
    warnings
        Codes of what had to be assumed.
    """

    catalogue: Catalogue
    calibration: Calibration
    demand: Demand
    organisation: Organisation
    assessment: Assessment
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A scenario written as a problem on a territory.

    Parameters
    ----------
    scenario, territory
        As loaded.
    now
        The current situation.
    study, formulation
        What the scenario was written from, and the problem.
    """

    scenario: Scenario
    territory: LoadedTerritory
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


def today(
    territory: LoadedTerritory,
    catalogue: Catalogue,
    services: tuple[str, ...],
    calibration: Calibration | None = None,
) -> Today:
    """Describe the current situation of some services and measure it.

    Parameters
    ----------
    territory, catalogue, services
        Where, what a service is, and which ones.
    calibration
        Made elsewhere, the catalogue being fitted already; when None the
        catalogue is fitted to the staff that was seen.

    Raises
    ------
    InputError
        As :func:`territo.assess.calibration.calibrate`.
    """
    place, travel = territory.territory, territory.travel
    demand = yearly_demand(place, catalogue, services)
    if calibration is None:
        calibration = calibrate(place, catalogue, travel, services, demand)
        catalogue = fitted_catalogue(catalogue, calibration)
    seen, assumed = current_situation(place, catalogue, travel, services, demand)
    reference = explained(seen, calibration)
    settings = Settings(targets(catalogue, services), calibration=calibration)
    figures = assess(place, catalogue, travel, demand, reference, reference, settings)
    warnings = tuple(":".join((each.code, *each.params.values())) for each in assumed)
    warnings += (*calibration_warnings(calibration), *group_warnings(place))
    return Today(catalogue, calibration, demand, reference, figures, warnings)


def calibration_warnings(calibration: Calibration) -> tuple[str, ...]:
    """Say which services were fitted, each with its change in per cent."""
    return tuple(f"calibrated:{fit.service}:{100.0 * fit.change:+.0f}" for fit in calibration.fits)


def group_warnings(territory: Territory) -> tuple[str, ...]:
    """Say for how many inhabitants, in per cent, the standard demography stands in for a share that is not known."""
    shares = {name: at_standard(territory, name) for name in GROUPS}
    return tuple(f"{name}_at_standard:{100.0 * share:.0f}" for name, share in shares.items() if share > 0)


def targets(catalogue: Catalogue, services: Sequence[str]) -> dict[str, float]:
    """Return the target times of the catalogue, minutes, that all scenarios are measured with."""
    norms = {code: catalogue[code].norm_min for code in services}
    return {code: minutes for code, minutes in norms.items() if minutes is not None}


def demand_of(scenario: Scenario, territory: LoadedTerritory, now: Today) -> Demand:
    """Return the yearly demand of the cells under a scenario."""
    scale = scenario.digital.take_up_scale
    return yearly_demand(territory.territory, now.catalogue, now.organisation.services, take_up_scale=scale)


def prepare(
    scenario: Scenario,
    territory: LoadedTerritory,
    now: Today,
    *,
    demand: Demand | None = None,
    kappa: float | None = None,
) -> Prepared:
    """Write a scenario as a problem.

    Parameters
    ----------
    scenario, territory, now
        What is asked, where, and what stands today.
    demand
        Yearly demand of the cells; that of the scenario when None.
    kappa
        Kolm-Pollak parameter frozen elsewhere; on the current situation when None.
    """
    asked = demand_of(scenario, territory, now) if demand is None else demand
    before = make_case(territory.territory, now.catalogue, territory.travel, asked, now.organisation)
    study = Study(
        territory=territory.territory,
        catalogue=now.catalogue,
        travel=territory.travel,
        services=now.organisation.services,
        demand=asked,
        reference=now.organisation,
        reference_cost=now.assessment["COST"].value,
        residual_cost=float(now.calibration.eur.sum()),
        kappa=abs(scenario.equity.aversion) * reference_alpha(before) if kappa is None else kappa,
        need=needy_trips(before),
        need_weight=need_weights(before),
    )
    return Prepared(scenario, territory, now, study, formulate(study, scenario))


def eur_per_hour(prepared: Prepared) -> float:
    """Return the price of an hour that users travel: the scenario's, else the catalogue's."""
    objective = prepared.scenario.objective
    if isinstance(objective, Weighted):
        return objective.value_of_time_eur_h
    return prepared.now.catalogue.constants.value_of_time_eur_h
