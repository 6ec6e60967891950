"""From a problem of siting to its answer, by bounds first and by search where bounds are not enough."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from territo.locate.branching import search
from territo.locate.kernels.lists import nearest_two
from territo.locate.limits import Clock
from territo.locate.location import PROOF, WHOLE, Location, Status, nowhere, relative_gap
from territo.locate.neighbours import neighbour_lists
from territo.locate.reach import nearest_site
from territo.locate.reduction import ascend_and_fix, merged
from territo.locate.siting import PACE, SLOWEST, Best, Core, Siting
from territo.locate.start import begin

BOUNDS = "Lagrangian bounds and interchange"
BRANCHES = "Lagrangian bounds and interchange, branch and bound"


def solve(siting: Siting, gap: float, clock: Clock, *, seed: int = 0) -> Location:
    """Solve a problem of siting to the gap asked, or as far as the clock allows."""
    best, core, cut = begin(siting, gap, clock, seed)
    core = ascend_and_fix(best, core, clock)
    while core.pace >= SLOWEST and _open_to_doubt(best, clock):
        core = ascend_and_fix(best, merged(core), clock)
    if not _open_to_doubt(best, clock):
        return answer(best, clock, BOUNDS)
    search(best, merged(core), clock)
    if cut.any() and _open_to_doubt(best, clock):
        search(best, completed(best, core), clock)
    return answer(best, clock, BRANCHES)


def _open_to_doubt(best: Best, clock: Clock) -> bool:
    """Whether there is something left to prove, and time for it."""
    return not (best.proven or clock.over())


def completed(best: Best, core: Core) -> Core:
    """List all the sites of the core again, for every point: lists cut short could not settle it."""
    siting = best.siting
    lists, _ = neighbour_lists(
        siting.costs, siting.weights, core.names, most=core.names.size, unserved=2 * best.worst + 1
    )
    _, d1, d2 = nearest_two(lists, best.is_open[core.names])
    return replace(core, lists=lists, u=(d1 + d2) / 2, pace=PACE)


def answer(best: Best, clock: Clock, algorithm: str) -> Location:
    """Say what was found, and what is proven of it."""
    siting = best.siting
    if best.upper > best.worst:
        status: Status = "infeasible" if best.proven else "unknown"
        bound = np.inf if best.proven else best.lower
        return nowhere(status, siting.costs.shape[0], clock.seconds, algorithm, bound)
    lower = proven_bound(best)
    return Location(
        status="optimal" if best.proven else "feasible",
        open_sites=np.flatnonzero(best.is_open),
        assignment=nearest_site(siting.costs, np.flatnonzero(best.is_open))[0],
        objective=best.upper,
        bound=lower,
        gap=min(relative_gap(best.upper, lower), best.gap if best.proven else np.inf),
        seconds=clock.seconds,
        algorithm=algorithm,
    )


def proven_bound(best: Best) -> float:
    """Give the bound; with whole numbers it is one, and a complete proof meets the answer."""
    lower = max(best.lower, best.cutoff) if best.proven else best.lower
    if best.whole:
        lower = math.ceil(lower - WHOLE / 2)
    elif best.proven and best.gap <= PROOF:
        lower = best.upper
    return min(lower, best.upper)
