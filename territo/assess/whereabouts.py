"""Where each service stands today: facts first, then a labelled assumption (domain specification, section 11)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from territo.domain.arrays import Bools, Floats, Ints
from territo.domain.catalogue import Service
from territo.domain.territory import Territory
from territo.domain.travel import TravelTimes
from territo.errors import fault, raise_faults

TOWN_HALL = "town_hall"
# how the places of a service are known
OBSERVED, EQUIPMENT, LEGAL, CENTRES, OWN = "observed", "equipment", "legal", "centres", "own"


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """The sites of one service today.

    Parameters
    ----------
    sites
        (k,) whether it stands there.
    basis
        ``observed`` (sites or staff of the user, France services list),
        ``equipment`` (BPE), ``legal`` (every commune), ``centres`` (assumed in
        the communes that hold the functions of a centre) or ``own`` (each
        commune works for itself, assumed).
    """

    sites: Bools
    basis: str


def town_halls(territory: Territory) -> Ints:
    """(n,) site of the town hall of each commune.

    Raises
    ------
    InputError
        If communes have none.
    """
    sites = territory.sites
    found = np.full(len(territory.communes), -1, dtype=np.int64)
    for site in reversed(range(len(sites))):
        if sites.kinds[site] == TOWN_HALL:
            found[sites.commune[site]] = site
    missing = [territory.communes.codes[commune] for commune in np.flatnonzero(found < 0)]
    if missing:
        raise_faults(
            [
                fault(
                    "no-town-hall",
                    "the communes {ids} have no town hall among the sites: add one site of kind town_hall to each",
                    where="sites",
                    ids=", ".join(missing),
                )
            ]
        )
    return found


def places_today(territory: Territory, travel: TravelTimes, service: Service) -> Places:
    """Find where a service stands today."""
    halls = town_halls(territory)
    if service.kind != "front":
        inhabited = np.bincount(territory.cells.commune, minlength=len(halls)) > 0
        return Places(_at(territory, halls[inhabited]), OWN)
    observed = _observed(territory, service, halls)
    if service.every_commune:
        return Places(observed | _at(territory, halls), LEGAL)
    if observed.any():
        return Places(observed, OBSERVED)
    columns = [territory.communes.equipment[kind] for kind in service.observed_from if _is_known(territory, kind)]
    if columns:
        return Places(_at(territory, halls[np.sum(columns, axis=0) > 0]), EQUIPMENT)
    return Places(_at(territory, halls[centres(territory, travel, service.norm_min)]), CENTRES)


def centres(territory: Territory, travel: TravelTimes, within_minutes: float | None) -> list[int]:
    """Choose the communes that hold the functions of a centre.

    The most equipped commune (the most populated where no equipment is
    known) is a centre; the communes within reach of it are its own; and so on
    with those that remain.

    Parameters
    ----------
    territory, travel
        Where.
    within_minutes
        Reach of a centre; None = no limit, hence a single centre.
    """
    communes = territory.communes
    equipment = communes.equipment.get("TOTAL", np.zeros(len(communes), dtype=np.int64))
    minutes = between_communes(territory, travel)
    reach = np.inf if within_minutes is None else within_minutes
    remaining = np.ones(len(communes), dtype=np.bool_)
    chosen = []
    for commune in np.lexsort((np.arange(len(communes)), -communes.population, -equipment)):
        if remaining[commune]:
            chosen.append(int(commune))
            remaining[commune] = False
            remaining &= ~(minutes[:, commune] <= reach)
    return sorted(chosen)


def between_communes(territory: Territory, travel: TravelTimes) -> Floats:
    """(n, n) mean minutes of the inhabitants of the row to the town hall of the column; inf without inhabitants."""
    cells = territory.cells
    count = len(territory.communes)
    people = np.bincount(cells.commune, weights=cells.population, minlength=count)
    sums = np.zeros((count, count))
    np.add.at(sums, cells.commune, cells.population[:, None] * travel.minutes[:, town_halls(territory)])
    sums[people == 0] = np.inf
    return sums / np.where(people > 0, people, 1.0)[:, None]


def _observed(territory: Territory, service: Service, halls: Ints) -> Bools:
    """Sites where it was seen, and the town halls of communes that employ its staff and have no such site."""
    sites = territory.sites
    seen = np.array([service.code in offered for offered in sites.services], dtype=np.bool_)
    staff = territory.communes.staff.get(service.code)
    if staff is None:
        return seen
    has_site = np.isin(np.arange(len(halls)), sites.commune[seen])
    return seen | _at(territory, halls[(np.nan_to_num(staff) > 0) & ~has_site])


def _is_known(territory: Territory, kind: str) -> bool:
    return kind in territory.communes.equipment


def _at(territory: Territory, indices: Ints) -> Bools:
    sites = np.zeros(len(territory.sites), dtype=np.bool_)
    sites[indices] = True
    return sites
