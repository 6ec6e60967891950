"""The command ``territo robustness``: what an answer rests on, as tables or as JSON."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from territo.cli.console import INTERRUPTED, watch
from territo.cli.options import LANG, AsJson, OneScenario, Out, ProgressKind, Territory, said
from territo.i18n import t
from territo.i18n.numbers import euros, number, percent, signed

if TYPE_CHECKING:  # the solvers are loaded to solve, not to print a help text
    from territo.domain.catalogue import Catalogue
    from territo.domain.robustness import Bar, Robustness, Trial, Variation
    from territo.domain.territory import Territory as Place

HUNDRED = 100.0
Names = Mapping[str, str]

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
        publish_robustness(result, loaded, out)
    if as_json:
        sys.stdout.write(robustness_json(result, place))
    else:
        show(result, place, catalogue, within / HUNDRED, LANG)
        sys.stdout.write(t("cli.robustness.written", LANG, directory=out) + "\n")
    if shown.interrupted:
        sys.stderr.write(t("cli.interrupted", LANG) + "\n")
        raise typer.Exit(INTERRUPTED)


def show(result: Robustness, territory: Place, catalogue: Catalogue, within: float, lang: str) -> None:
    """Print the tornado, the demands, the sites and the alternatives."""
    names = dict(zip(territory.sites.ids, territory.sites.names, strict=True))
    names |= {service.code: service.label for service in catalogue.services}
    console = Console()
    console.print(_tornado(result, names, lang))
    console.print(_demands(result, names, lang))
    for line in _safest(result, lang):
        console.print(line)
    console.print(_sites(result, names, lang))
    if result.alternatives:
        console.print(_alternatives(result, names, lang))
    console.print(_other_plans(result, within, lang))


def _table(title: str, columns: list[str], lang: str) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("")
    for column in columns:
        table.add_column(t(f"cli.robustness.{column}", lang), justify="right")
    return table


def _tornado(result: Robustness, names: Names, lang: str) -> Table:
    from territo.report.robustness import widest_first

    table = _table(t("cli.robustness.title", lang), ["range", "cost", "travel", "saving", "best"], lang)
    for bar in widest_first(result):
        ends = [end for end in (bar.low, bar.high) if end is not None]
        cells = [
            "\n".join(_value(bar, end, lang) for end in ends),
            *("\n".join(_figure(end.kept, name, lang) for end in ends) for name in ("cost", "travel", "saving")),
            "\n".join(_moves(end.free, names, lang) for end in ends),
        ]
        table.add_row(t(f"cli.robustness.factor.{bar.factor}", lang), *map(Text, cells))
    return table


def _value(bar: Bar, end: Variation, lang: str) -> str:
    if bar.unit == "value":
        return t("cli.robustness.unit.value", lang, value=number(end.value, 1, lang))
    digits = 0 if bar.unit == "percent" else 1
    return t(f"cli.robustness.unit.{bar.unit}", lang, value=signed(end.value, digits, lang))


def _figure(trial: Trial, name: str, lang: str) -> str:
    """Write a figure of a trial, or why there is none."""
    if trial.outcome is None:
        return t("cli.robustness.infeasible" if trial.status == "infeasible" else "cli.robustness.unknown", lang)
    value = getattr(trial.outcome, name)
    return number(value, 0, lang) if name == "travel" else euros(value, 0, lang)


def _moves(trial: Trial | None, names: Names, lang: str) -> str:
    """Say which sites another answer opens and closes; nothing where none was looked for."""
    if trial is None:
        return ""
    if trial.outcome is None:
        return _figure(trial, "cost", lang)
    moves = [
        t(f"cli.robustness.{key}", lang, sites=", ".join(names[site] for site in sites))
        for key, sites in (("opened", trial.opened), ("closed", trial.closed))
        if sites
    ]
    return "\n".join(moves) or t("cli.robustness.same", lang)


def _demands(result: Robustness, names: Names, lang: str) -> Table:
    table = _table(t("cli.robustness.demand", lang), ["cost", "travel", "promises", "best"], lang)
    for trial in result.demands:
        change = percent(trial.change_pct / HUNDRED, 0, lang)
        name = t(f"cli.robustness.case.{trial.case}", lang, change=f"+{change}" if trial.change_pct > 0 else change)
        figures = (_figure(trial.kept, figure, lang) for figure in ("cost", "travel"))
        broken = "\n".join(_broken(promise, names, lang) for promise in trial.kept.broken)
        table.add_row(name, *map(Text, (*figures, broken, _moves(trial.free, names, lang))))
    return table


def _broken(promise: str, names: Names, lang: str) -> str:
    kind, _, service = promise.partition(":")
    return t(f"cli.robustness.broken.{kind}", lang, service=names.get(service, service))


def _safest(result: Robustness, lang: str) -> list[str]:
    if result.regret is None:
        return []
    regret, worst = result.regret, float(result.regret.amount.max(axis=1).min())
    plans = {"plan": result.run.scenario_name}
    plans |= {case: t(f"cli.robustness.best_for.{case}", lang) for case in regret.cases}
    plans |= {f"alternative-{rank}": each.run.scenario_name for rank, each in enumerate(result.alternatives, start=1)}
    return [t("cli.robustness.safest", lang, plan=plans[regret.safest], amount=euros(worst, 0, lang))]


def _sites(result: Robustness, names: Names, lang: str) -> Table:
    """List the sites by the share of the answers that open them."""
    stability = result.stability
    table = Table(title=t("cli.robustness.sites", lang, count=stability.solves), title_justify="left")
    table.add_column(t("cli.robustness.share", lang), justify="right")
    table.add_column(t("cli.robustness.where", lang))
    opened: dict[float, list[str]] = {}
    for site, share in zip(stability.sites, stability.share.tolist(), strict=True):
        opened.setdefault(share, []).append(names[site])
    for share in sorted(opened, reverse=True):
        if share > 0:
            table.add_row(percent(share, 0, lang), Text(", ".join(opened[share])))
    return table


def _alternatives(result: Robustness, names: Names, lang: str) -> Table:
    table = _table(t("cli.robustness.alternatives", lang), ["loss", "cost", "travel", "change", "regret"], lang)
    worst: dict[str, float] = {}
    if result.regret is not None:
        worst = dict(zip(result.regret.plans, map(float, result.regret.amount.max(axis=1)), strict=True))
    for rank, each in enumerate(result.alternatives, start=1):
        regret = euros(worst.get(f"alternative-{rank}", float("nan")), 0, lang)
        figures = (_figure(each.trial, figure, lang) for figure in ("cost", "travel"))
        cells = (percent(each.loss, 2, lang), *figures, _moves(each.trial, names, lang), regret)
        table.add_row(Text(each.run.scenario_name), *map(Text, cells))
    return table


def _other_plans(result: Robustness, within: float, lang: str) -> str:
    """Say whether there may be other plans within the margin."""
    if not result.all_alternatives:
        return t("cli.robustness.alternatives_more", lang)
    key = "alternatives_whole" if result.alternatives else "alternatives_none"
    return t(f"cli.robustness.{key}", lang, within=percent(within, 1, lang))
