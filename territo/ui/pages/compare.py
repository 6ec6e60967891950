"""The comparison: key figures above, maps under them, always against today."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from territo.domain.indicators import Comparison
from territo.report.page import comparison_page
from territo.ui.layout import heading
from territo.ui.session import LANG, Study, open_study, say

PRELOADED = 2


def show() -> None:
    """Show the page."""
    study = open_study()
    heading(say("compare.title"), say("compare.subtitle"))
    chosen = _choice(study.comparison)
    if not chosen.runs:
        st.info(say("compare.empty"))
        return
    page = _page(
        study.territory.digest, tuple(run.scenario_id for run in chosen.runs), replace(study, comparison=chosen)
    )
    st.iframe(page, height="content", alt=say("compare.frame"))


def _choice(comparison: Comparison) -> Comparison:
    names = {run.scenario_id: run.scenario_name for run in comparison.runs}
    picked = st.pills(
        say("compare.choose"),
        list(names),
        selection_mode="multi",
        default=list(names)[:PRELOADED],
        format_func=lambda scenario: names[scenario],
        key="scenarios",
    )
    return replace(comparison, runs=tuple(run for run in comparison.runs if run.scenario_id in picked))


@st.cache_data(show_spinner=False, max_entries=20)
def _page(digest: str, scenarios: tuple[str, ...], _study: Study) -> str:
    """Write the page once for each territory and choice; the study itself is not part of the key."""
    del digest, scenarios
    return comparison_page(_study.comparison, _study.territory, _study.catalogue, _study.travel, LANG, embedded=True)
