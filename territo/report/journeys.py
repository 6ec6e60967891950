"""Where the inhabitants of each commune go for each service, and for how long."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from territo.domain.arrays import Floats, Ints
from territo.domain.indicators import Run
from territo.domain.organisation import NOWHERE
from territo.domain.territory import Territory
from territo.domain.travel import TravelTimes


@dataclass(frozen=True, slots=True, eq=False)
class Journeys:
    """The trips of a run (n communes, s services).

    Parameters
    ----------
    site
        (n, s) index of the site that most inhabitants of the commune use, -1
        where they have none.
    minutes
        (n, s) mean one-way minutes of its inhabitants who have one; NaN
        without any.
    """

    site: Ints
    minutes: Floats


def journeys(run: Run, territory: Territory, travel: TravelTimes) -> Journeys:
    """Follow everyone to the site that they are assigned to."""
    plan, cells = run.organisation, territory.cells
    size = (len(territory.communes), len(plan.services))
    sites, minutes = np.full(size, NOWHERE), np.full(size, np.nan)
    rows = np.arange(len(cells))
    for column in range(size[1]):
        site = plan.assignment[:, column]
        time = np.where(site == NOWHERE, np.inf, travel.minutes[rows, site])
        reached = np.isfinite(time)
        people = np.where(reached, cells.population, 0.0)
        total = np.bincount(cells.commune, weights=people, minlength=size[0])
        spent = np.bincount(cells.commune, weights=people * np.where(reached, time, 0.0), minlength=size[0])
        minutes[:, column] = np.divide(spent, total, out=np.full(size[0], np.nan), where=total > 0)
        users = np.zeros((size[0], len(territory.sites)))
        np.add.at(users, (cells.commune[reached], site[reached]), cells.population[reached])
        sites[:, column] = np.where(total > 0, users.argmax(axis=1), NOWHERE)
    return Journeys(sites, minutes)
