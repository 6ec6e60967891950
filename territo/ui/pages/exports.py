"""The files of the comparison: for whom, then one button a kind; a file is made when it is asked for."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

import streamlit as st

from territo.report.exports import ARCHIVE, KINDS, write_exports
from territo.report.material import prepare
from territo.ui.access import profiles
from territo.ui.layout import heading
from territo.ui.session import Study, lang, open_study, say

FIRST = "note"
# what a kind is downloaded as: a kind of several files comes in a ZIP
TYPES = {
    ".html": "text/html",
    ".pdf": "application/pdf",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".json": "application/json",
    ".zip": "application/zip",
}
NAMES = {
    "page": "comparaison.html",
    "map": "carte.html",
    "note": "note.pdf",
    "slides": "presentation.pptx",
    "xlsx": "tableaux.xlsx",
    "json": "resultats.json",
    "zip": ARCHIVE,
}


def show() -> None:
    """Show the page."""
    study = open_study()
    heading(say("exports.title"), say("exports.subtitle"))
    choices = profiles()
    profile = st.radio(
        say("exports.profile"),
        choices,
        format_func=lambda name: say(f"exports.profile_{name}"),
        captions=[say(f"exports.profile_{name}_note") for name in choices],
        horizontal=True,
        key="profile",
    )
    first, everything = st.columns(2)
    with first:
        _button(study, profile, FIRST, say("exports.note"), primary=True)
    with everything:
        _button(study, profile, "zip", say("exports.zip"))
    for name in KINDS:
        if name not in (FIRST, "zip"):
            button, words = st.columns([1, 4], vertical_alignment="center")
            with button:
                _button(study, profile, name, say(f"exports.button_{name}"))
            words.text(say(f"exports.kind_{name}"))


def file_of(study: Study, profile: str, name: str, language: str) -> bytes:
    """Make one kind of export: the file itself, or a ZIP where the kind has several.

    Parameters
    ----------
    study, profile
        What is exported, and for whom.
    name
        One of :data:`territo.report.exports.KINDS`.
    language
        ``fr`` or ``en``.
    """
    material = prepare(study.comparison, study.territory, study.catalogue, study.travel, lang=language, profile=profile)
    with tempfile.TemporaryDirectory() as folder:
        single = name in NAMES
        *_, last = write_exports(material, Path(folder), (name,) if single else (name, "zip"))
        return last.read_bytes()


def _button(study: Study, profile: str, name: str, label: str, *, primary: bool = False) -> None:
    file = NAMES.get(name, f"{name}.zip")
    st.download_button(
        label,
        partial(file_of, study, profile, name, lang()),
        file,
        TYPES[Path(file).suffix],
        key=f"export-{name}",
        on_click="ignore",
        type="primary" if primary else "secondary",
        width="stretch",
    )
