"""One commune in every scenario: where its inhabitants go for each service, and how long it takes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from territo.domain.catalogue import Catalogue
from territo.domain.indicators import Comparison, Run
from territo.domain.organisation import NOWHERE
from territo.domain.travel import LoadedTerritory
from territo.studies.lenses import visited_services


@dataclass(frozen=True, slots=True)
class Visit:
    """One service seen from one commune.

    Parameters
    ----------
    site
        Where most inhabitants go; empty where they are sent nowhere.
    minutes
        Mean one-way minutes of those who are sent somewhere; NaN without any.
    here
        Whether a site of the commune itself offers the service.
    """

    site: str
    minutes: float
    here: bool


def visits(
    comparison: Comparison, loaded: LoadedTerritory, catalogue: Catalogue, commune: int
) -> list[tuple[str, list[Visit]]]:
    """Look at each service that people travel to, from one commune.

    Returns
    -------
    list
        (label of the service, one visit a run, the current situation first).
    """
    runs = (comparison.reference, *comparison.runs)
    return [
        (catalogue[code].label, [_visit(run, loaded, commune, run.organisation.services.index(code)) for run in runs])
        for code in visited_services(comparison, catalogue)
    ]


def _visit(run: Run, loaded: LoadedTerritory, commune: int, column: int) -> Visit:
    cells = np.flatnonzero(loaded.territory.cells.commune == commune)
    sites, people = run.organisation.assignment[cells, column], loaded.territory.cells.population[cells]
    of_commune = loaded.territory.sites.commune == commune
    here = bool(run.organisation.offered[of_commune, column].any())
    served = sites != NOWHERE
    if not served.any():
        return Visit("", float("nan"), here)
    crowd = np.bincount(sites[served], weights=people[served], minlength=len(loaded.territory.sites))
    minutes = loaded.travel.minutes[cells[served], sites[served]]
    name = loaded.territory.sites.names[int(crowd.argmax())]
    return Visit(name, float(np.average(minutes, weights=people[served])), here)
