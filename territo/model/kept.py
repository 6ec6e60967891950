"""Which promises an organisation keeps, read off the organisation itself.

One organisation answers many questions of what conflicts: it shows that all
the promises that it keeps can be kept together. Where a promise is not read
here, it counts as broken, which asks for a solve more and claims nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from territo.model.contiguity import in_pieces
from territo.model.problem import Problem
from territo.model.promises import Promise
from territo.model.solution import Solution

# what a sum may miss by the arithmetic alone
ROUNDING = 1e-9


def broken(problem: Problem, found: Solution, asked: Iterable[Promise]) -> list[Promise]:
    """Return the promises that an organisation does not keep, or is not known to.

    Parameters
    ----------
    problem
        With all its promises.
    found
        An organisation of the problem without some of them.
    asked
        Promises of the problem.
    """
    return [promise for promise in asked if not _kept(problem, found, promise)]


def _kept(p: Problem, found: Solution, promise: Promise) -> bool:
    check = _CHECKS.get(promise.kind)
    return check is not None and check(p, found, promise)


def _limit(_p: Problem, found: Solution, promise: Promise) -> bool:
    return found.terms[promise.id.rpartition(".")[2]] <= promise.asked


def _norm(p: Problem, found: Solution, promise: Promise) -> bool:
    service = promise.at[0]
    near = np.take_along_axis(p.covered[:, :, service], found.site_of[:, [service]], axis=1)[:, 0]
    group = promise.id.split(".")[2] if promise.kind == "group" else ""
    asked = [norm for norm in p.norms if (norm.service, norm.group) == (service, group)]
    people = [p.population if norm.people is None else norm.people for norm in asked]
    shares = zip(people, asked, strict=True)
    return p.stops is None and all(near @ who >= norm.share * who.sum() * (1 + ROUNDING) for who, norm in shares)


def _reach(p: Problem, found: Solution, promise: Promise) -> bool:
    service = promise.at[0]
    within = np.take_along_axis(p.allowed[:, :, service], found.site_of[:, [service]], axis=1)
    return bool(within.all())


def _balance(p: Problem, found: Solution, promise: Promise) -> bool:
    plan = p.territories
    if plan is None or plan.exempt.any():
        return False
    loads = np.array([plan.workload[found.seat_of == seat].sum() for seat in np.unique(found.seat_of)])
    return bool(np.abs(loads / loads.mean() - 1.0).max() <= promise.asked - ROUNDING)


def _contiguity(p: Problem, found: Solution, _: Promise) -> bool:
    return p.territories is not None and not in_pieces(p.territories, found.seat_of)


def _lock(p: Problem, found: Solution, promise: Promise) -> bool:
    plan = p.territories
    if plan is None:
        return False
    first, second = promise.at
    if promise.id.startswith("lock.seat."):
        return bool(found.seat_of[first] == plan.seats[second]) == ((first, second, True) in plan.inside)
    return bool(found.seat_of[first] == found.seat_of[second]) == ((first, second, True) in plan.together)


def _open(found: Solution) -> int:
    return int(found.offered.any(axis=1).sum())


def _closures(p: Problem, found: Solution, promise: Promise) -> bool:
    return int((p.sites.public & ~found.offered.any(axis=1)).sum()) <= promise.asked


_CHECKS: dict[str, Callable[[Problem, Solution, Promise], bool]] = {
    "limits": _limit,
    "equity": _limit,
    "norm": _norm,
    "group": _norm,
    "reach": _reach,
    "balance": _balance,
    "contiguity": _contiguity,
    "lock": _lock,
    "fewest": lambda _, found, promise: len(np.unique(found.seat_of)) >= promise.asked,
    "most": lambda _, found, promise: len(np.unique(found.seat_of)) <= promise.asked,
    "keep": lambda _, found, promise: bool(found.offered[promise.at[0]].any()),
    "close": lambda _, found, promise: not found.offered[promise.at[0]].any(),
    "max_open": lambda _, found, promise: _open(found) <= promise.asked,
    "max_closures": _closures,
}
