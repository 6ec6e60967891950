"""What the capacitated models have in common: their arrays, and the best answer so far.

``min sum_ij c_ij x_ij + sum_j f_j y_j`` with each point served once, at most the
capacity at each open site, and between ``least`` and ``most`` sites open.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from territo.domain.arrays import Bools, Floats, Ints
from territo.locate.kernels.knapsack_bound import Arcs, Demand, Sites
from territo.locate.kernels.lists import CLOSED, FREE, OPEN
from territo.locate.location import PROOF, WHOLE

# loads that fill a capacity but for the rounding of their sum fit
ROUNDING = 1e-9
# most units of load in a knapsack; finer loads are rounded down to a grid, which keeps a bound a bound
WIDEST, GRID = 2000, 500


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """A capacitated location problem.

    Parameters
    ----------
    costs : float array (points, sites)
        Of serving the whole of each point from each site; inf where that is
        not allowed.
    loads : float array (points,)
        What each point takes of a capacity.
    capacities, opening : float arrays (sites,)
    fixed_open, allowed : bool arrays (sites,)
    least, most
        How many sites open.
    whole
        Whether each point goes to one site as a whole.
    """

    costs: Floats
    loads: Floats
    capacities: Floats
    opening: Floats
    fixed_open: Bools
    allowed: Bools
    least: int
    most: int
    whole: bool

    def __post_init__(self) -> None:
        """Lay the arrays out in one way: the kernels are compiled for each."""
        for name in ("costs", "loads", "capacities", "opening"):
            object.__setattr__(self, name, np.array(getattr(self, name), dtype=np.float64, order="C"))

    @property
    def room(self) -> Floats:
        """Capacities; for whole points with what the rounding of their sum may need."""
        return self.capacities * (1 + ROUNDING) if self.whole else self.capacities

    @property
    def whole_values(self) -> bool:
        """Whether each answer costs a whole number, so that a bound may be rounded up."""
        used = self.costs[:, self.allowed]
        used = used[np.isfinite(used)]
        return self.whole and bool((used == np.floor(used)).all() and (self.opening == np.floor(self.opening)).all())

    def ceiling(self) -> float:
        """Give a value above that of any answer."""
        dearest = np.max(self.costs, axis=1, where=np.isfinite(self.costs), initial=0.0)
        return float(dearest.sum() + self.opening.sum()) + 1

    def arcs(self) -> Arcs:
        """List the pairs that are allowed on their own."""
        usable = np.isfinite(self.costs) & self.allowed
        if self.whole:
            usable &= self.loads[:, None] <= self.room
        site, point = map(np.ascontiguousarray, np.nonzero(usable.T))
        start = np.searchsorted(site, np.arange(self.opening.size + 1))
        return Arcs(start, point, self.costs[point, site])

    def in_units(self) -> tuple[Sites, Demand]:
        """Describe sites and demand in the units of the knapsacks."""
        loads, capacities = self.loads, self.room
        if self.whole:
            unit = self._unit()
            loads = np.floor(loads / unit)
            capacities = np.floor(capacities / unit * (1 + ROUNDING))
        state = np.where(self.fixed_open, OPEN, np.where(self.allowed, FREE, CLOSED))
        sites = Sites(np.minimum(capacities, loads.sum()), self.opening, state, self.least, self.most)
        return sites, Demand(loads, self.whole)

    def value(self, opened: Ints, site: Ints) -> float:
        """Compute what an assignment of whole points costs; inf if it is not allowed."""
        if not np.isin(site, opened).all() or (np.bincount(site, self.loads, self.opening.size) > self.room).any():
            return np.inf
        return float(self.costs[np.arange(site.size), site].sum() + self.opening[opened].sum())

    def _unit(self) -> float:
        """Tell the largest unit that makes all loads whole, or a rounded one where knapsacks would be too wide."""
        widest = min(float(self.room[self.allowed].max(initial=0.0)), float(self.loads.sum()))
        unit = 0.0
        if (self.loads == np.floor(self.loads)).all() and self.loads.sum() < 1 / np.finfo(np.float64).eps:
            unit = float(np.gcd.reduce(self.loads.astype(np.int64)))
        return unit if unit and widest / unit <= WIDEST else widest / GRID or 1.0


class Incumbent:
    """The best answer of a problem and its bound.

    Parameters
    ----------
    problem
        Its data.
    gap
        Relative gap asked.
    """

    def __init__(self, problem: Problem, gap: float) -> None:
        self._problem, self._gap = problem, gap
        self._whole_values, self._ceiling = problem.whole_values, problem.ceiling()
        self.upper, self.lower = np.inf, 0.0
        self.opened: Ints = np.empty(0, dtype=np.int64)
        self.site: Ints = np.empty(0, dtype=np.int64)
        self.shares: Floats | None = None

    @property
    def found(self) -> bool:
        """Whether there is an answer."""
        return bool(np.isfinite(self.upper))

    @property
    def cutoff(self) -> float:
        """Bound from which on nothing better, by what is asked, can remain."""
        return self._cutoff(self._gap)

    @property
    def proven(self) -> bool:
        """Whether the search is over."""
        return self.lower >= self.cutoff

    @property
    def bound(self) -> float:
        """The bound to report: the value itself where nothing is left between the two."""
        if self.lower >= self._cutoff(0.0):
            return self.upper
        rounded = np.ceil(self.lower - WHOLE) if self._whole_values else self.lower
        return float(min(rounded, self.upper))

    def offer(self, opened: Ints, site: Ints) -> bool:
        """Take an assignment of whole points if it is better, and tell whether it was."""
        value = self._problem.value(opened, site)
        better = value < self.upper
        if better:
            self.upper, self.opened, self.site, self.shares = value, np.sort(opened), site.copy(), None
        return better

    def offer_shares(self, opened: Ints, shares: Floats) -> None:
        """Take shares (points, sites) if they are better."""
        costs = self._problem.costs
        value = float((shares[shares > 0] * costs[shares > 0]).sum() + self._problem.opening[opened].sum())
        if value < self.upper:
            self.upper, self.opened, self.site = value, np.sort(opened), shares.argmax(axis=1)
            self.shares = shares

    def all_shares(self) -> Floats:
        """Give the shares (points, sites) of the best answer, whole points included."""
        if self.shares is not None:
            return self.shares
        return np.equal.outer(self.site, np.arange(self._problem.opening.size)).astype(np.float64)

    def _cutoff(self, gap: float) -> float:
        if not self.found:
            return self._ceiling
        slack = max(gap, PROOF) * self.upper
        if self._whole_values:
            slack = max(slack, 1 - WHOLE - PROOF * self.upper)
        return self.upper - slack
