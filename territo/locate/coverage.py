"""The most weight that p columns cover: prices bound it, exchanges find it, enumeration ends it."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array, eye_array, hstack, vstack

from territo.domain.arrays import Bools, Floats
from territo.locate.cover_steps import incidence
from territo.locate.coverage_prices import Ascent, Core, core_of, fixed
from territo.locate.effort import Effort
from territo.locate.highs import Program
from territo.locate.kernels.swaps import swap_columns
from territo.locate.location import PROOF, WHOLE

# exchanges made from one choice
SWAPS = 300
# bounding again pays while it decides more than this part of the columns
WORTHWHILE = 0.1


class MostCovered:
    """The search for the p columns that cover most.

    Parameters
    ----------
    covers : bool array (rows, columns)
    weights : float array (rows,)
        0 or more.
    p
        At most the number of columns.
    effort
        Its limits hold; stopped early, the best choice is kept.

    Attributes
    ----------
    best : int array
        At most p columns; the others change nothing.
    value, bound
        Weight that they cover, and the most that any p can cover.
    """

    def __init__(self, covers: Bools, weights: Floats, p: int, effort: Effort) -> None:
        self.effort = effort
        self.whole = bool((weights == np.floor(weights)).all())
        self.best, self.value = np.empty(0, dtype=np.int64), 0.0
        self.bound = float(weights[covers.any(axis=1)].sum())
        self.core = core_of(covers, weights, np.arange(covers.shape[1]), p, self.best, 0.0)

    @property
    def needed(self) -> float:
        """Weight that a choice better than the best covers at least."""
        return self.value + 1 - WHOLE if self.whole else self.value * (1 + PROOF)

    @property
    def proven(self) -> bool:
        """Whether no choice covers more than the best."""
        return self.bound <= self.value or self.bound < self.needed

    @property
    def stopped(self) -> bool:
        """Whether it is proven as well as asked, or the limits have come."""
        enough = self.bound - self.value <= self.effort.limits.gap * self.value
        return self.proven or enough or self.effort.clock.over()

    def run(self) -> None:
        """Search until it is proven, or as far as the limits allow."""
        paying = True
        while paying:
            before = self.core.columns.size
            self.close_in()
            self.effort.report(self.value, self.bound)
            paying = not self.stopped and self.core.columns.size < (1 - WORTHWHILE) * before
        if not self.stopped:
            self.enumerate()

    def close_in(self) -> None:
        """Bound the core by prices, search it by exchanges, and fix what the bound decides."""
        core = self.core
        if core.p in {0, core.columns.size}:  # there is nothing to choose
            self.offer(np.full(core.columns.size, core.p > 0))
            self.lower_to(core.base + (core.weights.sum() if core.p else 0.0))
            return
        self.offer(exchanged(core, greedy(core)))
        ascent = Ascent(core)
        while ascent.moving and not self.stopped:
            ascent.step(self.value - core.base)
            self.lower_to(core.base + ascent.bound)
            if core.base + ascent.value > self.value:
                self.offer(ascent.cover)
        if not self.stopped:
            self.offer(exchanged(core, ascent.cover))
        if not self.stopped:
            self.core = fixed(core, ascent, self.needed - core.base)

    def enumerate(self) -> None:
        """Look for a better choice in what is left as a mixed-integer program."""
        core = self.core
        scale, total = core.weights.max(), core.weights.sum()
        gap = {"mip_abs_gap": float(self.effort.limits.gap * self.value / scale)}
        answer = self.effort.minimise(_program(core, self.needed - core.base), extra=gap)
        if answer.values.size:
            self.offer(answer.values[: core.columns.size] > 0.5)  # noqa: PLR2004  # 0 or 1, nearly
        best = core.base + total - answer.bound * scale
        proven = answer.status == "optimal" and best <= self.value * (1 + WHOLE)
        self.lower_to(self.value if proven else best)

    def offer(self, chosen: Bools) -> None:
        """Take columns of the core if they are better than the best."""
        core = self.core
        value = core.base + float(core.weights[core.covers[:, chosen].any(axis=1)].sum())
        if value > self.value:
            self.best, self.value = np.append(core.opened, core.columns[chosen]), value

    def lower_to(self, bound: float) -> None:
        """Lower the bound: what was ruled out covers no more than the best."""
        whole = np.floor(bound + WHOLE) if self.whole and np.isfinite(bound) else bound
        self.bound = min(self.bound, max(float(whole), self.value))


def greedy(core: Core) -> Bools:
    """Choose p columns, each time the one that covers most weight more."""
    left, chosen = core.weights.copy(), np.zeros(core.columns.size, np.bool_)
    columns = csr_array(core.covers.T.astype(np.float64))
    for _ in range(core.p):
        gains = np.asarray(columns @ left)
        gains[chosen] = -1.0
        column = int(gains.argmax())
        chosen[column] = True
        left[core.covers[:, column]] = 0.0
    return chosen


def exchanged(core: Core, chosen: Bools) -> Bools:
    """Improve a choice by exchanges."""
    return swap_columns(incidence(core.covers), core.weights, chosen, SWAPS, max(core.p // 2, 1))


def _program(core: Core, needed: float) -> Program:
    """Minimise the weight not covered; it must leave the weight needed."""
    rows, columns = core.covers.shape
    weights = core.weights / core.weights.max()
    covers = hstack([csr_array(core.covers.astype(np.float64)), eye_array(rows, format="csr")])
    number = np.append(np.ones(columns), np.zeros(rows))
    missed = np.append(np.zeros(columns), weights)
    most = (core.weights.sum() - needed) / core.weights.max()
    return Program(
        cost=missed,
        lower=np.zeros(columns + rows),
        upper=np.ones(columns + rows),
        whole=number > 0,
        rows=csr_array(vstack([covers, csr_array(np.stack([number, missed]))])),
        row_lower=np.append(np.ones(rows), [core.p, -np.inf]),
        row_upper=np.append(np.full(rows, np.inf), [core.p, most]),
    )
