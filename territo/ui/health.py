"""The report on a territory: its size, its map, how far its travel times can be trusted, and its sources."""

from __future__ import annotations

import numpy as np
import streamlit as st

from territo.domain.territory import Territory
from territo.domain.travel import LoadedTerritory
from territo.i18n.numbers import number, percent
from territo.report.facts import layer_name
from territo.report.wording import amount, notice_sentence
from territo.ui.components import maps
from territo.ui.layout import plain, table
from territo.ui.panels import KINDS, territory_panel
from territo.ui.session import lang, say


def territory_report(loaded: LoadedTerritory, key: str) -> None:
    """Show the report.

    Parameters
    ----------
    loaded
        What it is about.
    key
        Of the widget of the map.
    """
    territory = loaded.territory
    _counts(territory)
    left, right = st.columns([3, 2])
    with left:
        panels, legend = territory_panel(territory)
        signs = {sign: say(f"territory.site_{kind}") for kind, sign in KINDS.items()}
        maps(territory, panels, legend, key=key, lang=lang(), signs=signs)
    with right:
        st.header(say("territory.health"), anchor=False)
        for sentence in _health(loaded):
            st.markdown(f"- {plain(sentence)}")
        _notices(loaded)
    st.header(say("territory.sources_title"), anchor=False)
    table(*_sources(territory), caption=say("territory.sources_title"), kind="words")


def _notices(loaded: LoadedTerritory) -> None:
    """List what was noted when the territory was built."""
    notices = loaded.health.notices
    with st.expander(say("territory.health_notices", count=len(notices))):
        for notice in notices:
            st.markdown(f"- {plain(notice_sentence(notice, lang()))}")


def _counts(territory: Territory) -> None:
    counts = {
        "communes": len(territory.communes),
        "people": int(territory.communes.population.sum()),
        "cells": len(territory.cells),
        "sites": len(territory.sites),
    }
    row = st.container(horizontal=True, gap="medium")
    for name, count in counts.items():
        row.metric(say(f"territory.{name}"), amount("count", float(count), lang()), width="content")


def _health(loaded: LoadedTerritory) -> list[str]:
    """Say what to look at before trusting the travel times."""
    health = loaded.health
    distances = {"median": health.snap_cells_median_m, "most": health.snap_cells_max_m}
    found = [
        say("territory.health_roads", nodes=number(health.road_nodes, 0, lang()), dropped=health.dropped_nodes),
        say("territory.health_snap", **{name: number(value, 0, lang()) for name, value in distances.items()}),
    ]
    if health.unreachable_cells:
        people = number(health.unreachable_inhabitants, 0, lang())
        found.append(say("territory.health_unreachable", cells=health.unreachable_cells, people=people))
    else:
        found.append(say("territory.health_reached"))
    if np.isfinite(health.detour_median):
        found.append(say("territory.health_detour", ratio=number(health.detour_median, 2, lang())))
    if health.site_pairs:
        found.append(say("territory.health_both_ways", share=percent(health.asymmetric_pairs / health.site_pairs, 1)))
    return found


def _sources(territory: Territory) -> tuple[list[str], list[list[str]]]:
    head = [say(f"territory.{name}") for name in ("layer", "producer", "licence", "vintage", "kind")]
    rows = [
        [
            layer_name(source.layer, lang()),
            source.producer,
            source.licence,
            source.vintage,
            say("territory.is_modelled" if source.modelled else "territory.is_observed"),
        ]
        for source in territory.sources
    ]
    return head, rows
