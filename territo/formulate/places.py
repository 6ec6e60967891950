"""Where services may stand: candidate sites, possible seats, and what each site costs."""

from __future__ import annotations

import numpy as np

from territo.assess.whereabouts import town_halls
from territo.domain.arrays import Bools, Floats, Ints
from territo.domain.catalogue import Service
from territo.domain.organisation import Organisation
from territo.domain.territory import Territory
from territo.errors import fault, raise_faults
from territo.formulate.study import Study
from territo.model.problem import SiteData
from territo.scenario.parts import Sites, Territories
from territo.scenario.schema import Scenario

# so that there is a choice of seats even where one city outdoes all its neighbours
SEATS_PER_TERRITORY = 2


def candidate_sites(
    territory: Territory,
    reference: Organisation,
    services: tuple[Service, ...],
    wish: Sites,
    placed: Bools,
    *,
    all_of_today: bool = False,
) -> Ints:
    """Choose the candidate sites of a scenario, in the order of the territory.

    The siège, the public points of today and the sites that the scenario or
    the law keeps are always among them. ``placed``: (n,) well placed communes,
    which count as centres. ``all_of_today``: the places of today that receive
    nobody are among them too, for the way from there.
    """
    chosen = _wished(territory, reference, services, wish, placed)
    if all_of_today:
        chosen |= reference.offered.any(axis=1)
    if any(service.every_commune for service in services):
        chosen[town_halls(territory)] = True
    return np.flatnonzero(chosen).astype(np.int64)


def free_points(
    territory: Territory,
    reference: Organisation,
    services: tuple[Service, ...],
    wish: Sites,
    placed: Bools,
    sites: Ints,
) -> Bools:
    """(j, s) points where a service that stands anywhere may stand.

    Sites that are candidates only because the law keeps a service there take
    no other one, but for those that they offer today.
    """
    wished = _wished(territory, reference, services, wish, placed)[sites]
    points: Bools = wished[:, None] | required_points(territory, services, sites) | reference.offered[sites]
    return points


def _wished(
    territory: Territory, reference: Organisation, services: tuple[Service, ...], wish: Sites, placed: Bools
) -> Bools:
    """(j) sites of the territory that are candidates whatever the law keeps."""
    halls = np.isin(np.arange(len(territory.sites)), town_halls(territory))
    moving = np.array([service.kind == "front" and not service.every_commune for service in services])
    chosen: Bools = np.any(reference.offered[:, moving], axis=1) | np.isin(territory.sites.ids, wish.keep)
    chosen[reference.headquarters] = True
    if wish.candidates == "all":
        chosen[:] = True
    elif wish.candidates == "town_halls":
        chosen |= halls
    elif wish.candidates == "centres":
        chosen |= halls & (centres(territory) | placed)[territory.sites.commune]
    elif wish.candidates != "existing":
        chosen |= np.isin(territory.sites.ids, wish.candidates)
    return chosen


def centres(territory: Territory) -> Bools:
    """(n,) communes that no neighbour outdoes in equipment, or in population where equipment is not known."""
    size = _importance(territory)
    outdone = np.zeros(len(size), dtype=np.bool_)
    for a, b in territory.adjacency:
        outdone[a if size[a] < size[b] else b] = True
    return ~outdone


def _importance(territory: Territory) -> Floats:
    """(n,) facilities of each commune, or inhabitants where they are not known; inhabitants break ties."""
    communes = territory.communes
    size = communes.equipment.get("TOTAL", communes.population).astype(np.float64)
    return np.asarray(size + communes.population / (1.0 + communes.population.sum()), dtype=np.float64)


def possible_seats(territory: Territory, wish: Territories, placed: Bools) -> Bools:
    """(n,) communes that may be seats: those given, else the centres, the largest and the well placed ones."""
    if wish.seats is not None:
        return np.isin(territory.communes.codes, wish.seats)
    largest = np.argsort(-_importance(territory), kind="stable")[: SEATS_PER_TERRITORY * wish.count[1]]
    may_be = centres(territory) | placed
    may_be[largest] = True
    return may_be


def seat_positions(territory: Territory, sites: Ints, wish: Territories, placed: Bools) -> Ints:
    """(p,) positions, among the candidate sites, of the town halls that may be seats."""
    halls = town_halls(territory)[possible_seats(territory, wish, placed)]
    missing = sorted(territory.sites.ids[j] for j in halls if j not in sites) if wish.seats is not None else []
    raise_faults(
        fault(
            "seat-not-candidate",
            "{site} is asked as a seat but is not a candidate site: widen sites.candidates or add it to sites.keep",
            key="territories.seats",
            site=site,
        )
        for site in missing
    )
    return np.flatnonzero(np.isin(sites, halls)).astype(np.int64)


def required_points(territory: Territory, services: tuple[Service, ...], sites: Ints) -> Bools:
    """(j, s) points that the law keeps: one in each commune for the services that say so."""
    halls = np.isin(sites, town_halls(territory))
    return np.column_stack([halls & service.every_commune for service in services])


def site_data(study: Study, services: tuple[Service, ...], sites: Ints, scenario: Scenario) -> SiteData:
    """Gather what each candidate site costs and may do."""
    territory, constants = study.territory, study.catalogue.constants
    ids = tuple(territory.sites.ids[j] for j in sites)
    new = ~np.any(study.reference.offered, axis=1)[sites]
    fitout = np.where(new, constants.fitout_eur_m2, 0.0)
    annual = constants.fitout_annuity * fitout
    by_kind = [constants.workshop_cost_eur_m2 if s.kind == "field" else constants.space_cost_eur_m2 for s in services]
    hall = np.array([territory.sites.kinds[j] == "town_hall" for j in sites])
    front = np.array([service.kind == "front" for service in services])
    capacity = territory.sites.capacity_m2[sites]
    return SiteData(
        codes=ids,
        commune=territory.sites.commune[sites],
        opening_eur=np.where(hall, 0.0, constants.site_cost_eur),
        reception_eur_m2=constants.space_cost_eur_m2 + annual,
        staff_eur_m2=np.array(by_kind)[None, :] + annual[:, None],
        fitout_eur_m2=fitout,
        capacity_m2=np.where(np.isnan(capacity), np.inf, capacity),
        public=np.any(study.reference.offered[np.ix_(sites, np.flatnonzero(front))], axis=1),
        kept=np.isin(ids, scenario.sites.keep),
        closed=np.isin(ids, scenario.sites.close),
    )
