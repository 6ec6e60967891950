"""Write what people open: the page, the tables, the layers, and the runs themselves."""

from __future__ import annotations

from pathlib import Path

from territo.domain.catalogue import Catalogue
from territo.domain.indicators import Comparison
from territo.domain.robustness import Robustness
from territo.domain.travel import LoadedTerritory
from territo.report.exports import write_exports, write_text
from territo.report.robustness import robustness_json
from territo.report.tornado import robustness_page
from territo.studies.store import save_comparison

RUNS, PLANS, PAGE = "runs", "plans", "robustesse.html"


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


def publish_robustness(
    result: Robustness, territory: LoadedTerritory, catalogue: Catalogue, out: Path, within: float, lang: str = "fr"
) -> list[Path]:
    """Write what was tried around an answer to a folder.

    Parameters
    ----------
    result, territory, catalogue
        The trials, and what they were made on.
    out
        Folder to write; files of the same names are replaced.
    within
        What an alternative may lose, as a share.
    lang
        ``fr`` or ``en``.

    Returns
    -------
    list of Path
        The page, ``robustness.json``, and the folder ``plans``: a comparison
        of the current situation, the answer and its alternatives.
    """
    runs = (result.run, *(each.run for each in result.alternatives))
    save_comparison(Comparison(result.reference, runs), out / PLANS)
    texts = {
        PAGE: robustness_page(result, territory.territory, catalogue, within, lang),
        "robustness.json": robustness_json(result, territory.territory),
    }
    return [*(write_text(out / name, text) for name, text in texts.items()), out / PLANS]
