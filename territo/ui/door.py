"""The door of the application: who comes in."""

from __future__ import annotations

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
