"""What the arrays of a location model must be; all faults are found before one error is raised."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from territo.domain.arrays import Bools, Floats, Ints
from territo.errors import Fault, InputError, fault, raise_faults
from territo.locate.limits import Limits

Costs = NDArray[np.floating[Any]]

NAMED = 8
# rows looked at together: the answers of a test on all cells would be as large as the costs
ROWS_AT_ONCE = 4096


class Inspection:
    """Reads the inputs of one model and gathers what is wrong with them.

    Parameters
    ----------
    costs : float array (demand points, sites)
        ``inf`` where a site may not serve a point; float32 stays float32.
    limits
        Its fixed and forbidden sites count.

    Raises
    ------
    InputError
        The costs are not a table of numbers: nothing more can be checked.
    """

    def __init__(self, costs: ArrayLike, limits: Limits) -> None:
        self._faults: list[Fault] = []
        self.costs = _table(costs)
        self.points, self.sites = self.costs.shape
        self.fixed_open = self._columns("fixed_open", limits.fixed_open)
        self.allowed = ~self._columns("forbidden", limits.forbidden)
        both = np.flatnonzero(self.fixed_open & ~self.allowed)
        if both.size:
            text = "columns {columns} must both open and stay closed: take them out of one list"
            self._faults.append(fault("locate-open-and-forbidden", text, key="forbidden", columns=named(both)))
        self._numbers()
        self._limits(limits)

    @property
    def fixed(self) -> Ints:
        """Columns that must open."""
        return np.flatnonzero(self.fixed_open)

    @property
    def free(self) -> Ints:
        """Columns that may open or not."""
        return np.flatnonzero(self.allowed & ~self.fixed_open)

    def vector(self, name: str, values: ArrayLike, *, of: str = "points") -> Floats:
        """Read one number, 0 or more, for each row or for each column."""
        length = self.points if of == "points" else self.sites
        try:
            array = np.asarray(values, dtype=np.float64)
        except (TypeError, ValueError):
            self._add(name, "locate-no-numbers", "must be {length} numbers, and holds something else", length=length)
            return np.zeros(length)
        if array.shape != (length,):
            text = "has shape {shape}; the costs ask for {length} numbers, one for each of their {axis}"
            axis = "rows" if of == "points" else "columns"
            self._add(name, "locate-shape", text, shape=array.shape, length=length, axis=axis)
            return np.zeros(length)
        wrong = np.flatnonzero(~(np.isfinite(array) & (array >= 0)))
        if wrong.size:
            text = "is not a number of 0 or more at {rows}: correct or remove them"
            self._add(name, "locate-negative", text, rows=named(wrong))
        return array

    def number_of_sites(self, p: int) -> int:
        """Read how many sites open: at least the fixed ones, at most the allowed ones."""
        least, most = max(int(self.fixed_open.sum()), 1), int(self.allowed.sum())
        if not isinstance(p, (int, np.integer)) or not least <= p <= most:
            text = "is {value}; it must be a whole number from {least} (fixed open) to {most} (sites not forbidden)"
            self._add("p", "locate-p", text, value=p, least=least, most=most)
            return least
        return int(p)

    def at_least_zero(self, name: str, value: float) -> float:
        """Read one number of 0 or more."""
        if not (_is_number(value) and value >= 0):
            self._add(name, "locate-number", "must be a number of 0 or more, not {value}", value=value)
            return 0.0
        return float(value)

    def somewhere_to_go(self, radius: float = np.inf) -> None:
        """Require of each row a column that is allowed, within a radius if there is one."""
        lost = np.array([], dtype=np.int64)
        if self.allowed.any():
            nearest = np.min(self.costs, axis=1, where=self.allowed, initial=np.inf)
            lost = np.flatnonzero((nearest > radius) | np.isinf(nearest))
        elif self.points:
            lost = np.arange(self.points)
        if lost.size:
            text = "rows {rows} have no allowed site{within}: allow one, or leave these points out"
            within = f" within {radius:g}" if np.isfinite(radius) else ""
            self._add("costs", "locate-no-site", text, rows=named(lost), within=within)

    def require(self, holds: bool, key: str, code: str, text: str, **context: object) -> None:  # noqa: FBT001  # as in assert
        """Gather a fault of a rule of one model, unless it holds."""
        if not holds:
            self._add(key, code, text, **context)

    def end(self) -> None:
        """Raise one error with all that was found, if anything was."""
        raise_faults(self._faults)

    def _limits(self, limits: Limits) -> None:
        if not (_is_number(limits.gap) and limits.gap >= 0 and np.isfinite(limits.gap)):
            self._add("gap", "locate-gap", "must be a number of 0 or more, not {value}", value=limits.gap)
        if limits.time_limit is not None:
            self.at_least_zero("time_limit", limits.time_limit)
        for name, value, least in (("seed", limits.seed, 0), ("threads", limits.threads, 1)):
            if not (isinstance(value, (int, np.integer)) and value >= least):
                text = "must be a whole number of {least} or more, not {value}"
                self._add(name, "locate-whole", text, least=least, value=value)

    def _add(self, key: str, code: str, text: str, **context: object) -> None:
        self._faults.append(Fault(code, text, key=key, context=context))

    def _columns(self, name: str, columns: Sequence[int]) -> Bools:
        chosen = np.zeros(self.sites, dtype=np.bool_)
        index = np.asarray([*columns], dtype=np.float64)
        wrong = (index != np.floor(index)) | (index < 0) | (index >= self.sites)
        if wrong.any():
            text = "names columns {columns}; the costs have columns 0 to {last}"
            found = ", ".join(f"{value:g}" for value in index[wrong][:NAMED])
            self._add(name, "locate-column", text, columns=found, last=self.sites - 1)
        chosen[index[~wrong].astype(np.int64)] = True
        return chosen

    def _numbers(self) -> None:
        missing, negative = [], []
        for first in range(0, self.points, ROWS_AT_ONCE):
            least = self.costs[first : first + ROWS_AT_ONCE].min(axis=1)
            missing.append(first + np.flatnonzero(np.isnan(least)))
            negative.append(first + np.flatnonzero(least < 0))
        for code, word, rows in (("locate-nan", "missing", missing), ("locate-cost", "negative", negative)):
            found = np.concatenate(rows)
            if found.size:
                text = "rows {rows} have a {word} cost: use inf where a site may not serve"
                self._add("costs", code, text, rows=named(found), word=word)


class Indices(tuple[int, ...]):
    """Rows or columns; written as the first few and how many more there are."""

    __slots__ = ()

    def __str__(self) -> str:
        head = ", ".join(map(str, self[:NAMED]))
        return head if len(self) <= NAMED else f"{head} and {len(self) - NAMED} more"


def named(rows: NDArray[np.integer[Any]]) -> Indices:
    """Name rows or columns in a sentence; who knows their names may put these in their place."""
    return Indices(rows.tolist())


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float, np.integer, np.floating))


def _table(costs: ArrayLike) -> Costs:
    array = np.asarray(costs)
    if array.ndim != 2 or 0 in array.shape or array.dtype.kind not in "fiu":  # noqa: PLR2004  # a table
        text = "must be a table of numbers (demand points x sites), not an array of {kind} with shape {shape}"
        kind = array.dtype.name
        raise InputError(fault("locate-costs", text, key="costs", kind=kind, shape=array.shape))
    return array if array.dtype in (np.float32, np.float64) else array.astype(np.float64)
