"""What was done so that everyone can use the application, what was not, and whom to tell."""

from __future__ import annotations

import streamlit as st

from territo.ui.layout import heading, plain
from territo.ui.session import say

PARTS = {
    "state": ("level", "tests"),
    "done": ("tables", "keyboard", "colours", "names", "languages", "zoom"),
    "missing": ("tabs", "maps", "live"),
    "contact": ("who", "defender"),
}


def show() -> None:
    """Show the page."""
    heading(say("accessibility.title"), say("accessibility.subtitle"))
    for part, sentences in PARTS.items():
        st.header(say(f"accessibility.{part}.title"), anchor=False)
        for name in sentences:
            st.markdown(f"- {plain(say(f'accessibility.{part}.{name}'))}")
