"""The commands that weigh: what blocks or costs in a scenario, and the frontier between money and travel."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import typer

from territo.cli.console import INTERRUPTED, Watch, show_json, watch
from territo.cli.inputs import read_inputs
from territo.cli.options import LANG, AsJson, MaybeOut, OneScenario, ProgressKind, Territory
from territo.domain.explanation import Explanation
from territo.errors import InfeasibleError, NoSolutionError
from territo.i18n import t


def explain(
    scenario: OneScenario,
    territory: Territory,
    out: MaybeOut = None,
    as_json: AsJson = False,
    progress: ProgressKind = "auto",
) -> None:
    """Say why a scenario cannot be kept and what repairs it, or what its promises cost."""
    from territo.report.promises import document
    from territo.studies.explain import explain as explain_scenario

    (asked,), loaded, catalogue = read_inputs([scenario], territory)
    with watch(LANG, progress).watching() as shown:
        explanation = explain_scenario(asked, loaded, catalogue=catalogue, progress=shown)
    content = document(explanation)
    if out is not None:
        _write(out / "explanation.json", content)
    if as_json:
        show_json(content)
    else:
        _show_explanation(explanation)
    _end_explained(explanation, shown)


def _show_explanation(explanation: Explanation) -> None:
    from territo.i18n import explain as explain_fault
    from territo.report.promises import costs, free_words, price_words, repair_words, sentence

    lines = [sentence(explanation, LANG)]
    lines += [explain_fault(found, LANG) for found in explanation.screen]
    if explanation.repairs:
        lines.append(t("explain.repairs_title", LANG))
        lines += [
            f"- {repair_words(each, LANG, name_service=True)} ({_patch(each.patch)})" for each in explanation.repairs
        ]
    if explanation.prices:
        lines.append(t("explain.prices_title", LANG))
        lines += [f"- {price_words(price, LANG)}" for price in explanation.prices if costs(price)]
        lines += [words for words in [free_words(explanation.prices, LANG)] if words]
    if not explanation.complete:
        lines.append(t("explain.incomplete", LANG))
    sys.stdout.write("\n".join(lines) + "\n")


def _patch(patch: object) -> str:
    """Write the change of a scenario on one line, as its YAML would say it."""
    return json.dumps(patch, ensure_ascii=False).strip("{}").replace('"', "")


def _end_explained(explanation: Explanation, shown: Watch) -> None:
    if shown.interrupted:
        raise typer.Exit(INTERRUPTED)
    if explanation.feasible is None:
        raise typer.Exit(NoSolutionError.exit_code)
    if not explanation.feasible:
        raise typer.Exit(InfeasibleError.exit_code)


def _write(path: Path, content: object) -> None:
    """Write a document; the file appears only when it is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".writing-{path.name}")
    draft.write_text(json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False), encoding="utf-8")
    draft.replace(path)
