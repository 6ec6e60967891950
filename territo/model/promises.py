"""The promises of a problem, one by one: what may be revisited when not all can be kept.

A promise is a row, or a few, that a wish of the scenario wrote; everything
else says what an organisation is. Domain specification, sections 5.4 and 5.10.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

import numpy as np

from territo.domain.arrays import Bools
from territo.model.families import Territories
from territo.model.problem import Problem, SiteData


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise that may be revisited.

    Parameters
    ----------
    id
        Kind and object: ``limits.cost``, ``norm.mediatheque``, ``keep.64445``.
    family
        Family of constraints of the domain specification, section 5.4, by
        the name of its block; ``limits`` for ceilings.
    at
        Where it stands in the arrays of the problem: service, site, pair of
        communes, commune and seat; empty where there is only one.
    asked
        What is promised, in the unit of the kind; NaN for a wish that is
        kept or not.
    """

    id: str
    family: str
    at: tuple[int, ...] = ()
    asked: float = np.nan

    @property
    def kind(self) -> str:
        """First part of the id."""
        return self.id.partition(".")[0]


def promises(problem: Problem) -> tuple[Promise, ...]:
    """List the promises of a problem, family by family."""
    return (*_limits(problem), *_norms(problem), *_districts(problem), *_sites(problem))


def without(problem: Problem, dropped: Collection[Promise]) -> Problem:
    """Leave promises out of a problem."""
    for promise in dropped:
        problem = _DROP[promise.kind](problem, promise)
    return problem


def relaxed(problem: Problem, promise: Promise, to: float) -> Problem:
    """Put a promise at another value; a wish that is kept or not is left out."""
    change = _CHANGE.get(promise.kind)
    return change(problem, promise, to) if change else without(problem, [promise])


def too_far(problem: Problem, service: int) -> float:
    """Greatest minutes that the maximum time of a service allows; inf where there is none.

    Nodes that no site reaches in time keep all their pairs, and tell nothing.
    """
    late = np.isfinite(problem.minutes) & ~problem.allowed[:, :, service]
    some = late.any(axis=1)
    within = problem.allowed[some, :, service]
    return float(problem.minutes[some][within].max(initial=0.0)) if some.any() else np.inf


def _limits(p: Problem) -> Iterator[Promise]:
    for name, ceiling in p.limits.items():
        yield Promise("equity" if name == "equity" else f"limits.{name}", "limits", asked=ceiling)
    if p.capital_eur is not None:
        yield Promise("capital", "limits", asked=p.capital_eur)


def _norms(p: Problem) -> Iterator[Promise]:
    for norm in p.norms:
        service = p.services.codes[norm.service]
        if norm.group:
            yield Promise(f"group.{service}.{norm.group}", "norm", (norm.service,))
        else:
            yield Promise(f"norm.{service}", "norm", (norm.service,), norm.share)
    for point in p.second_points:
        yield Promise(f"second.{p.services.codes[point.service]}", "resilience", (point.service,))
    if p.moves is not None and p.moves.most_fte is not None:
        yield Promise("moves", "staffmove")
    if p.means is not None:
        yield Promise("means", "means")
    for s, service in enumerate(p.services.codes):
        longest = too_far(p, s)
        if np.isfinite(longest):
            yield Promise(f"reach.{service}", "norm", (s,), longest)


def _districts(p: Problem) -> Iterator[Promise]:
    plan = p.territories
    if plan is None:
        return
    if np.isfinite(plan.tolerance):
        yield Promise("balance", "balance", asked=plan.tolerance)
    if plan.contiguity != "none":
        yield Promise("contiguity", "contiguity")
    for a, b, together in plan.together:
        wish = "together" if together else "apart"
        yield Promise(f"lock.{wish}.{p.communes[a]}.{p.communes[b]}", "locks", (a, b))
    for c, k, _ in plan.inside:
        yield Promise(f"lock.seat.{p.communes[c]}.{p.sites.codes[plan.seats[k]]}", "locks", (c, k))
    if plan.fewest > 1:
        yield Promise("fewest", "territory", asked=plan.fewest)
    if plan.most < plan.seats.size:
        yield Promise("most", "territory", asked=plan.most)


def _sites(p: Problem) -> Iterator[Promise]:
    for j, site in enumerate(p.sites.codes):
        if p.sites.kept[j] or p.sites.closed[j]:
            yield Promise(f"{'keep' if p.sites.kept[j] else 'close'}.{site}", "existing", (j,))
    if p.most_open is not None:
        yield Promise("max_open", "existing", asked=p.most_open)
    if p.most_closures is not None:
        yield Promise("max_closures", "existing", asked=p.most_closures)
    if p.required.any():
        yield Promise("presence", "presence")


def _drop_limit(p: Problem, promise: Promise) -> Problem:
    name = promise.id.rpartition(".")[2]
    return dataclasses.replace(p, limits={term: most for term, most in p.limits.items() if term != name})


def _drop_norm(p: Problem, promise: Promise) -> Problem:
    group = promise.id.split(".")[2] if promise.kind == "group" else ""
    kept = (norm for norm in p.norms if (norm.service, norm.group) != (promise.at[0], group))
    return dataclasses.replace(p, norms=tuple(kept))


def _drop_second(p: Problem, promise: Promise) -> Problem:
    kept = (point for point in p.second_points if point.service != promise.at[0])
    return dataclasses.replace(p, second_points=tuple(kept))


def _drop_moves(p: Problem, _: Promise) -> Problem:
    return p if p.moves is None else dataclasses.replace(p, moves=dataclasses.replace(p.moves, most_fte=None))


def _drop_reach(p: Problem, promise: Promise) -> Problem:
    allowed = p.allowed.copy()
    allowed[:, :, promise.at[0]] |= np.isfinite(p.minutes)
    return dataclasses.replace(p, allowed=allowed)


def _drop_presence(p: Problem, _: Promise) -> Problem:
    return dataclasses.replace(p, required=np.zeros_like(p.required))


def _drop_lock(p: Problem, promise: Promise) -> Problem:
    def others(plan: Territories) -> Territories:
        """Keep the other locks."""
        seat = promise.id.startswith("lock.seat.")
        return dataclasses.replace(
            plan,
            together=plan.together if seat else tuple(lock for lock in plan.together if lock[:2] != promise.at),
            inside=tuple(lock for lock in plan.inside if lock[:2] != promise.at) if seat else plan.inside,
        )

    return _with_plan(p, others)


def _drop_site(p: Problem, promise: Promise) -> Problem:
    def free(wishes: Bools) -> Bools:
        """Free this site alone."""
        freed = wishes.copy()
        freed[promise.at[0]] = False
        return freed

    sites: SiteData = dataclasses.replace(p.sites, kept=free(p.sites.kept), closed=free(p.sites.closed))
    return dataclasses.replace(p, sites=sites)


def _put_limit(p: Problem, promise: Promise, to: float) -> Problem:
    return dataclasses.replace(p, limits={**p.limits, promise.id.rpartition(".")[2]: to})


def _put_norm(p: Problem, promise: Promise, to: float) -> Problem:
    asked = (promise.at[0], "")
    norms = (dataclasses.replace(norm, share=to) if (norm.service, norm.group) == asked else norm for norm in p.norms)
    return dataclasses.replace(p, norms=tuple(norms))


def _put_reach(p: Problem, promise: Promise, to: float) -> Problem:
    allowed = p.allowed.copy()
    allowed[:, :, promise.at[0]] |= p.minutes <= to
    return dataclasses.replace(p, allowed=allowed)


def _with_plan(p: Problem, change: Callable[[Territories], Territories]) -> Problem:
    return p if p.territories is None else dataclasses.replace(p, territories=change(p.territories))


_DROP: dict[str, Callable[[Problem, Promise], Problem]] = {
    "limits": _drop_limit,
    "capital": lambda p, _: dataclasses.replace(p, capital_eur=None),
    "equity": _drop_limit,
    "norm": _drop_norm,
    "group": _drop_norm,
    "second": _drop_second,
    "means": lambda p, _: dataclasses.replace(p, means=None),
    "moves": _drop_moves,
    "reach": _drop_reach,
    "balance": lambda p, _: _with_plan(p, lambda plan: dataclasses.replace(plan, tolerance=np.inf)),
    "contiguity": lambda p, _: _with_plan(p, lambda plan: dataclasses.replace(plan, contiguity="none")),
    "lock": _drop_lock,
    "fewest": lambda p, _: _with_plan(p, lambda plan: dataclasses.replace(plan, fewest=1)),
    "most": lambda p, _: _with_plan(p, lambda plan: dataclasses.replace(plan, most=int(plan.seats.size))),
    "keep": _drop_site,
    "close": _drop_site,
    "max_open": lambda p, _: dataclasses.replace(p, most_open=None),
    "max_closures": lambda p, _: dataclasses.replace(p, most_closures=None),
    "presence": _drop_presence,
}
_CHANGE: dict[str, Callable[[Problem, Promise, float], Problem]] = {
    "limits": _put_limit,
    "equity": _put_limit,
    "capital": lambda p, _, to: dataclasses.replace(p, capital_eur=to),
    "norm": _put_norm,
    "reach": _put_reach,
    "balance": lambda p, _, to: _with_plan(p, lambda plan: dataclasses.replace(plan, tolerance=to)),
    "fewest": lambda p, _, to: _with_plan(p, lambda plan: dataclasses.replace(plan, fewest=round(to))),
    "most": lambda p, _, to: _with_plan(p, lambda plan: dataclasses.replace(plan, most=round(to))),
    "max_open": lambda p, _, to: dataclasses.replace(p, most_open=round(to)),
    "max_closures": lambda p, _, to: dataclasses.replace(p, most_closures=round(to)),
}
