"""The frame that all pages share: a bar that says where one is, one title, little empty space."""

from __future__ import annotations

import html
from contextlib import AbstractContextManager
from typing import Any

import streamlit as st

from territo.i18n import LANGUAGES, t
from territo.report.offline import json_for_html
from territo.ui.access import access
from territo.ui.address import only, read_address, write_address
from territo.ui.base_map import offer_base_map
from territo.ui.files import asset
from territo.ui.navigation import menu
from territo.ui.session import lang, own_studies, say

BAR = "territo.bar"
# the words of Streamlit that its widgets show or tell; en.yaml has them as Streamlit writes them
STREAMLIT = (
    *("apply", "clear", "clear_all", "collapse", "columns", "csv", "expand", "file", "fullscreen", "limit"),
    *("none", "open", "remove", "search", "selected", "sidebar", "skip", "submit", "upload"),
)
LANGUAGE_NAMES = {"fr": "Français", "en": "English"}


def frame() -> None:
    """Write what stands around every page: style, study, visitor, language."""
    st.html(f"<style>{asset('page.css')}</style>")
    read_address()
    if "open" in st.session_state:  # asked by a page, which runs after this widget
        st.session_state["etude"] = st.session_state.pop("open")
    with st.sidebar:
        _menu()
        if access().published is None:
            _study_and_visitor()
        only("lang", LANGUAGES)
        st.session_state.setdefault("lang", "fr")
        st.segmented_control(
            say("language"),
            LANGUAGES,
            required=True,
            format_func=LANGUAGE_NAMES.__getitem__,
            key="lang",
            persist_state="session",
        )
        offer_base_map()
        _behaviour()
    write_address()
    st.session_state[BAR] = st.container(key="toolbar")


def _study_and_visitor() -> None:
    names = {study.slug: study.name for study in own_studies()}
    only("etude", names)
    if names:
        st.selectbox(
            say("study"),
            list(names),
            index=None,
            format_func=names.__getitem__,
            placeholder=say("no_study_open"),
            key="etude",
            persist_state="session",
        )
    st.text_input(say("who"), key="who", max_chars=80, placeholder=say("anonymous"), persist_state="session")


def _menu() -> None:
    with st.container(key="menu", gap=None):
        for group, pages in menu().items():
            if group:
                st.caption(group)
            for each in pages:
                st.page_link(each, width="stretch")


def _behaviour() -> None:
    """Say the language of the page to screen readers, and translate the words that Streamlit has in English."""
    words = [[t(f"app.streamlit.{key}", other), say(f"streamlit.{key}")] for key in STREAMLIT for other in LANGUAGES]
    asked = json_for_html({"lang": lang(), "words": [pair for pair in words if pair[0] != pair[1]]})
    script = asset("page.js").replace("{{ asked }}", asked)
    st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)


def toolbar() -> AbstractContextManager[Any]:
    """Return the bar above the title, where a page puts the choice of its scenarios."""
    bar: AbstractContextManager[Any] = st.session_state.get(BAR) or st.container()
    return bar


def heading(title: str, subtitle: str = "") -> None:
    """Write the title of a page and one line under it; both are text, never HTML or Markdown."""
    st.title(plain(title), anchor=False)
    if subtitle:
        st.caption(plain(subtitle))


def plain(text: str) -> str:
    """Escape what Markdown would read as a sign."""
    return "".join(f"\\{sign}" if sign in r"\`*_{}[]()<>#+-.!|$:~" else sign for sign in text)


def table(head: list[str], rows: list[list[str]], *, caption: str, kind: str = "") -> None:
    """Write a table of texts; the first cell of a row names it, and nothing of the texts is HTML.

    Parameters
    ----------
    head
        Names of the columns.
    rows
        Cells.
    caption
        What the table is, for those who do not see it.
    kind
        Class of the table in the style.
    """
    top = "".join(f'<th scope="col">{html.escape(text)}</th>' for text in head)
    body = "".join(
        f'<tr><th scope="row">{html.escape(first)}</th>{"".join(f"<td>{html.escape(text)}</td>" for text in rest)}</tr>'
        for first, *rest in rows
    )
    st.html(
        f'<div class="territo-scroll" tabindex="0"><table class="territo {html.escape(kind)}">'
        f'<caption class="hidden">{html.escape(caption)}</caption>'
        f"<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"
    )
