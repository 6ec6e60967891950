"""Communes well placed to be seats, which their size and equipment alone would not tell.

A town that serves a valley may be small. The p-medians of the inhabitants, one
for each number of territories allowed, name such places before anything is
solved; the model then chooses among them and the centres.
"""

from __future__ import annotations

import numpy as np

from territo.assess.whereabouts import town_halls
from territo.domain.arrays import Bools, Floats, Ints
from territo.formulate.study import Study
from territo.locate import p_median

TIME_LIMIT_S = 1.0


def well_placed(study: Study, fewest: int, most: int) -> Bools:
    """(n,) communes whose town hall opens in a p-median of the inhabitants.

    Parameters
    ----------
    study
        What all scenarios share.
    fewest, most
        Numbers of territories allowed.
    """
    halls = town_halls(study.territory)
    minutes = commune_minutes(study, halls)
    reached = np.isfinite(minutes).any(axis=1)
    people = study.territory.communes.population[reached].astype(np.float64)
    placed = np.zeros(halls.size, dtype=np.bool_)
    if reached.any():
        for number in range(fewest, min(most, halls.size) + 1):
            placed[p_median(minutes[reached], people, number, time_limit=TIME_LIMIT_S).open_sites] = True
    return placed


def commune_minutes(study: Study, sites: Ints) -> Floats:
    """(n, k) mean minutes from the inhabitants of each commune to some sites; ``inf`` where they reach none."""
    cells = study.territory.cells
    weights = np.where(np.isfinite(study.travel.minutes).any(axis=1), cells.population, 0.0)
    sums = np.zeros((len(study.territory.communes), len(sites)))
    np.add.at(
        sums, cells.commune, np.where(weights[:, None] > 0, study.travel.minutes[:, sites], 0.0) * weights[:, None]
    )
    people = np.bincount(cells.commune, weights=weights, minlength=len(sums))
    return np.where(people[:, None] > 0, sums / np.where(people > 0, people, 1.0)[:, None], np.inf)
