"""The way to an organisation, step by step, as a table: what opens and closes, what it costs, how people travel."""

from __future__ import annotations

import math
from dataclasses import dataclass

from territo.domain.catalogue import Catalogue
from territo.domain.indicators import Comparison, Run, Step
from territo.i18n import t
from territo.report.wording import amount, percent, plain

HEAD = ("step", "cost", "fte", "travel", "works", "points", "services")


@dataclass(frozen=True, slots=True)
class Way:
    """The way of one scenario, in words.

    Parameters
    ----------
    scenario
        Its name.
    said
        What was decided together, and how far it is proven.
    head, rows
        One row today, then one a step, the organisation looked for last.
    """

    scenario: str
    said: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def ways(comparison: Comparison, catalogue: Catalogue, lang: str) -> tuple[Way, ...]:
    """Lay out the way of each scenario that has one."""
    return tuple(_way(comparison.reference, run, catalogue, lang) for run in comparison.runs if run.steps)


def _way(reference: Run, run: Run, catalogue: Catalogue, lang: str) -> Way:
    seen: set[str] = set()
    rows = [_today(reference, lang)]
    for number, step in enumerate(run.steps):
        begun = [catalogue[code].label for code in step.changed if code not in seen]
        seen.update(step.changed)
        rows.append(_row(step, begun, lang, is_last=number == len(run.steps) - 1))
    head = tuple(t(f"page.way.{name}", lang) for name in HEAD)
    return Way(run.scenario_name, _proof(run, lang), head, tuple(rows))


def _proof(run: Run, lang: str) -> str:
    gap = max(proof.gap for proof in run.proofs)
    if not math.isfinite(gap):
        return t("page.way.feasible_open", lang)
    return t(f"page.way.{run.status}", lang, gap=percent(gap, lang))


def _today(reference: Run, lang: str) -> tuple[str, ...]:
    figures = [("eur_per_year", "COST"), ("fte", "ECO4"), ("hours_per_year", "PRX6")]
    shown = [amount(unit, reference.assessment[name].value, lang) for unit, name in figures]
    return (t("page.today", lang), *shown, "", "", "")


def _row(step: Step, begun: list[str], lang: str, *, is_last: bool) -> tuple[str, ...]:
    moment = t("page.way.now", lang) if step.year == 0 else t("page.way.later", lang, years=step.year)
    return (
        t("page.way.target", lang, moment=moment) if is_last else moment,
        amount("eur_per_year", step.cost_eur, lang),
        amount("fte", step.staff_fte, lang),
        amount("hours_per_year", step.travel_hours, lang),
        plain(step.works_eur, 0, lang),
        t("page.way.changes", lang, opened=len(step.opened), closed=len(step.closed)),
        ", ".join(begun),
    )
