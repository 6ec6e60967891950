"""The engine of the uncapacitated models: where to open, when each point goes to its nearest open site.

``min sum_j f_j y_j + sum_i min_{j open} d_ij`` with ``p`` sites open, or as
many as pay. Lagrangian bounds and interchange close in on the optimum from
both sides; reduced costs rule sites in and out, points that no longer differ
are added up, and what is left is searched depth first (``branching``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from territo.domain.arrays import Bools, Floats, Ints
from territo.locate.checks import ROWS_AT_ONCE, Costs
from territo.locate.kernels.ascent import ascend
from territo.locate.kernels.interchange import interchange, open_greedily
from territo.locate.kernels.lists import CLOSED, FREE, OPEN, Lists, fingerprints, merge, nearest_two, rename, shorten
from territo.locate.limits import Clock
from territo.locate.neighbours import neighbour_lists

# a proof on real numbers ends here; on whole numbers it is exact
PROOF_TOLERANCE = 1e-9
WHOLE_TOLERANCE = 1e-6

BLOCKS, STEPS, PATIENCE, PACE, SLOWEST = 60, 40, 20, 0.5, 2e-3
MOVES, MOVES_FROM_A_BOUND = 1000, 20
# entries of neighbour lists kept at once: 12 bytes each
ENTRIES = 25_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Siting:
    """One problem of siting.

    Parameters
    ----------
    costs : float array (points, sites)
        ``inf`` where a site may not serve a point.
    weights : float array (points,)
    opening : float array (sites,)
        Cost of opening each site.
    p
        Number of sites that open; 0 for as many as pay.
    fixed_open, allowed : bool arrays (sites,)
        Sites that must open, and those that may.
    """

    costs: Costs
    weights: Floats
    opening: Floats
    p: int
    fixed_open: Bools
    allowed: Bools


@dataclass(frozen=True, slots=True, eq=False)
class Core:
    """What is still to decide: sites that are not ruled out, points that still differ.

    Parameters
    ----------
    lists
        Neighbour lists of the points.
    opening : float array (sites,)
    state : int array (sites,)
        ``OPEN`` or ``FREE``.
    names : int array (sites,)
        Column of the original problem of each site.
    u : float array (points,)
        Multipliers.
    """

    lists: Lists
    opening: Floats
    state: Ints
    names: Ints
    u: Floats

    @property
    def undecided(self) -> int:
        """Number of sites that may open or not."""
        return int((self.state == FREE).sum())

    @property
    def opened(self) -> int:
        """Number of sites that are open for good."""
        return int((self.state == OPEN).sum())


@dataclass(slots=True, eq=False)
class Best:
    """The best answer and the proven bound, while the search goes on.

    Parameters
    ----------
    siting
        The problem.
    gap
        Relative gap asked.
    worst
        No answer that serves everyone costs more.
    whole
        All costs are whole numbers: so is the optimum.
    is_open : bool array (sites,)
    upper, lower
        Value of the best answer and bound of all.
    """

    siting: Siting
    gap: float
    worst: float
    whole: bool
    is_open: Bools
    upper: float = np.inf
    lower: float = -np.inf

    @property
    def cutoff(self) -> float:
        """Bound from which on nothing better than the answer, by what is asked, can remain."""
        if self.upper > self.worst:  # somebody is not served yet
            return self.worst * (1 + PROOF_TOLERANCE) + PROOF_TOLERANCE
        slack = max(self.gap, PROOF_TOLERANCE) * self.upper
        return self.upper - (max(slack, 1 - WHOLE_TOLERANCE) if self.whole else slack)

    @property
    def proven(self) -> bool:
        """Whether nothing better can remain."""
        return self.lower >= self.cutoff

    def consider(self, core: Core, chosen: Bools) -> None:
        """Take these sites of the core where they are better; the core's own lists tell when they are not."""
        _, d1, _ = nearest_two(core.lists, chosen)
        if d1.sum() + core.opening[chosen].sum() >= self.upper:
            return
        is_open = np.zeros(self.is_open.size, np.bool_)
        is_open[core.names[chosen]] = True
        value = self.value(is_open)
        if value < self.upper:
            self.upper, self.is_open = value, is_open

    def value(self, is_open: Bools) -> float:
        """Compute what these sites cost on the original costs; over ``worst`` where somebody is not served."""
        siting = self.siting
        nearest = siting.costs[:, is_open].min(axis=1).astype(np.float64)
        if np.isinf(nearest).any():
            return 2 * self.worst + 1
        return float(siting.weights @ nearest + siting.opening[is_open].sum())


def begin(siting: Siting, gap: float) -> tuple[Best, Core, Bools]:
    """List the neighbours, and open sites greedily; also tell which lists are cut short."""
    columns = np.flatnonzero(siting.allowed)
    worst = _worst(siting)
    most = max(ENTRIES // siting.costs.shape[0], 2)
    lists, cut = neighbour_lists(siting.costs, siting.weights, columns, most=most, unserved=2 * worst + 1)
    state = np.where(siting.fixed_open[columns], OPEN, FREE)
    opening = siting.opening[columns]
    best = Best(siting, gap, worst, _whole(siting), np.zeros(siting.allowed.size, np.bool_))
    core = Core(lists, opening, state, columns, np.zeros(siting.costs.shape[0]))
    greedy = open_greedily(lists, opening, state, state == OPEN, siting.p)
    greedy, _ = interchange(lists, opening, state, greedy, siting.p, MOVES)
    best.consider(core, greedy)
    _, d1, d2 = nearest_two(lists, greedy)
    return best, replace(core, u=(d1 + d2) / 2), cut


def ascend_and_fix(best: Best, core: Core, clock: Clock) -> Core:
    """Raise the bound and shrink the core until neither gains much."""
    pace, p = PACE, best.siting.p
    for _ in range(BLOCKS):
        bound, u, rho, chosen, _, pace = ascend(
            core.lists, core.opening, core.state, p, core.u, best.cutoff, STEPS, pace, PATIENCE
        )
        best.lower = max(best.lower, bound)
        better, _ = interchange(core.lists, core.opening, core.state, chosen, p, MOVES_FROM_A_BOUND)
        best.consider(core, better)
        clock.report("locate", best.upper, min(best.lower, best.upper))
        if best.proven or pace < SLOWEST or clock.over():
            break
        core = shrink(best, replace(core, u=u), bound, rho)
    return core


def shrink(best: Best, core: Core, bound: float, rho: Floats) -> Core:
    """Fix sites by reduced cost and leave out what no better answer uses."""
    state = fixed(core.state, bound, rho, best.siting.p, best.cutoff)
    return trimmed(core, state, core.u + max(best.cutoff - bound, 0.0))


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
    return Core(lists, core.opening[kept], state[kept], core.names[kept], core.u)


def merged(core: Core) -> Core:
    """Add up the points that have the same order of sites."""
    hashes = fingerprints(core.lists)
    lists, row = merge(core.lists, np.argsort(hashes, kind="stable"), hashes)
    return replace(core, lists=lists, u=np.bincount(row, core.u, minlength=lists.beyond.size))


def _worst(siting: Siting) -> float:
    """Compute a cost that no answer that serves everyone exceeds."""
    farthest = [np.max(block, axis=1, where=np.isfinite(block), initial=0.0) for block in _blocks(siting.costs)]
    return float(siting.weights @ np.concatenate(farthest).astype(np.float64) + siting.opening.sum())


def _whole(siting: Siting) -> bool:
    """Whether every value is a whole number, or inf."""
    tables = (siting.weights, siting.opening, siting.costs)
    return all(np.array_equal(block, np.floor(block)) for table in tables for block in _blocks(table))


def _blocks(table: Costs) -> Iterator[Costs]:
    """Go through the rows of a table, a few at a time."""
    for first in range(0, table.shape[0], ROWS_AT_ONCE):
        yield table[first : first + ROWS_AT_ONCE]
