"""The fewest columns that cover all rows: what set cover and p-center both ask."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from territo.domain.arrays import Bools, Ints
from territo.locate.cover_steps import cover_program, greedy_cover, incidence, packing_prices
from territo.locate.dominance import irreducible
from territo.locate.effort import Effort
from territo.locate.kernels.covers import search_cover
from territo.locate.location import WHOLE, relative_gap

NONE: Ints = np.empty(0, dtype=np.int64)

# bounding again pays while it rules out more than this part of the columns
WORTHWHILE = 0.1
# exchanges tried for each row and column
EXCHANGES = 30
# entries of the table that they may touch: about a second
MOST_WORK = 1e9


@dataclass(frozen=True, slots=True, eq=False)
class Cover:
    """What is known of the covers of a table.

    Parameters
    ----------
    columns : int array
        Columns that cover all rows, ascending; empty where none can.
    found
        Whether they do, and are no more than was allowed.
    bound
        No cover has fewer columns; beyond what was allowed, there may be none.
    """

    columns: Ints
    found: bool
    bound: int


def smallest_cover(covers: Bools, most: int, effort: Effort, *, first: bool = False, rough: bool = False) -> Cover:
    """Find the smallest cover of all rows.

    Parameters
    ----------
    covers : bool array (rows, columns)
        Whether a column covers a row.
    most
        Only covers of at most so many columns count.
    effort
        Its limits hold; stopped early, the best cover is kept.
    first
        Any cover of at most ``most`` columns will do.
    rough
        Only bound and search; prove nothing by enumeration.
    """
    if not covers.any(axis=1).all():
        return Cover(NONE, found=False, bound=most + 1)
    if not covers.shape[0]:
        return Cover(NONE, found=True, bound=0)
    search = _Search(covers, most, effort, first=first)
    search.run()
    if not (rough or search.stopped):
        search.solve()
    return Cover(search.best, search.best.size <= most, search.bound)


class _Search:
    """The rows and columns left to decide, the best cover, and the bound."""

    def __init__(self, covers: Bools, most: int, effort: Effort, *, first: bool) -> None:
        rows, self.columns = irreducible(covers)
        self.core = covers[np.ix_(rows, self.columns)]
        self.most, self.effort, self.first = most, effort, first
        self.best = self.columns[greedy_cover(self.core)]
        self.bound = 1

    @property
    def target(self) -> int:
        """Number of columns of the covers that are still of use."""
        return self.most if self.first else min(self.most, self.best.size - 1)

    @property
    def done(self) -> bool:
        if self.first:
            return self.best.size <= self.most or self.bound > self.most
        return self.bound > self.target or relative_gap(self.best.size, self.bound) <= self.effort.limits.gap

    @property
    def stopped(self) -> bool:
        return self.done or self.effort.clock.over()

    def run(self) -> None:
        paying = True
        while paying and not self.stopped:
            paying = self.tighten()
            if not (paying or self.stopped):
                paying = self.exchange()
            if not self.first:
                self.effort.report(self.best.size, self.bound)

    def tighten(self) -> bool:
        """Bound by prices, look for a cover, and rule columns out; tell whether that pays again."""
        prices = packing_prices(self.core, self.effort)
        worth, lowest = prices @ self.core, float(prices.sum())
        self.raise_to(lowest)
        self.try_columns(greedy_cover(self.core, prices))
        if self.done:
            return False
        kept = np.flatnonzero(lowest + 1 - worth <= self.target + WHOLE)
        before = self.columns.size
        if kept.size < before:
            self.keep(kept)
        return not self.done and self.columns.size < (1 - WORTHWHILE) * before

    def exchange(self) -> bool:
        """Look for a shorter cover by exchanges; tell whether bounding again may pay."""
        before = self.target
        cover = np.zeros(self.columns.size, np.bool_)
        cover[greedy_cover(self.core)] = True
        wanted, size = self.most if self.first else self.bound, sum(self.core.shape)
        entries = float(self.core.sum())
        steps = int(min(EXCHANGES * size, MOST_WORK / (size + entries**2 / self.core.size)))
        self.try_columns(np.flatnonzero(search_cover(incidence(self.core), cover, wanted, steps)))
        return self.target < before

    def keep(self, kept: Ints) -> None:
        """Leave out columns that no cover still of use has."""
        covers = self.core[:, kept]
        if not covers.any(axis=1).all():
            self.bound = self.target + 1
            return
        rows, columns = irreducible(covers)
        self.core, self.columns = covers[np.ix_(rows, columns)], self.columns[kept[columns]]

    def solve(self) -> None:
        """Decide what is left as a mixed-integer program."""
        extra = {"objective_target": self.target + 0.5} if self.first else {}
        answer = self.effort.minimise(cover_program(self.core, self.target), gap=self.effort.limits.gap, extra=extra)
        if answer.values.size:
            self.try_columns(np.flatnonzero(answer.values > 0.5))  # noqa: PLR2004  # 0 or 1, nearly
        self.raise_to(answer.bound)

    def try_columns(self, chosen: Ints) -> None:
        if chosen.size < self.best.size and self.core[:, chosen].any(axis=1).all():
            self.best = self.columns[chosen]

    def raise_to(self, lowest: float) -> None:
        """Raise the bound: what is left tells nothing of covers beyond the target."""
        if np.isfinite(lowest):
            self.bound = max(self.bound, min(int(np.ceil(lowest - WHOLE)), self.target + 1))
        elif lowest > 0:
            self.bound = self.target + 1
