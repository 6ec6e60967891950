"""The arguments and options that commands share, with their help in the language of the user."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal

import typer

from territo.i18n import t

LANG = os.environ.get("TERRITO_LANG", "fr")


def said(key: str) -> str:
    """Return a sentence of the command line in the language of the user."""
    return t(f"cli.{key}", LANG)


Scenarios = Annotated[list[Path], typer.Argument(metavar="SCENARIO.yaml...", help=said("arg.scenarios"))]
OneScenario = Annotated[Path, typer.Argument(metavar="SCENARIO.yaml", help=said("arg.scenario"))]
Files = Annotated[list[Path], typer.Argument(metavar="FILE...", help=said("arg.files"))]
Spec = Annotated[Path | None, typer.Argument(metavar="SPEC.yaml", help=said("arg.spec"))]
Table = Annotated[Path | None, typer.Argument(metavar="TABLE.csv", help=said("arg.table"))]
Folder = Annotated[Path, typer.Argument(metavar="DIR", help=said("arg.folder"))]
Kind = Annotated[str, typer.Argument(metavar="[scenario|territory|catalogue]", help=said("arg.kind"))]
Territory = Annotated[Path, typer.Option("--territory", metavar="DIR", help=said("opt.territory"))]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help=said("opt.out"))]
MaybeOut = Annotated[Path | None, typer.Option("--out", metavar="DIR", help=said("opt.out"))]
AsJson = Annotated[bool, typer.Option("--json", help=said("opt.json"))]
ProgressKind = Annotated[
    Literal["auto", "json"], typer.Option("--progress", metavar="auto|json", help=said("opt.progress"))
]
Start = Annotated[Path | None, typer.Option("--start", metavar="DIR", help=said("opt.start"))]
Communes = Annotated[int | None, typer.Option("--communes", min=2, max=1000, help=said("opt.communes"))]
Verdicts = Annotated[bool, typer.Option("--verdicts", help=said("opt.verdicts"))]
Points = Annotated[int, typer.Option("--points", min=3, max=50, help=said("opt.points"))]
Equity = Annotated[
    Literal["kolm_pollak", "cvar"] | None,
    typer.Option("--equity", metavar="kolm_pollak|cvar", help=said("opt.equity")),
]
Seed = Annotated[int, typer.Option("--seed", min=0, help=said("opt.seed"))]
Epci = Annotated[str | None, typer.Option("--epci", metavar="SIREN", help=said("opt.epci"))]
Online = Annotated[bool, typer.Option("--online", help=said("opt.online"))]
Offline = Annotated[bool, typer.Option("--offline", help=said("opt.offline"))]
GridKind = Annotated[str, typer.Option("--grid", metavar="insee|modelled", help=said("opt.grid"))]
