"""Narrow a problem to the sites near each node, and widen it where an answer needs more.

The narrow problem is a relaxation (:mod:`territo.model.farther`): its bound
holds for the whole, and so does its answer where nobody goes beyond the near
sites. Domain specification, section 5.9, which widens without a bound.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from territo.domain.arrays import Bools, Ints
from territo.domain.organisation import IN_POLES
from territo.model.decisions import may_stand, within_what_the_law_keeps
from territo.model.plan import Plan
from territo.model.problem import Problem

# sites listed at first: a part more than those up to the likely one, and a few; then a part more again
FURTHER, FEW = 1.5, 4
# and so many times the sites that there are for each likely point, since others may be nearly as good
SPREAD = 2.0
# problems with fewer pairs of a node, a site and a service are solved as they are
LARGE = 2_000


class Width:
    """How many of the nearest sites are listed for each node and service.

    Parameters
    ----------
    problem
        The whole.
    """

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._chosen = np.flatnonzero(_free_choice(problem))
        self._pairs = _pairs(problem, self._chosen)
        nodes, sites, services = self._pairs.shape
        minutes = np.where(self._pairs, problem.minutes[:, :, None], np.inf)
        order = np.argsort(minutes, axis=1, kind="stable")
        self._rank: Ints = np.argsort(order, axis=1, kind="stable")
        self._listed: Ints = np.full((nodes, services), sites, dtype=np.int64)
        self._listed[:, self._chosen] = FEW

    def pairs_by_service(self) -> Iterator[tuple[int, Bools]]:
        """Yield the services of which far sites are left out, with the (i, j) pairs that they may use."""
        for s in self._chosen.tolist():
            yield s, self._pairs[:, :, s]

    def expect(self, likely: Iterable[Ints]) -> None:
        """List the sites up to likely ones, and more; one array (i,) of sites for each of those services."""
        nodes, sites = np.arange(self._rank.shape[0]), self._rank.shape[1]
        for s, site_of in zip(self._chosen.tolist(), likely, strict=True):
            elsewhere = SPREAD * sites / np.unique(site_of).size
            self._listed[:, s] = np.maximum(np.ceil(FURTHER * self._rank[nodes, site_of, s]) + FEW, int(elsewhere))

    def narrowed(self) -> Problem:
        """Return the narrow problem."""
        near = self._rank < self._listed[:, None, :]
        return replace(self._problem, allowed=self._problem.allowed & near, beyond=self._pairs & ~near)

    def double(self, services: frozenset[int]) -> None:
        """List twice as many sites for some services."""
        self._listed[:, [*services]] *= 2

    def completed(self, plan: Plan, free: Bools | None = None) -> Problem:
        """Return the whole for a plan that is given but for free (j, s) points: each node uses its nearest one."""
        allowed = self._problem.allowed.copy()
        for s, pairs in self.pairs_by_service():
            there = pairs & plan.offered[:, s]
            if free is not None and free[:, s].any():
                allowed[:, :, s] = there | (pairs & free[:, s])
                continue
            first = np.min(self._rank[:, :, s], axis=1, where=there, initial=pairs.shape[1])
            allowed[:, :, s] = there & (self._rank[:, :, s] == first[:, None])
        return replace(self._problem, allowed=allowed)


def is_large(p: Problem) -> bool:
    """Whether users choose among many sites, and neither a plan nor a way is asked."""
    return p.frozen is None and p.phasing is None and int(p.allowed[:, :, _free_choice(p)].sum()) >= LARGE


def _free_choice(p: Problem) -> Bools:
    """(s,) services whose users choose among points that may stand anywhere, with teams that grow with their work."""
    return np.array(
        [
            p.services.nearest[s]
            and not (p.services.sector[s] and p.possible(s, *IN_POLES))
            and not p.services.pieces[s]
            and not p.itinerant(s)
            and p.possible(s, "free")
            for s in range(len(p.services.codes))
        ],
        dtype=np.bool_,
    )


def _pairs(p: Problem, services: Ints) -> Bools:
    """(i, j, s) pairs that an answer may use, for some services; the others list them all."""
    size = p.allowed.shape
    pairs = np.zeros(size, dtype=np.bool_)
    for s in services.tolist():
        stand = np.array([may_stand(p, j, s) for j in range(size[1])], dtype=np.bool_)
        pairs[:, :, s] = within_what_the_law_keeps(p, s) & stand
    return pairs
