"""Whose trips one organisation makes shorter than another, and by how much."""

from __future__ import annotations

import numpy as np

from territo.assess.case import Case
from territo.domain.arrays import Floats
from territo.domain.organisation import NOWHERE

# trips that differ by less are the same to those who make them, minutes
SAME_MINUTES = 0.05


def shortened(case: Case, other: Case) -> tuple[float, float]:
    """Count the inhabitants whose mean trip is shorter than in another organisation, and the minutes they gain.

    Parameters
    ----------
    case, other
        Two organisations of one territory.

    Returns
    -------
    float, float
        Inhabitants; what they gain on average, minutes, 0 where nobody gains.
    """
    gain = mean_trip(other) - mean_trip(case)
    gains = gain > SAME_MINUTES
    people = float(case.population[gains].sum())
    return people, float((gain * case.population)[gains].sum() / people) if people else 0.0


def mean_trip(case: Case) -> Floats:
    """(m,) mean minutes of the visits of each cell, stops included; NaN where nobody travels, or somebody nowhere."""
    minutes, stops = case.minutes, case.organisation.itinerance
    if stops is not None:
        cells = np.arange(len(minutes))[:, None]
        held = np.where(stops.assignment == NOWHERE, minutes, case.travel.minutes[cells, stops.assignment])
        minutes = (1.0 - stops.credit) * minutes + stops.credit * held
    trips = case.trips
    sums = (np.where(trips > 0, minutes, 0.0) * trips).sum(axis=1)
    known = np.isfinite(sums) & trips.any(axis=1)
    mean: Floats = np.divide(sums, trips.sum(axis=1), out=np.full(len(sums), np.nan), where=known)
    return mean
