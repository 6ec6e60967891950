"""What an organisation costs, euro a year, line by line (domain specification, section 5.5).

Each line is a (k, s) array, sites by services, so that it adds up by service
and by place. A cost that services share is split: reception in proportion to
what each would need alone, the base cost of a site and its antenna equally
between the services concerned there, managers of poles equally between the
services organised in poles, fit-out like the areas.
"""

from __future__ import annotations

import numpy as np

from territo.assess.case import Case
from territo.assess.itinerance import stop_cost
from territo.domain.arrays import Bools, Floats
from territo.domain.organisation import IN_POLES, NOWHERE

BOTH_WAYS = 2.0
MINUTES_PER_HOUR = 60.0
LINES = ("staff", "points", "area", "sites", "coordination", "travel", "itinerance", "fitout")
# what the transition costs while it lasts, beside the running lines
MOVES = "moves"
# a pole with a single service has a manager for half of the time
SEVERAL = 2
HALF = 0.5


def cost_lines(case: Case, open_before: Bools) -> dict[str, Floats]:
    """Price an organisation.

    Parameters
    ----------
    case
        What is assessed.
    open_before
        (k,) sites open in the reference: the others need fitting out.

    Returns
    -------
    dict
        Each of :data:`LINES` -> (k, s) euro a year.
    """
    constants = case.catalogue.constants
    organisation = case.organisation
    space = spaces(case)
    areas = receptions(case) + space
    office_rate = np.where(_of_kind(case, "field"), constants.workshop_cost_eur_m2, constants.space_cost_eur_m2)
    return {
        "staff": constants.fte_cost_eur * organisation.staff,
        "points": np.where(organisation.offered, _column(case, "point_cost_eur"), 0.0),
        "area": constants.space_cost_eur_m2 * receptions(case) + office_rate * space,
        "sites": _site_costs(case),
        "coordination": constants.manager_cost_eur * coordination(case),
        "travel": _at_sites(case, agent_travel(case)),
        "itinerance": stop_cost(case),
        "fitout": _fitout(case, areas, open_before),
    }


def receptions(case: Case) -> Floats:
    """(k, s) reception area, m2: each site has the larger of the largest need and a share of all needs."""
    needs = np.where(case.organisation.offered, _column(case, "reception_m2"), 0.0)
    alone = needs.sum(axis=1)
    shared = np.maximum(needs.max(axis=1), case.catalogue.constants.shared_reception * alone)
    return needs * _ratio(shared, alone)[:, None]


def spaces(case: Case) -> Floats:
    """(k, s) desks, workshops and other areas that grow with the team, m2."""
    return case.organisation.staff * _column(case, "space_m2_per_fte")


def coordination(case: Case) -> Floats:
    """(k, s) full-time equivalents that hold the organisation together: managers of poles, liaison, antennas."""
    constants = case.catalogue.constants
    organisation = case.organisation
    in_poles = np.array([modality in IN_POLES for modality in organisation.modality])
    is_seat = np.isin(np.arange(len(organisation.offered)), organisation.seats)
    count = int(in_poles.sum())
    manager = constants.pole_manager_fte * (1.0 if count >= SEVERAL else HALF) / max(count, 1)
    at_seats = np.outer(is_seat, in_poles) * (manager + constants.pole_liaison_fte)
    return at_seats + constants.antenna_fte * _antennas(case, is_seat)


def _antennas(case: Case, is_seat: Bools) -> Floats:
    """(k, s) shares that add up to 1 at each antenna."""
    everywhere = np.array([service.every_commune for service in case.services])
    chosen = case.organisation.offered & case.front & ~everywhere
    chosen[is_seat] = False
    chosen[case.organisation.headquarters] = False
    return _equal_shares(chosen)


def _site_costs(case: Case) -> Floats:
    """Price the open sites that are not town halls: a town hall stays open by law."""
    rented = np.array([kind != "town_hall" for kind in case.territory.sites.kinds])
    shares = _equal_shares(case.organisation.offered)
    return case.catalogue.constants.site_cost_eur * np.where(rented[:, None], shares, 0.0)


def _fitout(case: Case, areas: Floats, open_before: Bools) -> Floats:
    constants = case.catalogue.constants
    new = case.organisation.offered.any(axis=1) & ~open_before
    return constants.fitout_annuity * constants.fitout_eur_m2 * np.where(new[:, None], areas, 0.0)


def agent_kilometres(case: Case) -> Floats:
    """(m, s) kilometres a year of the vehicles of the crews."""
    return _rounds(case) * _reached(case.km)


def agent_travel(case: Case) -> Floats:
    """(m, s) euro a year of the crews' travel: kilometres, and paid time on the road."""
    constants = case.catalogue.constants
    hourly = _column(case, "crew") * constants.fte_cost_eur / constants.hours_per_fte
    one_way = _reached(case.km) * constants.mileage_eur_km + _reached(case.minutes) / MINUTES_PER_HOUR * hourly
    return _rounds(case) * one_way


def _rounds(case: Case) -> Floats:
    """(m, s) one-way journeys a year of the crews, tours taken into account."""
    moving = _of_kind(case, "field") & (_column(case, "trips_per_fte") > 0) & (_column(case, "crew") > 0)
    per_unit = _ratio(_column(case, "trips_per_fte"), productivity(case) * _column(case, "crew"))
    trips = case.demand.units * np.where(moving, per_unit, 0.0)
    return trips * case.catalogue.constants.tour_factor * BOTH_WAYS


def productivity(case: Case) -> Floats:
    """(s,) units a year per FTE; 0 for a service without staff of ours."""
    return np.array([service.prod_per_fte or 0.0 for service in case.services])


def _reached(one_way: Floats) -> Floats:
    return np.where(np.isfinite(one_way), one_way, 0.0)


def _at_sites(case: Case, of_cells: Floats) -> Floats:
    """Add the amounts of the cells up at the sites they are assigned to: (m, s) to (k, s)."""
    sums = np.zeros(case.organisation.offered.shape)
    cells, columns = np.nonzero(case.organisation.assignment != NOWHERE)
    np.add.at(sums, (case.organisation.assignment[cells, columns], columns), of_cells[cells, columns])
    return sums


def _equal_shares(chosen: Bools) -> Floats:
    """Split 1 equally between the chosen services of each site; 0 where none is chosen."""
    return chosen * _ratio(np.ones(len(chosen)), chosen.sum(axis=1))[:, None]


def _ratio(part: Floats, whole: Floats) -> Floats:
    """Divide; 0 where the divisor is 0."""
    return np.divide(part, whole, out=np.zeros(len(part)), where=whole > 0)


def _of_kind(case: Case, kind: str) -> Bools:
    return np.array([service.kind == kind for service in case.services], dtype=np.bool_)


def _column(case: Case, name: str) -> Floats:
    """(s,) one number of each service."""
    return np.array([getattr(service, name) for service in case.services], dtype=np.float64)
