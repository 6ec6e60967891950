"""The frame that all pages share: one title, little empty space above it."""

from __future__ import annotations

import streamlit as st

COMPACT = """<style>
.stMainBlockContainer { padding: 1.2rem 2rem 1rem; max-width: none; }
.stMainBlockContainer > div > .stVerticalBlock { gap: .5rem; }
.stMainBlockContainer h1 { font-size: 1.75rem; padding: 0; color: #1B4F8A; }
</style>"""


def heading(title: str, subtitle: str) -> None:
    """Write the title of a page and one line under it; both are text, never HTML or Markdown."""
    st.html(COMPACT)
    st.title(_plain(title), anchor=False)
    st.text(subtitle)


def _plain(text: str) -> str:
    """Escape what Markdown would read as a sign."""
    return "".join(f"\\{sign}" if sign in r"\`*_{}[]()<>#+-.!|$:~" else sign for sign in text)
