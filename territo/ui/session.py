"""What the pages work on: one study, loaded once for all visitors."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from territo.domain.catalogue import Catalogue
from territo.domain.indicators import Comparison
from territo.domain.territory import Territory
from territo.domain.travel import TravelTimes
from territo.errors import TerritoError
from territo.i18n import explain, t
from territo.progress import Silent
from territo.ui.access import access

LANG = "fr"


@dataclass(frozen=True, slots=True)
class Study:
    """A territory and the comparison made on it."""

    comparison: Comparison
    territory: Territory
    catalogue: Catalogue
    travel: TravelTimes


def say(key: str, **parameters: object) -> str:
    """Return a sentence of the application."""
    return t(f"app.{key}", LANG, **parameters)


def open_study() -> Study:
    """Return the study of this application; show what is wrong and stop the page where there is none."""
    try:
        with st.spinner(say("loading")):
            published = access().published
            return _demo() if published is None else _published(str(published))
    except TerritoError as error:
        st.error("\n\n".join(explain(fault, LANG) for fault in error.faults))
        st.stop()


@st.cache_resource(show_spinner=False)
def _demo() -> Study:
    """Load the embedded territory and its comparison, kept on disk between visits."""
    from territo.studies.demo import demo_comparison
    from territo.studies.workspace import default_workspace

    comparison, loaded, catalogue = demo_comparison(default_workspace(), Silent())
    return Study(comparison, loaded.territory, catalogue, loaded.travel)


@st.cache_resource(show_spinner=False)
def _published(folder: str) -> Study:
    """Open the study that this server publishes, as everyone may read it."""
    from territo.report.material import prepare
    from territo.studies.publish import open_kept

    comparison, loaded, catalogue = open_kept([Path(folder)])
    shown = prepare(comparison, loaded.territory, catalogue, loaded.travel, lang=LANG, profile="public")
    return Study(shown.comparison, shown.territory, shown.catalogue, shown.travel)
