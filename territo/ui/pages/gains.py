"""Who gains and who loses: communes on the map and in a table, inhabitants, social groups."""

from __future__ import annotations

from html import escape

import streamlit as st

from territo.i18n import t
from territo.report.figures import known
from territo.report.gains import Gains, gains
from territo.report.palette import all_runs
from territo.report.wording import MISSING, change_words
from territo.ui.components import maps
from territo.ui.layout import heading, table
from territo.ui.panels import change_panels
from territo.ui.session import Study, lang, open_study, say
from territo.ui.whatif import choose_commune

FRAME = "gains_maps"
UNFOLDED = 10
GROUPS = ("PRX4.poor", "PRX4.75_plus")


def show() -> None:
    """Show the page."""
    study = open_study()
    heading(say("gains.title"), t("page.gains_note", lang()))
    _map(study)
    everything = gains(study.comparison, study.territory, lang(), len(study.territory.communes))
    for column, item in zip(st.columns(len(everything)), everything, strict=True):
        with column:
            _gains(item)
    _groups(study)


@st.fragment
def _map(study: Study) -> None:
    selected = choose_commune(study, FRAME)
    panels, legend = change_panels(study, None, cells=False, selected=selected)
    maps(study.territory, panels, legend, key=FRAME, lang=lang())


def _gains(item: Gains) -> None:
    bars = "".join(f'<i style="width:{share:.2f}%" class="{escape(group)}"></i>' for group, share in item.shares)
    st.html(f'<div class="territo-bar" role="img" aria-label="{escape(item.sentence)}">{bars}</div>')
    head = [t(f"page.{name}", lang()) for name in ("commune", "today", "scenario", "change")]
    for name, moves in (("top_losers", item.losers), ("top_winners", item.winners)):
        words = say(f"gains.{name}", count=len(moves))
        rows = [[move.commune, move.before, move.after, move.change] for move in moves]
        if rows:
            with st.expander(words, expanded=len(rows) <= UNFOLDED):
                table(head, rows, caption=f"{item.scenario}, {words}", kind="moves")
        else:
            st.caption(words)


def _groups(study: Study) -> None:
    """Coverage of each social group against that of all inhabitants, points of per cent."""
    st.header(say("gains.groups"), anchor=False)
    runs = all_runs(study.comparison)
    rows = []
    for figure in GROUPS:
        values = [known(run, figure) for run in runs]
        words = [MISSING if v is None else change_words("share", 0.0, v.value, lang()) or "0" for v in values]
        rows.append([t(f"indicator.{figure}.label", lang()), *words])
    table([say("gains.group"), *(run.scenario_name for run in runs)], rows, caption=say("gains.groups"))
    st.caption(say("gains.groups_note"))
