"""A p-median inside another model: when it stops, what is heard of it, and how its answer is told."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from territo.domain.arrays import Bools, Floats, Ints
from territo.locate.limits import Clock, Limits
from territo.locate.location import Location, relative_gap
from territo.locate.reach import nearest_site
from territo.locate.siting import Siting
from territo.locate.uncapacitated import solve
from territo.progress import Event

# a gap that the first answer keeps, whatever its bound
ANY = 1e12


class Part:
    """Stands between a p-median and the clock of the model that asks for it.

    Parameters
    ----------
    clock
        Of the model: its time and its requests to stop count.
    enough
        Bound from which on the optimum of the p-median does not matter.
    found
        Value from which on its best answer is all that matters; costs are 0
        or more.
    reports, share
        How many times it may report before it stops, and the part it may take
        of the time that is left.
    meaning
        Incumbent or bound of the model that follows from one of the p-median;
        without it nobody hears of them.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        enough: float = np.inf,
        found: float = 0.0,
        reports: float = np.inf,
        share: float = 1.0,
        meaning: Callable[[float], float] | None = None,
    ) -> None:
        self._clock, self._enough, self._found, self._reports = clock, enough, found, reports
        self._share, self._meaning = share, meaning
        self._done = False

    def solve(self, siting: Siting, gap: float, seed: int) -> Location:
        """Solve the p-median to a gap, or as far as needed."""
        limits = Limits(time_limit=self._share * self._clock.left, progress=self)
        return solve(siting, gap, Clock(limits), seed=seed)

    def report(self, event: Event) -> None:
        """Receive an event of the p-median."""
        self._reports -= 1
        if event.incumbent is None or event.bound is None:
            return
        self._done = self._done or event.bound >= self._enough or event.incumbent <= self._found
        if self._meaning is not None:
            self._clock.report(event.stage, self._meaning(event.incumbent), self._meaning(event.bound))

    def cancelled(self) -> bool:
        """Whether the p-median should stop."""
        return self._done or self._reports <= 0 or self._clock.over()


def distances(siting: Siting, is_open: Bools) -> Floats:
    """Give the cost of each point at the nearest of some sites."""
    return nearest_site(siting.costs, np.flatnonzero(is_open))[1]


def opened(siting: Siting, columns: Ints) -> Bools:
    """Tell for each site whether it is one of these columns."""
    is_open = np.zeros(siting.allowed.size, np.bool_)
    is_open[columns] = True
    return is_open


def told(
    siting: Siting, columns: Ints, bounds: tuple[float, float], gap: float, clock: Clock, algorithm: str
) -> Location:
    """Say what was found: these columns, and between which bounds the optimum lies; the upper is their value."""
    objective = float(bounds[1])
    bound = min(float(bounds[0]), objective)
    distance = relative_gap(objective, bound)
    return Location(
        status="optimal" if distance <= gap else "feasible",
        open_sites=columns,
        assignment=nearest_site(siting.costs, columns)[0],
        objective=objective,
        bound=bound,
        gap=distance,
        seconds=clock.seconds,
        algorithm=algorithm,
    )
