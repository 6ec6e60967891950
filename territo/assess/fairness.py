"""Equity of access and of means: EQU1 to EQU5 (domain specification, sections 4 and 6)."""

from __future__ import annotations

from functools import partial

import numpy as np

from territo.assess.case import Case, broken_down, by_commune, by_service, by_territory, summary
from territo.assess.costs import productivity
from territo.assess.equity import (
    cvar,
    gini,
    hoover,
    kolm_pollak_alpha,
    kolm_pollak_ede,
    mean,
    means_ratio,
    redeployment_gap,
    theil,
)
from territo.domain.arrays import Bools, Floats, Ints
from territo.domain.indicators import Indicator

WORST_SHARE = 0.1
PERCENT = 100.0
PER_THOUSAND = 1_000.0
# what is measured between communes, after the fact and never optimised alone
DISPARITIES = {"gini": gini, "hoover": hoover, "theil": theil}


def fairness(case: Case, alpha: float, aversion: float) -> list[Indicator]:
    """Measure who is served worst, and whether means follow needs.

    Parameters
    ----------
    case
        What is assessed.
    alpha
        :func:`reference_alpha` of the reference, frozen for the study.
    aversion
        Aversion to inequality, negative (-1 by default in the scenarios).
    """
    worst = partial(cvar, worst_share=WORST_SHARE)
    return [
        broken_down(case, "EQU1", "min", worst, case.minutes),
        _worst_groups(case, worst),
        *_equivalent(case, partial(kolm_pollak_ede, kappa=alpha * aversion)),
        *(_disparity(case, name) for name in DISPARITIES),
        *_means(case),
        _balance(case),
    ]


def _worst_groups(case: Case, worst: partial[float]) -> Indicator:
    """EQU1 where each group of inhabitants that uses the same site counts for its mean: what a scenario promises."""
    served = np.isfinite(case.minutes)
    trips = np.where(served, case.trips, 0.0)
    people = case.population[:, None] * served
    columns = [np.unique(row, return_inverse=True)[1] for row in _groups(case).T]
    minutes, weights = [], []
    for column, group in enumerate(columns):
        size = np.bincount(group, weights=people[:, column])
        spent = np.bincount(group, weights=np.where(served, case.minutes, 0.0)[:, column] * people[:, column])
        minutes.append(np.divide(spent, size, out=np.full(len(size), np.inf), where=size > 0))
        weights.append(np.bincount(group, weights=trips[:, column]))
    return Indicator("EQU1.groups", "min", summary(worst, np.concatenate(minutes), np.concatenate(weights)))


def _groups(case: Case) -> Ints:
    """(m, s) the same number for cells of one demand node that use the same site."""
    return case.nodes[:, None] * (len(case.territory.sites) + 1) + case.organisation.assignment + 1


def reference_alpha(reference: Case) -> float:
    """Return the normalisation of the aversion, per minute, from all trips of the reference; NaN without trips."""
    return summary(kolm_pollak_alpha, reference.minutes, needy_trips(reference))


def need_weights(case: Case) -> Floats:
    """(m,) need of an inhabitant: 1, more where poor people and people over 75 are many.

    The standard demography stands in where a commune's share is unknown.
    """
    constants, per_1000 = case.catalogue.constants, case.catalogue.per_1000
    poor = _share(case, "poverty_rate", per_1000["pauvres"])
    old = _share(case, "share_75_plus", per_1000["d75"])
    weights: Floats = 1.0 + constants.need_weight_poor * poor + constants.need_weight_75_plus * old
    return weights[case.territory.cells.commune]


def needy_trips(case: Case) -> Floats:
    """(m, s) visits a year weighted by need."""
    return case.trips * need_weights(case)[:, None]


def _share(case: Case, attribute: str, standard_per_1000: float) -> Floats:
    communes = case.territory.communes
    known = communes.attributes.get(attribute, np.full(len(communes), np.nan)) / PERCENT
    return np.where(np.isnan(known), standard_per_1000 / PER_THOUSAND, known)


def _equivalent(case: Case, ede: partial[float]) -> list[Indicator]:
    """Equally distributed equivalent time, and what inequality adds to the mean."""
    trips = needy_trips(case)
    people = case.population * need_weights(case)

    def penalty(values: Floats, weights: Floats) -> float:
        return float(ede(values, weights)) - mean(values, weights)

    return [
        Indicator(
            indicator_id,
            "min",
            summary(figure, case.minutes, trips),
            by_service=by_service(case, figure, case.minutes, people),
            by_territory=by_territory(case, figure, case.minutes, trips),
            by_commune=by_commune(case, figure, case.minutes, trips),
        )
        for indicator_id, figure in (("EQU2", ede), ("EQU2.penalty", penalty))
    ]


def _disparity(case: Case, name: str) -> Indicator:
    """Inequality between the mean times of the communes, by their population."""
    measure = DISPARITIES[name]
    communes = case.territory.cells.commune
    people = np.bincount(communes, weights=case.population, minlength=len(case.territory.communes)).astype(np.float64)
    means = by_commune(case, mean, case.minutes, case.trips)
    parts = {
        code: summary(measure, _commune_means(case, column), people)
        for column, code in enumerate(case.codes)
        if case.visited[column]
    }
    return Indicator(f"EQU3.{name}", "index", summary(measure, means, people), by_service=parts)


def _commune_means(case: Case, column: int) -> Floats:
    return by_commune(case, mean, case.minutes[:, [column]], case.population[:, None])


def _means(case: Case) -> list[Indicator]:
    """Least means per need of a territory over the overall one, and the share of agents to move to follow needs.

    Means are the front and field staff based in the territory, services that
    are central for all left out; needs are the staff that the same services'
    demand there asks for, weighted by need.
    """
    local = np.array([service.kind != "back" for service in case.services])
    local &= np.array([modality != "central" for modality in case.organisation.modality]) & (productivity(case) > 0)
    means = np.array(list(_staff_of_territories(case, local).values()))
    needs = np.array(list(_work_of_territories(case, local, need_weights(case)).values()))
    if not (means.sum() > 0 and needs.sum() > 0):
        return [Indicator("EQU4.min", "index", float("nan")), Indicator("EQU4.gap", "share", float("nan"))]
    ratios = np.divide(means, needs, out=np.full_like(means, np.nan), where=needs > 0) * needs.sum() / means.sum()
    parts = dict(zip(case.territory_codes.values(), map(float, ratios), strict=True))
    return [
        Indicator("EQU4.min", "index", means_ratio(means, needs), by_territory=parts),
        Indicator("EQU4.gap", "share", redeployment_gap(means, needs)),
    ]


def _balance(case: Case) -> Indicator:
    """Greatest distance of a territory's workload of field services (population without any) to the mean."""
    field = np.array([service.kind == "field" for service in case.services]) & (productivity(case) > 0)
    work = np.array(list(_work_of_territories(case, field, np.ones(len(case.population))).values()))
    if not field.any():
        work = np.array(list(_population_of_territories(case).values()))
    if not work.sum() > 0:
        return Indicator("EQU5", "share", float("nan"))
    distances = work / work.mean() - 1.0
    parts = dict(zip(case.territory_codes.values(), map(float, distances), strict=True))
    return Indicator("EQU5", "share", float(np.abs(distances).max()), by_territory=parts)


def _staff_of_territories(case: Case, services: Bools) -> dict[int, float]:
    belongs = case.organisation.territory_of[case.territory.sites.commune]
    staff = case.organisation.staff[:, services].sum(axis=1)
    return {seat: float(staff[belongs == seat].sum()) for seat in case.organisation.seats}


def _work_of_territories(case: Case, services: Bools, weights: Floats) -> dict[int, float]:
    """FTE that the demand of each territory asks for."""
    belongs = case.organisation.territory_of[case.territory.cells.commune]
    work = (case.demand.units[:, services] / productivity(case)[services]).sum(axis=1) * weights
    return {seat: float(work[belongs == seat].sum()) for seat in case.organisation.seats}


def _population_of_territories(case: Case) -> dict[int, float]:
    belongs = case.organisation.territory_of[case.territory.cells.commune]
    return {seat: float(case.population[belongs == seat].sum()) for seat in case.organisation.seats}
