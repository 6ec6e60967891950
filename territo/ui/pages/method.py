"""How it is computed, and what it does not say."""

from __future__ import annotations

import streamlit as st

from territo.i18n import sentences, t
from territo.report.facts import limits
from territo.ui.layout import heading, plain, table
from territo.ui.session import lang, say

STEPS = ("today", "question", "proof", "measure", "choice")
FIGURES = (
    *("COST", "ECO1", "ECO4", "PRX1.mean", "PRX2", "PRX3", "PRX4.poor", "PRX6", "EQU1", "EQU2", "EQU4.gap", "OFF1"),
    *("OFF2", "OFF3.bouquet", "ORG1", "CLI1.tco2e", "RES1.loss", "GAG1.losers"),
)


def show() -> None:
    """Show the page."""
    heading(say("method.title"), say("method.subtitle"))
    for number, step in enumerate(STEPS, start=1):
        st.markdown(f"**{number}. {plain(say(f'method.{step}_title'))}** {plain(say(f'method.{step}'))}")
    st.header(t("page.limits_title", lang()), anchor=False)
    for sentence in limits(lang()):
        st.markdown(f"- {plain(sentence)}")
    st.header(say("method.figures"), anchor=False)
    words = sentences(lang())
    rows = [
        [words[f"indicator.{figure}.label"], words[f"indicator.{figure}.definition"], words[f"indicator.{figure}.unit"]]
        for figure in FIGURES
    ]
    table(
        [say(f"method.{name}") for name in ("figure", "definition", "unit")],
        rows,
        caption=say("method.figures"),
        kind="words",
    )
