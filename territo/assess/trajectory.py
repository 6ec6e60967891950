"""In which order the services could change: the « trajectoire indicative » (domain specification, section 5.6).

The organisation looked for is given; its services change one after the other,
the one that gains most for the effort it asks first. Nothing says that another
order, or another target for the first years, would not be better.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from territo.assess.case import Case
from territo.assess.costs import cost_lines
from territo.domain.arrays import Bools, Floats
from territo.domain.indicators import Indicator
from territo.domain.itinerance import Itinerance
from territo.domain.organisation import IN_POLES, NOWHERE, Organisation

BOTH_WAYS = 2.0
MINUTES_PER_HOUR = 60.0
# a service that moves nobody asks for some attention all the same, FTE
LEAST_EFFORT = 1.0


def trajectory(case: Case, reference: Case, moved: Floats, years: int, value_of_time_eur_h: float) -> list[Indicator]:
    """Say in which year each service changes, and what the whole costs from then on.

    Parameters
    ----------
    case, reference
        After and before.
    moved
        (s,) FTE that change their place of work, service by service.
    years
        Years of the transition; each one takes the same share of the effort.
    value_of_time_eur_h
        Euro per hour of a user's travel.
    """
    effort = np.maximum(moved, LEAST_EFFORT)
    order = _greedy(case, reference, effort, value_of_time_eur_h)
    done = np.zeros(len(effort), dtype=np.bool_)
    spent, whole = 0.0, float(effort[order].sum())
    when: dict[str, float] = {}
    cost: dict[str, float] = {}
    for s in order:
        when[case.codes[s]] = float(1 + int(years * spent / whole))
        spent += float(effort[s])
        done[s] = True
        cost[case.codes[s]] = _yearly_cost(_between(case, reference, done), reference)
    last = max(when.values(), default=0.0)
    end = _yearly_cost(_between(case, reference, done), reference)
    return [
        Indicator("TRJ.year", "years", last, by_service=when),
        Indicator("TRJ.cost", "eur_per_year", end, by_service=cost),
    ]


def _greedy(case: Case, reference: Case, effort: Floats, value_of_time_eur_h: float) -> list[int]:
    """Order the services that change, each time the one with the greatest gain for its effort."""
    left = [s for s in range(len(effort)) if _changes(case.organisation, reference.organisation, s)]
    done = np.zeros(len(effort), dtype=np.bool_)
    order: list[int] = []
    while left:
        values = {s: _value(_between(case, reference, _with(done, s)), reference, value_of_time_eur_h) for s in left}
        now = _value(_between(case, reference, done), reference, value_of_time_eur_h)
        best = max(left, key=lambda s: ((now - values[s]) / effort[s], -s))
        order.append(best)
        left.remove(best)
        done[best] = True
    return order


def _changes(now: Organisation, before: Organisation, s: int) -> bool:
    stops = now.itinerance is not None and bool(now.itinerance.offered[:, s].any())
    same = (now.offered[:, s] == before.offered[:, s]).all() and np.allclose(now.staff[:, s], before.staff[:, s])
    return stops or not same


def _with(done: Bools, s: int) -> Bools:
    more = done.copy()
    more[s] = True
    return more


def _between(case: Case, reference: Case, done: Bools) -> Case:
    """Make the organisation in which only some services have changed."""
    now, before = case.organisation, reference.organisation
    poles = any(done[s] and now.modality[s] in IN_POLES for s in range(len(done)))
    organisation = dataclasses.replace(
        now,
        modality=tuple(now.modality[s] if done[s] else before.modality[s] for s in range(len(done))),
        seats=now.seats if poles else before.seats,
        territory_of=now.territory_of if poles else before.territory_of,
        offered=np.where(done, now.offered, before.offered),
        staff=np.where(done, now.staff, before.staff),
        assignment=np.where(done, now.assignment, before.assignment),
        hours_week=np.where(done, now.hours_week, before.hours_week),
        itinerance=_stops(now.itinerance, done),
    )
    return dataclasses.replace(
        case,
        organisation=organisation,
        minutes=np.where(done, case.minutes, reference.minutes),
        km=np.where(done, case.km, reference.km),
    )


def _stops(stops: Itinerance | None, done: Bools) -> Itinerance | None:
    """Keep the stops of the services that have changed; a stop without any is not held yet."""
    if stops is None:
        return None
    offered = stops.offered & done
    held = np.asarray(offered.any(axis=1), dtype=np.bool_)
    return dataclasses.replace(
        stops,
        offered=offered,
        half_days=np.where(held, stops.half_days, 0.0),
        parent=np.where(held, stops.parent, NOWHERE),
        assignment=np.where(done, stops.assignment, NOWHERE),
    )


def _value(case: Case, reference: Case, value_of_time_eur_h: float) -> float:
    """Euro a year: what it costs, and the users' time on the road at its price."""
    one_way = np.where(np.isfinite(case.minutes), case.minutes, 0.0) / MINUTES_PER_HOUR
    hours = float((case.demand.visits * BOTH_WAYS * one_way).sum())
    return _yearly_cost(case, reference) + value_of_time_eur_h * hours


def _yearly_cost(case: Case, reference: Case) -> float:
    open_before = np.asarray(reference.organisation.offered.any(axis=1), dtype=np.bool_)
    return float(sum(line.sum() for line in cost_lines(case, open_before).values()))
