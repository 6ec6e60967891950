"""Certified compromises between what an organisation costs and how far people travel."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Point:
    """One compromise.

    Parameters
    ----------
    cost, travel
        Running cost, euro a year; travel of the users, hours a year.
    equity
        Kolm-Pollak proxy of the model (weighted visits); None where it was not computed.
    status
        ``optimal`` where the gap is no more than the scenario asks, else ``feasible``.
    gap
        Relative distance between the point and what may exist below it.
    number
        0 for the least cost, the last of those wanted for the least travel,
        the others in the order they were asked.
    ceiling
        Hours a year that the point was allowed; inf for the least cost.
    folder
        Where its organisation is kept, relative to the frontier; empty when it is not.
    knee
        Whether it is the point farthest below the line between the two ends.
    price_to_next
        Euro for an hour avoided on the way to the next point; None for the last.
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


@dataclass(frozen=True, slots=True)
class Frontier:
    """The compromises found, from the cheapest to the one with the least travel.

    Parameters
    ----------
    points
        None of them is dominated.
    payoff
        Term -> its best and worst values over the two ends.
    complete
        False where a stop or a limit left some of it unexplored or unproven.
    scenario
        Id, name and digest of the scenario.
    """

    points: tuple[Point, ...]
    payoff: Mapping[str, tuple[float, float]]
    complete: bool
    scenario: Mapping[str, str] = field(default_factory=dict)
    terms: tuple[str, ...] = ("cost", "travel")

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, as ``frontier.json`` holds them."""
        units = {"cost": "eur_per_year", "travel": "hours_per_year", "equity": "weighted_visits"}
        return {
            "terms": list(self.terms),
            "units": units,
            "payoff": {name: {"best": ends[0], "worst": ends[1]} for name, ends in self.payoff.items()},
            "points": [
                {
                    "index": index,
                    "cost": point.cost,
                    "travel": point.travel,
                    "equity": point.equity,
                    "status": point.status,
                    "gap": point.gap,
                    "knee": point.knee,
                    "price_to_next": point.price_to_next,
                    "folder": point.folder,
                    "number": point.number,
                    "ceiling": None if math.isinf(point.ceiling) else point.ceiling,
                }
                for index, point in enumerate(self.points)
            ],
            "complete": self.complete,
            "scenario": dict(self.scenario),
        }


def arranged(points: Sequence[Point], tolerance: float) -> tuple[Point, ...]:
    """Sort points by cost, drop the dominated ones, mark the knee and the prices between neighbours.

    Parameters
    ----------
    points
        In any order.
    tolerance
        Part of the ranges of cost and travel below which a difference is none.
    """
    kept = undominated(points, tolerance)
    knee = _knee(kept)
    return tuple(
        replace(point, knee=k == knee, price_to_next=_price(point, kept[k + 1]) if k + 1 < len(kept) else None)
        for k, point in enumerate(kept)
    )


def undominated(points: Sequence[Point], tolerance: float) -> tuple[Point, ...]:
    """Keep the points that no other one equals or beats, from the cheapest on."""
    if not points:
        return ()
    dear = tolerance * (max(p.cost for p in points) - min(p.cost for p in points))
    far = tolerance * (max(p.travel for p in points) - min(p.travel for p in points))
    kept: list[Point] = []
    for point in sorted(points, key=lambda p: (p.cost, p.travel)):
        if kept and point.cost - kept[-1].cost <= dear and point.travel < kept[-1].travel - far:
            kept[-1] = point  # as cheap, and shorter
        elif not kept or point.travel < kept[-1].travel - far:
            kept.append(point)
    return tuple(kept)


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
