"""Depth-first search of what the bounds left open."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from territo.domain.arrays import Floats
from territo.locate.kernels.ascent import Stride, ascend
from territo.locate.kernels.lists import CLOSED, FREE, OPEN
from territo.locate.limits import Clock
from territo.locate.reduction import WORTH_MERGING, merged, shrink, trimmed
from territo.locate.siting import Best, Core, value_on_lists

BLOCKS, STEPS, PATIENCE, PACE = 2, 20, 6, 0.3
NODES_BETWEEN_REPORTS = 100


class Node(NamedTuple):
    """A core in which one site is to open or to close; its bound is that of the parent."""

    core: Core
    site: int
    state: int
    bound: float


def search(best: Best, core: Core, clock: Clock) -> None:
    """Raise the bound to the cutoff, or as far as the lists and the time allow.

    Where lists are cut short, an answer may cost less on them than it really
    does: what it costs on the lists is then all that is proven of it.
    """
    leaves: list[float] = []
    stack = _children(best, core, best.lower, leaves)
    nodes = 0
    while stack and not clock.over():
        node = stack.pop()
        if node.bound >= best.cutoff:
            continue
        nodes += 1
        if nodes % NODES_BETWEEN_REPORTS == 0:
            clock.report("locate", best.upper, best.lower)
        state = node.core.state.copy()
        state[node.site] = node.state
        stack.extend(_children(best, trimmed(node.core, state, node.core.lists.beyond), node.bound, leaves))
    best.lower = max(best.lower, min([best.cutoff, *leaves, *(node.bound for node in stack)]))


def _children(best: Best, core: Core, bound: float, leaves: list[float]) -> list[Node]:
    """Bound a core, shrink it, and split it on its most undecided site; nothing where nothing better is left."""
    core, p, sites = replace(core, pace=PACE), best.siting.p, core.names.size
    mean: Floats = np.empty(0)
    for _ in range(BLOCKS):
        if core.opened + core.undecided < max(p, 1):
            return []
        up = ascend(core.lists, core.opening, core.state, p, core.u, best.cutoff, Stride(STEPS, core.pace, PATIENCE))
        bound = max(bound, up.bound)
        if bound >= best.cutoff:
            return []
        best.consider(core, up.chosen)
        if core.undecided == 0:
            leaves.append(max(bound, value_on_lists(core, core.state == OPEN)))
            return []
        smaller = shrink(best, replace(core, u=up.u, pace=up.pace), up.bound, up.rho)
        mean = up.mean_choice[np.isin(core.names, smaller.names)]
        stuck = smaller.undecided == core.undecided
        core = smaller
        if stuck:
            break
    free = np.flatnonzero(core.state == FREE)
    if not free.size:
        best.consider(core, core.state == OPEN)
        leaves.append(value_on_lists(core, core.state == OPEN))
        return []
    if core.names.size < WORTH_MERGING * sites:
        core = merged(core)
    site = int(free[np.argmin(np.abs(mean[free] - 0.5))])
    return [Node(core, site, CLOSED, bound), Node(core, site, OPEN, bound)]
