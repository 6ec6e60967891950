"""Who may go where for each service, and what it costs them and the crews."""

from __future__ import annotations

import numpy as np

from territo.domain.arrays import Bools, Floats, Ints
from territo.domain.catalogue import Service
from territo.domain.territory import Territory
from territo.formulate.nodes import Nodes
from territo.formulate.study import Study
from territo.scenario.schema import Scenario

MINUTES_PER_HOUR = 60.0
BOTH_WAYS = 2.0
# exponents beyond this lose precision; farther cells are as uneven as this (section 4, conditioning)
LARGEST_EXPONENT = 12.0


def allowed(
    territory: Territory, nodes: Nodes, minutes: Floats, services: tuple[Service, ...], scenario: Scenario
) -> tuple[Bools, dict[str, tuple[str, ...]]]:
    """(i, j, s) pairs within the maximum time asked; nodes that nothing reaches in time keep all pairs."""
    pairs = np.repeat(np.isfinite(minutes)[:, :, None], len(services), axis=2)
    out_of_reach = {}
    for s, service in enumerate(services):
        promise = scenario.norms.get(service.code)
        if promise is None or promise.max_minutes is None:
            continue
        within = minutes <= promise.max_minutes
        late = ~np.any(within, axis=1)
        pairs[:, :, s] &= within | late[:, None]
        if late.any():
            communes = sorted({territory.communes.codes[c] for c in nodes.commune[late]})
            out_of_reach[service.code] = tuple(communes)
    return pairs, out_of_reach


def covered(study: Study, nodes: Nodes, sites: Ints, services: tuple[Service, ...], scenario: Scenario) -> Floats:
    """(i, j, s) share of each node within the target; 1 where nobody travels and nothing is promised."""
    shares = np.ones((nodes.count, len(sites), len(services)))
    people = study.territory.cells.population
    for s, service in enumerate(services):
        target = target_minutes(service, scenario)
        visited = service.kind == "front" or service.visits_per_inh > 0
        if target is None or not (visited or service.code in scenario.norms):
            continue
        within = study.travel.minutes[:, sites] <= target
        shares[:, :, s] = nodes.total(within * people[:, None]) / nodes.population[:, None]
    return shares


def target_minutes(service: Service, scenario: Scenario) -> float | None:
    """Return the target time of a service: the scenario's promise, else the catalogue's norm."""
    promise = scenario.norms.get(service.code)
    if promise is not None and promise.within_minutes is not None:
        return promise.within_minutes
    return service.norm_min


def agent_eur(study: Study, services: tuple[Service, ...], units: Floats, minutes: Floats, km: Floats) -> Floats:
    """(i, j, s) euro a year of field trips from each site to each node."""
    constants = study.catalogue.constants
    hour = constants.fte_cost_eur / constants.hours_per_fte
    cost = np.zeros((*minutes.shape, len(services)))
    for s, service in enumerate(services):
        if service.kind != "field" or not service.trips_per_fte or not service.prod_per_fte:
            continue
        trips = units[:, s] / service.prod_per_fte * service.trips_per_fte / service.crew
        trip = km * constants.mileage_eur_km + minutes / MINUTES_PER_HOUR * service.crew * hour
        cost[:, :, s] = trips[:, None] * constants.tour_factor * BOTH_WAYS * np.where(np.isfinite(trip), trip, 0.0)
    return cost


def unevenness(study: Study, nodes: Nodes, sites: Ints) -> Floats:
    """(i, j) mean of exp(kappa x minutes), scaled by its largest half exponent."""
    minutes = study.travel.minutes[:, sites].astype(np.float64)
    exponent = np.minimum(study.kappa * minutes, LARGEST_EXPONENT)
    return nodes.mean(np.exp(exponent - LARGEST_EXPONENT / 2.0), study.territory.cells.population)
