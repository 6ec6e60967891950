"""The component of the maps: one sandboxed frame that is written once, then repainted from short strings."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import streamlit as st

from territo.domain.territory import Territory
from territo.i18n import t
from territo.report.leaflet import leaflet
from territo.report.maps import View, drawing_script, map_data
from territo.report.offline import json_for_html
from territo.report.outlines import encoded_points
from territo.report.palette import DIVERGING, SEQUENTIAL
from territo.ui.base_map import base_map
from territo.ui.files import asset

if TYPE_CHECKING:
    from jinja2 import Environment

# class of change -> step and ink of its hatch: colour never stands alone
HATCHES = ((3, 6, "#7a3d00"), (4, 4, "#4a1d00"))
HEIGHT = 330


@dataclass(frozen=True, slots=True)
class Panel:
    """One map, its title, and the sentence under it.

    Parameters
    ----------
    view
        Classes of the communes, territories and sites.
    title, sentence
        Beside the map.
    cells
        One class a cell; empty shows the communes.
    selected
        Index of the commune that is outlined, -1 without one.
    locks
        (site, ``keep`` or ``close``).
    """

    view: View
    title: str
    sentence: str
    cells: str = ""
    selected: int = -1
    locks: tuple[tuple[int, str], ...] = ()

    def plain(self) -> dict[str, Any]:
        """Return what the frame reads."""
        rest = {name: getattr(self, name) for name in ("title", "sentence", "cells", "selected", "locks")}
        return asdict(self.view) | rest


def fresh(key: str, trigger: str) -> Mapping[str, Any] | None:
    """Return what a component was just asked, once: a part of a page that runs again sees the same click again."""
    found: Mapping[str, Any] | None = (st.session_state.get(key) or {}).get(trigger)
    if not found or st.session_state.get(f"{key}.at") == found["at"]:
        return None
    st.session_state[f"{key}.at"] = found["at"]
    return found


def maps(
    territory: Territory,
    panels: Sequence[Panel],
    legend: Sequence[tuple[str, str]],
    *,
    key: str,
    lang: str,
    signs: Mapping[str, str] | None = None,
) -> None:
    """Show maps side by side that move together.

    Parameters
    ----------
    territory
        Its outlines are sent once, then known by their digest.
    panels
        The maps.
    legend
        (class, words).
    key
        Of the widget; ``fresh(key, "pick")`` tells what was clicked: ``kind`` (``commune`` or ``site``), ``index``.
    lang
        Language of the frame.
    signs
        Level of a site -> words of its sign, where they are not the usual ones.
    """
    document = _document(territory.digest, lang, territory)
    digest = hashlib.sha256(document.encode()).hexdigest()
    known = (st.session_state.get(key) or {}).get("known")
    turn = st.session_state[f"{key}.turn"] = st.session_state.get(f"{key}.turn", 0) + 1
    asked = {
        "views": [panel.plain() for panel in panels],
        "legend": list(legend),
        "height": HEIGHT,
        "turn": turn,
        "signs": signs or {},
        "plan": base_map(),
    }
    data = {
        "document": "" if known == digest else document,
        "digest": digest,
        "title": t("app.maps.frame", lang),
        "height": HEIGHT + 90,
        "asked": asked,
    }
    _bridge()(key=key, data=data, on_known_change=_nothing, on_pick_change=_nothing)


def _nothing() -> None:
    """Let the page run again."""


@cache
def _bridge() -> Any:
    return st.components.v2.component("territo_maps", html='<div class="territo-maps"></div>', js=asset("bridge.js"))


@st.cache_data(show_spinner=False, max_entries=20)
def _document(digest: str, lang: str, _territory: Territory) -> str:
    """Write the frame of a territory; the territory itself is known by its digest."""
    del digest
    cells = _territory.cells
    data = {
        **map_data(_territory, (), lang),
        "cells": encoded_points(_territory, cells.xy),
        "cell_m": cells.size_m,
        "colours": {"access": SEQUENTIAL, "change": DIVERGING},
    }
    context = {
        "lang": lang,
        "title": t("app.maps.frame", lang),
        "legend": t("page.legend", lang),
        "leaflet": leaflet(),
        "style": asset("frame.css").replace("{{ fills }}", _fills()),
        "hatches": HATCHES,
        "diverging": DIVERGING,
        "data": json_for_html(data),
        "drawing": drawing_script(),
        "frame": asset("frame.js"),
    }
    return _environment().from_string(asset("frame.html")).render(context)


def _fills() -> str:
    fills = [f".access{code} {{ fill: {colour}; }}" for code, colour in enumerate(SEQUENTIAL)]
    hatched = {code for code, _, _ in HATCHES}
    for code, colour in enumerate(DIVERGING):
        fills.append(f".change{code} {{ fill: {f'url(#hatch{code})' if code in hatched else colour}; }}")
    return "\n".join(fills)


@cache
def _environment() -> Environment:
    from jinja2 import Environment

    return Environment(autoescape=True)
