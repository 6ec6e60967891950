"""The key figures of a comparison: values, changes against today, and the sentences that say them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from territo.domain.indicators import Comparison, Indicator, Run
from territo.domain.territory import Territory
from territo.i18n import t
from territo.report.palette import all_runs
from territo.report.wording import MISSING, amount, change_words, interval

# indicator, and what a higher value means for people: +1 better, -1 worse, 0 neither; None = no change is said,
# because the change of the cost is the saving, which is never one number (rule R1)
KEY_FIGURES: tuple[tuple[str, int | None], ...] = (
    ("COST", None),
    ("ECO1", +1),
    ("ECO4", 0),
    ("OFF1", +1),
    ("PRX1.mean", -1),
    ("PRX2", -1),
    ("EQU1", -1),
    ("PRX3", +1),
    ("PRX6", -1),
    ("CLI1.tco2e", -1),
)
SAVING = "ECO1"
SAVING_ALARM = "saving_not_accepted"


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of one scenario, in words.

    Parameters
    ----------
    value
        As shown.
    change
        Against the current situation, with its sign; empty for the current situation itself.
    verdict
        ``better``, ``worse``, ``same`` or empty where a change is neither.
    word
        The verdict in words; empty where there is none.
    """

    value: str
    change: str = ""
    verdict: str = ""
    word: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One key figure, for every scenario; the current situation comes first."""

    id: str
    label: str
    cells: tuple[Cell, ...]


def key_figures(comparison: Comparison, lang: str) -> list[Row]:
    """Lay out the key figures: one row a figure, one cell a scenario."""
    alarmed = saving_alarm(comparison)
    rows = []
    for figure, sense in KEY_FIGURES:
        label = figure_key(figure) + ("_alarm" if alarmed and figure == SAVING else "")
        cells = tuple(_cell(comparison.reference, run, figure, sense, lang) for run in all_runs(comparison))
        rows.append(Row(figure, t(f"page.figure.{label}", lang), cells))
    return rows


def sentences(run: Run, territory: Territory, lang: str, *, alarmed: bool, is_reference: bool = False) -> list[str]:
    """Say the figures of a run that matter beside its map (« Lecture » of the domain specification, section 6)."""
    said = []
    for figure in ("PRX1.mean", "PRX2"):
        found = known(run, figure)
        if found is not None:
            said.append(t(f"page.sentence.{figure_key(figure)}", lang, value=amount(found.unit, found.value, lang)))
    worst = known(run, "PRX5")
    if worst is not None and worst.subject in territory.communes.codes:
        name = territory.communes.names[territory.communes.index(worst.subject)]
        said.append(t("page.sentence.PRX5", lang, commune=name, value=amount(worst.unit, worst.value, lang)))
    saving = known(run, SAVING)
    if saving is not None and not is_reference:
        said.append(_saving_sentence(saving, lang, alarmed=alarmed))
    return said


def saving_alarm(comparison: Comparison) -> bool:
    """Whether a saving is too large to be called one (domain specification, sections 8.3 and 11)."""
    return any(SAVING_ALARM in run.assessment.alarms for run in comparison.runs)


def known(run: Run, figure: str) -> Indicator | None:
    """Return an indicator that was computed and has a value, else None."""
    found = run.assessment.indicators.get(figure)
    return None if found is None or math.isnan(found.value) else found


def figure_key(figure: str) -> str:
    """Turn the id of an indicator into the last part of a key of the sentences, where dots part levels."""
    return figure.replace(".", "_")


def _saving_sentence(saving: Indicator, lang: str, *, alarmed: bool) -> str:
    high = max(saving.high or 0.0, saving.value)
    if not saving.value and not high:
        return t("page.sentence.ECO1_same", lang)
    key = "ECO1"
    if saving.value < 0:
        key = "ECO1_mixed" if high > 0 else "ECO1_loss"
    elif alarmed:
        key = "ECO1_alarm"
    value, least = amount(saving.unit, abs(saving.value), lang), amount(saving.unit, abs(high), lang)
    return t(f"page.sentence.{key}", lang, value=value, high=least)


def _cell(reference: Run, run: Run, figure: str, sense: int | None, lang: str) -> Cell:
    found = known(run, figure)
    if found is None:
        return Cell(t("page.unknown", lang))
    if figure == SAVING:
        return _saving_cell(found, lang, is_reference=run is reference)
    before = known(reference, figure)
    value = amount(found.unit, found.value, lang)
    if run is reference or before is None or sense is None:
        return Cell(value)
    return _changed(value, before, found, sense, lang)


def _changed(value: str, before: Indicator, after: Indicator, sense: int, lang: str) -> Cell:
    words = change_words(after.unit, before.value, after.value, lang)
    if not words:
        return Cell(value, t("page.same", lang), "same")
    if not sense:
        return Cell(value, words)
    verdict = "better" if (after.value - before.value) * sense > 0 else "worse"
    return Cell(value, words, verdict, t(f"page.{verdict}", lang))


def _saving_cell(saving: Indicator, lang: str, *, is_reference: bool) -> Cell:
    if is_reference:
        return Cell(MISSING)
    ends = (saving.low or 0.0, saving.value, saving.high or 0.0)
    return Cell(interval(saving.unit, ends, lang))
