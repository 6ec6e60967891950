"""What the data alone show to be impossible, before any solve (section 5.10, step 1)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from territo.errors import Fault, fault
from territo.locate import p_median
from territo.model.decisions import at_every_seat
from territo.model.problem import Problem

MOST_NAMES = 5
# of one p-median: stopped earlier, its bound is true all the same
TIME_LIMIT_S = 1.0
ROUNDING = 1e-9


def screen(problem: Problem) -> tuple[Fault, ...]:
    """Say every promise that the data contradict on their own."""
    checks = (_unreached, _seats, _law_against_closures, _kept_against_count, _norms, _budget)
    return tuple(found for check in checks for found in check(problem))


def _unreached(p: Problem) -> Iterator[Fault]:
    nowhere = ~np.isfinite(p.minutes).any(axis=1)
    if nowhere.any():
        names = sorted({p.communes[c] for c in p.node_commune[nowhere]})
        yield fault(
            "screen-unreached",
            "no candidate site can be reached from {names}: check the roads, or widen sites.candidates",
            names=", ".join(names[:MOST_NAMES]),
        )


def _seats(p: Problem) -> Iterator[Fault]:
    plan = p.territories
    if plan is not None and plan.fewest > plan.seats.size:
        yield fault(
            "screen-few-seats",
            "{fewest} territories are asked and only {seats} communes may be seats: widen territories.seats",
            fewest=plan.fewest,
            seats=plan.seats.size,
        )


def _law_against_closures(p: Problem) -> Iterator[Fault]:
    both = p.required.any(axis=1) & p.sites.closed
    if both.any():
        names = [p.sites.codes[j] for j in np.flatnonzero(both)]
        yield fault(
            "screen-law-and-closed",
            "the law keeps a point at {names}, which sites.close closes: take them out of the list",
            names=", ".join(names[:MOST_NAMES]),
        )


def _kept_against_count(p: Problem) -> Iterator[Fault]:
    kept = int((p.sites.kept | p.required.any(axis=1)).sum())
    if p.most_open is not None and kept > p.most_open:
        yield fault(
            "screen-kept-over-open",
            "{kept} sites must stay open and sites.max_open allows {most}: raise it or keep fewer",
            kept=kept,
            most=p.most_open,
        )


def _norms(p: Problem) -> Iterator[Fault]:
    """Compare each norm with the best that so many points can do: a p-median on the share beyond the target time."""
    for norm in p.norms:
        s = norm.service
        people, within = norm.counted(p.population, p.covered)
        late = np.where(p.allowed[:, :, s], 1.0 - within, 1.0)
        most = _most_points(p, s)
        if not people.any():
            continue
        best = p_median(late, people, most, forbidden=_never(p, s), time_limit=TIME_LIMIT_S)
        share = 1.0 - best.bound / float(people.sum())
        if share < norm.share - ROUNDING:
            yield fault(
                "screen-norm-out-of-reach",
                "{service}: even with {most} points where they do best, {share} % of the inhabitants are within the "
                "target time and {asked} % are promised: raise within_minutes, lower share or allow more points",
                service=p.services.codes[s],
                most=most,
                share=f"{100 * share:.1f}",
                asked=f"{100 * norm.share:.1f}",
            )


def _never(p: Problem, s: int) -> list[int]:
    """Sites where the service cannot stand; an itinerant stop may be held at any of them."""
    if p.itinerant(s):
        return []
    seats = np.zeros(len(p.sites.codes), dtype=np.bool_)
    if p.territories is not None:
        seats[p.territories.seats] = True
    may = seats if at_every_seat(p, s) else p.required[:, s] | p.free_at[:, s] | seats
    may[p.headquarters] = True
    return np.flatnonzero(~may).tolist()


def _most_points(p: Problem, s: int) -> int:
    """Return the greatest number of points that the service may have."""
    possible = len(p.sites.codes) - len(_never(p, s))
    if p.itinerant(s):  # stops come on top of the points
        return possible
    most = possible if p.most_open is None else min(p.most_open, possible)
    if p.territories is not None and at_every_seat(p, s):
        most = min(most, p.territories.most)
    return max(most, 1)


def _budget(p: Problem) -> Iterator[Fault]:
    """Compare the budget with the teams alone: no organisation costs less than the FTE that the demand needs."""
    needed = np.maximum(p.services.least_team, p.units.sum(axis=0) / p.services.productivity)
    teams = float(np.nansum(needed * p.services.fte_eur))
    if "cost" in p.limits and p.limits["cost"] < teams:
        yield fault(
            "screen-budget-under-teams",
            "the teams that the demand needs cost {teams} EUR a year, more than the budget of {budget} EUR",
            teams=f"{teams:.0f}",
            budget=f"{p.limits['cost']:.0f}",
        )
