"""The mean of the worst served: conditional value at risk, a family of p-medians.

``CVaR(z) = min over eta of eta + sum_i w_i max(z_i - eta, 0) / (beta W)`` is
the mean cost of the share ``beta`` of the people who are served worst
(Rockafellar and Uryasev, 2000, https://doi.org/10.21314/JOR.2000.038). For one
``eta`` the best sites are a p-median on the costs ``max(c - eta, 0)``. The
best ``eta`` is one of the costs; intervals between costs are searched branch
and bound. For an ``eta`` from ``a`` to ``b``, whatever opens,

    ``eta + sum_i w_i max(z_i - eta, 0) / (beta W) >=
    eta + sum over z_i >= b of w_i (z_i - eta) / (beta W)``,

and the right side, linear in ``eta``, is least at an end. At ``b`` both sides
are equal; at ``a`` the right side is a p-median on costs that count from ``b``
only. With no cost between ``a`` and ``b`` the bound is exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from heapq import heappop, heappush
from itertools import pairwise

import numpy as np

from territo.domain.arrays import Floats, Ints
from territo.locate.checks import ROWS_AT_ONCE, Costs
from territo.locate.limits import Clock, Limits
from territo.locate.location import PROOF, Location, nowhere, relative_gap
from territo.locate.parts import ANY, Part, distances, opened, told
from territo.locate.siting import Siting

ALGORITHM = "p-medians beyond a threshold, branch and bound on the threshold"

# reports of the p-median of the widest interval, and how many times more each half may have
FIRST_REPORTS, GROWTH = 30.0, 1.5
# part of the gap that is passed on: the other part is for the width of intervals
GAP_PASSED_ON = 0.25
# part of the time left that one p-median may take
SHARE = 0.25


def mean_of_worst(z: Floats, weights: Floats, share: float) -> tuple[float, float]:
    """Measure the mean cost of the worst-served share, and the least cost in it.

    Parameters
    ----------
    z, weights : float arrays (points,)
        Some weight is not 0.
    share
        More than 0, at most 1.
    """
    worst = np.argsort(-z, kind="stable")
    reached = np.cumsum(weights[worst])
    mass = share * reached[-1]
    # the first of them that completes the share, and counts
    last = min(int(np.searchsorted(reached, mass)), int(np.flatnonzero(weights[worst])[-1]))
    threshold = float(z[worst[last]])
    return threshold + float(weights @ np.maximum(z - threshold, 0.0)) / mass, threshold


def minimise_cvar(siting: Siting, share: float, limits: Limits, clock: Clock) -> Location:
    """Open sites so that the worst-served share fares best, to the gap asked or as far as the clock allows.

    Parameters
    ----------
    siting
        The problem; somebody counts.
    share
        More than 0, at most 1.
    limits, clock
        Of the model.
    """
    lower, _ = mean_of_worst(distances(siting, siting.allowed), siting.weights, share)
    first = Part(clock).solve(siting, ANY, limits.seed)
    if not first.open_sites.size:
        bound = np.inf if first.status == "infeasible" else lower
        return nowhere(first.status, siting.weights.size, clock.seconds, ALGORITHM, bound)
    search = _Search(siting, share, limits, clock, first.open_sites)
    search.run()
    return told(siting, search.columns, (search.lower, search.upper), limits.gap, clock, ALGORITHM)


class _Search:
    """The best sites, the bound, and the thresholds looked at."""

    def __init__(self, siting: Siting, share: float, limits: Limits, clock: Clock, columns: Ints) -> None:
        self.siting, self.share, self.gap, self.clock, self.seed = siting, share, limits.gap, clock, limits.seed
        self.mass = share * float(siting.weights.sum())
        self.columns, self.upper, self.threshold = columns, np.inf, 0.0
        self.offer(columns)
        nearest = distances(siting, siting.allowed)
        self.lower, least = mean_of_worst(nearest, siting.weights, share)
        self.etas = _thresholds(siting, least, self.upper)
        self.ends = {self.etas.size - 1: self.upper}

    @property
    def target(self) -> float:
        """Bound from which on nothing better than the answer, by what is asked, can remain."""
        # a hair more than asked: the gap of this bound must not round up
        return self.upper * (1 - max((1 - PROOF) * self.gap, PROOF))

    def run(self) -> None:
        """Improve from the thresholds of the answers; then bound interval by interval."""
        if relative_gap(self.upper, self.lower) <= self.gap:
            return
        self.descend()
        heap, closed = [(self.lower, 0, self.etas.size - 1, FIRST_REPORTS)], np.inf
        while heap and heap[0][0] < self.target and not self.clock.over():
            bound, low, high, reports = heappop(heap)
            bound = max(bound, self.interval(low, high, reports))
            if bound >= self.target:
                closed = min(closed, bound)
            else:
                # a leaf comes back where its share of the time was too short
                cuts = [low, (low + high) // 2, high] if high - low > 1 else [low, high]
                for one, other in pairwise(cuts):
                    heappush(heap, (bound, one, other, GROWTH * reports))
            self.lower = max(self.lower, min([closed, self.upper, *(node[0] for node in heap[:1])]))
            self.clock.report("locate", self.upper, self.lower)
        if self.gap <= PROOF and self.lower >= self.target:
            self.lower = self.upper

    def descend(self) -> None:
        """Answer for the threshold of the best answer, while that improves it."""
        before = np.inf
        while self.upper < before and not self.clock.over():
            before = self.upper
            self.offer(self.exceeding(self.threshold, self.threshold, ANY, Part(self.clock)).open_sites)

    def interval(self, low: int, high: int, reports: float) -> float:
        """Bound the answers for the thresholds of an interval."""
        least, most = self.etas[low], self.etas[high]
        inside = self.beyond(least, most, reports if high - low > 1 else np.inf)
        if inside < self.target:
            return min(inside, float(most))
        if self.ends.get(high, -np.inf) < self.target:
            self.ends[high] = self.beyond(most, most, np.inf)
        return min(inside, self.ends[high])

    def beyond(self, low: float, high: float, reports: float) -> float:
        """Bound ``low`` and the mean of what exceeds it, counted for costs from ``high`` on."""
        if low >= self.target:
            return low
        part = Part(self.clock, enough=(self.target - low) * self.mass, reports=reports, share=SHARE)
        gap = min(GAP_PASSED_ON * self.gap * self.upper / (self.upper - low), 1.0)
        answer = self.exceeding(low, high, gap, part)
        self.offer(answer.open_sites)
        return low + max(answer.bound, 0.0) / self.mass

    def exceeding(self, low: float, high: float, gap: float, part: Part) -> Location:
        """Open sites so that what exceeds ``low`` is least, counted for costs from ``high`` on."""
        costs = np.where(self.siting.costs >= high, self.siting.costs - low, 0.0)
        return part.solve(replace(self.siting, costs=costs), gap, self.seed)

    def offer(self, columns: Ints) -> None:
        """Take these sites where they are better."""
        if columns.size:
            z = distances(self.siting, opened(self.siting, columns))
            value, threshold = mean_of_worst(z, self.siting.weights, self.share)
            if value < self.upper:
                self.columns, self.upper, self.threshold = columns, value, threshold


def _thresholds(siting: Siting, least: float, most: float) -> Floats:
    """List the different costs from ``least`` to less than ``most`` of points that count, then ``most``."""
    found = [np.unique(block[(block >= least) & (block < most)]) for block in _counted(siting)]
    return np.append(np.unique(np.concatenate(found)), most).astype(np.float64)


def _counted(siting: Siting) -> Iterator[Costs]:
    """Go through the costs of the points that count, at the sites that may open."""
    rows = np.flatnonzero(siting.weights)
    for first in range(0, rows.size, ROWS_AT_ONCE):
        yield siting.costs[rows[first : first + ROWS_AT_ONCE]][:, siting.allowed]
