"""The territory: how many communes, people and places, how far its data can be trusted, and where they come from."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from territo.domain.territory import Territory
from territo.report.facts import modelled_layers
from territo.ui.health import territory_report
from territo.ui.layout import heading, plain
from territo.ui.session import current, lang, load, say


def show() -> None:
    """Show the page."""
    loaded = load(current())
    territory = loaded.territory
    heading(territory.name, say("territory.subtitle"))
    modelled = modelled_layers(territory, lang())
    if modelled:
        st.info(plain(say("territory.modelled", layers=modelled)))
    territory_report(loaded, "territory_map")
    st.header(say("territory.communes_title"), anchor=False)
    numbers = {
        say(f"territory.{name}"): st.column_config.NumberColumn(format="localized") for name in ("people", "area")
    }
    st.dataframe(_communes(territory), hide_index=True, width="stretch", column_config=numbers)


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
