"""How territories may be drawn: seats, workload, wishes."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np

from territo.domain.arrays import Bools, Floats, Ints
from territo.domain.catalogue import Service
from territo.formulate.places import seat_positions
from territo.formulate.preselection import commune_minutes
from territo.formulate.study import Study
from territo.model.families import Contiguity, Territories
from territo.scenario.parts import SeatLock
from territo.scenario.parts import Territories as Wish
from territo.scenario.schema import Scenario


def territories(
    study: Study, scenario: Scenario, services: tuple[Service, ...], sites: Ints, placed: Bools
) -> Territories | None:
    """Write the territories that a scenario wishes; None without territories. ``placed``: well placed communes."""
    wish, territory = scenario.territories, study.territory
    if wish is None:
        return None
    seats = seat_positions(territory, sites, wish, placed)
    seat_commune = territory.sites.commune[sites[seats]]
    tolerance = np.inf if wish.balance is None else wish.balance.tolerance
    workload = _workload(study, services, wish)
    together, inside = _locks(study, wish, seat_commune)
    return Territories(
        seats=seats,
        seat_commune=seat_commune,
        minutes=commune_minutes(study, sites[seats]),
        workload=workload,
        fewest=wish.count[0],
        most=wish.count[1],
        tolerance=tolerance,
        exempt=_too_big(workload, tolerance, wish.count[1]),
        contiguity=_rule(wish),
        adjacency=territory.adjacency,
        together=together,
        inside=inside,
    )


def _rule(wish: Wish) -> Contiguity:
    if wish.contiguity == "exact":
        return "exact"
    return "sufficient" if wish.contiguity else "none"


def _workload(study: Study, services: tuple[Service, ...], wish: Wish) -> Floats:
    """(n,) FTE of the field services, or inhabitants where that is asked or there is no field service."""
    communes, cells = study.territory.communes, study.territory.cells
    load = np.zeros(len(communes))
    for s, service in enumerate(services):
        if service.kind == "field" and service.prod_per_fte:
            units = np.bincount(cells.commune, weights=study.demand.units[:, s], minlength=len(load))
            load += units / service.prod_per_fte
    if wish.balance is None or wish.balance.on == "population" or not load.any():
        return communes.population.astype(np.float64)
    return load


def _too_big(workload: Floats, tolerance: float, most: int) -> Bools:
    """(n,) communes that alone exceed the ceiling of the balance, with as many territories as allowed."""
    too_big: Bools = workload > (1.0 + tolerance) * workload.sum() / most
    return too_big


def _locks(
    study: Study, wish: Wish, seat_commune: Ints
) -> tuple[tuple[tuple[int, int, bool], ...], tuple[tuple[int, int, bool], ...]]:
    communes = study.territory.communes
    together: list[tuple[int, int, bool]] = []
    inside: list[tuple[int, int, bool]] = []
    for lock in wish.locks:
        if isinstance(lock, SeatLock):
            seat = np.flatnonzero(seat_commune == communes.index(lock.seat))
            inside += [(communes.index(lock.commune), int(k), lock.inside) for k in seat]
            continue
        group = [communes.index(code) for code in lock.communes]
        pairs = pairwise(group) if lock.together else combinations(group, 2)
        together += [(a, b, lock.together) for a, b in pairs]
    return tuple(dict.fromkeys(together)), tuple(dict.fromkeys(inside))
