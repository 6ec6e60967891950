"""The command ``territo locate``: a classical location model from files; its answer as a table or as JSON."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from territo.cli.console import INTERRUPTED, show_json, watch
from territo.cli.options import LANG, AsJson, ProgressKind, said
from territo.i18n import t
from territo.i18n.numbers import number, percent

if TYPE_CHECKING:  # the solvers are loaded to solve, not to print a help text
    from territo.studies.locate import Located


def _option(name: str, metavar: str | None = None) -> Any:
    """Describe an option; its help is ``cli.opt.locate_<name>``."""
    flag = "-p" if name == "p" else f"--{name.replace('_', '-')}"
    return typer.Option(flag, metavar=metavar, help=said(f"opt.locate_{name}"))


Model = Annotated[str, typer.Argument(metavar="MODEL", help=said("arg.locate_model"))]
Costs = Annotated[Path, typer.Argument(metavar="COSTS", help=said("arg.locate_costs"))]
Weights = Annotated[Path | None, _option("weights", "FILE")]
Demands = Annotated[Path | None, _option("demands", "FILE")]
OpeningCosts = Annotated[Path | None, _option("opening_costs", "FILE")]
Capacities = Annotated[Path | None, _option("capacities", "FILE")]
Sites = Annotated[int | None, _option("p", "N")]
Radius = Annotated[float | None, _option("radius", "X")]
Aversion = Annotated[float | None, _option("aversion", "X")]
Kappa = Annotated[float | None, _option("kappa", "X")]
WorstShare = Annotated[float | None, _option("worst_share", "X")]
SingleSource = Annotated[bool, _option("single_source")]
FixedOpen = Annotated[list[str] | None, _option("fixed_open", "SITE,...")]
Forbidden = Annotated[list[str] | None, _option("forbidden", "SITE,...")]
TimeLimit = Annotated[float | None, _option("time_limit", "S")]
Gap = Annotated[float, _option("gap", "X")]
LocateSeed = Annotated[int, _option("seed", "N")]


def locate(  # noqa: PLR0913, PLR0917  # typer reads one option a parameter
    model: Model,
    costs: Costs,
    weights: Weights = None,
    demands: Demands = None,
    opening_costs: OpeningCosts = None,
    capacities: Capacities = None,
    p: Sites = None,
    radius: Radius = None,
    aversion: Aversion = None,
    kappa: Kappa = None,
    worst_share: WorstShare = None,
    single_source: SingleSource = False,
    fixed_open: FixedOpen = None,
    forbidden: Forbidden = None,
    time_limit: TimeLimit = None,
    gap: Gap = 0.0,
    seed: LocateSeed = 0,
    as_json: AsJson = False,
    progress: ProgressKind = "auto",
) -> None:
    """Solve a location model."""
    from territo.studies.locate import Question
    from territo.studies.locate import locate as solve

    options = {
        "weights": weights,
        "demands": demands,
        "opening_costs": opening_costs,
        "capacities": capacities,
        "p": p,
        "radius": radius,
        "aversion": aversion,
        "kappa": kappa,
        "worst_share": worst_share,
        "single_source": single_source or None,
    }
    question = Question(
        model,
        costs,
        given={name: value for name, value in options.items() if value is not None},
        fixed_open=_listed(fixed_open),
        forbidden=_listed(forbidden),
        limits={"time_limit": time_limit, "gap": gap, "seed": seed},
    )
    with watch(LANG, progress).watching() as shown:
        located = solve(question, shown)
    if as_json:
        show_json(summary(model, located))
    else:
        show(model, located, LANG)
    if shown.interrupted:
        sys.stderr.write(t("cli.interrupted", LANG) + "\n")
        raise typer.Exit(INTERRUPTED)


def _listed(values: list[str] | None) -> list[str]:
    """Split ``A,B``; an option given several times adds up."""
    return [name.strip() for value in values or [] for name in value.split(",") if name.strip()]


def summary(model: str, located: Located) -> dict[str, object]:
    """Return an answer as plain values; what is not known is null.

    ``assignment`` gives the site of each point; ``shares`` rows of point,
    site and share, where demand may be split.
    """
    from territo.report.tables import json_ready

    found, sites = located.location, located.sites
    document = {
        "model": model,
        "status": found.status,
        "objective": found.objective,
        "bound": found.bound,
        "gap": found.gap,
        "seconds": found.seconds,
        "algorithm": found.algorithm,
        "open_sites": [sites[column] for column in found.open_sites],
        "points": located.points,
        "assignment": [sites[column] if column >= 0 else None for column in found.assignment],
    }
    if found.shares is not None:
        document["shares"] = [
            [located.points[row], sites[column], found.shares[row, column]]
            for row, column in zip(*found.shares.nonzero(), strict=True)
        ]
    return {name: json_ready(value) for name, value in document.items()}


def show(model: str, located: Located, lang: str) -> None:
    """Print what an answer is worth, how far it is proven, and its sites."""
    found = located.location
    table = Table(title=t(f"cli.locate.{model}.title", lang), title_justify="left", show_header=False)
    proof = "cli.proven" if found.status == "optimal" else "cli.not_proven"
    margin, seconds = percent(found.gap, 2, lang), number(found.seconds, 1, lang)
    table.add_row(t("cli.proof", lang), t(proof, lang, margin=margin, seconds=seconds))
    table.add_row(t(f"cli.locate.{model}.value", lang), _plain(found.objective, lang))
    table.add_row(t("cli.locate.bound", lang), _plain(found.bound, lang))
    names = ", ".join(located.sites[column] for column in found.open_sites)
    table.add_row(t("cli.locate.open_sites", lang, count=found.open_sites.size), Text(names))
    nobody = int((found.assignment < 0).sum()) if found.shares is None else 0
    if nobody:
        table.add_row(t("cli.locate.not_served", lang), number(nobody, 0, lang))
    Console().print(table)


def _plain(value: float, lang: str) -> str:
    return number(value, 0 if value == round(value, 0) else 2, lang)
