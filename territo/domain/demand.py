"""How much of each service people ask for, and how often they travel for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from territo.domain.arrays import Floats, frozen
from territo.domain.catalogue import Catalogue, Service
from territo.domain.territory import Territory

PERCENT = 100.0
PER_THOUSAND = 1_000.0


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """Yearly demand of the m cells for s services.

    Parameters
    ----------
    units
        (m, s) units a year, in the unit of each service.
    visits
        (m, s) visits in person a year, the digital share taken off.
    """

    units: Floats
    visits: Floats

    def __post_init__(self) -> None:
        """Freeze the arrays."""
        object.__setattr__(self, "units", frozen(self.units, np.float64))
        object.__setattr__(self, "visits", frozen(self.visits, np.float64))


def yearly_demand(
    territory: Territory, catalogue: Catalogue, services: Sequence[str], *, take_up_scale: float = 1.0
) -> Demand:
    """Spread the demand of the communes over their cells, by population.

    A commune's own attribute replaces the standard demography where it is
    known: ``households``, ``poverty_rate`` and ``share_75_plus``. The digital
    share of a service counts only for people at ease online (domain
    specification, section 2: 25 % of the people over 75, 74 % of the others).

    Parameters
    ----------
    territory, catalogue
        Where, and what a service is.
    services
        Codes, in the order of the columns.
    take_up_scale
        Multiplies the digital shares, which never exceed 1.
    """
    cells, communes = territory.cells, territory.communes
    total = np.bincount(cells.commune, weights=cells.population, minlength=len(communes))
    drivers = commune_drivers(territory, catalogue.per_1000)
    online = 1.0 - _offline_share(territory, catalogue)
    units, visits = [], []
    for service in (catalogue[code] for code in services):
        of_commune = service.rate * drivers[service.driver] / np.where(total > 0, total, 1.0)
        units.append(of_commune[cells.commune] * cells.population)
        visits.append(_visits(service, online, take_up_scale)[cells.commune] * cells.population)
    return Demand(np.column_stack(units), np.column_stack(visits))


def commune_drivers(territory: Territory, per_1000: Mapping[str, float]) -> dict[str, Floats]:
    """Return each demand driver by commune: (n,) units, attributes first, standard demography otherwise."""
    population = territory.communes.population.astype(np.float64)
    drivers = {name: population * rate / PER_THOUSAND for name, rate in per_1000.items()}
    attributes = territory.communes.attributes
    known = {
        "menages": attributes.get("households"),
        "pauvres": _share_of(attributes.get("poverty_rate"), population),
        "d75": _share_of(attributes.get("share_75_plus"), population),
    }
    for name, values in known.items():
        if values is not None:
            drivers[name] = np.where(np.isnan(values), drivers[name], values)
    return drivers


def _share_of(percentages: Floats | None, population: Floats) -> Floats | None:
    if percentages is None:
        return None
    units: Floats = percentages / PERCENT * population
    return units


def _offline_share(territory: Territory, catalogue: Catalogue) -> Floats:
    """(n,) share of the inhabitants who cannot do without a person at a desk."""
    standard = catalogue.per_1000["d75"] / PER_THOUSAND
    known = territory.communes.attributes.get("share_75_plus", np.full(len(territory.communes), np.nan))
    old = np.where(np.isnan(known), standard, known / PERCENT)
    constants = catalogue.constants
    return constants.offline_75_plus * old + constants.offline_others * (1.0 - old)


def _visits(service: Service, online: Floats, take_up_scale: float) -> Floats:
    share = np.minimum(service.digital_share * take_up_scale, 1.0)
    visits: Floats = service.visits_per_inh * (1.0 - share * online)
    return visits
