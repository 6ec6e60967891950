"""The door of the application: who comes in, and which pages they find."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from territo.ui.access import access
from territo.ui.layout import heading
from territo.ui.session import say


def admit() -> None:
    """Let the visitor in; without an account that is admitted, show how to log in and stop the page."""
    settings = access()
    if not settings.provider:
        return
    if not st.user.is_logged_in:
        heading(say("name"), say("access.needed"))
        st.button(say("access.login"), on_click=st.login, type="primary")
        st.stop()
    email = str(st.user.get("email") or "")
    if st.user.get("email_verified") is False or not settings.admits(email):
        heading(say("name"), say("access.refused", email=email))
        st.button(say("access.logout"), on_click=st.logout)
        st.stop()


def visible(pages: Mapping[str, Sequence[Any]], *hidden: str) -> dict[str, Sequence[Any]]:
    """Leave out the groups of pages that prepare or change something, where a study is only to be read."""
    read_only = access().published is not None
    return {group: shown for group, shown in pages.items() if not (read_only and group in hidden)}
