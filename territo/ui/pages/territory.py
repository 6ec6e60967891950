"""The territory: how many communes, people and places, how far its data can be trusted, and where they come from."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from territo.domain.territory import Territory
from territo.domain.travel import LoadedTerritory
from territo.i18n.numbers import number, percent
from territo.report.facts import layer_name, modelled_layers
from territo.report.wording import amount
from territo.ui.components import maps
from territo.ui.layout import heading, plain, table
from territo.ui.panels import KINDS, territory_panel
from territo.ui.session import current, lang, load, say


def show() -> None:
    """Show the page."""
    loaded = load(current())
    territory = loaded.territory
    heading(territory.name, say("territory.subtitle"))
    modelled = modelled_layers(territory, lang())
    if modelled:
        st.info(plain(say("territory.modelled", layers=modelled)))
    _counts(territory)
    left, right = st.columns([3, 2])
    with left:
        panels, legend = territory_panel(territory)
        signs = {sign: say(f"territory.site_{kind}") for kind, sign in KINDS.items()}
        maps(territory, panels, legend, key="territory_map", lang=lang(), signs=signs)
    with right:
        st.header(say("territory.health"), anchor=False)
        for sentence in _health(loaded):
            st.markdown(f"- {plain(sentence)}")
    st.header(say("territory.sources_title"), anchor=False)
    table(*_sources(territory), caption=say("territory.sources_title"), kind="words")
    st.header(say("territory.communes_title"), anchor=False)
    numbers = {
        say(f"territory.{name}"): st.column_config.NumberColumn(format="localized") for name in ("people", "area")
    }
    st.dataframe(_communes(territory), hide_index=True, width="stretch", column_config=numbers)


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
    found.append(say("territory.health_notices", count=len(health.notices)))
    return found


def _communes(territory: Territory) -> pd.DataFrame:
    communes = territory.communes
    return pd.DataFrame(
        {
            say("territory.code"): communes.codes,
            say("territory.name"): communes.names,
            say("territory.people"): communes.population,
            say("territory.area"): communes.area_km2.round(1),
        }
    )


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
