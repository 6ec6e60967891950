"""Write what people open: the page, the tables, the layers, and the runs themselves."""

from __future__ import annotations

from pathlib import Path

from territo.domain.catalogue import Catalogue
from territo.domain.indicators import Comparison
from territo.domain.travel import LoadedTerritory
from territo.report.exports import write_exports
from territo.studies.store import save_comparison

RUNS = "runs"


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
