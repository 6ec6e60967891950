"""What is offered: places, hours, and how much of it is near: OFF1 to OFF3 (domain specification, section 6)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from territo.assess.case import Case, by_commune, by_service, by_territory, located, summary
from territo.assess.equity import mean
from territo.domain.arrays import Floats
from territo.domain.indicators import Indicator

PER_TEN_THOUSAND = 10_000.0
NEAR_MINUTES = 15.0
# share of the front services that makes a bouquet complete: 8 of 10
COMPLETE = 0.8
ROUNDING = 1e-9


def offer(case: Case, norms: Mapping[str, float]) -> list[Indicator]:
    """Count the points where people are received, their hours, and the bouquet near home.

    Parameters
    ----------
    case
        What is assessed.
    norms
        Service -> target minutes; hours count as reachable within them.
    """
    points = np.where(case.front, case.organisation.offered, 0.0)
    everywhere = located(case, "OFF1", "count", points)
    hours = np.where(points > 0, case.organisation.hours_week, 0.0)
    return [
        everywhere,
        _places(case, points),
        _density(case, points),
        located(case, "OFF2.total", "hours_per_week", hours),
        _reachable_hours(case, hours, norms),
        _services_per_place(points),
        _bouquet(case),
    ]


def _places(case: Case, points: Floats) -> Indicator:
    """Sites where at least one front service receives people."""
    open_sites = np.flatnonzero(points.any(axis=1))
    counts = np.bincount(case.territory.sites.commune[open_sites], minlength=len(case.territory.communes))
    return Indicator("OFF1.places", "count", float(len(open_sites)), by_commune=counts.astype(np.float64))


def _density(case: Case, points: Floats) -> Indicator:
    people = float(case.population.sum())
    parts = {
        code: float(points[:, column].sum()) * PER_TEN_THOUSAND / people
        for column, code in enumerate(case.codes)
        if case.front[column]
    }
    return Indicator("OFF1.per_10000", "count", float(points.sum()) * PER_TEN_THOUSAND / people, by_service=parts)


def _reachable_hours(case: Case, hours: Floats, norms: Mapping[str, float]) -> Indicator:
    """Average the opening hours a week of all points within the norm, over people (over trips when pooled)."""
    targets = np.array([norms.get(code, np.nan) for code in case.codes])
    columns = [(case.travel.minutes <= target) @ of_sites for target, of_sites in zip(targets, hours.T, strict=True)]
    # no norm, nothing to be within: such a service is left out
    reachable = np.where(np.isnan(targets) | ~case.front, np.nan, np.column_stack(columns))
    return Indicator(
        "OFF2",
        "hours_per_week",
        summary(mean, reachable, case.trips),
        by_service=by_service(case, mean, reachable, case.population),
        by_territory=by_territory(case, mean, reachable, case.trips),
        by_commune=by_commune(case, mean, reachable, case.trips),
    )


def _services_per_place(points: Floats) -> Indicator:
    at_sites = points.sum(axis=1)
    open_sites = at_sites > 0
    value = float(at_sites[open_sites].mean()) if open_sites.any() else float("nan")
    return Indicator("OFF3.per_site", "count", value)


def _bouquet(case: Case) -> Indicator:
    """Share of the inhabitants with at least 8 in 10 of the front services within 15 minutes of home."""
    offered = case.organisation.offered[:, case.front]
    near = (case.travel.minutes <= NEAR_MINUTES).astype(np.float64) @ offered > 0
    complete = near.sum(axis=1) >= COMPLETE * offered.shape[1] - ROUNDING
    values = (complete.astype(np.float64) if offered.shape[1] else np.full(len(complete), np.nan))[:, None]
    people = case.population[:, None]
    return Indicator(
        "OFF3.bouquet",
        "share",
        summary(mean, values, people),
        by_territory=by_territory(case, mean, values, people),
        by_commune=by_commune(case, mean, values, people),
    )
