"""The table of key figures: one row a figure, one column a scenario, each with its change against today."""

from __future__ import annotations

from html import escape

import streamlit as st

from territo.domain.indicators import Comparison
from territo.i18n import t
from territo.report.figures import Cell, key_figures, saving_alarm
from territo.report.palette import all_runs
from territo.ui.session import lang


def figures_table(comparison: Comparison) -> None:
    """Write the table; names and figures are text, never HTML."""
    head = "".join(f'<th scope="col">{escape(run.scenario_name)}</th>' for run in all_runs(comparison))
    rows = "".join(
        f'<tr><th scope="row">{escape(row.label)}</th>{"".join(map(_cell, row.cells))}</tr>'
        for row in key_figures(comparison, lang())
    )
    caption = escape(t("page.figures_caption", lang()))
    st.html(
        f'<div class="territo-scroll" tabindex="0"><table class="territo figures"><caption class="hidden">{caption}'
        f'</caption><thead><tr><th scope="col">{escape(t("page.figures_head", lang()))}</th>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def figures_note(comparison: Comparison) -> str:
    """Say how the figures are to be read."""
    key = "page.saving_alarm" if saving_alarm(comparison) else "page.saving_note"
    return f"{t(key, lang())} {t('page.figures_note', lang())}"


def _cell(cell: Cell) -> str:
    change = " ".join(filter(None, (cell.change, cell.word)))
    said = f'<span class="change {escape(cell.verdict)}">{escape(change)}</span>' if change else ""
    return f"<td><b>{escape(cell.value)}</b>{said}</td>"
