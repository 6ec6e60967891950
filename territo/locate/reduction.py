"""Making a core smaller: sites ruled in and out, neighbours out of reach, points that no longer differ."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from territo.domain.arrays import Floats, Ints
from territo.locate.kernels.lists import CLOSED, FREE, OPEN, fingerprints, merge, rename, shorten
from territo.locate.limits import Clock
from territo.locate.location import PROOF
from territo.locate.siting import SLOWEST, Best, Core, ascended

BLOCKS = 100
# steps of a block: the first fix the most sites, long ones keep their momentum
STEPS, MOST_STEPS = 20, 80
# part of the sites that may be left when points are merged again
WORTH_MERGING = 0.6


def ascend_and_fix(best: Best, core: Core, clock: Clock) -> Core:
    """Raise the bound and shrink the core, until neither gains much or the points are worth merging again."""
    sites, steps = core.names.size, STEPS
    for block in range(BLOCKS):
        bound, core, rho, chosen = ascended(best, core, best.cutoff, steps)
        best.lower = max(best.lower, bound)
        best.improve(core, chosen, block)
        clock.report("locate", best.upper, min(best.lower, best.upper))
        if best.proven or core.pace < SLOWEST or clock.over():
            break
        smaller = shrink(best, core, bound, rho)
        steps = min(2 * steps, MOST_STEPS) if smaller.undecided == core.undecided else STEPS
        core = smaller
        if core.names.size < WORTH_MERGING * sites:
            break
    return core


def shrink(best: Best, core: Core, bound: float, rho: Floats) -> Core:
    """Fix sites by reduced cost and leave out what no better answer uses."""
    state = fixed(core.state, bound, rho, best.siting.p, best.cutoff)
    # the margin keeps rounding from making an answer look better than the cutoff
    margin = max(best.cutoff - bound, 0.0) + PROOF * abs(best.cutoff)
    return trimmed(core, state, core.u + margin)


def fixed(state: Ints, bound: float, rho: Floats, p: int, cutoff: float) -> Ints:
    """Decide the sites whose other choice would raise the bound over the cutoff."""
    state = state.copy()
    free = np.flatnonzero(state == FREE)
    here = rho[free]
    wanted = p - int((state == OPEN).sum())
    if p and not 0 < wanted < free.size:
        state[free] = OPEN if wanted > 0 else CLOSED
    elif p:
        last, following = np.partition(here, (wanted - 1, wanted))[wanted - 1 : wanted + 1]
        inside = here <= last
        state[free[~inside & (bound + here - last > cutoff)]] = CLOSED
        state[free[inside & (bound + following - here > cutoff)]] = OPEN
    elif free.size:
        # where nothing pays, the least bad site is in the bound
        base = bound - max(here.min(), 0.0) * (wanted == 0)
        state[free[base + np.maximum(here, 0.0) > cutoff]] = CLOSED
        state[free[bound - np.minimum(here, 0.0) > cutoff]] = OPEN
    return state


def trimmed(core: Core, state: Ints, reach: Floats) -> Core:
    """Leave closed sites and what is out of reach out of the core."""
    kept = np.flatnonzero(state != CLOSED)
    name = np.full(state.size, -1, np.int64)
    name[kept] = np.arange(kept.size)
    lists = rename(shorten(core.lists, state, reach), name)
    return replace(core, lists=lists, opening=core.opening[kept], state=state[kept], names=core.names[kept])


def merged(core: Core) -> Core:
    """Add up the points that have the same order of sites."""
    hashes = fingerprints(core.lists, core.names.size)
    lists, row = merge(core.lists, np.argsort(hashes, kind="stable"), hashes)
    u: Floats = np.bincount(row, core.u, minlength=lists.beyond.size).astype(np.float64)
    return replace(core, lists=lists, u=u)
