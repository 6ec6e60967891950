"""The decisions of the model and the rows added to them, kept as arrays.

Names read as sentences: ``capacity(64445,voirie)``. PuLP rewrites square
brackets, so parentheses stand for them; the ids between them come from the
:class:`Problem`, which tells them apart. :mod:`territo.model.readable` writes
the same program with PuLP, for people; at a million rows that takes minutes,
so the solver reads the arrays.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csr_array

from territo.domain.organisation import IN_POLES, Modality
from territo.locate import highs
from territo.model.problem import Problem


@dataclass(slots=True, eq=False)
class Decision:
    """One variable of a program; two are the same only if they are one object.

    Parameters
    ----------
    index
        Its column.
    name
        Told apart from all others of the program.
    low, high
        Limits, infinite where there is none.
    whole
        Whether it takes integer values only.
    """

    index: int
    name: str
    low: float
    high: float
    whole: bool


Term = list[tuple[Decision, float]]

AT_MOST, EQUAL, AT_LEAST = -1, 0, 1


@dataclass(slots=True, eq=False)
class Rows:
    """The rows of a program, end to end: ``sum of value x decision (sense) right``.

    Parameters
    ----------
    names
        One a row.
    start
        Where each row begins in ``index`` and ``value``; one more than rows.
    index, value
        Columns and their coefficients; a column may come twice in a row.
    sense
        ``AT_MOST``, ``EQUAL`` or ``AT_LEAST``.
    right
        Right sides.
    """

    names: list[str] = field(default_factory=list)
    start: array[int] = field(default_factory=lambda: array("q", [0]))
    index: array[int] = field(default_factory=lambda: array("i"))
    value: array[float] = field(default_factory=lambda: array("d"))
    sense: array[int] = field(default_factory=lambda: array("b"))
    right: array[float] = field(default_factory=lambda: array("d"))


@dataclass(slots=True, eq=False)
class Program:
    """The decisions, by index of the :class:`Problem`, with the rows on them and the objective.

    ``share[i, j, s]`` is the share of node i served at site j; services with
    the same decision share the same variables. ``offered[j, s]`` is whether
    site j offers the service, ``staff[j, s]`` its FTE, ``opened[j]`` whether
    the site is open, ``reception[j]`` its reception area in m², ``member[c, p]``
    whether commune c belongs to the territory of seat p, ``mode[s, m]`` the
    modality of a service that has a choice, ``branch[j]`` and ``manager[p]``
    what coordination costs (FTE), ``liaison[p, s]`` whether seat p offers s as
    a pole. ``shared`` holds each share once, by the name of its decision.
    ``stop[q]`` is whether an itinerant stop is held, ``half_days[q]`` how many a
    week, ``held[q, r]`` those held from a parent, ``visit[i, q, s]`` whether node
    i uses it, with a share ``credit`` of its users. ``move[o, j, s]`` is how many
    FTE of service s move from place o to site j. ``farther[i, s]`` is the share
    of node i served beyond the sites that the problem lists for it. ``worst``
    adds up to the mean of the worst-served visits. ``begun[s]`` is whether the service is no longer
    as it is today, where the way there is looked at; ``steps`` are those before
    this one, and the names of a step end with ``suffix``.
    """

    decisions: list[Decision] = field(default_factory=list)
    rows: Rows = field(default_factory=Rows)
    objective: dict[Decision, float] = field(default_factory=dict)
    share: dict[tuple[int, int, int], Decision] = field(default_factory=dict)
    offered: dict[tuple[int, int], Decision] = field(default_factory=dict)
    staff: dict[tuple[int, int], Decision] = field(default_factory=dict)
    opened: dict[int, Decision] = field(default_factory=dict)
    reception: dict[int, Decision] = field(default_factory=dict)
    member: dict[tuple[int, int], Decision] = field(default_factory=dict)
    mode: dict[tuple[int, Modality], Decision] = field(default_factory=dict)
    branch: dict[int, Decision] = field(default_factory=dict)
    manager: dict[int, Decision] = field(default_factory=dict)
    liaison: dict[tuple[int, int], Decision] = field(default_factory=dict)
    shared: dict[tuple[int, int, str], Decision] = field(default_factory=dict)
    stop: dict[int, Decision] = field(default_factory=dict)
    half_days: dict[int, Decision] = field(default_factory=dict)
    held: dict[tuple[int, int], Decision] = field(default_factory=dict)
    visit: dict[tuple[int, int, int], Decision] = field(default_factory=dict)
    move: dict[tuple[int, int, int], Decision] = field(default_factory=dict)
    farther: dict[tuple[int, int], Decision] = field(default_factory=dict)
    worst: Term = field(default_factory=list)
    begun: dict[int, Decision] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    suffix: str = ""

    def step(self, year: int) -> Program:
        """Begin another year of the same program: the same columns and rows, and decisions of its own."""
        return Program(decisions=self.decisions, rows=self.rows, suffix=f"@{year}")

    def variable(self, name: str, *, low: float = 0.0, high: float | None = None, whole: bool = False) -> Decision:
        """Add a decision; ``whole`` ones take integer values only."""
        decision = Decision(len(self.decisions), name + self.suffix, low, np.inf if high is None else high, whole)
        self.decisions.append(decision)
        return decision

    def choice(self, name: str) -> Decision:
        """Add a yes-or-no decision."""
        return self.variable(name, high=1.0, whole=True)

    def named(self, values: Mapping[str, float]) -> dict[Decision, float]:
        """Return values by decision, of those known by name that this program has."""
        return {decision: values[decision.name] for decision in self.decisions if decision.name in values}

    def in_poles(self, service: int) -> list[Decision]:
        """Return the decisions that put a service with a choice at the seats of territories; they add up to 0 or 1."""
        return [self.mode[service, name] for name in IN_POLES if (service, name) in self.mode]

    def row(self, name: str, terms: Iterable[tuple[Decision, float]], sense: int, right: float) -> None:
        """Add the row ``sum of terms (sense) right``; terms on one decision are added up."""
        rows = self.rows
        for decision, coefficient in terms:
            rows.index.append(decision.index)
            rows.value.append(coefficient)
        rows.names.append(name + self.suffix)
        rows.start.append(len(rows.index))
        rows.sense.append(sense)
        rows.right.append(right)

    def minimise(self, weights: Mapping[str, float], terms: Mapping[str, Term]) -> None:
        """Set the objective: the weighted sum of terms."""
        self.objective = {}
        for name, weight in weights.items():
            for decision, coefficient in terms[name]:
                self.objective[decision] = self.objective.get(decision, 0.0) + weight * coefficient

    def as_arrays(self) -> highs.Program:
        """Write the program as the solver reads it."""
        rows, size = self.rows, (len(self.rows.names), len(self.decisions))
        matrix = csr_array((np.array(rows.value), np.array(rows.index), np.array(rows.start)), shape=size)
        matrix.sum_duplicates()
        cost, sense, right = np.zeros(size[1]), np.array(rows.sense), np.array(rows.right)
        for decision, coefficient in self.objective.items():
            cost[decision.index] = coefficient
        return highs.Program(
            cost=cost,
            lower=np.array([decision.low for decision in self.decisions]),
            upper=np.array([decision.high for decision in self.decisions]),
            whole=np.array([decision.whole for decision in self.decisions], dtype=np.bool_),
            rows=matrix,
            row_lower=np.where(sense >= 0, right, -np.inf),
            row_upper=np.where(sense <= 0, right, np.inf),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """A step on the way to the target: its decisions, its problem and its terms by name."""

    program: Program
    problem: Problem
    terms: Mapping[str, Term]
