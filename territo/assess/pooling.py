"""What pooling costs and frees: COST and ECO1, as an interval (domain specification, section 3)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from territo.assess.case import Case, located
from territo.assess.costs import LINES, MOVES, cost_lines
from territo.domain.arrays import Floats
from territo.domain.indicators import Indicator

# lines that follow the team of a service: the share theta of a saving is realistic
SERVICE_LINES = ("staff", "points", "travel", "itinerance")
# lines of buildings: nothing is saved until the building is really released
PREMISES_LINES = ("area", "sites", "fitout")


@dataclass(frozen=True, slots=True, eq=False)
class Accounts:
    """Cost lines of an organisation and of the reference, (k, s) euro a year each."""

    now: dict[str, Floats]
    before: dict[str, Floats]


def make_accounts(case: Case, reference: Case, moves: Floats) -> Accounts:
    """Price an organisation and the reference with the same evaluator; ``moves`` is (k, s) euro a year."""
    open_before = np.asarray(reference.organisation.offered.any(axis=1), dtype=np.bool_)
    now = cost_lines(case, open_before) | {MOVES: moves}
    return Accounts(now, cost_lines(reference, open_before))


def costs(case: Case, accounts: Accounts) -> list[Indicator]:
    """Total cost of the organisation, and each of its lines, by service and by place."""
    whole = sum(accounts.now.values(), np.zeros_like(case.organisation.staff))
    lines = [located(case, f"COST.{line}", "eur_per_year", amounts) for line, amounts in accounts.now.items()]
    return [located(case, "COST", "eur_per_year", whole), *lines]


def savings(case: Case, reference: Case, accounts: Accounts) -> list[Indicator]:
    """Net recurring saving against the reference, as an interval.

    The value is the prudent estimate: of a fall in a service's own lines
    (staff, points, travel) the share theta of the service, of a fall in
    premises or in coordination nothing, of every rise the whole. ``high`` is
    the saving of the model, all of it; ``low`` is 0, or the value where that
    is a loss.
    """
    theoretical = _falls(accounts, LINES).sum(axis=0)
    prudent = _prudent_services(case, accounts) + _losses_at_sites(accounts) + _loss_of_coordination(accounts)
    value, high = float(prudent.sum()), float(theoretical.sum())
    parts = dict(zip(case.codes, map(float, prudent), strict=True))
    interval = Indicator("ECO1", "eur_per_year", value, low=min(0.0, value), high=max(value, high), by_service=parts)
    at_most = dict(zip(case.codes, map(float, theoretical), strict=True))
    return [
        interval,
        Indicator("ECO1.theoretical", "eur_per_year", high, by_service=at_most),
        _premium(case, reference, accounts),
    ]


def _falls(accounts: Accounts, lines: tuple[str, ...]) -> Floats:
    """(k, s) what costs less than in the reference; negative where it costs more."""
    falls: Floats = np.sum([accounts.before[line] - accounts.now[line] for line in lines], axis=0)
    return falls


def _prudent_services(case: Case, accounts: Accounts) -> Floats:
    """(s,) falls of each line of a service count for theta, rises for all."""
    theta = np.array([service.theta for service in case.services])
    booked = np.zeros(len(theta))
    for line in SERVICE_LINES:
        fall = _falls(accounts, (line,)).sum(axis=0)
        booked += np.where(fall > 0, theta * fall, fall)
    return booked


def _losses_at_sites(accounts: Accounts) -> Floats:
    """(s,) rises in premises, site by site: a building that empties pays for no other one."""
    rise = np.maximum(-_falls(accounts, PREMISES_LINES).sum(axis=1), 0.0)
    now = np.sum([accounts.now[line] for line in PREMISES_LINES], axis=0)
    losses: Floats = (_shares(now, now.sum(axis=1)) * rise[:, None]).sum(axis=0)
    return -losses


def _loss_of_coordination(accounts: Accounts) -> Floats:
    """(s,) rise in the cost of coordination, in all."""
    now = accounts.now["coordination"]
    rise = max(float(-_falls(accounts, ("coordination",)).sum()), 0.0)
    return -rise * now.sum(axis=0) / now.sum() if rise > 0 else np.zeros(now.shape[1])


def _shares(parts: Floats, wholes: Floats) -> Floats:
    """Divide each row by its whole; 0 where the whole is 0."""
    return np.divide(parts, wholes[:, None], out=np.zeros_like(parts), where=wholes[:, None] > 0)


def _premium(case: Case, reference: Case, accounts: Accounts) -> Indicator:
    """Part of the saving that rests on the extra cost of small units alone.

    It is the premium that was put into the estimated staff of the reference,
    as far as the saving of staff reaches; the value counts theta of it, ``high`` all of it.
    """
    fall = np.maximum(_falls(accounts, ("staff",)).sum(axis=0), 0.0)
    assumed = np.minimum(_premium_in_reference(reference), fall)
    theta = np.array([service.theta for service in case.services])
    booked = theta * assumed
    parts = dict(zip(case.codes, map(float, booked), strict=True))
    return Indicator(
        "ECO1.premium", "eur_per_year", float(booked.sum()), low=0.0, high=float(assumed.sum()), by_service=parts
    )


def _premium_in_reference(reference: Case) -> Floats:
    """(s,) euro a year of the premium, where the staff of a commune was estimated and not observed."""
    communes, sites = reference.territory.communes, reference.territory.sites
    cost = reference.catalogue.constants.fte_cost_eur
    amounts = []
    for column, service in enumerate(reference.services):
        if service.kind == "front":
            amounts.append(0.0)
            continue
        estimated = np.isnan(communes.staff.get(service.code, np.full(len(communes), np.nan)))[sites.commune]
        staff = reference.organisation.staff[estimated, column].sum()
        amounts.append(float(staff * cost * service.small_unit_premium / (1.0 + service.small_unit_premium)))
    return np.array(amounts)
