"""The command ``territo robustness``: what an answer rests on, as tables or as JSON."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from territo.cli.console import INTERRUPTED, watch
from territo.cli.options import LANG, AsJson, OneScenario, Out, ProgressKind, Territory, said
from territo.i18n import t

if TYPE_CHECKING:  # the reports are loaded to write, not to print a help text
    from territo.report.trials import TrialTable

HUNDRED = 100.0

Within = Annotated[float, typer.Option("--within", metavar="PCT", min=0.0, max=100.0, help=said("opt.within"))]
Alternatives = Annotated[int, typer.Option("--alternatives", metavar="N", min=0, max=20, help=said("opt.alternatives"))]


def robustness(
    scenario: OneScenario,
    territory: Territory,
    out: Out,
    within: Within = 2.0,
    alternatives: Alternatives = 3,
    as_json: AsJson = False,
    progress: ProgressKind = "auto",
) -> None:
    """Put a scenario to the test."""
    from territo.report.robustness import robustness_json
    from territo.report.trials import conclusions, trial_tables
    from territo.scenario.catalogue import load_catalogue
    from territo.scenario.loading import load_scenarios
    from territo.studies.build import load_territory
    from territo.studies.publish import publish_robustness
    from territo.studies.robustness import robustness as put_to_the_test
    from territo.studies.workspace import default_workspace

    catalogue, loaded = load_catalogue(default_workspace().catalogue), load_territory(territory)
    place = loaded.territory
    asked = load_scenarios(
        [scenario], catalogue=catalogue, commune_codes=place.communes.codes, site_ids=place.sites.ids
    )[0]
    with watch(LANG, progress).watching() as shown:
        result = put_to_the_test(
            asked, loaded, catalogue=catalogue, number=alternatives, within=within / HUNDRED, progress=shown
        )
        publish_robustness(result, loaded, catalogue, out, within / HUNDRED, LANG)
    if as_json:
        sys.stdout.write(robustness_json(result, place))
    else:
        show(trial_tables(result, place, catalogue, LANG), conclusions(result, within / HUNDRED, LANG))
        sys.stdout.write(t("cli.robustness_written", LANG, directory=out) + "\n")
    if shown.interrupted:
        sys.stderr.write(t("cli.interrupted", LANG) + "\n")
        raise typer.Exit(INTERRUPTED)


def show(tables: Iterable[TrialTable], sentences: Iterable[str]) -> None:
    """Print tables and sentences."""
    console = Console()
    for each in tables:
        table = Table(title=each.title, title_justify="left")
        table.add_column("")
        for column in each.columns:
            table.add_column(column, justify="left" if len(each.columns) == 1 else "right")
        for row in each.rows:
            table.add_row(*map(Text, row))
        console.print(table)
    for sentence in sentences:
        console.print(sentence)
