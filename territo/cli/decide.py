"""The commands that weigh: what blocks or costs in a scenario, and the frontier between money and travel."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import typer

from territo.cli.console import INTERRUPTED, Watch, show_json, watch
from territo.cli.inputs import read_inputs
from territo.cli.options import (
    LANG,
    AsJson,
    Equity,
    MaybeOut,
    OneScenario,
    Out,
    Points,
    ProgressKind,
    Territory,
    Verdicts,
)
from territo.errors import InfeasibleError, NoSolutionError
from territo.i18n import t

if TYPE_CHECKING:
    from territo.domain.explanation import Explanation, Repair


def explain(
    scenario: OneScenario,
    territory: Territory,
    out: MaybeOut = None,
    verdicts: Verdicts = False,
    as_json: AsJson = False,
    progress: ProgressKind = "auto",
) -> None:
    """Say why a scenario cannot be kept and what repairs it, or what its promises cost."""
    from territo.report.promises import document
    from territo.report.verdicts import verdict_document, verdict_words
    from territo.studies.explain import explain as explain_scenario
    from territo.studies.store import write_json
    from territo.studies.verdict import verdicts as weigh

    (asked,), loaded, catalogue = read_inputs([scenario], territory)
    with watch(LANG, progress).watching() as shown:
        found = weigh(asked, loaded, catalogue=catalogue, progress=shown) if verdicts else ()
        explanation = explain_scenario(asked, loaded, catalogue=catalogue, progress=shown)
    content = document(explanation)
    if verdicts:
        content["verdicts"] = [verdict_document(each, catalogue) for each in found]
    if out is not None:
        write_json(out / "explanation.json", content)
    if as_json:
        show_json(content)
    else:
        _show_explanation(explanation, [verdict_words(each, catalogue, LANG) for each in found])
    _end_explained(explanation, shown)


def _show_explanation(explanation: Explanation, verdicts: list[str]) -> None:
    from territo.i18n import explain as explain_fault
    from territo.report.promises import costs, free_words, price_words, sentence

    lines = [sentence(explanation, LANG)]
    lines += [explain_fault(found, LANG) for found in explanation.screen]
    if explanation.repairs:
        lines.append(t("explain.repairs_title", LANG))
        lines += [_repair_line(each) for each in explanation.repairs]
    if explanation.prices:
        lines.append(t("explain.prices_title", LANG))
        lines += [f"- {price_words(price, LANG)}" for price in explanation.prices if costs(price)]
        lines += [words for words in [free_words(explanation.prices, LANG)] if words]
    if verdicts:
        lines += [t("explain.verdicts_title", LANG), *(f"- {words}" for words in verdicts)]
    if not explanation.complete:
        lines.append(t("explain.incomplete", LANG))
    sys.stdout.write("\n".join(lines) + "\n")


def _repair_line(repair: Repair) -> str:
    from territo.report.promises import repair_words

    unproven = "" if repair.least else t("explain.not_least", LANG)
    if repair.not_enough is not None:
        less = repair_words(repair.not_enough, LANG, name_service=False)
        unproven = t("explain.not_enough", LANG, change=less)
    return f"- {repair_words(repair, LANG, name_service=True)} ({_patch(repair.patch)}){unproven}"


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


def pareto(
    scenario: OneScenario,
    territory: Territory,
    out: Out,
    points: Points = 9,
    equity: Equity = None,
    as_json: AsJson = False,
    progress: ProgressKind = "auto",
) -> None:
    """Find the compromises between cost, travel and equity that keep the promises of a scenario."""
    from territo.cli.frontier import show_frontier
    from territo.studies.pareto import pareto as find_frontier

    (asked,), loaded, catalogue = read_inputs([scenario], territory)
    with watch(LANG, progress).watching() as shown:
        frontier = find_frontier(
            asked, loaded, points=points, equity=equity, catalogue=catalogue, progress=shown, out=out
        )
    if as_json:
        show_json(frontier.as_dict())
    else:
        show_frontier(frontier, LANG)
        sys.stdout.write(t("cli.frontier.written", LANG, directory=out) + "\n")
    if shown.interrupted:
        raise typer.Exit(INTERRUPTED)
