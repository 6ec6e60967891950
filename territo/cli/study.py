"""The commands on study folders: make one, look at it, put it in one file, open that file."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from territo.cli.console import show_json
from territo.cli.options import LANG, AsJson, Folder, Out, Territory, said
from territo.i18n import t

Archive = Annotated[Path, typer.Argument(metavar="STUDY.zip", help=said("arg.archive"))]
Name = Annotated[str, typer.Option("--name", help=said("opt.name"))]


def study_commands() -> typer.Typer:
    """Gather the commands of ``territo study``."""
    group = typer.Typer(help=said("help.study"), no_args_is_help=True)
    parts: dict[str, Callable[..., None]] = {"new": new, "show": show, "zip": pack, "open": unpack}
    for name, part in parts.items():
        group.command(name, help=said(f"help.study_{name}"))(part)
    return group


def new(territory: Territory, out: Out, name: Name = "") -> None:
    """Make a study of a territory folder."""
    from territo.studies.drafts import new_study

    made = new_study(out, territory, name)
    sys.stdout.write(t("cli.study_written", LANG, directory=made.folder) + "\n")


def show(folder: Folder, as_json: AsJson = False) -> None:
    """Show the scenarios, results and decisions of a study."""
    from territo.studies.disk import entries
    from territo.studies.study import decisions, open_study, scenarios

    study = open_study(folder)
    found, decided = scenarios(study), decisions(study)
    results = [path.name for path in entries(study.runs)]
    if as_json:
        files = [dataclasses.asdict(version) | {"file": str(version.file)} for version in found]
        log = [dataclasses.asdict(entry) for entry in decided]
        show_json({"name": study.name, "scenarios": files, "results": results, "decisions": log})
        return
    lines = [study.name]
    lines += [f"  {version.scenario_id} ({version.number}) {version.name} — {version.file}" for version in found]
    lines += [t("cli.study_counts", LANG, results=len(results), decisions=len(decided))]
    sys.stdout.write("\n".join(lines) + "\n")


def pack(folder: Folder, out: Out) -> None:
    """Put a study in one file."""
    from territo.studies.archive import zip_study
    from territo.studies.study import open_study

    path = zip_study(open_study(folder), out)
    sys.stdout.write(t("cli.study_written", LANG, directory=path) + "\n")


def unpack(archive: Archive, out: Out) -> None:
    """Open the file of a study as a new folder."""
    from territo.studies.archive import unzip_study

    study = unzip_study(archive, out)
    sys.stdout.write(t("cli.study_written", LANG, directory=study.folder) + "\n")
