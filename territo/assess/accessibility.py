"""How long people travel: PRX1 to PRX6 (domain specification, section 6)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np

from territo.assess.case import Case, amount, broken_down, by_commune, by_service, summary
from territo.assess.equity import mean, median, quantile
from territo.domain.arrays import Floats
from territo.domain.groups import GROUPS, members
from territo.domain.indicators import Indicator

MOST = 0.9
MINUTES_PER_HOUR = 60.0
BOTH_WAYS = 2.0


def accessibility(case: Case, norms: Mapping[str, float], value_of_time_eur_h: float) -> list[Indicator]:
    """Measure travel times, promises kept, the farthest commune, and hours on the road.

    Parameters
    ----------
    case
        What is assessed.
    norms
        Service -> target minutes; a service without one is left out of PRX3 and PRX4.
    value_of_time_eur_h
        Price of an hour of travel, a political choice.
    """
    within = within_norm(case, norms)
    return [
        broken_down(case, "PRX1.mean", "min", mean, case.minutes),
        broken_down(case, "PRX1.median", "min", median, case.minutes),
        broken_down(case, "PRX2", "min", partial(quantile, share=MOST), case.minutes),
        broken_down(case, "PRX3", "share", mean, within),
        *(each for group in GROUPS for each in _group(case, group, within)),
        _farthest(case),
        *_burden(case, value_of_time_eur_h),
        _unserved(case),
    ]


def within_norm(case: Case, norms: Mapping[str, float]) -> Floats:
    """(m, s) 1 where the assigned site is within the norm, 0 where it is not or where there is none.

    NaN for a service without norm: it has no promise to keep.
    """
    targets = np.array([norms.get(code, np.nan) for code in case.codes])
    return np.where(np.isnan(targets), np.nan, case.minutes <= targets)


def _group(case: Case, group: str, within: Floats) -> list[Indicator]:
    """Coverage of a group, and that less the coverage of all inhabitants; NaN where the group is known nowhere."""
    people = members(case.territory, group, case.catalogue.per_1000)
    share = np.divide(people, case.population, out=np.zeros(len(people)), where=case.population > 0)
    pooled = summary(mean, within, case.trips * share[:, None])
    inside = by_service(case, mean, within, people)
    outside = by_service(case, mean, within, case.population)
    gaps = {code: inside[code] - outside[code] for code in inside}
    gap = pooled - summary(mean, within, case.trips)
    return [
        Indicator(f"PRX3.{group}", "share", pooled, by_service=inside),
        Indicator(f"PRX4.{group}", "share", gap, by_service=gaps),
    ]


def _farthest(case: Case) -> Indicator:
    means = by_commune(case, mean, case.minutes, case.trips)
    if np.isnan(means).all():
        return Indicator("PRX5", "min", float("nan"), by_commune=means)
    worst = int(np.nanargmax(means))
    return Indicator(
        "PRX5",
        "min",
        float(means[worst]),
        by_service=by_service(case, _greatest, _means_of_services(case), np.ones(len(means))),
        by_commune=means,
        subject=case.territory.communes.codes[worst],
    )


def _greatest(values: Floats, _weights: Floats) -> float:
    return float(values.max())


def _means_of_services(case: Case) -> Floats:
    """(n, s) mean minutes of the inhabitants of each commune, by service."""
    columns = range(len(case.codes))
    people = case.population[:, None]
    return np.column_stack([by_commune(case, mean, case.minutes[:, [column]], people) for column in columns])


def _burden(case: Case, value_of_time_eur_h: float) -> list[Indicator]:
    hours = _yearly(case, case.minutes / MINUTES_PER_HOUR)
    return [
        amount(case, "PRX6", "hours_per_year", hours),
        amount(case, "PRX6.value", "eur_per_year", hours * value_of_time_eur_h),
        amount(case, "PRX6.km", "km_per_year", _yearly(case, case.km)),
    ]


def _yearly(case: Case, one_way: Floats) -> Floats:
    """(m, s) visits x there and back; people who are sent nowhere travel nowhere and are counted in PRX.unserved."""
    return case.demand.visits * BOTH_WAYS * np.where(np.isfinite(one_way), one_way, 0.0)


def _unserved(case: Case) -> Indicator:
    """Inhabitants whom at least one service leaves without a site; by service, those whom this one does."""
    left_out = ~np.isfinite(case.minutes) & case.visited
    communes = case.territory.cells.commune
    people = np.where(left_out.any(axis=1), case.population, 0.0)
    return Indicator(
        "PRX.unserved",
        "inhabitants",
        float(people.sum()),
        by_service={
            code: float(case.population[left_out[:, column]].sum())
            for column, code in enumerate(case.codes)
            if case.visited[column]
        },
        by_commune=np.bincount(communes, weights=people, minlength=len(case.territory.communes)).astype(np.float64),
    )
