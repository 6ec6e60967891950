"""Comparisons and territories, as tables of the terminal."""

from __future__ import annotations

import dataclasses

from rich.console import Console
from rich.table import Table
from rich.text import Text

from territo.domain.catalogue import Catalogue
from territo.domain.indicators import Comparison, Run
from territo.domain.territory import Territory
from territo.domain.travel import LoadedTerritory
from territo.i18n import t
from territo.i18n.numbers import number, percent
from territo.report.facts import reference_is_estimated, remaining_gap
from territo.report.figures import key_figures, saving_alarm
from territo.report.tables import json_ready
from territo.report.way import ways
from territo.report.wording import notice_sentence

# columns that a label and a scenario need in a terminal
LABEL_WIDTH, SCENARIO_WIDTH = 22, 18


def show_comparison(comparison: Comparison, territory: Territory, lang: str) -> None:
    """Print the key figures of each scenario with their change, and what is proven of each."""
    key = "cli.comparison_estimated" if reference_is_estimated(comparison, territory) else "cli.comparison"
    console, title = Console(), t(key, lang)
    most = max((console.width - LABEL_WIDTH) // SCENARIO_WIDTH - 1, 1)
    # as many tables as the terminal is too narrow for, each beside today; without scenarios, today alone
    for first in range(0, max(len(comparison.runs), 1), most):
        part = dataclasses.replace(comparison, runs=comparison.runs[first : first + most])
        console.print(_comparison_table(part, title, lang))
        title = ""
    note = "page.saving_alarm" if saving_alarm(comparison) else "page.saving_note"
    console.print(Text(t(note, lang)))


def show_ways(comparison: Comparison, catalogue: Catalogue, lang: str) -> None:
    """Print the way to each organisation whose steps were decided with it."""
    console = Console()
    for way in ways(comparison, catalogue, lang):
        table = Table(title=Text(t("page.way.title", lang, scenario=way.scenario)), title_justify="left")
        for column, name in enumerate(way.head):
            widest = max(map(len, [*name.split(), *(row[column] for row in way.rows)]))
            table.add_column(name, justify="right" if column else "left", width=widest)
        for row in way.rows:
            table.add_row(*map(Text, row))
        console.print(table)
        for sentence in (t("page.way.begins_title", lang), *way.begins):
            console.print(Text(sentence))
        console.print(Text(f"{way.said} {t('page.way.note', lang)}"))


def _comparison_table(comparison: Comparison, title: str, lang: str) -> Table:
    table = Table(title=title or None, title_justify="left")
    table.add_column("")
    runs = (comparison.reference, *comparison.runs)
    for run in runs:
        table.add_column(Text(run.scenario_name), justify="right")
    for row in key_figures(comparison, lang):
        table.add_row(Text(row.label), *(Text("\n".join(filter(None, (c.value, c.change)))) for c in row.cells))
    table.add_section()
    table.add_row(t("cli.proof", lang), *(Text(proof_words(run, lang)) for run in runs))
    return table


def proof_words(run: Run, lang: str) -> str:
    """Say how far an answer is proven, in plain words."""
    if run.status == "evaluated":
        return t("cli.evaluated", lang)
    gap, seconds = remaining_gap(run), number(sum(proof.seconds for proof in run.proofs), 1, lang)
    if gap is None:
        return t("cli.not_proven_open", lang, seconds=seconds)
    key = "cli.proven" if run.status == "optimal" else "cli.not_proven"
    return t(key, lang, margin=percent(gap, 2, lang), seconds=seconds)


def territory_summary(loaded: LoadedTerritory) -> dict[str, object]:
    """Return what a territory holds, as plain values."""
    territory = loaded.territory
    return {
        "name": territory.name,
        "crs": territory.crs,
        "digest": territory.digest,
        "communes": len(territory.communes),
        "population": int(territory.communes.population.sum()),
        "cells": len(territory.cells),
        "cell_population": float(territory.cells.population.sum()),
        "sites": len(territory.sites),
        "adjacency": len(territory.adjacency),
        "modelled": list(territory.modelled_layers),
        "sources": [dataclasses.asdict(source) for source in territory.sources],
        "health": json_ready(dataclasses.asdict(loaded.health)),
    }


def show_territory(loaded: LoadedTerritory, lang: str) -> None:
    """Print what a territory holds, where it comes from, and the health of its travel times."""
    summary, health = territory_summary(loaded), loaded.health
    console = Console()
    counts = Table(title=Text(str(summary["name"])), title_justify="left", show_header=False)
    for key in ("communes", "population", "cells", "sites", "adjacency"):
        counts.add_row(t(f"cli.territory.{key}", lang), number(float(str(summary[key])), 0, lang))
    counts.add_row(t("cli.territory.roads", lang), number(health.road_nodes, 0, lang))
    counts.add_row(t("cli.territory.detour", lang), number(health.detour_median, 2, lang))
    counts.add_row(t("cli.territory.unreachable", lang), number(health.unreachable_inhabitants, 0, lang))
    console.print(counts)
    sources = Table(title=t("cli.territory.sources", lang), title_justify="left")
    for key in ("layer", "producer", "licence", "vintage"):
        sources.add_column(t(f"cli.territory.{key}", lang))
    for source in loaded.territory.sources:
        label = f" ({t('page.modelled', lang)})" if source.modelled else ""
        sources.add_row(Text(source.layer), Text(source.producer + label), Text(source.licence), Text(source.vintage))
    console.print(sources)
    for notice in health.notices:
        console.print(Text(notice_sentence(notice, lang)))
