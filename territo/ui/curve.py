"""The component of the frontier: points that can be chosen."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import streamlit as st

from territo.domain.frontier import Frontier
from territo.report.palette import SEQUENTIAL
from territo.report.wording import amount
from territo.ui.files import asset
from territo.ui.session import lang, say

TICKS = 4


def curve(frontier: Frontier, chosen: int, *, key: str) -> None:
    """Show the points by cost and hours on the road; ``fresh(key, "point")`` tells which one was chosen.

    Where equity is compared too, it is the colour of a point, and the line
    joins the points that no other beats on cost and travel alone.
    """
    points = frontier.points
    data = {
        "label": say("tradeoffs.curve"),
        "name_x": say("tradeoffs.cost"),
        "name_y": say("tradeoffs.travel"),
        "ticks_x": [[value, amount("eur_per_year", value, lang())] for value in _ticks([p.cost for p in points])],
        "ticks_y": [[value, amount("hours_per_year", value, lang())] for value in _ticks([p.travel for p in points])],
        "points": [_plain(frontier, number) for number in range(len(points))],
        "line": [points.index(point) for point in frontier.on_travel],
        "legend": _legend(frontier),
        "chosen": chosen,
    }
    _curve()(key=key, data=data, on_point_change=_nothing)


def point_label(frontier: Frontier, number: int) -> str:
    """Say a point in words."""
    point = frontier.points[number]
    words = say(
        "tradeoffs.point",
        number=number + 1,
        cost=amount("eur_per_year", point.cost, lang()),
        travel=amount("hours_per_year", point.travel, lang()),
    )
    if "equity" in frontier.terms and point.equity is not None:
        words = say("tradeoffs.point_equity", words=words, value=amount("min", point.equity, lang()))
    return words if point.proven else say("tradeoffs.not_proven", words=words)


def _plain(frontier: Frontier, number: int) -> dict[str, Any]:
    point = frontier.points[number]
    note = say("tradeoffs.knee") if point.knee else ""
    words = point_label(frontier, number)
    return {
        "index": number,
        "x": point.cost,
        "y": point.travel,
        "colour": _colour(frontier, point.equity),
        "proven": point.proven,
        "note": note,
        "label": f"{words}, {note}" if note else words,
    }


def _colour(frontier: Frontier, minutes: float | None) -> str:
    """Return the class of a point among equal ones between the most and the least equal; empty where it has none."""
    known = _minutes(frontier)
    if not known or minutes is None:
        return ""
    low, high = min(known), max(known)
    place = 0 if high == low else int(len(SEQUENTIAL) * (minutes - low) / (high - low))
    return SEQUENTIAL[min(place, len(SEQUENTIAL) - 1)]


def _legend(frontier: Frontier) -> dict[str, Any] | None:
    known = _minutes(frontier)
    if not known:
        return None
    ends = [amount("min", value, lang()) for value in (min(known), max(known))]
    return {"title": say(f"tradeoffs.equity_{frontier.measure}"), "ends": ends, "colours": list(SEQUENTIAL)}


def _minutes(frontier: Frontier) -> list[float]:
    """Return what was measured of equity, where it is compared."""
    return [p.equity for p in frontier.points if p.equity is not None] if "equity" in frontier.terms else []


def _ticks(values: list[float]) -> list[float]:
    return [float(value) for value in np.unique(np.linspace(min(values), max(values), TICKS))]


def _nothing() -> None:
    """Let the page run again."""


@cache
def _curve() -> Any:
    return st.components.v2.component(
        "territo_curve", html='<div class="curve"></div>', css=asset("curve.css"), js=asset("curve.js")
    )
