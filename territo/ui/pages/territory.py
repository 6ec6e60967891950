"""The territory: how many communes, people and places, and where the data come from."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from territo.domain.territory import Territory
from territo.report.facts import layer_name, modelled_layers
from territo.report.wording import amount
from territo.ui.layout import heading
from territo.ui.session import LANG, open_study, say


def show() -> None:
    """Show the page."""
    territory = open_study().territory
    heading(territory.name, say("territory.subtitle"))
    modelled = modelled_layers(territory, LANG)
    if modelled:
        st.info(say("territory.modelled", layers=modelled))
    _counts(territory)
    st.subheader(say("territory.communes_title"))
    numbers = {
        say(f"territory.{name}"): st.column_config.NumberColumn(format="localized") for name in ("people", "area")
    }
    st.dataframe(_communes(territory), hide_index=True, width="stretch", column_config=numbers)
    st.subheader(say("territory.sources_title"))
    st.dataframe(_sources(territory), hide_index=True, width="stretch")


def _counts(territory: Territory) -> None:
    counts = {
        "communes": len(territory.communes),
        "people": int(territory.communes.population.sum()),
        "cells": len(territory.cells),
        "sites": len(territory.sites),
    }
    for column, (name, count) in zip(st.columns(len(counts)), counts.items(), strict=True):
        column.metric(say(f"territory.{name}"), amount("count", float(count), LANG))


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


def _sources(territory: Territory) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                say("territory.layer"): layer_name(source.layer, LANG),
                say("territory.producer"): source.producer,
                say("territory.licence"): source.licence,
                say("territory.vintage"): source.vintage,
                say("territory.kind"): say("territory.is_modelled" if source.modelled else "territory.is_observed"),
            }
            for source in territory.sources
        ]
    )
