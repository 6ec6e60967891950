"""What the way from today asks: moves, departures, money (domain specification, sections 3 and 6)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array, vstack

from territo.assess.case import Case, located
from territo.assess.costs import receptions, spaces
from territo.domain.arrays import Floats
from territo.domain.indicators import Indicator
from territo.domain.moves import BOTH_WAYS, departing_share, moving_eur
from territo.domain.travel import between_sites

# a change of a team below this is rounding
ROUNDING = 1e-7
FAR_KM = 20.0
YEARS = (1, 3, 5)


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """The least moves from the reference to an organisation.

    Parameters
    ----------
    moved
        (s,) FTE that change their place of work, departures and recruits doing what they can.
    euro
        (k, s) what they cost once, at the sites where they arrive.
    far
        (s,) FTE whose round trip may be longer by over 20 km.
    """

    moved: Floats
    euro: Floats
    far: Floats


def least_moves(case: Case, reference: Case, years: int | None) -> Path:
    """Find the moves that cost least.

    Parameters
    ----------
    case, reference
        After and before.
    years
        Departures of so many years are replaced by nobody, or by recruits
        where posts are open; None = nobody leaves.
    """
    constants = case.catalogue.constants
    leaving = 0.0 if years is None else departing_share(constants, years)
    _, km = between_sites(case.territory, case.travel)
    before, now = reference.organisation.staff, case.organisation.staff
    moved, far = np.zeros(now.shape[1]), np.zeros(now.shape[1])
    euro = np.zeros(now.shape)
    for s in range(now.shape[1]):
        change = now[:, s] - before[:, s]
        start, end = np.flatnonzero(change < -ROUNDING), np.flatnonzero(change > ROUNDING)
        posts = min(-change[start].sum(), change[end].sum())
        moved[s] = max(0.0, float(posts) - leaving * float(before[:, s].sum()))
        if moved[s] <= ROUNDING:
            continue
        price = moving_eur(constants, km[np.ix_(start, end)])
        flows = _transport(price, -change[start], change[end], moved[s])
        euro[end, s] = (flows * price).sum(axis=0)
        far[s] = flows[BOTH_WAYS * km[np.ix_(start, end)] > FAR_KM].sum()
    return Path(moved, euro, far)


def _transport(price: Floats, leaves: Floats, arrives: Floats, moved: float) -> Floats:
    """(o, d) flows of least price that move so much in all, within what leaves and arrives."""
    origins, ends = price.shape
    flow = np.arange(price.size)
    ones = np.ones(price.size)
    from_each = coo_array((ones, (flow // ends, flow)), shape=(origins, price.size))
    into_each = coo_array((ones, (flow % ends, flow)), shape=(ends, price.size))
    within = min(moved, float(leaves.sum()), float(arrives.sum()))
    found = linprog(
        price.ravel(),
        A_ub=vstack([from_each, into_each]).toarray(),
        b_ub=np.concatenate([leaves, arrives]),
        A_eq=np.ones((1, price.size)),
        b_eq=[within],
        method="highs",
    )
    flows: Floats = np.asarray(found.x, dtype=np.float64).reshape(price.shape)
    return flows


def transition(case: Case, reference: Case, path: Path, saving_eur: float) -> list[Indicator]:
    """Measure moves, what a saving reaches year by year, the cost of the transition and when it is paid back.

    Parameters
    ----------
    case, reference
        After and before.
    path
        :func:`least_moves`.
    saving_eur
        Prudent saving, euro a year (ECO1).
    """
    works = _works(case, reference)
    once = located(case, "ECO3", "eur", path.euro + works)
    payback = once.value / saving_eur if saving_eur > 0 else float("nan")
    return [
        _by_service(case, "ORG2", path.moved),
        _by_service(case, "ORG2.far", path.far),
        *_year_by_year(case, reference, saving_eur),
        once,
        located(case, "ECO3.moves", "eur", path.euro),
        located(case, "ECO3.works", "eur", works),
        Indicator("ECO3.payback", "years", payback),
    ]


def _works(case: Case, reference: Case) -> Floats:
    """(k, s) euro once to fit out the sites that are not open today."""
    before = np.asarray(reference.organisation.offered.any(axis=1), dtype=np.bool_)
    new = np.asarray(case.organisation.offered.any(axis=1), dtype=np.bool_) & ~before
    areas = receptions(case) + spaces(case)
    return case.catalogue.constants.fitout_eur_m2 * np.where(new[:, None], areas, 0.0)


def _year_by_year(case: Case, reference: Case, saving_eur: float) -> list[Indicator]:
    """Limit the saving to natural departures; count the staff that is free for other work meanwhile."""
    constants = case.catalogue.constants
    before = reference.organisation.staff.sum(axis=0)
    freed = np.maximum(before - case.organisation.staff.sum(axis=0), 0.0)
    gone = {year: np.minimum(freed, departing_share(constants, year) * before) for year in YEARS}
    reached = {year: min(saving_eur, float(gone[year].sum()) * constants.fte_cost_eur) for year in YEARS}
    return [
        *(Indicator(f"ECO2.year_{year}", "eur_per_year", reached[year]) for year in YEARS),
        _by_service(case, "ECO2.redeployable", freed - gone[YEARS[-1]]),
    ]


def _by_service(case: Case, indicator_id: str, amounts: Floats) -> Indicator:
    parts = dict(zip(case.codes, map(float, amounts), strict=True))
    return Indicator(indicator_id, "fte", float(amounts.sum()), by_service=parts)
