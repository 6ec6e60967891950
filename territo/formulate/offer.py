"""What is offered, promised and aimed at: services, norms, ceilings and goals."""

from __future__ import annotations

import numpy as np

from territo.domain.arrays import Floats
from territo.domain.catalogue import Catalogue, Service
from territo.formulate.scale import pieces
from territo.model.families import Coordination
from territo.model.problem import Services
from territo.scenario.objective import Epsilon, Lexicographic
from territo.scenario.schema import Scenario


def service_data(catalogue: Catalogue, services: tuple[Service, ...], scenario: Scenario) -> Services:
    """Gather what each service needs into columns."""

    def column(*values: float) -> Floats:
        """One number a service."""
        return np.array(values, dtype=np.float64)

    return Services(
        codes=tuple(service.code for service in services),
        choices=tuple(scenario.modalities_of(service.code, service.kind) for service in services),
        nearest=np.array([service.kind == "front" for service in services]),
        sector=np.array([not service.open_access for service in services]),
        branch=np.array([service.kind == "front" and not service.every_commune for service in services]),
        bundle=np.array([service.code in scenario.modalities.antenna_services for service in services]),
        productivity=column(*(service.prod_per_fte or np.nan for service in services)),
        least_team=column(*(0.0 if service.scale_exponent else service.min_fte for service in services)),
        fte_eur=column(*(catalogue.constants.fte_cost_eur for _ in services)),
        point_eur=column(*(service.point_cost_eur for service in services)),
        reception_m2=column(*(service.reception_m2 for service in services)),
        space_m2=column(*(service.space_m2_per_fte for service in services)),
        pieces=tuple(pieces(catalogue, service) for service in services),
    )


def coordination(catalogue: Catalogue) -> Coordination:
    """Return what managing several places costs."""
    constants = catalogue.constants
    return Coordination(
        manager_eur=constants.manager_cost_eur,
        seat_fte=constants.pole_manager_fte,
        liaison_fte=constants.pole_liaison_fte,
        branch_fte=constants.antenna_fte,
    )


def ceilings(scenario: Scenario) -> dict[str, float]:
    """Return the ceilings of the terms that an epsilon objective does not minimise."""
    if not isinstance(scenario.objective, Epsilon):
        return {}
    given = scenario.objective.limits
    ceilings = {"cost": given.cost_eur_per_year, "travel": given.travel_hours_per_year}
    return {name: value for name, value in ceilings.items() if value is not None}


def goals(scenario: Scenario) -> tuple[dict[str, float], ...]:
    """Stages of the objective; cost breaks the last tie, so that no team is larger than it must."""
    objective = scenario.objective
    if isinstance(objective, Lexicographic | Epsilon):
        order = objective.order if isinstance(objective, Lexicographic) else (objective.minimise,)
        return tuple({term: 1.0} for term in dict.fromkeys((*order, "cost")))
    return ({"cost": 1.0, "travel": objective.value_of_time_eur_h},)
