"""The pages, their groups and their addresses."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module

import streamlit as st
from streamlit.navigation.page import Page

from territo.ui.access import access, first_page
from territo.ui.session import say

GROUPS = (
    ("", ("home",)),
    ("prepare", ("building", "territory", "scenario", "jobs")),
    ("decide", ("compare", "tradeoffs", "gains", "commune")),
    ("share", ("exports",)),
    ("help", ("method", "accessibility")),
)
PATHS = {
    "home": "",
    "building": "nouveau-territoire",
    "territory": "territoire",
    "scenario": "scenario",
    "jobs": "calculs",
    "compare": "comparer",
    "tradeoffs": "arbitrages",
    "gains": "gains-et-pertes",
    "commune": "commune",
    "exports": "exports",
    "method": "methode",
    "accessibility": "accessibilite",
}


# what a published study has not: they prepare or change something
PREPARING = {"home", "building", "territory", "scenario", "jobs", "tradeoffs"}


def menu() -> dict[str, list[Page]]:
    """List the pages by group, in the language of the visitor."""
    hidden = PREPARING if access().published else set()
    shown = {group: [name for name in names if name not in hidden] for group, names in GROUPS}
    return {say(f"group.{group}") if group else "": [page(name) for name in names] for group, names in shown.items()}


def page(name: str) -> Page:
    """Return a page by its name, to show it or to link to it."""
    return st.Page(_shows(name), title=say(f"{name}.menu"), url_path=PATHS[name], default=name == first_page())


@cache
def _shows(name: str) -> Callable[[], None]:
    """Return what shows a page; its module is read when the page is opened, so that the first page comes fast."""

    def show() -> None:
        import_module(f"territo.ui.pages.{name}").show()

    return show
