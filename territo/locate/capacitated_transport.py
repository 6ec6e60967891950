"""Demand that may be split, from given sites: a transportation problem, solved by HiGHS."""

from __future__ import annotations

import math

import numpy as np
from scipy.sparse import coo_array

from territo.domain.arrays import Bools, Ints
from territo.locate.capacitated_problem import Incumbent, Problem
from territo.locate.effort import Effort
from territo.locate.highs import Program
from territo.locate.kernels.knapsack_bound import Arcs, kept

# HiGHS works to 1e-7: with costs up to 2**10 and a mean load of 1 that does not show
MAGNITUDE = 10
# smaller shares are rounding
SERVED = 1e-9


class Transport:
    """Serves everyone from given sites at the least cost.

    Parameters
    ----------
    problem, incumbent
        Its data, and where answers go.
    effort
        Its limits hold.
    """

    def __init__(self, problem: Problem, incumbent: Incumbent, effort: Effort) -> None:
        self._problem, self._incumbent, self._effort = problem, incumbent, effort
        self._arcs = problem.arcs()

    def serve(self, opened: Bools) -> bool:
        """Offer the best shares with these sites open, if they can serve everyone; tell whether that is settled."""
        arcs = kept(self._arcs, np.repeat(opened, np.diff(self._arcs.start)))
        site = np.repeat(np.arange(opened.size), np.diff(arcs.start))
        answer = self._effort.minimise(self._program(arcs, site))
        if answer.status == "optimal":
            shares = np.zeros(self._problem.costs.shape)
            shares[arcs.point, site] = np.where(answer.values > SERVED, answer.values, 0.0)
            shares /= shares.sum(axis=1, keepdims=True)
            self._incumbent.offer_shares(np.flatnonzero(opened), shares)
        return answer.status in {"optimal", "infeasible"}

    def _program(self, arcs: Arcs, site: Ints) -> Program:
        """Write a row a point, which is served once, and a row a site, within its capacity."""
        problem, size = self._problem, arcs.cost.size
        points, sites = problem.costs.shape
        unit = float(problem.loads.mean()) or 1.0
        scale = math.ldexp(1.0, MAGNITUDE - math.frexp(float(arcs.cost.max(initial=0.0)))[1])
        row = np.concatenate([arcs.point, points + site])
        value = np.concatenate([np.ones(size), problem.loads[arcs.point] / unit])
        column = np.tile(np.arange(size), 2)
        return Program(
            scale * arcs.cost,
            np.zeros(size),
            np.ones(size),
            np.zeros(size, dtype=np.bool_),
            coo_array((value, (row, column)), shape=(points + sites, size)).tocsr(),
            np.concatenate([np.ones(points), np.full(sites, -np.inf)]),
            np.concatenate([np.ones(points), problem.capacities / unit]),
        )
