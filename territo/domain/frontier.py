"""Certified compromises between what an organisation costs, how far people travel, and how equal their access is."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

UNITS = {"cost": "eur_per_year", "travel": "hours_per_year", "equity": "min"}


@dataclass(frozen=True, slots=True)
class Point:
    """One compromise.

    Parameters
    ----------
    cost, travel
        Running cost, euro a year; travel of the users, hours a year.
    equity
        Minutes of the measure of the scenario: the equally distributed
        equivalent, or the mean of the worst-served visits; None where there
        is nothing to measure.
    status
        ``optimal`` where the gap is no more than the scenario asks, else ``feasible``.
    gap
        Relative distance between the point and what may exist below it.
    number
        0 for the least cost, the last of those wanted for the least travel,
        the others in the order they were asked.
    ceiling
        Hours a year up to which nothing is cheaper; inf for the least cost.
    folder
        Where its organisation is kept, relative to the frontier; empty when it is not.
    knee
        Whether it is the point farthest below the line between the two ends.
    price_to_next
        Euro for an hour avoided on the way to the next point that no other
        beats on cost and travel alone; None for the last of these, and for
        the points that stand out by their equity only.
    """

    cost: float
    travel: float
    equity: float | None
    status: str
    gap: float
    number: int
    ceiling: float
    folder: str = ""
    knee: bool = False
    price_to_next: float | None = None

    @property
    def proven(self) -> bool:
        """Whether the gap is no more than the scenario asks."""
        return self.status == "optimal"

    def value(self, term: str) -> float:
        """Return a term; one that was not measured counts as the worst."""
        value: float | None = getattr(self, term)
        return math.inf if value is None else value

    def as_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "cost": self.cost,
            "travel": self.travel,
            "equity": self.equity,
            "status": self.status,
            "gap": self.gap,
            "knee": self.knee,
            "price_to_next": self.price_to_next,
            "folder": self.folder,
            "number": self.number,
            "ceiling": None if math.isinf(self.ceiling) else self.ceiling,
        }

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Point:
        """Read what :meth:`as_dict` wrote; KeyError, TypeError or ValueError where it is something else."""
        ceiling, equity, price = fields["ceiling"], fields["equity"], fields["price_to_next"]
        return cls(
            cost=float(fields["cost"]),
            travel=float(fields["travel"]),
            equity=None if equity is None else float(equity),
            status=str(fields["status"]),
            gap=float(fields["gap"]),
            number=int(fields["number"]),
            ceiling=math.inf if ceiling is None else float(ceiling),
            folder=str(fields["folder"]),
            knee=bool(fields["knee"]),
            price_to_next=None if price is None else float(price),
        )


@dataclass(frozen=True, slots=True)
class Frontier:
    """The compromises found, from the cheapest on.

    Parameters
    ----------
    points
        None of them is dominated.
    payoff
        Term -> its best and worst values over the points.
    complete
        False where a stop or a limit left some of it unexplored or unproven.
    scenario
        Id, name and digest of the scenario.
    terms
        What no other point beats them on; equity where it was asked.
    measure
        Of equity: ``kolm_pollak`` or ``cvar``.
    target_only
        Whether the scenario plans steps over the years, of which the points look at the last alone.
    """

    points: tuple[Point, ...]
    payoff: Mapping[str, tuple[float, float]]
    complete: bool
    scenario: Mapping[str, str] = field(default_factory=dict)
    terms: tuple[str, ...] = ("cost", "travel")
    measure: str = "kolm_pollak"
    target_only: bool = False

    @property
    def on_travel(self) -> tuple[Point, ...]:
        """The points that no other beats on cost and travel alone."""
        shortest = min(self.points, key=lambda point: (point.travel, point.cost))
        return tuple(point for point in self.points if point.price_to_next is not None or point is shortest)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, as ``frontier.json`` holds them."""
        return {
            "terms": list(self.terms),
            "units": UNITS,
            "measure": self.measure,
            "payoff": {name: {"best": ends[0], "worst": ends[1]} for name, ends in self.payoff.items()},
            "points": [{"index": index, **point.as_dict()} for index, point in enumerate(self.points)],
            "complete": self.complete,
            "target_only": self.target_only,
            "scenario": dict(self.scenario),
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Frontier:
        """Read what :meth:`as_dict` wrote; KeyError, TypeError or ValueError where it is something else."""
        if content["units"] != UNITS:
            raise ValueError(content["units"])
        return cls(
            points=tuple(Point.from_dict(fields) for fields in content["points"]),
            payoff={name: (ends["best"], ends["worst"]) for name, ends in content["payoff"].items()},
            complete=bool(content["complete"]),
            scenario=content["scenario"],
            terms=tuple(content["terms"]),
            measure=str(content["measure"]),
            target_only=bool(content.get("target_only")),
        )


def arranged(points: Sequence[Point], tolerance: float, terms: Sequence[str] = ("cost", "travel")) -> tuple[Point, ...]:
    """Sort points by cost, drop the dominated ones, mark the knee and the prices between neighbours.

    The knee and the prices are those of the points that no other beats on
    cost and travel alone.

    Parameters
    ----------
    points
        In any order.
    tolerance
        Part of the ranges below which a difference is none.
    terms
        What points are compared on.
    """
    kept = undominated(points, tolerance, terms)
    line = undominated(kept, tolerance)
    knee = _knee(line)
    marked = {
        id(point): replace(
            point, knee=k == knee, price_to_next=_price(point, line[k + 1]) if k + 1 < len(line) else None
        )
        for k, point in enumerate(line)
    }
    return tuple(marked.get(id(point), point) for point in kept)


def undominated(
    points: Sequence[Point], tolerance: float, terms: Sequence[str] = ("cost", "travel")
) -> tuple[Point, ...]:
    """Keep the points that no other one equals or beats on all terms, from the cheapest on; of equals, a proven one."""
    if not points:
        return ()
    slack = {term: tolerance * _range([point.value(term) for point in points]) for term in terms}
    kept: list[Point] = []
    for point in sorted(points, key=lambda point: (0.0 if point.proven else point.gap, *_values(point, terms))):
        if not any(_beats(other, point, slack) for other in kept):
            kept = [*(other for other in kept if not _beats(point, other, slack)), point]
    return tuple(sorted(kept, key=lambda point: _values(point, terms)))


def _values(point: Point, terms: Sequence[str]) -> tuple[float, ...]:
    return tuple(point.value(term) for term in terms)


def _beats(one: Point, other: Point, slack: Mapping[str, float]) -> bool:
    """Whether a point equals or beats another on all terms, but for what is no difference."""
    return all(one.value(term) <= other.value(term) + most for term, most in slack.items())


def _range(values: Sequence[float]) -> float:
    """Return the width of what was measured."""
    known = [value for value in values if math.isfinite(value)]
    return max(known, default=0.0) - min(known, default=0.0)


def _price(point: Point, following: Point) -> float:
    return (following.cost - point.cost) / (point.travel - following.travel)


def _knee(points: Sequence[Point]) -> int | None:
    """Return the point farthest below the line between the ends, in shares of the ranges; None if none is below."""
    if len(points) < 3:  # noqa: PLR2004 - two ends have nothing between them
        return None
    cheap, dear = points[0], points[-1]
    saved = [
        1.0
        - (point.cost - cheap.cost) / (dear.cost - cheap.cost)
        - (point.travel - dear.travel) / (cheap.travel - dear.travel)
        for point in points
    ]
    best = max(range(len(points)), key=saved.__getitem__)
    return best if saved[best] > 0 else None
