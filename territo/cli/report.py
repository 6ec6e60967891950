"""The command ``report``: the files of comparisons kept on disk, for one kind of readers."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from territo.cli.console import show_json
from territo.cli.options import LANG, AsJson, Out, said
from territo.i18n import t

Runs = Annotated[list[Path], typer.Argument(metavar="RUN...", help=said("arg.runs"))]
Profile = Annotated[str, typer.Option("--profile", metavar="internal|partners|public", help=said("opt.profile"))]
Only = Annotated[str | None, typer.Option("--only", metavar="KIND,...", help=said("opt.only"))]
Territory = Annotated[Path | None, typer.Option("--territory", metavar="DIR", help=said("opt.territory_of_runs"))]


def report(
    runs: Runs,
    out: Out,
    profile: Profile = "internal",
    only: Only = None,
    territory: Territory = None,
    as_json: AsJson = False,
) -> None:
    """Write the exports of comparisons made before."""
    from territo.studies.publish import report as write

    kinds = None if only is None else [kind.strip() for kind in only.split(",")]
    files = write(runs, out, LANG, territory=territory, profile=profile, kinds=kinds)
    if as_json:
        show_json({"profile": profile, "files": [str(file) for file in files]})
        return
    for file in files:
        sys.stdout.write(f"{file}\n")
    sys.stdout.write(t("cli.reported", LANG, count=len(files), directory=out) + "\n")
