r"""Bound a problem by its parts: each service, and what all of them share (Lagrangian relaxation).

Rows that tie a service to sites, receptions, coordination or a ceiling are left
out, and what they ask is paid for in the objective:

.. math::
   L(\pi) = \pi r + \min \{(c - \pi R)\, x : x \text{ keeps all other rows}\},
   \qquad R x \ge r \text{ being left out}, \; \pi \ge 0

is a bound of the whole whatever the prices. At those of the linear relaxation
it is no lower than it, and higher where the whole decisions of a part matter;
the parts are small enough to be solved one by one. Geoffrion (1974),
doi:10.1007/BFb0120690. On 158 communes, 40 sites and 28 services the
relaxation is 0.14 % under the optimum and the parts 0.04 % (ADR 0031).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from territo.domain.arrays import Bools, Floats, Ints
from territo.locate import highs
from territo.locate.highs import Options
from territo.model.problem import Problem
from territo.model.program import Decision, Program
from territo.model.solver import Outcome
from territo.progress import Progress

USED = 1e-6
# owner of a decision that several services share, and of one that is not known yet
SHARED, UNKNOWN = -1, -2
# each part is proven to this part of what the whole may leave open, and to this one where all depends on it
PART_OF_GAP, FINE_PART_OF_GAP = 0.05, 0.01
# a part that its time cut short is better than none where it leaves no more than this open
WORTH_KEEPING = 0.25


class _Part(NamedTuple):
    """Some columns of the whole, and the program that they make."""

    columns: Ints
    program: highs.Program


class Parts:
    """A problem taken apart at the prices of its linear relaxation.

    Parameters
    ----------
    m
        The whole, with its objective.
    relaxed
        Optimum of its linear relaxation.
    teams_in_poles
        Leave the teams of services that are in poles whatever is chosen with
        the territories, which proves more and takes longer.

    Attributes
    ----------
    values
        Whole decisions of the parts' answers, by name. Put together they may break what was left out.
    """

    def __init__(self, m: Program, relaxed: Outcome, *, teams_in_poles: bool = False) -> None:
        whole, self._teams_in_poles = m.as_arrays(), teams_in_poles
        prices = _prices(whole, relaxed.prices, _ties(whole.rows, self._owners(m, whole.rows)))
        # one price for all rounds: bounds of parts at different ones do not add up
        self._price = dict(zip(m.rows.names, prices.tolist(), strict=True))
        self._relaxed = {decision.name: value for decision, value in relaxed.values.items() if decision.whole}
        self._objective, self._constant = relaxed.objective, -np.inf
        self._bounds: dict[int, float] = {}
        self._left_open: dict[int, float] = {}
        self.values: dict[str, float] = {}

    @property
    def bound(self) -> float:
        """Bound of the whole; -inf where a part gave none, or before all were solved."""
        return self._constant + sum(self._bounds.values())

    @property
    def territories(self) -> dict[str, float]:
        """Which commune belongs to which seat."""
        return {name: value for name, value in self.values.items() if name.startswith("member(")}

    @property
    def points(self) -> dict[str, float]:
        """The territories, and the points and modalities of the parts; a union that may break what was left out."""
        return {name: value for name, value in self.values.items() if name.startswith(("member(", "offered(", "mode("))}

    @property
    def agreed(self) -> dict[str, float]:
        """The points and modalities of the parts that are those of the relaxation."""
        decided = {name: value for name, value in self.points.items() if not name.startswith("member(")}
        return {name: value for name, value in decided.items() if abs(self._relaxed.get(name, value) - value) < USED}

    @property
    def closed(self) -> dict[str, float]:
        """The points and modalities that both parts and relaxation do without."""
        return {name: value for name, value in self.agreed.items() if value == 0.0}

    def with_teams_in_poles(self, m: Program, relaxed: Outcome) -> Parts:
        """Return the same with teams in poles left with the territories; what all share is to be solved again."""
        joined = Parts(m, relaxed, teams_in_poles=True)
        joined.values = dict(self.values)
        kept = _own_users(m)
        joined._bounds = {owner: bound for owner, bound in self._bounds.items() if owner in kept}
        joined._left_open = {owner: left for owner, left in self._left_open.items() if owner in kept}
        return joined

    def _owners(self, m: Program, rows: csr_array) -> Ints:
        return _owners(m, rows, _own_users(m) if self._teams_in_poles else frozenset(s for *_, s in m.share))

    def loose(self, gap: float) -> frozenset[int]:
        """Tell the services whose parts could be proven further."""
        most = FINE_PART_OF_GAP * gap * abs(self._objective)
        return frozenset(owner for owner, left in self._left_open.items() if left > most and owner != SHARED)

    def solve(
        self,
        m: Program,
        p: Problem,
        options: Options,
        progress: Progress,
        *,
        only: frozenset[int] | None = None,
        finely: bool = False,
    ) -> frozenset[int]:
        """Price what the parts share, solve each, and tell the services that go beyond the near sites.

        Parameters
        ----------
        m, p
            The whole, which may list more sites than what was relaxed.
        options
            Limits of all parts together; the gap is that of the whole.
        progress
            May ask for a stop, after which the bounds known before stand.
        only
            Services to solve, and ``SHARED`` for what all share; the bounds of all others stand.
        finely
            Prove each part further, all its whole decisions together, which takes
            longer than the seats before the communes that belong to them.
        """
        whole = m.as_arrays()
        owner = self._owners(m, whole.rows)
        left_out = _ties(whole.rows, owner)
        prices = np.array([self._price.get(name, 0.0) for name in m.rows.names])
        priced = replace(whole, cost=whole.cost - whole.rows.T @ prices)
        alone, *tied = _parts(priced, left_out)
        constant = float(prices @ _due(whole, prices)) + _least(alone.program)
        asked = [part for part in tied if only is None or int(owner[part.columns].max()) in only]
        most_open = options.gap * abs(self._objective)
        tolerance = (FINE_PART_OF_GAP if finely else PART_OF_GAP) * most_open
        limits = replace(options, gap=0.0, extra={"mip_abs_gap": tolerance})
        first = np.ones(len(m.decisions), dtype=np.bool_) if finely else _first(m, p)
        deadline = time.perf_counter() + options.time_limit_s
        farther, beyond = {share.index: s for (_, s), share in m.farther.items()}, set[int]()
        bounds = dict.fromkeys((int(owner[part.columns].max()) for part in asked), 0.0)
        for number, part in enumerate(asked):
            left = (deadline - time.perf_counter()) / (len(asked) - number)
            if left <= 0.0 or progress.cancelled():
                return frozenset()
            bound, value, values = _solved(part, first[part.columns], replace(limits, time_limit_s=left), progress)
            service = int(owner[part.columns].max())
            bounds[service] += bound
            self._left_open[service] = value - bound
            # worse than what a shorter list gave, or no answer at all
            if only is not None and not value - bound <= WORTH_KEEPING * most_open:
                continue
            for column, value in zip(part.columns.tolist(), values.tolist(), strict=False):
                if m.decisions[column].whole:
                    self.values[m.decisions[column].name] = float(round(value))
                elif column in farther and value > USED:
                    beyond.add(farther[column])
        self._constant = constant
        # a bound from fewer sites holds with more
        self._bounds |= {owner: max(bound, self._bounds.get(owner, -np.inf)) for owner, bound in bounds.items()}
        return frozenset(beyond)


def _solved(part: _Part, first: Bools, options: Options, progress: Progress) -> tuple[float, float, Floats]:
    """Return the bound of a part, its value and its answer, NaN and empty where there is none."""
    program = part.program
    answer = highs.minimise(replace(program, whole=program.whole & first), options, progress, stage="part")
    # a part that nothing limits is told like one that is infeasible: neither says anything of the whole
    bound, value = answer.bound if answer.status != "infeasible" else -np.inf, answer.objective
    if answer.values.size and (program.whole & ~first).any():
        settled = program.whole & first
        lower, upper = (np.where(settled, np.round(answer.values), limit) for limit in (program.lower, program.upper))
        answer = highs.minimise(replace(program, lower=lower, upper=upper), options, progress, stage="part")
    return bound, value, answer.values


def _own_users(m: Program) -> frozenset[int]:
    """Tell the services of which it is decided who uses which point; users of the others follow the territories."""
    territories = {decision.index for decision in m.member.values()}
    return frozenset(service for (*_, service), decision in m.share.items() if decision.index not in territories)


def _owners(m: Program, rows: csr_array, alone: frozenset[int]) -> Ints:
    """(columns,) service of each decision, of those that stand alone."""
    owner: Ints = np.full(rows.shape[1], UNKNOWN)

    def own(decision: Decision, service: int) -> None:
        owner[decision.index] = service if owner[decision.index] in (UNKNOWN, service) else SHARED

    for by_service in (m.share, m.offered, m.staff, m.farther, m.visit, m.move, m.liaison):
        for key, decision in by_service.items():
            own(decision, key[-1] if key[-1] in alone else SHARED)
    for (service, _), decision in m.mode.items():
        own(decision, service if service in alone else SHARED)
    for shared in (m.opened, m.reception, m.branch, m.manager, m.member, m.stop, m.half_days, m.held):
        for decision in shared.values():
            owner[decision.index] = SHARED
    # what only helps to write the rows of one service is its own
    least, most = _range_by_row(rows, owner)
    row, column = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr)), rows.indices
    helps = (owner[column] == UNKNOWN) & (least[row] == most[row])
    low, high = np.full(owner.size, np.iinfo(np.int64).max), np.full(owner.size, UNKNOWN)
    np.minimum.at(low, column[helps], least[row[helps]])
    np.maximum.at(high, column[helps], most[row[helps]])
    helping = (owner == UNKNOWN) & (high > UNKNOWN)
    owner[helping] = np.where(low[helping] == high[helping], high[helping], SHARED)
    return owner


def _range_by_row(rows: csr_array, owner: Ints) -> tuple[Ints, Ints]:
    """(rows,) least and greatest owner known in each row."""
    row, of = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr)), owner[rows.indices]
    known = of > UNKNOWN
    least, most = np.full(rows.shape[0], np.iinfo(np.int64).max), np.full(rows.shape[0], UNKNOWN)
    np.minimum.at(least, row[known], of[known])
    np.maximum.at(most, row[known], of[known])
    return least, most


def _ties(rows: csr_array, owner: Ints) -> Bools:
    """(rows,) whether a row ties decisions of several owners."""
    least, most = _range_by_row(rows, owner)
    return least < most


def _prices(whole: highs.Program, duals: Floats, left_out: Bools) -> Floats:
    """(rows,) prices of what is left out, of the right sign, under which nothing without a limit pays for itself."""
    prices = np.where(left_out, duals, 0.0)
    prices = np.where(np.isneginf(whole.row_lower), np.minimum(prices, 0.0), prices)
    prices = np.where(np.isposinf(whole.row_upper), np.maximum(prices, 0.0), prices)
    endless = np.isposinf(whole.upper) & (whole.cost >= 0.0)
    factor, by_column = np.ones(prices.size), whole.rows.tocsc()
    for column in np.flatnonzero(endless & (whole.rows.T @ prices > whole.cost)).tolist():
        its = slice(by_column.indptr[column], by_column.indptr[column + 1])
        rows = by_column.indices[its]
        paid = by_column.data[its] * prices[rows]
        # what pays for it pays no more than it costs and than what is taken from it
        least = (whole.cost[column] - paid[paid < 0.0].sum()) / paid[paid > 0.0].sum()
        factor[rows[paid > 0.0]] = np.minimum(factor[rows[paid > 0.0]], least)
    return prices * factor


def _due(whole: highs.Program, prices: Floats) -> Floats:
    """(rows,) side of each row that its price pays for."""
    side = np.where(prices > 0.0, whole.row_lower, whole.row_upper)
    return np.where(prices == 0.0, 0.0, side)


def _parts(whole: highs.Program, left_out: Bools) -> Iterator[_Part]:
    """Yield what no row ties any more, then what the rows that are kept tie together, smallest first."""
    kept = np.flatnonzero(~left_out)
    rows = whole.rows[kept]
    entries = coo_array(rows)
    ends = (entries.row, entries.col + kept.size)
    graph = coo_array((np.ones(entries.nnz), ends), shape=(sum(rows.shape),) * 2)
    label = connected_components(graph, directed=False)[1]
    of_row, of_column = label[: kept.size], label[kept.size :]
    numbers, sizes = np.unique(of_row, return_counts=True)
    yield _part(whole, kept[:0], np.flatnonzero(~np.isin(of_column, numbers)))
    for number in numbers[np.argsort(sizes, kind="stable")].tolist():
        yield _part(whole, kept[of_row == number], np.flatnonzero(of_column == number))


def _part(whole: highs.Program, rows: Ints, columns: Ints) -> _Part:
    program = highs.Program(
        cost=whole.cost[columns],
        lower=whole.lower[columns],
        upper=whole.upper[columns],
        whole=whole.whole[columns],
        rows=whole.rows[rows][:, columns],
        row_lower=whole.row_lower[rows],
        row_upper=whole.row_upper[rows],
    )
    return _Part(columns, program)


def _least(free: highs.Program) -> float:
    """Return the least of decisions that no row ties; those without a limit that cost nothing stay at their least."""
    paid = free.cost != 0.0
    at = np.where(free.cost < 0.0, free.upper, free.lower)
    return float(free.cost[paid] @ at[paid])


def _first(m: Program, p: Problem) -> Bools:
    """(columns,) decisions that are settled first: all but which commune goes to which of the seats."""
    first = np.ones(len(m.decisions), dtype=np.bool_)
    if p.territories is not None:
        for (c, k), decision in m.member.items():
            first[decision.index] = c == p.territories.seat_commune[k]
    return first
