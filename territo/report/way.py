"""The way to an organisation, step by step, as a table: what opens and closes, what it costs, how people travel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from territo.domain.catalogue import Catalogue
from territo.domain.indicators import Comparison, Run, Step
from territo.i18n import t
from territo.report.facts import proof_of
from territo.report.tables import Table, Value
from territo.report.wording import THOUSAND, amount, plain

HEAD = ("step", "cost", "fte", "travel", "works", "opened", "closed")


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
    begins
        One sentence a step at which services begin to change: which.
    """

    scenario: str
    said: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    begins: tuple[str, ...]


def ways(comparison: Comparison, catalogue: Catalogue, lang: str) -> tuple[Way, ...]:
    """Lay out the way of each scenario that has one."""
    return tuple(_way(comparison.reference, run, catalogue, lang) for run in comparison.runs if run.steps)


def steps_table(comparison: Comparison, lang: str = "fr") -> Table:
    """Lay out the steps as numbers: one row a scenario and step."""
    head = [t("page.csv.scenario", lang), t("page.way.year", lang), *(t(f"page.way.{name}", lang) for name in HEAD[1:])]
    rows: list[list[Value]] = [
        [
            run.scenario_name, step.year, step.cost_eur, step.staff_fte, step.travel_hours / THOUSAND, step.works_eur,
            len(step.opened), len(step.closed),
        ]
        for run in comparison.runs
        for step in run.steps
    ]  # fmt: skip
    return Table(head, rows)


def _way(reference: Run, run: Run, catalogue: Catalogue, lang: str) -> Way:
    moments = [_moment(step.year, lang) for step in run.steps]
    moments[-1] = t("page.way.target", lang, moment=moments[-1])
    return Way(
        scenario=run.scenario_name,
        said=proof_of(run, lang),
        head=tuple(t(f"page.way.{name}", lang) for name in HEAD),
        rows=(_today(reference, lang), *(_row(m, step, lang) for m, step in zip(moments, run.steps, strict=True))),
        begins=tuple(_begins(run, moments, catalogue, lang)),
    )


def _begins(run: Run, moments: list[str], catalogue: Catalogue, lang: str) -> Iterator[str]:
    """Say which services are no longer as today, each at the step where that begins."""
    seen: set[str] = set()
    for moment, step in zip(moments, run.steps, strict=True):
        new = [catalogue[code].label for code in step.changed if code not in seen]
        seen.update(step.changed)
        if new:
            yield t("page.way.begins", lang, moment=moment, services=", ".join(new))


def _moment(year: int, lang: str) -> str:
    return t("page.way.now", lang) if year == 0 else t("page.way.later", lang, years=year)


def _today(reference: Run, lang: str) -> tuple[str, ...]:
    figures = [("eur_per_year", "COST"), ("fte", "ECO4"), ("hours_per_year", "PRX6")]
    return (
        t("page.today", lang),
        *(amount(unit, reference.assessment[name].value, lang) for unit, name in figures),
        "",
        "",
        "",
    )


def _row(moment: str, step: Step, lang: str) -> tuple[str, ...]:
    return (
        moment,
        amount("eur_per_year", step.cost_eur, lang),
        amount("fte", step.staff_fte, lang),
        amount("hours_per_year", step.travel_hours, lang),
        plain(step.works_eur, 0, lang),
        plain(len(step.opened), 0, lang),
        plain(len(step.closed), 0, lang),
    )
