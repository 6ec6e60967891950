"""Siting: where to open, when each point goes to its nearest open site.

``min sum_j f_j y_j + sum_i min_{j open} d_ij`` with ``p`` sites open, or as
many as pay. These are the nouns of the search: the problem, what is still to
decide of it, and the best answer with its bound.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from territo.domain.arrays import Bools, Floats, Ints
from territo.locate.checks import ROWS_AT_ONCE, Costs
from territo.locate.kernels.ascent import Stride, ascend
from territo.locate.kernels.interchange import interchange
from territo.locate.kernels.lists import FREE, OPEN, Lists, nearest_two
from territo.locate.location import PROOF, WHOLE
from territo.locate.reach import nearest_site

PATIENCE, PACE, SLOWEST = 20, 0.5, 1e-2
MOVES_FROM_A_BOUND = 20


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
    pace
        How bold the next steps of the ascent are.
    """

    lists: Lists
    opening: Floats
    state: Ints
    names: Ints
    u: Floats
    pace: float = PACE

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
    gap, seed
        Relative gap asked, and seed of the shaking.
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
    seed: int
    worst: float
    whole: bool
    is_open: Bools
    upper: float = np.inf
    lower: float = -np.inf

    @property
    def cutoff(self) -> float:
        """Bound from which on nothing better than the answer, by what is asked, can remain."""
        if self.upper > self.worst:  # somebody is not served yet
            return self.worst * (1 + PROOF) + PROOF
        slack = max(self.gap, PROOF) * self.upper
        return self.upper - (max(slack, 1 - WHOLE) if self.whole else slack)

    @property
    def proven(self) -> bool:
        """Whether nothing better can remain."""
        return self.lower >= self.cutoff

    def consider(self, core: Core, chosen: Bools) -> bool:
        """Take these sites of the core where they are better; the core's own lists tell when they are not."""
        if value_on_lists(core, chosen) >= self.upper:
            return False
        is_open = np.zeros(self.is_open.size, np.bool_)
        is_open[core.names[chosen]] = True
        value = self.value(is_open)
        better = value < self.upper
        if better:
            self.upper, self.is_open = value, is_open
        return better

    def improve(self, core: Core, chosen: Bools, block: int) -> None:
        """Consider a choice of the bound; now and then, what interchange makes of it."""
        if block & (block - 1) == 0:  # blocks 0, 1, 2, 4, 8...: the choices change less and less
            chosen = interchange(core.lists, core.opening, core.state, chosen, self.siting.p, MOVES_FROM_A_BOUND)
        self.consider(core, chosen)

    def value(self, is_open: Bools) -> float:
        """Compute what these sites cost on the original costs; over ``worst`` where somebody is not served."""
        siting = self.siting
        nearest = nearest_site(siting.costs, np.flatnonzero(is_open))[1]
        if np.isinf(nearest).any():
            return 2 * self.worst + 1
        return float(siting.weights @ nearest + siting.opening[is_open].sum())


def value_on_lists(core: Core, chosen: Bools) -> float:
    """Compute what a choice costs on the lists of a core: never more than it really costs, where it may be better."""
    _, d1, _ = nearest_two(core.lists, chosen)
    return float(d1.sum() + core.opening[chosen].sum())


def ascended(best: Best, core: Core, target: float, steps: int) -> tuple[float, Core, Floats, Bools]:
    """Take some steps; give the bound, the core with its multipliers, the reduced costs and the choice."""
    stride = Stride(steps, core.pace, PATIENCE)
    up = ascend(core.lists, core.opening, core.state, best.siting.p, core.u, target, stride)
    return up.bound, replace(core, u=up.u, pace=up.pace), up.rho, up.chosen


def worst_cost(siting: Siting) -> float:
    """Compute a cost that no answer that serves everyone exceeds."""
    farthest = [np.max(block, axis=1, where=np.isfinite(block), initial=0.0) for block in _blocks(siting.costs)]
    return float(siting.weights @ np.concatenate(farthest).astype(np.float64) + siting.opening.sum())


def is_whole(siting: Siting) -> bool:
    """Whether every value is a whole number, or inf."""
    tables = (siting.weights, siting.opening, siting.costs)
    return all(np.array_equal(block, np.floor(block)) for table in tables for block in _blocks(table))


def _blocks(table: Costs) -> Iterator[Costs]:
    """Go through the rows of a table, a few at a time."""
    for first in range(0, table.shape[0], ROWS_AT_ONCE):
        yield table[first : first + ROWS_AT_ONCE]
