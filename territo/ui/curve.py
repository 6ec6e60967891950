"""The component of the frontier: points that can be chosen."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import streamlit as st

from territo.report.wording import amount
from territo.studies.frontier import FrontierPoints, Point
from territo.ui.files import asset
from territo.ui.session import lang, say

TICKS = 4


def curve(frontier: FrontierPoints, chosen: int, *, key: str) -> None:
    """Show the points by cost and hours on the road; ``fresh(key, "point")`` tells which one was chosen."""
    points = frontier.points
    data = {
        "label": say("tradeoffs.curve"),
        "name_x": say("tradeoffs.cost"),
        "name_y": say("tradeoffs.travel"),
        "ticks_x": [[value, amount("eur_per_year", value, lang())] for value in _ticks([p.cost for p in points])],
        "ticks_y": [[value, amount("hours_per_year", value, lang())] for value in _ticks([p.travel for p in points])],
        "points": [_plain(point) for point in points],
        "chosen": chosen,
    }
    _curve()(key=key, data=data, on_point_change=_nothing)


def point_label(point: Point) -> str:
    """Say a point in words."""
    words = say(
        "tradeoffs.point",
        number=point.index + 1,
        cost=amount("eur_per_year", point.cost, lang()),
        travel=amount("hours_per_year", point.travel, lang()),
    )
    return words if point.proven else say("tradeoffs.not_proven", words=words)


def _plain(point: Point) -> dict[str, Any]:
    note = say("tradeoffs.knee") if point.knee else ""
    return {
        "index": point.index,
        "x": point.cost,
        "y": point.travel,
        "proven": point.proven,
        "note": note,
        "label": f"{point_label(point)}, {note}" if note else point_label(point),
    }


def _ticks(values: list[float]) -> list[float]:
    return [float(value) for value in np.unique(np.linspace(min(values), max(values), TICKS))]


def _nothing() -> None:
    """Let the page run again."""


@cache
def _curve() -> Any:
    return st.components.v2.component(
        "territo_curve", html='<div class="curve"></div>', css=asset("curve.css"), js=asset("curve.js")
    )
