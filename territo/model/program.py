"""The decisions of the model, and the rows added to them, in PuLP.

Names read as sentences: ``capacity(64445,voirie)``. PuLP rewrites square
brackets, so parentheses stand for them; the ids between them come from the
:class:`Problem`, which tells them apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pulp

from territo.domain.organisation import IN_POLES, Modality

Term = list[tuple[pulp.LpVariable, float]]

AT_MOST, EQUAL, AT_LEAST = pulp.LpConstraintLE, pulp.LpConstraintEQ, pulp.LpConstraintGE


@dataclass(slots=True, eq=False)
class Program:
    """A PuLP problem and its decisions, by index of the :class:`Problem`.

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
    FTE of service s move from place o to site j. ``worst`` adds up to the mean
    of the worst-served visits.
    """

    lp: pulp.LpProblem
    share: dict[tuple[int, int, int], pulp.LpVariable] = field(default_factory=dict)
    offered: dict[tuple[int, int], pulp.LpVariable] = field(default_factory=dict)
    staff: dict[tuple[int, int], pulp.LpVariable] = field(default_factory=dict)
    opened: dict[int, pulp.LpVariable] = field(default_factory=dict)
    reception: dict[int, pulp.LpVariable] = field(default_factory=dict)
    member: dict[tuple[int, int], pulp.LpVariable] = field(default_factory=dict)
    mode: dict[tuple[int, Modality], pulp.LpVariable] = field(default_factory=dict)
    branch: dict[int, pulp.LpVariable] = field(default_factory=dict)
    manager: dict[int, pulp.LpVariable] = field(default_factory=dict)
    liaison: dict[tuple[int, int], pulp.LpVariable] = field(default_factory=dict)
    shared: dict[tuple[int, int, str], pulp.LpVariable] = field(default_factory=dict)
    stop: dict[int, pulp.LpVariable] = field(default_factory=dict)
    half_days: dict[int, pulp.LpVariable] = field(default_factory=dict)
    held: dict[tuple[int, int], pulp.LpVariable] = field(default_factory=dict)
    visit: dict[tuple[int, int, int], pulp.LpVariable] = field(default_factory=dict)
    move: dict[tuple[int, int, int], pulp.LpVariable] = field(default_factory=dict)
    worst: Term = field(default_factory=list)

    def variable(
        self, name: str, *, low: float = 0.0, high: float | None = None, whole: bool = False
    ) -> pulp.LpVariable:
        """Add a decision; ``whole`` ones take integer values only."""
        return self.lp.add_variable(name, low, high, pulp.LpInteger if whole else pulp.LpContinuous)

    def choice(self, name: str) -> pulp.LpVariable:
        """Add a yes-or-no decision."""
        return self.variable(name, high=1.0, whole=True)

    def in_poles(self, service: int) -> list[pulp.LpVariable]:
        """Return the decisions that put a service with a choice at the seats of territories; they add up to 0 or 1."""
        return [self.mode[service, name] for name in IN_POLES if (service, name) in self.mode]

    def row(self, name: str, terms: Iterable[tuple[pulp.LpVariable, float]], sense: int, right: float) -> None:
        """Add the row ``sum of terms (sense) right``; terms on one variable are added up."""
        total: dict[pulp.LpVariable, float] = {}
        for variable, coefficient in terms:
            total[variable] = total.get(variable, 0.0) + coefficient
        self.lp.addConstraint(pulp.LpConstraint(pulp.LpAffineExpression(total), sense, name, right))

    def minimise(self, weights: Mapping[str, float], terms: Mapping[str, Term]) -> None:
        """Set the objective: the weighted sum of terms."""
        total: dict[pulp.LpVariable, float] = {}
        for name, weight in weights.items():
            for variable, coefficient in terms[name]:
                total[variable] = total.get(variable, 0.0) + weight * coefficient
        self.lp.setObjective(pulp.LpAffineExpression(total))
