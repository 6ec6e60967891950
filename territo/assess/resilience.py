"""What remains when a site closes: RES1 (domain specification, section 6)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from territo.assess.accessibility import within_norm
from territo.assess.case import Case, broken_down, by_service, summary
from territo.assess.equity import mean
from territo.domain.arrays import Floats, Ints
from territo.domain.indicators import Indicator
from territo.domain.organisation import NOWHERE

SECOND = 2


def resilience(case: Case, norms: Mapping[str, float]) -> list[Indicator]:
    """Measure the second-nearest point of each front service, and the worst single closure.

    Parameters
    ----------
    case
        What is assessed.
    norms
        Service -> target minutes.
    """
    nearest, first, second = _two_nearest(case)
    return [
        broken_down(case, "RES1.second", "min", mean, second),
        _without_second(case, second),
        _two_within(case),
        _closure(case, norms, np.where(nearest == case.organisation.assignment, second, first)),
    ]


def _two_nearest(case: Case) -> tuple[Ints, Floats, Floats]:
    """(m, s) nearest site that offers each front service, minutes to it and to the second; inf where there is none."""
    shape = case.minutes.shape
    nearest = np.full(shape, NOWHERE, dtype=np.int64)
    first, second = np.full(shape, np.inf), np.full(shape, np.inf)
    for column in np.flatnonzero(case.front):
        sites = np.flatnonzero(case.organisation.offered[:, column])
        if sites.size == 0:
            continue
        times = case.travel.minutes[:, sites]
        best = np.argmin(times, axis=1)
        nearest[:, column], first[:, column] = sites[best], times.min(axis=1)
        if sites.size > 1:
            second[:, column] = np.partition(times, 1, axis=1)[:, 1]
    return nearest, first, second


def _without_second(case: Case, second: Floats) -> Indicator:
    """Inhabitants with no second point of a front service within reach; in all, of at least one service."""
    alone = ~np.isfinite(second) & case.front
    people = {
        code: float(case.population[alone[:, column]].sum())
        for column, code in enumerate(case.codes)
        if case.front[column]
    }
    return Indicator(
        "RES1.without_second", "inhabitants", float(case.population[alone.any(axis=1)].sum()), by_service=people
    )


def _two_within(case: Case) -> Indicator:
    """Share of the inhabitants with two points within the maximum time of each front service.

    Read on the mean minutes of each demand node, as the maximum time of a norm is.
    """
    nodes = case.nodes
    reached = np.isfinite(case.travel.minutes).any(axis=1)
    people = np.where(reached, case.population, 0.0)
    sums = np.zeros((int(nodes.max()) + 1, len(case.territory.sites)))
    np.add.at(sums, nodes[reached], (case.travel.minutes * people[:, None])[reached])
    size = np.bincount(nodes, weights=people, minlength=len(sums))[:, None]
    means = np.divide(sums, size, out=np.full_like(sums, np.inf), where=size > 0)
    limits = np.array([service.max_min or np.inf for service in case.services])
    points = (means[:, :, None] <= limits) & case.organisation.offered[None, :, :]
    twice = np.where(case.front, points.sum(axis=1)[nodes] >= SECOND, np.nan)
    parts = by_service(case, mean, twice, case.population)
    value = summary(mean, twice, case.population[:, None])
    return Indicator("RES1.two", "share", value, by_service=parts)


def _closure(case: Case, norms: Mapping[str, float], otherwise: Floats) -> Indicator:
    """Greatest fall of PRX3 when one site closes and its users go to the nearest other point; the site is the subject.

    Parameters
    ----------
    otherwise
        (m, s) minutes to the nearest site other than the assigned one.
    """
    targets = np.array([norms.get(code, np.nan) for code in case.codes])
    counted = np.where(case.front & ~np.isnan(targets), case.trips, 0.0)
    lost = np.where(otherwise <= targets, 0.0, np.nan_to_num(within_norm(case, norms))) * counted
    trips = float(np.where(np.isnan(targets), 0.0, case.trips).sum())
    if trips == 0.0:
        return Indicator("RES1.loss", "share", float("nan"))
    users = case.organisation.assignment != NOWHERE
    losses = np.zeros(len(case.territory.sites))
    np.add.at(losses, case.organisation.assignment[users], lost[users])
    worst = int(np.argmax(losses))
    subject = case.territory.sites.ids[worst] if losses[worst] > 0 else ""
    return Indicator("RES1.loss", "share", float(-losses[worst] / trips), subject=subject)
