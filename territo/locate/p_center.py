"""The p-center: ``min over S of max_i min_{j in S} c_ij`` where S has p sites."""

from __future__ import annotations

from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike

from territo.domain.arrays import Floats, Ints
from territo.locate.checks import Costs, Inspection
from territo.locate.covering import smallest_cover
from territo.locate.dominance import smallest_rows
from territo.locate.effort import Effort
from territo.locate.limits import Clock, Keywords, Limits
from territo.locate.location import Location, Status, nowhere, relative_gap
from territo.locate.reach import nearest_site

ALGORITHM = "bisection by set cover"

# up to so many rows, all are looked at; of more, some, and as many again where their cover leaves others too far
ALL_ROWS = 5000
MORE_ROWS = 50
# bounds alone narrow the bisection down to this part of the radius
ROUGH = 2e-3


def p_center(costs: ArrayLike, p: int, **keywords: Unpack[Keywords]) -> Location:
    """Open p sites so that the farthest demand point is as near as can be.

    Bisects the costs: whether p sites reach all points within a radius is a
    set cover (Garfinkel, Neebe and Rao, 1977,
    https://doi.org/10.1287/mnsc.23.10.1133). Of many points it looks at those
    that the covers of the others leave too far (Contardo, Iori and Kramer,
    2019, Computers & Operations Research 103).

    Parameters
    ----------
    costs : float array (demand points, sites)
        ``inf`` where a site may not serve a point.
    p
        Number of sites to open, the fixed ones included.
    **keywords
        See :class:`~territo.locate.limits.Keywords`.

    Returns
    -------
    Location
        Its objective and bound are in the unit of the costs.

    Raises
    ------
    InputError
        The arguments cannot be used, or a point has no allowed site.
    """
    limits = Limits(**keywords)
    clock = Clock(limits)
    inspection = Inspection(costs, limits)
    p = inspection.number_of_sites(p)
    inspection.somewhere_to_go()
    inspection.end()
    search = _Search(inspection, p, Effort(limits, clock))
    search.run()
    return search.location()


class _Search:
    """The best sites, the bound, and the rows looked at so far."""

    def __init__(self, inspection: Inspection, p: int, effort: Effort) -> None:
        self.costs, self.p, self.effort = inspection.costs, p, effort
        self.fixed, self.free = inspection.fixed, inspection.free
        self.sites, self.upper = self.fixed[:0], np.inf
        nearest = np.min(self.costs, axis=1, where=inspection.allowed, initial=np.inf)
        self.lower = float(nearest.max())
        self.rows = np.arange(inspection.points)
        if inspection.points > ALL_ROWS:
            spread, _ = self.spread(self.fixed, p + MORE_ROWS, self.lower)
            # the optimum of the rows looked at must never be below the bound: it is one of their costs
            self.rows = np.union1d(spread, nearest.argmax())

    @property
    def gap(self) -> float:
        """Relative gap; zero also where it is proven that no choice of sites serves everyone."""
        return 0.0 if self.lower == self.upper else relative_gap(self.upper, self.lower)

    def run(self) -> None:
        """Bisect until the bounds meet, or as far as the limits allow: first by bounds alone, then by proofs."""
        self.offer(self.fixed)
        for rough in (True, False):
            ceiling = np.inf
            while self.gap > self.effort.limits.gap and not self.effort.clock.over():
                radii = self.radii(self.lower)
                if not radii.size:
                    self.lower = self.upper
                radii = radii[radii < ceiling]
                if not radii.size or (rough and ceiling - self.lower < ROUGH * self.upper):
                    break
                radius = float(radii[radii.size // 2])
                if not self.probe(radius, rough=rough):
                    ceiling = radius
                self.effort.clock.report("locate", self.upper if self.sites.size else None, self.lower)

    def probe(self, radius: float, *, rough: bool) -> bool:
        """Find whether p sites reach everyone within a radius; tell whether this was decided."""
        most = self.p - self.fixed.size
        while self.upper > radius:
            far = self.rows[self.distances(self.fixed)[self.rows] > radius]
            covers = self.costs[np.ix_(far, self.free)] <= radius
            cover = smallest_cover(covers, most, self.effort, first=True, rough=rough)
            if not cover.found:
                if cover.bound > most:
                    radii = self.radii(radius)
                    self.lower = min([*radii[radii > radius][:1].tolist(), self.upper])
                return cover.bound > most
            sites = self.offer(np.append(self.fixed, self.free[cover.columns]))
            self.look_at(np.flatnonzero(self.distances(sites) > radius), radius)
        return True

    def look_at(self, rows: Ints, radius: float) -> None:
        """Look at further rows: of very many a part, and only those that decide the cover within a radius."""
        rows = rows[:: 1 + rows.size // ALL_ROWS]
        if rows.size:
            kept = smallest_rows(self.costs[np.ix_(rows, self.free)] <= radius)
            self.rows = np.union1d(self.rows, rows[kept])

    def radii(self, least: float) -> Costs:
        """List the costs of the rows looked at that an answer better than the best one may have."""
        costs = self.costs[np.ix_(self.rows, np.append(self.fixed, self.free))]
        return np.unique(costs[(costs >= least) & (costs < self.upper)])

    def offer(self, sites: Ints) -> Ints:
        """Open further sites up to p, where they help most, and take them if they are better."""
        sites = np.append(sites, self.spread(sites, self.p - sites.size, self.lower)[1])
        sites = np.append(sites, np.setdiff1d(self.free, sites)[: self.p - sites.size])
        reach = float(self.distances(sites).max())
        if reach < self.upper:
            self.sites, self.upper = np.sort(sites), reach
        return sites

    def spread(self, sites: Ints, most: int, within: float) -> tuple[Ints, Ints]:
        """Open again and again the nearest site of the farthest point (Gonzalez, 1985).

        Ends with ``most`` points and their sites, or when all lie within a
        radius, or when the farthest has no nearer site.
        """
        distance = self.distances(sites)
        points: list[int] = []
        opened: list[int] = []
        while len(points) < most:
            point = int(distance.argmax())
            site = int(self.free[self.costs[point, self.free].argmin()]) if self.free.size else -1
            if distance[point] <= within or site < 0 or self.costs[point, site] >= distance[point]:
                break
            points.append(point)
            opened.append(site)
            distance = np.minimum(distance, self.costs[:, site])
        return np.array(points, dtype=np.int64), np.array(opened, dtype=np.int64)

    def distances(self, sites: Ints) -> Floats:
        """Measure from each point to the nearest of some sites."""
        return nearest_site(self.costs, sites)[1] if sites.size else np.full(self.costs.shape[0], np.inf)

    def location(self) -> Location:
        """Give the answer as it stands."""
        seconds = self.effort.clock.seconds
        if not self.sites.size:
            status: Status = "infeasible" if np.isinf(self.lower) else "unknown"
            return nowhere(status, self.costs.shape[0], seconds, ALGORITHM, self.lower)
        status = "optimal" if self.gap <= self.effort.limits.gap else "feasible"
        assignment, _ = nearest_site(self.costs, self.sites)
        return Location(status, self.sites, assignment, self.upper, self.lower, self.gap, seconds, ALGORITHM)
