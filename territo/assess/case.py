"""What is assessed: an organisation, where everyone goes in it, and how figures break down.

Minutes and kilometres are those of the pair (cell, assigned site); ``inf``
stands for no site or no road, and is left out of every mean, never zero.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from territo.domain.arrays import Bools, Floats, Ints, Reals
from territo.domain.catalogue import Catalogue, Service
from territo.domain.demand import Demand
from territo.domain.indicators import Indicator
from territo.domain.nodes import demand_nodes
from territo.domain.organisation import NOWHERE, Organisation
from territo.domain.territory import Territory
from territo.domain.travel import TravelTimes

# a figure of a distribution: (values, weights) -> one number
Figure = Callable[[Floats, Floats], float]


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """An organisation with all that its figures need (m cells, n communes, s services).

    Parameters
    ----------
    territory, catalogue, travel, demand, organisation
        As given.
    services
        The s services, in the order of the columns.
    minutes, km
        (m, s) one way to the assigned site, ``inf`` where there is none.
    visited
        (s,) services that people travel to.
    nodes
        (m,) demand node of each cell: the people who use the same site of a service.
    """

    territory: Territory
    catalogue: Catalogue
    travel: TravelTimes
    demand: Demand
    organisation: Organisation
    services: tuple[Service, ...]
    minutes: Floats
    km: Floats
    visited: Bools
    nodes: Ints

    @property
    def population(self) -> Floats:
        """(m,) inhabitants of the cells."""
        return self.territory.cells.population

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the services, in the order of the columns."""
        return self.organisation.services

    @property
    def trips(self) -> Floats:
        """(m, s) visits a year to the services that people travel to, 0 elsewhere."""
        return np.where(self.visited, self.demand.visits, 0.0)

    @property
    def front(self) -> Bools:
        """(s,) services of kind ``front``."""
        return np.array([service.kind == "front" for service in self.services], dtype=np.bool_)

    @property
    def territory_codes(self) -> dict[int, str]:
        """Site of each seat -> INSEE code of its commune."""
        sites, communes = self.territory.sites, self.territory.communes
        return {seat: communes.codes[sites.commune[seat]] for seat in self.organisation.seats}


def make_case(
    territory: Territory,
    catalogue: Catalogue,
    travel: TravelTimes,
    demand: Demand,
    organisation: Organisation,
    nodes: Ints | None = None,
) -> Case:
    """Look up where everyone goes, and for how long; demand nodes are those of the territory unless given."""
    services = tuple(catalogue[code] for code in organisation.services)
    visited = [service.kind == "front" or service.visits_per_inh > 0 for service in services]
    return Case(
        territory,
        catalogue,
        travel,
        demand,
        organisation,
        services,
        _to_assigned(travel.minutes, organisation.assignment),
        _to_assigned(travel.km, organisation.assignment),
        np.array(visited, dtype=np.bool_),
        demand_nodes(territory) if nodes is None else nodes,
    )


def _to_assigned(matrix: Reals, assignment: Ints) -> Floats:
    cells = np.arange(matrix.shape[0])[:, None]
    return np.where(assignment == NOWHERE, np.inf, matrix[cells, assignment].astype(np.float64))


def summary(figure: Figure, values: Floats, weights: Floats) -> float:
    """Apply a figure to the finite values that have a weight; NaN where there are none."""
    values, weights = np.broadcast_arrays(values, weights)
    kept = np.isfinite(values) & (weights > 0)
    return figure(values[kept], weights[kept]) if kept.any() else float("nan")


def by_service(case: Case, figure: Figure, values: Floats, weights: Floats) -> dict[str, float]:
    """Apply a figure to each service that people travel to; values (m, s), weights (m,) or (m, s)."""
    columns = np.broadcast_to(weights.reshape(len(weights), -1), values.shape)
    return {
        code: summary(figure, values[:, column], columns[:, column])
        for column, code in enumerate(case.codes)
        if case.visited[column]
    }


def by_commune(case: Case, figure: Figure, values: Floats, weights: Floats) -> Floats:
    """Apply a figure to all trips of each commune: (n,), NaN where nobody travels."""
    communes = case.territory.cells.commune
    order = np.argsort(communes, kind="stable")
    limits = np.searchsorted(communes[order], np.arange(1, len(case.territory.communes)))
    return np.array([summary(figure, values[rows], weights[rows]) for rows in np.split(order, limits)])


def by_territory(case: Case, figure: Figure, values: Floats, weights: Floats) -> dict[str, float]:
    """Apply a figure to all trips of each territory; empty without territories."""
    belongs = case.organisation.territory_of[case.territory.cells.commune]
    return {
        code: summary(figure, values[belongs == seat], weights[belongs == seat])
        for seat, code in case.territory_codes.items()
    }


def broken_down(case: Case, indicator_id: str, unit: str, figure: Figure, values: Floats) -> Indicator:
    """Make an indicator of access with all its parts.

    Pooled figures weigh by trips, figures of one service by inhabitants.
    """
    return Indicator(
        indicator_id,
        unit,
        summary(figure, values, case.trips),
        by_service=by_service(case, figure, values, case.population),
        by_territory=by_territory(case, figure, values, case.trips),
        by_commune=by_commune(case, figure, values, case.trips),
    )


def total(values: Floats, _weights: Floats) -> float:
    """Sum the values: the figure of amounts, which add up."""
    return float(values.sum())


def amount(case: Case, indicator_id: str, unit: str, amounts: Floats) -> Indicator:
    """Make an indicator of amounts (m, s) that add up over services, territories and communes."""
    everyone = np.ones_like(amounts)
    return Indicator(
        indicator_id,
        unit,
        float(amounts.sum()),
        by_service=dict(zip(case.codes, map(float, amounts.sum(axis=0)), strict=True)),
        by_territory=by_territory(case, total, amounts, everyone),
        by_commune=_sum_by_commune(case, amounts),
    )


def _sum_by_commune(case: Case, amounts: Floats) -> Floats:
    """(n,) sums; a commune without cells has 0."""
    return np.bincount(
        case.territory.cells.commune, weights=amounts.sum(axis=1), minlength=len(case.territory.communes)
    ).astype(np.float64)


def located(case: Case, indicator_id: str, unit: str, values: Floats) -> Indicator:
    """Make an indicator of amounts (k, s) that stand at sites: they add up by service, commune and territory."""
    at_sites = values.sum(axis=1)
    sums = np.zeros(len(case.territory.communes))
    np.add.at(sums, case.territory.sites.commune, at_sites)
    return Indicator(
        indicator_id,
        unit,
        float(values.sum()),
        by_service=dict(zip(case.codes, map(float, values.sum(axis=0)), strict=True)),
        by_territory=_sums_by_seat(case, sums),
        by_commune=sums,
    )


def _sums_by_seat(case: Case, of_communes: Floats) -> Mapping[str, float]:
    belongs = case.organisation.territory_of
    return {code: float(of_communes[belongs == seat].sum()) for seat, code in case.territory_codes.items()}
