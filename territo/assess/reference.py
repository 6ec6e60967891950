"""« Situation actuelle »: how services are organised today (domain specification, section 11).

Facts come first; what has to be assumed is estimated, and said. Savings are
only as honest as this reference: never a full team of everything in every
commune.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from territo.assess.whereabouts import CENTRES, EQUIPMENT, Places, places_today, town_halls
from territo.domain.arrays import Bools, Floats, Ints, Reals
from territo.domain.catalogue import Catalogue, Constants, Service
from territo.domain.demand import Demand
from territo.domain.nodes import demand_nodes
from territo.domain.organisation import NOWHERE, Organisation
from territo.domain.territory import Territory
from territo.domain.travel import TravelTimes

WEEKS = 52


class Assumption(NamedTuple):
    """What had to be assumed.

    Parameters
    ----------
    code
        ``reference_centres``, ``reference_absent``, ``reference_staff`` or
        ``reference_hours``.
    params
        ``service``, a code; for ``reference_centres`` also ``communes``,
        INSEE codes with commas.
    """

    code: str
    params: Mapping[str, str]


class _Column(NamedTuple):
    """One service today: sites, staff and hours (k,), and the site of each cell (m,)."""

    offered: Bools
    staff: Floats
    hours: Floats
    assignment: Ints


def current_situation(
    territory: Territory, catalogue: Catalogue, travel: TravelTimes, services: Sequence[str], demand: Demand
) -> tuple[Organisation, tuple[Assumption, ...]]:
    """Describe the organisation of today.

    Parameters
    ----------
    territory, catalogue, travel
        Where, what a service is, and how far everything is.
    services
        Codes, in the order of the columns of ``demand``.
    demand
        Yearly demand of the cells.

    Returns
    -------
    Organisation, tuple of Assumption
        The modality of every service is ``existing``; there are no
        territories; the siège is the town hall of the most populated commune.

    Raises
    ------
    InputError
        If a commune has no town hall among the sites.
    """
    nodes = demand_nodes(territory)
    columns, assumptions = [], []
    for position, code in enumerate(services):
        service = catalogue[code]
        places = places_today(territory, travel, service)
        work = demand.units[:, position]
        if service.kind == "front":
            columns.append(_front(territory, catalogue.constants, travel, service, places, work, nodes))
        else:
            columns.append(_own(territory, service, places, work))
        assumptions += _said(territory, service, places)
    organisation = Organisation(
        services=tuple(services),
        modality=("existing",) * len(services),
        headquarters=int(town_halls(territory)[np.argmax(territory.communes.population)]),
        seats=(),
        territory_of=np.full(len(territory.communes), NOWHERE),
        offered=np.column_stack([column.offered for column in columns]),
        staff=np.column_stack([column.staff for column in columns]),
        assignment=np.column_stack([column.assignment for column in columns]),
        hours_week=np.column_stack([column.hours for column in columns]),
    )
    return organisation, tuple(assumptions)


def _own(territory: Territory, service: Service, places: Places, work: Floats) -> _Column:
    """Each commune works for itself, with part-time posts and the extra cost of small units."""
    halls = town_halls(territory)
    by_commune = np.bincount(territory.cells.commune, weights=work, minlength=len(halls))
    estimate = by_commune / service.prod_per_fte * (1.0 + service.small_unit_premium) if service.prod_per_fte else 0.0
    seen = territory.communes.staff.get(service.code, np.full(len(halls), np.nan))
    staff = np.zeros(len(territory.sites))
    staff[halls] = np.where(np.isnan(seen), estimate, seen)
    return _Column(places.sites | (staff > 0), staff, np.zeros(len(staff)), halls[territory.cells.commune])


def _front(
    territory: Territory,
    constants: Constants,
    travel: TravelTimes,
    service: Service,
    places: Places,
    work: Floats,
    nodes: Ints,
) -> _Column:
    """Points of service with the staff seen there, or with what their opening hours and their users need."""
    assignment, load = work_at_points(territory, travel, places, work, nodes)
    known_hours = territory.sites.hours_week
    estimate = _front_staff(service, constants, load, known_hours)
    staff = np.where(places.sites, _seen_staff(territory, service, places.sites, estimate), 0.0)
    hours = np.where(np.isnan(known_hours), _likely_hours(service, constants, staff), known_hours)
    return _Column(places.sites, staff, np.where(places.sites, hours, 0.0), assignment)


def work_at_points(
    territory: Territory, travel: TravelTimes, places: Places, work: Floats, nodes: Ints
) -> tuple[Ints, Floats]:
    """Send everyone to the nearest point of a service: (m,) site of each cell, (k,) units a year at each site."""
    assignment = nearest_sites(travel.minutes, territory.cells.population, nodes, places.sites)
    served = assignment != NOWHERE
    load = np.zeros(len(places.sites))
    np.add.at(load, assignment[served], work[served])
    return assignment, load


def nearest_sites(minutes: Reals, population: Floats, nodes: Ints, offered: Bools) -> Ints:
    """Send each demand node as a whole to the site with the least mean minutes of its inhabitants.

    A site that fewer inhabitants of the node can reach is no match for one
    that more can; the first site in order wins a tie.

    Returns
    -------
    (m,) int
        Site of each cell; -1 where no site offers the service or none is
        within reach of any cell of the node.
    """
    sites = np.flatnonzero(offered)
    if sites.size == 0:
        return np.full(len(nodes), NOWHERE, dtype=np.int64)
    times = minutes[:, sites]
    reachable = np.isfinite(times)
    people = np.zeros((nodes.max() + 1, sites.size))
    sums = np.zeros_like(people)
    np.add.at(people, nodes, population[:, None] * reachable)
    np.add.at(sums, nodes, population[:, None] * np.where(reachable, times, 0.0))
    means = np.divide(sums, people, out=np.full_like(sums, np.inf), where=people > 0)
    most = people >= people.max(axis=1, keepdims=True) * (1.0 - 1e-12)
    best = np.argmin(np.where(most, means, np.inf), axis=1)
    chosen = np.where(people.max(axis=1) > 0, sites[best], NOWHERE)
    return chosen[nodes].astype(np.int64)


def _desks(service: Service, constants: Constants) -> int:
    """Count the desks that the least team keeps open."""
    if service.hours_week <= 0:
        return 1
    return max(1, round(service.min_fte * constants.hours_per_fte / (WEEKS * service.hours_week)))


def _front_staff(service: Service, constants: Constants, load: Floats, hours: Floats) -> Floats:
    """(k,) FTE: enough for the hours really open (a small floor where they are unknown), and for the users."""
    if not service.prod_per_fte:
        return np.zeros(len(load))
    return np.maximum(least_front_staff(service, constants, hours), load / service.prod_per_fte)


def least_front_staff(service: Service, constants: Constants, hours: Floats) -> Floats:
    """(k,) FTE that the hours really open need; a small floor where they are unknown."""
    desk_hours: Floats = _desks(service, constants) * WEEKS * hours / constants.hours_per_fte
    return np.where(np.isnan(hours), constants.front_floor_fte, desk_hours)


def _seen_staff(territory: Territory, service: Service, sites: Bools, estimate: Floats) -> Floats:
    """(k,) FTE seen in each commune, shared equally between its points; the estimate where nothing was seen."""
    seen = territory.communes.staff.get(service.code)
    if seen is None:
        return estimate
    commune = territory.sites.commune
    points = np.bincount(commune[sites], minlength=len(seen))
    shared = (seen / np.maximum(points, 1))[commune]
    return np.where(np.isnan(shared), estimate, shared)


def _likely_hours(service: Service, constants: Constants, staff: Floats) -> Floats:
    """(k,) hours a week that the staff can hold, at most those of the catalogue."""
    if not service.prod_per_fte:
        return np.full(len(staff), service.hours_week)
    held = staff * constants.hours_per_fte / (WEEKS * _desks(service, constants))
    return np.minimum(service.hours_week, held)


def _said(territory: Territory, service: Service, places: Places) -> list[Assumption]:
    """Say what was assumed of one service."""
    sites, codes = territory.sites, territory.communes.codes
    said = []
    if places.basis == CENTRES:
        communes = ", ".join(codes[sites.commune[site]] for site in np.flatnonzero(places.sites))
        said.append(Assumption("reference_centres", {"service": service.code, "communes": communes}))
    if places.basis == EQUIPMENT and not places.sites.any():
        said.append(Assumption("reference_absent", {"service": service.code}))
    seen = territory.communes.staff.get(service.code, np.full(len(codes), np.nan))
    if service.prod_per_fte and np.isnan(seen[sites.commune[places.sites]]).any():
        said.append(Assumption("reference_staff", {"service": service.code}))
    if service.kind == "front" and np.isnan(sites.hours_week[places.sites]).any():
        said.append(Assumption("reference_hours", {"service": service.code}))
    return said
