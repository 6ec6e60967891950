"""Itinerant stops in the figures: who uses them, and what they cost (domain specification, sections 5.5 and 7).

A stop suits a part of its users. The cells that use one are split in two:
the people whom it suits, and those who go to the fixed point. All other
figures then read two cells in the same place.
"""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

import numpy as np

from territo.assess.case import Case
from territo.domain.arrays import Floats, Ints
from territo.domain.demand import Demand
from territo.domain.organisation import NOWHERE, Organisation
from territo.domain.territory import Territory
from territo.domain.travel import TravelTimes, between_sites

BOTH_WAYS = 2.0
MINUTES_PER_HOUR = 60.0


class Measured(NamedTuple):
    """What is measured, cell by cell; ``nodes`` is the demand node of each cell."""

    territory: Territory
    travel: TravelTimes
    demand: Demand
    organisation: Organisation
    reference: Organisation
    nodes: Ints


def split_at_stops(measured: Measured) -> Measured:
    """Split the cells that use a stop; the same where there is none."""
    territory, travel, demand, organisation, reference, nodes = measured
    itinerance = organisation.itinerance
    if itinerance is None:
        return measured
    users = np.flatnonzero((itinerance.assignment != NOWHERE).any(axis=1))
    count = len(territory.cells)
    rows = np.concatenate([np.arange(count), users])
    parts = np.ones(len(rows))
    parts[users], parts[count:] = 1.0 - itinerance.credit, itinerance.credit
    stop = itinerance.assignment[rows]
    stop[:count] = NOWHERE
    cells = territory.cells
    split = dataclasses.replace(
        cells,
        xy=cells.xy[rows],
        population=cells.population[rows] * parts,
        commune=cells.commune[rows],
        groups={name: counts[rows] * parts for name, counts in cells.groups.items()},
    )
    return Measured(
        dataclasses.replace(territory, cells=split),
        dataclasses.replace(travel, minutes=travel.minutes[rows], km=travel.km[rows]),
        Demand(demand.units[rows] * parts[:, None], demand.visits[rows] * parts[:, None]),
        dataclasses.replace(
            organisation,
            assignment=np.where(stop == NOWHERE, organisation.assignment[rows], stop),
            itinerance=dataclasses.replace(itinerance, assignment=stop),
        ),
        dataclasses.replace(reference, assignment=reference.assignment[rows]),
        nodes[rows],
    )


def stop_cost(case: Case) -> Floats:
    """(k, s) euro a year of the stops: hours there and on the road, and kilometres, shared like the work done there."""
    constants = case.catalogue.constants
    hour = constants.fte_cost_eur / constants.hours_per_fte
    itinerance = case.organisation.itinerance
    if itinerance is None:
        return np.zeros(case.organisation.offered.shape)
    _, km = _from_parent(case)
    yearly = constants.itinerant_weeks * itinerance.half_days
    euro = hour * constants.hours_per_fte * stop_fte(case)
    return euro + _shares(case) * (yearly * BOTH_WAYS * km * constants.mileage_eur_km)[:, None]


def stop_fte(case: Case) -> Floats:
    """(k, s) full-time equivalents of the stops, time on the road included."""
    constants = case.catalogue.constants
    itinerance = case.organisation.itinerance
    if itinerance is None:
        return np.zeros(case.organisation.offered.shape)
    minutes, _ = _from_parent(case)
    hours = constants.half_day_hours + BOTH_WAYS * minutes / MINUTES_PER_HOUR
    yearly = constants.itinerant_weeks * itinerance.half_days * hours
    return _shares(case) * (yearly / constants.hours_per_fte)[:, None]


def _from_parent(case: Case) -> tuple[Floats, Floats]:
    """(k,) minutes and km from the parent of each stop, 0 where there is no stop."""
    itinerance = case.organisation.itinerance
    minutes, km = between_sites(case.territory, case.travel)
    sites = np.arange(len(case.territory.sites))
    held = np.zeros(len(sites), dtype=np.bool_) if itinerance is None else itinerance.parent != NOWHERE
    parent = sites if itinerance is None else itinerance.parent
    return np.where(held, minutes[parent, sites], 0.0), np.where(held, km[parent, sites], 0.0)


def _shares(case: Case) -> Floats:
    """(k, s) share of the work of each stop that each service makes; equal shares where there is no work."""
    itinerance = case.organisation.itinerance
    work = np.zeros(case.organisation.offered.shape)
    if itinerance is None:
        return work
    per_unit = np.array([1.0 / s.prod_per_fte if s.prod_per_fte else 0.0 for s in case.services])
    cells, columns = np.nonzero(itinerance.assignment != NOWHERE)
    np.add.at(work, (itinerance.assignment[cells, columns], columns), (case.demand.units * per_unit)[cells, columns])
    work = np.where((work.sum(axis=1) > 0)[:, None], work, itinerance.offered)
    whole = work.sum(axis=1, keepdims=True)
    shares: Floats = np.divide(work, whole, out=np.zeros_like(work), where=whole > 0)
    return shares
