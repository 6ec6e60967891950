"""The numbers that a result rests on and that are not well known, each at the ends of its range.

Ranges of the domain specification, section 3 (section 11 for the extra cost
of small units); all of them are expert judgements, and are said as such.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import NamedTuple

from territo.domain.catalogue import Catalogue, Service
from territo.scenario.objective import Weighted
from territo.scenario.schema import Scenario

PERCENT = 100.0

World = tuple[Catalogue, Scenario]
Change = Callable[[Catalogue, Scenario, float], World]


class Factor(NamedTuple):
    """A number and its range.

    Parameters
    ----------
    name
        ``factor.<name>`` in ``i18n`` is its name for people.
    unit
        ``percent`` (a change), ``fte`` (a change) or ``share`` (the number itself, 0 to 1).
    low, high
        Ends of the range, in the unit.
    change
        (catalogue, scenario, end) -> the same with the number changed.
    decides
        Whether the number enters the model: where not, the best answer stays.
    """

    name: str
    unit: str
    low: float
    high: float
    change: Change
    decides: bool = True


def _each_service(change: Callable[[Service, float], Service]) -> Change:
    """Change every service of the catalogue."""

    def changed(catalogue: Catalogue, scenario: Scenario, end: float) -> World:
        services = tuple(change(service, end) for service in catalogue.services)
        return dataclasses.replace(catalogue, services=services), scenario

    return changed


def _productivity(service: Service, percent: float) -> Service:
    if service.prod_per_fte is None:
        return service
    return dataclasses.replace(service, prod_per_fte=_by(service.prod_per_fte, percent))


def _visits(service: Service, percent: float) -> Service:
    return dataclasses.replace(service, visits_per_inh=_by(service.visits_per_inh, percent))


def _least_team(service: Service, fte: float) -> Service:
    """Move a least team, where there is one; a team is never below nothing."""
    least = max(0.0, service.min_fte + fte) if service.min_fte else 0.0
    return dataclasses.replace(service, min_fte=least)


def _theta(service: Service, theta: float) -> Service:
    return dataclasses.replace(service, theta=theta)


def _small_units(service: Service, premium: float) -> Service:
    """Give the services that have an extra cost of small units another one."""
    return dataclasses.replace(service, small_unit_premium=premium if service.small_unit_premium else 0.0)


def _wage(catalogue: Catalogue, scenario: Scenario, percent: float) -> World:
    constants = dataclasses.replace(
        catalogue.constants,
        fte_cost_eur=_by(catalogue.constants.fte_cost_eur, percent),
        manager_cost_eur=_by(catalogue.constants.manager_cost_eur, percent),
    )
    return dataclasses.replace(catalogue, constants=constants), scenario


def _value_of_time(catalogue: Catalogue, scenario: Scenario, percent: float) -> World:
    """Change the price of an hour in the catalogue, and in the scenario where it weighs travel."""
    hour = _by(catalogue.constants.value_of_time_eur_h, percent)
    priced = dataclasses.replace(
        catalogue, constants=dataclasses.replace(catalogue.constants, value_of_time_eur_h=hour)
    )
    if not isinstance(scenario.objective, Weighted):
        return priced, scenario
    price = _by(scenario.objective.value_of_time_eur_h, percent)
    objective = scenario.objective.model_copy(update={"value_of_time_eur_h": price})
    return priced, scenario.model_copy(update={"objective": objective})


def _by(value: float, percent: float) -> float:
    return value * (1.0 + percent / PERCENT)


FACTORS = (
    Factor("productivity", "percent", -25.0, 25.0, _each_service(_productivity)),
    Factor("wage", "percent", -10.0, 10.0, _wage),
    Factor("theta", "share", 0.0, 1.0, _each_service(_theta), decides=False),
    Factor("small_units", "share", 0.0, 0.3, _each_service(_small_units)),
    Factor("visits", "percent", -50.0, 50.0, _each_service(_visits)),
    Factor("least_team", "fte", -0.5, 0.5, _each_service(_least_team)),
    Factor("value_of_time", "percent", -50.0, 50.0, _value_of_time),
)
