"""The component of the text of a scenario: checked while it is typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import streamlit as st

from territo.ui.files import asset
from territo.ui.session import say


def typed(key: str, revision: int) -> str | None:
    """Return what was typed since the text was last written by the page, or None."""
    found: Mapping[str, Any] = (st.session_state.get(key) or {}).get("typed") or {}
    return str(found["text"]) if found.get("revision") == revision else None


def editor(text: str, revision: int, faulty: Sequence[int], *, key: str) -> None:
    """Show a text to edit.

    Parameters
    ----------
    text
        Written in the editor where the revision is new; what a person types is never overwritten.
    revision
        Changes when the page itself changes the text.
    faulty
        Lines to mark, from 1.
    key
        Of the widget.
    """
    data = {"text": text, "revision": revision, "faults": list(faulty), "label": say("scenario.text")}
    _editor()(key=key, data=data, on_typed_change=_nothing)


def _nothing() -> None:
    """Let the page run again."""


@cache
def _editor() -> Any:
    return st.components.v2.component(
        "territo_editor",
        html='<div class="editor"><pre aria-hidden="true"></pre><textarea spellcheck="false"></textarea></div>',
        css=asset("editor.css"),
        js=asset("editor.js"),
    )
