"""The files of the comparison, one by one or all in a ZIP."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from territo.report.exports import write_exports
from territo.ui.layout import heading
from territo.ui.session import Study, lang, open_study, say

KINDS = {
    ".html": "text/html",
    ".csv": "text/csv",
    ".json": "application/json",
    ".gpkg": "application/geopackage+sqlite3",
}
ARCHIVE = "territo.zip"


def show() -> None:
    """Show the page."""
    study = open_study()
    heading(say("exports.title"), say("exports.subtitle"))
    files = _files(
        study.territory.digest, tuple(entry.folder.parent.name + entry.key for entry in study.chosen), lang(), study
    )
    st.download_button(say("exports.zip"), archive(files), ARCHIVE, "application/zip", type="primary")
    for name, content in files.items():
        suffix = Path(name).suffix
        button, text = st.columns([1, 4], vertical_alignment="center")
        button.download_button(name, content, name, KINDS[suffix], key=name, width="stretch")
        text.text(say("exports.kind" + suffix.replace(".", "_")))


def archive(files: Mapping[str, bytes]) -> bytes:
    """Put files into a ZIP."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, content in files.items():
            folder.writestr(name, content)
    return buffer.getvalue()


@st.cache_data(show_spinner=False, max_entries=4)
def _files(digest: str, scenarios: tuple[str, ...], language: str, _study: Study) -> dict[str, bytes]:
    """Write the files once for each territory and comparison; the study itself is not part of the key."""
    del digest, scenarios
    with tempfile.TemporaryDirectory() as folder:
        paths = write_exports(
            _study.comparison, _study.territory, _study.catalogue, _study.travel, Path(folder), lang=language
        )
        return {path.name: path.read_bytes() for path in paths}
