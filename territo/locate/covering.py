"""The fewest columns that cover all rows: what set cover and p-center both ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array

from territo.domain.arrays import Bools, Floats, Ints
from territo.locate.checks import Costs
from territo.locate.dominance import irreducible
from territo.locate.highs import Answer, Options, Program, minimise
from territo.locate.limits import Clock, Limits
from territo.progress import Event, Progress

# numbers of columns are whole: a bound this close above one is that one
WHOLE = 1e-6
# bounding again pays while it rules out more than this part of the columns
WORTHWHILE = 0.1
# a row without a price counts this much less than a row with a mean price
PRICE_OF_ALL = 10.0


@dataclass(frozen=True, slots=True, eq=False)
class Cover:
    """What is known of the covers of a table.

    Parameters
    ----------
    columns : int array
        Columns that cover all rows, ascending; None without a cover short enough.
    bound
        No cover has fewer columns.
    """

    columns: Ints | None
    bound: int


@dataclass(frozen=True, slots=True, eq=False)
class Effort:
    """Runs programs within the limits of one model; says nothing of their inner values.

    Parameters
    ----------
    limits, clock
        Of the model.
    """

    limits: Limits
    clock: Clock

    def minimise(
        self,
        program: Program,
        *,
        gap: float = 0.0,
        start: Mapping[int, float] | None = None,
        extra: Mapping[str, str | float] | None = None,
    ) -> Answer:
        """Solve a program in the time that is left."""
        limits = self.limits
        options = Options(self.clock.left, gap, limits.seed, limits.threads, extra or {})
        return minimise(program, options, _Unheard(limits.progress), stage="locate", start=start)


class _Unheard:
    """Passes requests to stop, but not the events: their values are those of a part."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def report(self, event: Event) -> None:
        pass

    def cancelled(self) -> bool:
        return self._progress.cancelled()


def smallest_cover(covers: Bools, most: int, effort: Effort, *, first: bool = False) -> Cover:
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
    """
    if not covers.any(axis=1).all():
        return Cover(None, most + 1)
    search = _Search(covers, most, effort, first=first)
    search.run()
    return Cover(search.best if search.best.size <= most else None, search.bound)


class _Search:
    """The rows and columns left to decide, the best cover, and the bound."""

    def __init__(self, covers: Bools, most: int, effort: Effort, *, first: bool) -> None:
        rows, self.columns = irreducible(covers)
        self.core = covers[np.ix_(rows, self.columns)]
        self.most, self.effort, self.first = most, effort, first
        self.best = self.columns[greedy_cover(self.core)]
        self.bound = min(self.core.shape[0], 1)

    @property
    def target(self) -> int:
        """Number of columns of the covers that are still of use."""
        return self.most if self.first else min(self.most, self.best.size - 1)

    @property
    def done(self) -> bool:
        found = self.first and self.best.size <= self.most
        return found or self.bound > self.target

    @property
    def stopped(self) -> bool:
        return self.done or self.effort.clock.over()

    def run(self) -> None:
        paying = True
        while paying and not self.stopped:
            paying = self.tighten()
        if not self.stopped:
            self.solve()

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
        answer = self.effort.minimise(_program(self.core, self.target), gap=self.effort.limits.gap, extra=extra)
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


def greedy_cover(covers: Bools, prices: Floats | None = None) -> Ints:
    """Cover all rows, each time by the column with the most to cover; then leave out what is not needed.

    Parameters
    ----------
    covers : bool array (rows, columns)
        Each row has a column.
    prices : float array (rows,), optional
        What a row counts, beside the same for all.
    """
    weights = np.ones(covers.shape[0])
    if prices is not None:
        weights = prices + prices.mean() / PRICE_OF_ALL
    left, chosen = np.ones(covers.shape[0], np.bool_), []
    gains = weights @ covers
    while left.any():
        column = int(gains.argmax())
        new = left & covers[:, column]
        gains -= weights[new] @ covers[new]
        gains[column] = -np.inf
        left &= ~new
        chosen.append(column)
    times = covers[:, chosen].sum(axis=1)
    needed = []
    for column in chosen:
        rows = covers[:, column]
        if (times[rows] > 1).all():
            times -= rows
        else:
            needed.append(column)
    return np.sort(np.array(needed, dtype=np.int64))


def packing_prices(covers: Bools, effort: Effort) -> Floats:
    """Price the rows so that no column covers more than 1 together: their sum bounds every cover.

    The dual of the linear relaxation; it is scaled to keep its promise
    whatever the tolerance of the solver.
    """
    rows, columns = covers.shape
    program = Program(
        cost=np.full(rows, -1.0),
        lower=np.zeros(rows),
        upper=np.ones(rows),
        whole=np.zeros(rows, np.bool_),
        rows=csr_array(covers.T.astype(np.float64)),
        row_lower=np.full(columns, -np.inf),
        row_upper=np.ones(columns),
    )
    answer = effort.minimise(program)
    if not answer.values.size:
        return np.zeros(rows)
    prices: Floats = np.maximum(answer.values, 0.0)
    return prices / max(1.0, float((prices @ covers).max()))


def nearest_open(costs: Costs, open_sites: ArrayLike) -> tuple[Ints, Costs]:
    """Find the nearest of the open columns of each row, and its cost; of equals the lowest.

    Parameters
    ----------
    costs : float array (demand points, sites)
    open_sites : int array
        Ascending, at least one.
    """
    columns = np.asarray(open_sites, dtype=np.int64)
    there = costs[:, columns]
    nearest = there.argmin(axis=1)
    return columns[nearest], np.take_along_axis(there, nearest[:, None], axis=1)[:, 0]


def _program(covers: Bools, most: int) -> Program:
    rows, columns = covers.shape
    table = np.vstack([covers, np.ones(columns, np.bool_)])
    return Program(
        cost=np.ones(columns),
        lower=np.zeros(columns),
        upper=np.ones(columns),
        whole=np.ones(columns, np.bool_),
        rows=csr_array(table.astype(np.float64)),
        row_lower=np.append(np.ones(rows), -np.inf),
        row_upper=np.append(np.full(rows, np.inf), float(most)),
    )
