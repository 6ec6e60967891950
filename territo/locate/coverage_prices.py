"""What is left of a maximal covering problem, and the bound that prices of its rows give.

With a price ``0 <= u_i <= w_i`` for each row, no p columns cover more than
``sum_i (w_i - u_i)`` and the p highest sums of prices of a column: the
Lagrangian relaxation of Galvao and ReVelle (1996, A Lagrangean heuristic for
the maximal covering location problem, European Journal of Operational
Research 88).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from territo.domain.arrays import Bools, Floats, Ints
from territo.locate.dominance import distinct, largest_columns

STEPS, PATIENCE, MOMENTUM, LEAST_PACE, LEAST_GAIN = 1000, 20, 0.7, 2e-3, 1e-5


@dataclass(frozen=True, slots=True, eq=False)
class Core:
    """What is still to decide.

    Parameters
    ----------
    covers : bool array (rows, columns)
        All different, none empty.
    weights : float array (rows,)
        Above 0.
    columns : int array (columns,)
        Their names in the table given.
    p
        How many of them open: no more than there are.
    opened : int array
        Names of the columns open for good.
    base
        Weight that those cover.
    """

    covers: Bools
    weights: Floats
    columns: Ints
    p: int
    opened: Ints
    base: float

    def restricted(self, must: Bools, kept: Bools) -> Core:
        """Open some columns for good, and leave out all but some others."""
        done = self.covers[:, must].any(axis=1)
        opened, base = np.append(self.opened, self.columns[must]), self.base + float(self.weights[done].sum())
        p = self.p - int(must.sum())
        return core_of(self.covers[np.ix_(~done, kept)], self.weights[~done], self.columns[kept], p, opened, base)


def core_of(covers: Bools, weights: Floats, columns: Ints, p: int, opened: Ints, base: float) -> Core:
    """Merge equal rows, and leave out rows without weight or column and columns within another one."""
    counts = (weights > 0) & covers.any(axis=1)
    covers = covers[counts]
    first, group = distinct(covers)
    covers, merged = covers[first], np.bincount(group, weights[counts], minlength=first.size)
    kept = largest_columns(covers)
    return Core(covers[:, kept], merged.astype(np.float64), columns[kept], min(p, kept.size), opened, base)


class Ascent:
    """Subgradient steps on the prices of the rows of a core; each gives a bound and a choice.

    Attributes
    ----------
    bound
        No choice in the core covers more.
    worth : float array (columns,)
        Sums of the prices that give this bound.
    value, cover : bool array (columns,)
        The choice seen that covers most.
    """

    def __init__(self, core: Core) -> None:
        self.core = core
        self.rows = csr_array(core.covers.astype(np.float64))
        self.columns = csr_array(core.covers.T.astype(np.float64))
        self.prices = self.best_prices = core.weights / 2
        self.direction: Floats = np.zeros(self.prices.size)
        self.worth: Floats = np.zeros(core.columns.size)
        self.cover = np.zeros(core.columns.size, np.bool_)
        self.bound, self.value, self.pace, self.waited, self.steps = np.inf, -1.0, 1.0, 0, 0

    @property
    def moving(self) -> bool:
        """Whether more steps may help."""
        return self.steps < STEPS and self.pace > LEAST_PACE

    def step(self, target: float) -> None:
        """Bound with the prices as they are, and move them towards a bound that is hoped for."""
        self.steps += 1
        worth = np.asarray(self.columns @ self.prices)
        chosen = highest(worth, self.core.p)
        bound = float((self.core.weights - self.prices).sum() + worth[chosen].sum())
        times = np.asarray(self.rows @ chosen.astype(np.float64))
        value = float(self.core.weights[times > 0].sum())
        if value > self.value:
            self.value, self.cover = value, chosen
        self.waited = self.waited + 1 if bound >= self.bound * (1 - LEAST_GAIN) else 0
        if bound < self.bound:
            self.bound, self.best_prices, self.worth = bound, self.prices, worth
        if self.waited >= PATIENCE:
            self.pace, self.waited, self.prices = self.pace / 2, 0, self.best_prices
            self.direction = np.zeros(self.prices.size)
        else:
            self.move(times - 1, bound - max(target, self.value))

    def move(self, excess: Floats, distance: float) -> None:
        """Raise the prices of rows covered too often, lower those of rows not covered."""
        prices, weights = self.prices, self.core.weights
        self.direction = excess + MOMENTUM * self.direction
        stuck = (prices <= 0) & (self.direction > 0) | (prices >= weights) & (self.direction < 0)
        along = np.where(stuck, 0.0, self.direction)
        length = float(along @ along)
        if length > 0:
            self.prices = np.clip(prices - self.pace * distance / length * along, 0.0, weights)


def fixed(core: Core, ascent: Ascent, needed: float) -> Core:
    """Decide the columns whose other choice covers less than what is needed."""
    chosen = highest(ascent.worth, core.p)
    last, following = ascent.worth[chosen].min(), ascent.worth[~chosen].max()
    spare = ascent.bound - needed
    must = chosen & (ascent.worth - following > spare)
    kept = ~must & (chosen | (last - ascent.worth <= spare))
    return core.restricted(must, kept)


def highest(worth: Floats, p: int) -> Bools:
    """Choose p columns that are worth most."""
    chosen = np.zeros(worth.size, np.bool_)
    chosen[np.argsort(-worth, kind="stable")[:p]] = True
    return chosen
