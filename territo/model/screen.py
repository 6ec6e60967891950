"""What the data alone show to be impossible, before any solve (section 5.10, step 1)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from territo.errors import Fault, fault
from territo.model.problem import Problem

MOST_NAMES = 5


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
    for norm in p.norms:
        s = norm.service
        best = np.where(p.allowed[:, :, s], p.covered[:, :, s], 0.0).max(axis=1, initial=0.0)
        share = float((best * p.population).sum() / p.population.sum())
        if share < norm.share - 1e-9:
            yield fault(
                "screen-norm-out-of-reach",
                "{service}: even with every candidate site open, {share} % of the inhabitants are within the target "
                "time and {asked} % are promised: raise within_minutes, lower share or widen sites.candidates",
                service=p.services.codes[s],
                share=f"{100 * share:.1f}",
                asked=f"{100 * norm.share:.1f}",
            )


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
