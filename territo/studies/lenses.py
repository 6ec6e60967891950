"""How the maps look at access: which services count, and how much."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np

from territo.domain.arrays import Floats
from territo.domain.catalogue import Catalogue
from territo.domain.demand import yearly_demand
from territo.domain.indicators import Assessment, Comparison, Run
from territo.domain.organisation import NOWHERE
from territo.domain.travel import LoadedTerritory

ACCESS = "PRX1.mean"


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Lens:
    """The trips of a year as a weight of each cell and service.

    Parameters
    ----------
    weights
        (m, s) trips a year, times the importance given to the service; 0
        where nobody travels to the service.
    """

    weights: Floats


def visited_services(comparison: Comparison, catalogue: Catalogue) -> tuple[str, ...]:
    """Codes of the services that people travel to, in their order."""
    return tuple(
        code
        for code in comparison.reference.organisation.services
        if catalogue[code].kind == "front" or catalogue[code].visits_per_inh > 0
    )


def lens(
    comparison: Comparison, loaded: LoadedTerritory, catalogue: Catalogue, importance: Mapping[str, float]
) -> Lens:
    """Weigh each service.

    Parameters
    ----------
    comparison, loaded, catalogue
        What is looked at.
    importance
        Service code -> 0 or more; a service that is not there has 0.
    """
    services = comparison.reference.organisation.services
    demand = yearly_demand(loaded.territory, catalogue, services)
    counted = [importance.get(code, 0.0) for code in services]
    return Lens(demand.visits * np.array(counted))


def cell_minutes(run: Run, loaded: LoadedTerritory, seen: Lens) -> Floats:
    """(m,) mean minutes of the trips of each cell; NaN where none counts or reaches its site."""
    plan = run.organisation
    rows = np.arange(len(loaded.territory.cells))[:, None]
    minutes = np.where(plan.assignment == NOWHERE, np.inf, loaded.travel.minutes[rows, plan.assignment])
    weights = np.where(np.isfinite(minutes), seen.weights, 0.0)
    total = weights.sum(axis=1)
    sums = np.where(weights > 0, minutes * np.where(weights > 0, weights, 0.0), 0.0).sum(axis=1)
    mean: Floats = np.divide(sums, total, out=np.full(len(total), np.nan), where=total > 0)
    return mean


def seen_through(comparison: Comparison, loaded: LoadedTerritory, seen: Lens) -> Comparison:
    """Return the comparison with the access of its communes as the lens shows it; other figures stay."""
    runs = [_seen(run, loaded, seen) for run in (comparison.reference, *comparison.runs)]
    return Comparison(runs[0], tuple(runs[1:]))


def _seen(run: Run, loaded: LoadedTerritory, seen: Lens) -> Run:
    minutes = cell_minutes(run, loaded, seen)
    known = np.isfinite(minutes)
    communes = loaded.territory.cells.commune
    weights = np.where(known, seen.weights.sum(axis=1), 0.0)
    count = len(loaded.territory.communes)
    total = np.bincount(communes, weights=weights, minlength=count)
    sums = np.bincount(communes, weights=np.where(known, minutes, 0.0) * weights, minlength=count)
    access = np.divide(sums, total, out=np.full(count, np.nan), where=total > 0)
    mean = float(sums.sum() / total.sum()) if total.sum() > 0 else float("nan")
    indicators = dict(run.assessment.indicators)
    indicators[ACCESS] = dataclasses.replace(indicators[ACCESS], value=mean, by_commune=access)
    return dataclasses.replace(run, assessment=Assessment(indicators, run.assessment.alarms))
