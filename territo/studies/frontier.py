"""A frontier that was computed: its points, and the maps of one of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from territo.errors import InputError, fault
from territo.studies.results import FRONTIER


@dataclass(frozen=True, slots=True)
class Point:
    """One organisation that no other beats on all terms.

    Parameters
    ----------
    index
        Place, by cost.
    cost, travel, equity
        EUR a year, hours a year, and the third term; None without it.
    proven
        Whether the solver proved it.
    gap
        Relative distance to the bound.
    knee
        Whether the frontier bends the most here.
    price_to_next
        EUR for each hour avoided by going to the next point; None at the end.
    folder
        Its comparison folder.
    """

    index: int
    cost: float
    travel: float
    equity: float | None
    proven: bool
    gap: float
    knee: bool
    price_to_next: float | None
    folder: Path


@dataclass(frozen=True, slots=True)
class FrontierPoints:
    """The points, by cost, and whether the whole frontier was computed."""

    points: tuple[Point, ...]
    complete: bool
    name: str


def read_frontier(folder: Path) -> FrontierPoints:
    """Read the frontier that ``territo pareto`` wrote to a folder.

    Raises
    ------
    InputError
        There is none, or it is damaged.
    """
    try:
        content = json.loads((folder / FRONTIER).read_text(encoding="utf-8"))
        points = tuple(_point(folder, fields) for fields in content["points"])
        return FrontierPoints(points, bool(content["complete"]), str(content.get("scenario", {}).get("name", "")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        sentence = "there is no frontier in this folder: compute it again"
        raise InputError(fault("no-frontier", sentence, where=folder.name)) from error


def _point(folder: Path, fields: dict[str, Any]) -> Point:
    inside = PurePosixPath(fields["folder"])
    if inside.is_absolute() or ".." in inside.parts:
        raise ValueError(fields["folder"])
    return Point(
        index=int(fields["index"]),
        cost=float(fields["cost"]),
        travel=float(fields["travel"]),
        equity=None if fields.get("equity") is None else float(fields["equity"]),
        proven=fields["status"] == "optimal",
        gap=float(fields["gap"]),
        knee=bool(fields["knee"]),
        price_to_next=None if fields["price_to_next"] is None else float(fields["price_to_next"]),
        folder=folder.joinpath(*inside.parts),
    )
