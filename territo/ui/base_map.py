"""The plan of IGN under the maps: an outside picture, which a server allows and a visitor chooses, or nobody asks.

Tiles of the Géoplateforme, WMTS without key, in Web Mercator (matrix set
``PM``). Licence Ouverte 2.0, IGN. No export ever has it.
"""

from __future__ import annotations

import streamlit as st

from territo.ui.access import PLAN_HOST, access
from territo.ui.session import say

TILES = (
    f"{PLAN_HOST}/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2&STYLE=normal"
    "&FORMAT=image/png&TILEMATRIXSET=PM&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}"
)
CHOSEN = "plan"


def offer_base_map() -> None:
    """Let the visitor choose the plan, where this server allows it; say which machine it asks."""
    if access().base_map:
        st.toggle(say("maps.plan"), key=CHOSEN, help=say("maps.plan_help"), persist_state="session")


def base_map() -> dict[str, str] | None:
    """Return the tiles that the maps show and their attribution; None where nobody has chosen them."""
    if access().base_map and st.session_state.get(CHOSEN):
        return {"tiles": TILES, "attribution": say("maps.plan_attribution")}
    return None
