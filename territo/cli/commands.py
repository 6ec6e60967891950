"""The commands: each one calls a use case and prints what it returns."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from territo.cli.access import territory_access
from territo.cli.console import INTERRUPTED, Watch, show_json, watch
from territo.cli.decide import explain, pareto
from territo.cli.inputs import read_inputs
from territo.cli.locate import locate
from territo.cli.options import (
    LANG,
    AsJson,
    Communes,
    Epci,
    Files,
    Folder,
    GridKind,
    Kind,
    Offline,
    OneScenario,
    Online,
    Out,
    ProgressKind,
    Scenarios,
    Seed,
    Spec,
    Start,
    Table,
    Territory,
    said,
)
from territo.cli.report import report
from territo.cli.robustness import robustness
from territo.cli.serve import serve
from territo.cli.study import study_commands
from territo.errors import InputError, fault
from territo.i18n import explain as explain_fault
from territo.i18n import t

if TYPE_CHECKING:
    from territo.domain.catalogue import Catalogue
    from territo.domain.indicators import Comparison
    from territo.domain.travel import LoadedTerritory


def app() -> typer.Typer:
    """Gather the commands, with their help in the language of the user."""
    root = typer.Typer(
        add_completion=False, pretty_exceptions_enable=False, help=said("help.territo"), no_args_is_help=True
    )
    commands: dict[str, Callable[..., None]] = {
        "demo": demo,
        "validate": validate,
        "run": run,
        "compare": compare,
        "explain": explain,
        "locate": locate,
        "report": report,
        "app": serve,
        "robustness": robustness,
        "pareto": pareto,
        "schema": schema,
        "doctor": doctor,
    }
    for name, command in commands.items():
        root.command(name, help=said(f"help.{name}"))(command)
    territory = typer.Typer(help=said("help.territory"), no_args_is_help=True)
    parts: dict[str, Callable[..., None]] = {"build": territory_build, "model": territory_model, "show": territory_show}
    parts["access"] = territory_access
    for name, part in parts.items():
        territory.command(name, help=said(f"help.territory_{name}"))(part)
    root.add_typer(territory, name="territory")
    root.add_typer(study_commands(), name="study")
    return root


def demo(out: Out = Path("outputs/demo"), as_json: AsJson = False, progress: ProgressKind = "auto") -> None:
    """Run the main job on the embedded territory."""
    from territo.studies.demo import demo_comparison
    from territo.studies.workspace import default_workspace

    with watch(LANG, progress).watching() as shown:
        comparison, loaded, catalogue = demo_comparison(default_workspace(), shown)
        _keep(comparison, loaded, catalogue, out)
    _print_comparison(comparison, loaded, out, shown, as_json=as_json)
    if not as_json:
        sys.stdout.write(t("cli.open_app", LANG) + "\n")
    _end(shown)


def validate(files: Files) -> None:
    """Check files."""
    from territo.studies.validate import validate_files

    faults = validate_files(files)
    for found in faults:
        sys.stderr.write(explain_fault(found, LANG) + "\n")
    if faults:
        raise typer.Exit(InputError.exit_code)
    sys.stdout.write(t("cli.valid", LANG, count=len(files)) + "\n")


def run(
    scenario: OneScenario,
    territory: Territory,
    out: Out,
    start: Start = None,
    as_json: AsJson = False,
    progress: ProgressKind = "auto",
) -> None:
    """Solve one scenario."""
    _solve([scenario], territory, out, progress, start, as_json=as_json)


def compare(
    scenarios: Scenarios,
    territory: Territory,
    out: Out,
    as_json: AsJson = False,
    progress: ProgressKind = "auto",
) -> None:
    """Solve several scenarios and compare them."""
    _solve(scenarios, territory, out, progress, as_json=as_json)


def _solve(
    paths: list[Path], folder: Path, out: Path, progress: str, start: Path | None = None, *, as_json: bool
) -> None:
    from territo.studies.compare import compare as compare_scenarios
    from territo.studies.question import answered

    scenarios, loaded, catalogue = read_inputs(paths, folder)
    known = answered(start, scenarios[0], loaded) if start else None
    with watch(LANG, progress).watching() as shown:
        comparison = compare_scenarios(scenarios, loaded, catalogue=catalogue, progress=shown, start=known)
        _keep(comparison, loaded, catalogue, out, folder)
    if not as_json:
        from territo.cli.tables import show_ways

        show_ways(comparison, catalogue, LANG)
    _print_comparison(comparison, loaded, out, shown, as_json=as_json)
    _end(shown)


def _keep(
    comparison: Comparison, territory: LoadedTerritory, catalogue: Catalogue, out: Path, folder: Path | None = None
) -> None:
    from territo.studies.publish import keep

    keep(comparison, territory, catalogue, out, LANG, folder=folder)


def _print_comparison(
    comparison: Comparison, territory: LoadedTerritory, out: Path, shown: Watch, *, as_json: bool
) -> None:
    if as_json:
        from territo.report.tables import results_json

        sys.stdout.write(results_json(comparison, territory.territory) + "\n")
        return
    from territo.cli.tables import show_comparison

    show_comparison(comparison, territory.territory, LANG)
    sys.stdout.write(t("cli.written", LANG, directory=out) + "\n")
    if shown.interrupted:
        sys.stdout.write(t("cli.interrupted", LANG) + "\n")


def _end(shown: Watch) -> None:
    if shown.interrupted:
        raise typer.Exit(INTERRUPTED)


def territory_build(
    out: Out,
    spec: Spec = None,
    epci: Epci = None,
    online: Online = False,
    offline: Offline = False,
    grid: GridKind = "insee",
    as_json: AsJson = False,
    progress: ProgressKind = "auto",
) -> None:
    """Build a territory from raw files, or from the official services."""
    if (spec is None) == (epci is None):
        raise InputError(fault("spec-or-epci", "give either the spec of a territory or --epci SIREN"))
    if spec is not None and (online or grid != "insee"):
        raise InputError(fault("options-of-epci", "--online and --grid go with --epci: a spec says its own files"))
    with watch(LANG, progress).watching() as shown:
        if epci is not None:
            loaded = _build_epci(epci, out, grid, shown, online=online, offline=offline)
        else:
            from territo.studies.build import build_territory

            loaded = build_territory(Path(str(spec)), out, shown)
    _print_territory(loaded, as_json=as_json)


def _build_epci(siren: str, out: Path, grid: str, shown: Watch, *, online: bool, offline: bool) -> LoadedTerritory:
    from territo.studies.epci import build_epci

    if online == offline:
        sentence = "say --online to ask the official services, or --offline to use only what the cache holds"
        raise InputError(fault("online-or-offline", sentence))
    if grid not in ("insee", "modelled"):
        raise InputError(fault("grid-kind", "the grid is insee or modelled: read {kind}", key="--grid", kind=grid))
    return build_epci(siren, out, online=online, grid="insee" if grid == "insee" else "modelled", progress=shown)


def territory_model(
    out: Out,
    table: Table = None,
    communes: Communes = None,
    seed: Seed = 0,
    as_json: AsJson = False,
    progress: ProgressKind = "auto",
) -> None:
    """Model a territory from a table of communes, or from communes drawn at random."""
    from territo.studies.build import model_territory

    if (table is None) == (communes is None):
        raise InputError(fault("table-or-communes", "give either a table of communes or --communes N"))
    with watch(LANG, progress).watching() as shown:
        loaded = model_territory(out, table=table, communes=communes, seed=seed, progress=shown)
    _print_territory(loaded, as_json=as_json)


def territory_show(folder: Folder, as_json: AsJson = False) -> None:
    """Show what a territory folder holds."""
    from territo.studies.build import load_territory

    _print_territory(load_territory(folder), as_json=as_json)


def _print_territory(loaded: LoadedTerritory, *, as_json: bool) -> None:
    from territo.cli.tables import show_territory, territory_summary

    if as_json:
        show_json(territory_summary(loaded))
    else:
        show_territory(loaded, LANG)


def schema(kind: Kind = "scenario") -> None:
    """Print a JSON schema."""
    from territo.studies.validate import schema_of

    show_json(schema_of(kind))


def doctor(as_json: AsJson = False) -> None:
    """Say what works on this machine."""
    from territo.cli.doctor import examine, show_examination

    findings = examine()
    if as_json:
        show_json([finding.as_dict() for finding in findings])
    else:
        show_examination(findings, LANG)
    if not all(finding.works for finding in findings if finding.needed):
        raise typer.Exit(1)
