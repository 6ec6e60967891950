"""Where itinerant stops may be held, by whom, and what a half-day costs."""

from __future__ import annotations

import numpy as np

from territo.assess.whereabouts import town_halls
from territo.domain.arrays import Bools, Floats, Ints
from territo.domain.catalogue import Service
from territo.domain.travel import between_sites
from territo.formulate.demand import BOTH_WAYS, MINUTES_PER_HOUR, target_minutes
from territo.formulate.study import Study
from territo.model.families import Stops, Territories
from territo.scenario.schema import Scenario

# people do not look farther than a few stops
STOPS_PER_NODE = 3


def stops(
    study: Study,
    scenario: Scenario,
    services: tuple[Service, ...],
    sites: Ints,
    minutes: Floats,
    plan: Territories | None,
) -> Stops | None:
    """Write the itinerance that a scenario wishes; None without.

    Stops stand at the town halls, among the candidate sites, of communes with
    inhabitants enough. A node may use the three nearest ones within the
    target time of the service.
    """
    wish, territory = scenario.itinerant, study.territory
    if wish is None:
        return None
    halls = town_halls(territory)[territory.communes.population >= wish.communes_min_population]
    where = np.flatnonzero(np.isin(sites, halls)).astype(np.int64)
    headquarters = np.flatnonzero(sites == study.reference.headquarters).astype(np.int64)
    parents = headquarters if plan is None else plan.seats
    constants = study.catalogue.constants
    hours = constants.itinerant_weeks * constants.half_day_hours
    work = [constants.hours_per_fte / service.prod_per_fte if service.prod_per_fte else 0.0 for service in services]
    return Stops(
        sites=where,
        parents=parents,
        half_day_eur=_half_day_eur(study, sites[where], sites[parents]),
        usable=_usable(scenario, services, minutes[:, where]),
        fewest=wish.half_days[0],
        most=wish.half_days[1],
        credit=wish.credit,
        hours_per_half_day=hours,
        hours_per_unit=np.array(work),
    )


def _half_day_eur(study: Study, where: Ints, parents: Ints) -> Floats:
    """(q, r) euro a year: the agent's hours at the stop and on the road, and the kilometres."""
    constants = study.catalogue.constants
    hour = constants.fte_cost_eur / constants.hours_per_fte
    minutes, km = (matrix[np.ix_(parents, where)].T for matrix in between_sites(study.territory, study.travel))
    road = km * constants.mileage_eur_km + minutes / MINUTES_PER_HOUR * hour
    cost: Floats = constants.itinerant_weeks * (BOTH_WAYS * road + constants.half_day_hours * hour)
    return cost


def _usable(scenario: Scenario, services: tuple[Service, ...], minutes: Floats) -> Bools:
    """(i, q, s) stops that a node may use."""
    rank = np.argsort(np.argsort(minutes, axis=1, kind="stable"), axis=1)
    near = np.isfinite(minutes) & (rank < STOPS_PER_NODE)
    targets = [target_minutes(service, scenario) or np.inf for service in services]
    asked = [service.code in scenario.stopping for service in services]
    return np.stack([near & (minutes <= t) & wanted for t, wanted in zip(targets, asked, strict=True)], axis=2)
