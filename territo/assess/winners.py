"""Who gains and who loses against the reference: GAG1 (domain specification, section 6)."""

from __future__ import annotations

import numpy as np

from territo.assess.case import Case, broken_down
from territo.assess.equity import mean
from territo.domain.arrays import Bools, Floats
from territo.domain.indicators import Indicator

# a change of mean time that people notice, minutes
NOTICED = 2.0


def winners(case: Case, reference: Case) -> list[Indicator]:
    """Measure the change of mean time of each commune, and how many people each group holds.

    Trips served both now and before are compared. A commune where people are
    newly left without a site loses, whatever the mean of the others; one
    where nothing can be compared is counted as unchanged. The three groups
    add up to the population of the territory.
    """
    served_twice = np.isfinite(case.minutes) & np.isfinite(reference.minutes)
    change = np.full(case.minutes.shape, np.nan)
    np.subtract(case.minutes, reference.minutes, out=change, where=served_twice)
    indicator = broken_down(case, "GAG1.change", "min", mean, change)
    changes = indicator.by_commune if indicator.by_commune is not None else np.full(0, np.nan)
    loses = (changes >= NOTICED) | _newly_left_out(case, reference)
    gains = (changes <= -NOTICED) & ~loses
    groups = {"winners": gains, "losers": loses, "neutral": ~(gains | loses)}
    return [
        _with_subject(case, indicator, changes),
        *(_people(case, name, group) for name, group in groups.items()),
        *(Indicator(f"GAG1.communes_{name}", "count", float(group.sum())) for name, group in groups.items()),
        _services_lost(case, reference),
    ]


def _with_subject(case: Case, indicator: Indicator, changes: Floats) -> Indicator:
    """Name the commune whose time changes most, in either direction."""
    if not np.nansum(np.abs(changes)) > 0:
        return indicator
    most = int(np.nanargmax(np.abs(changes)))
    return Indicator(
        indicator.id,
        indicator.unit,
        indicator.value,
        by_service=indicator.by_service,
        by_territory=indicator.by_territory,
        by_commune=changes,
        subject=case.territory.communes.codes[most],
    )


def _newly_left_out(case: Case, reference: Case) -> Bools:
    """(n,) communes with trips that had a site and have none now."""
    lost = ~np.isfinite(case.minutes) & np.isfinite(reference.minutes) & (case.trips > 0)
    communes = np.zeros(len(case.territory.communes), dtype=np.bool_)
    communes[case.territory.cells.commune[lost.any(axis=1)]] = True
    return communes


def _people(case: Case, name: str, group: Bools) -> Indicator:
    communes = case.territory.cells.commune
    people = np.where(group[communes], case.population, 0.0)
    parts = np.bincount(communes, weights=people, minlength=len(group)).astype(np.float64)
    return Indicator(f"GAG1.{name}", "inhabitants", float(people.sum()), by_commune=parts)


def _services_lost(case: Case, reference: Case) -> Indicator:
    """Front services that leave a commune altogether: pairs of a commune and a service."""
    lost = services_by_commune(reference) & ~services_by_commune(case)
    return Indicator(
        "GAG1.services_lost",
        "count",
        float(lost.sum()),
        by_service={code: float(lost[:, column].sum()) for column, code in enumerate(case.codes) if case.front[column]},
        by_commune=lost.sum(axis=1).astype(np.float64),
    )


def services_by_commune(case: Case) -> Bools:
    """(n, s) front services with at least one point in the commune."""
    offered = np.zeros((len(case.territory.communes), len(case.codes)), dtype=np.bool_)
    np.logical_or.at(offered, case.territory.sites.commune, case.organisation.offered & case.front)
    return offered
