"""Write what people open: the page, the tables, the layers, and the runs themselves."""

from __future__ import annotations

from pathlib import Path

from territo.domain.catalogue import Catalogue
from territo.domain.indicators import Comparison
from territo.domain.robustness import Robustness
from territo.domain.travel import LoadedTerritory
from territo.report.exports import write_exports
from territo.report.robustness import robustness_json
from territo.studies.store import save_comparison

RUNS, PLANS = "runs", "plans"


def publish(
    comparison: Comparison, territory: LoadedTerritory, catalogue: Catalogue, out: Path, lang: str = "fr"
) -> list[Path]:
    """Write a comparison to a folder.

    Returns
    -------
    list of Path
        The files, the page first; the runs are in the folder ``runs``.
    """
    written = write_exports(comparison, territory.territory, catalogue, territory.travel, out, lang=lang)
    save_comparison(comparison, out / RUNS)
    return written


def publish_robustness(result: Robustness, territory: LoadedTerritory, out: Path) -> list[Path]:
    """Write what was tried around an answer to a folder.

    Returns
    -------
    list of Path
        ``robustness.json``, and the folder ``plans``: a comparison of the
        current situation, the answer and its alternatives.
    """
    save_comparison(
        Comparison(result.reference, (result.run, *(each.run for each in result.alternatives))), out / PLANS
    )
    target = out / "robustness.json"
    unfinished = target.with_name(f".{target.name}.part")
    unfinished.write_text(robustness_json(result, territory.territory), encoding="utf-8")
    unfinished.replace(target)
    return [target, out / PLANS]
