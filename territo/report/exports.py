"""All the files of a comparison in one directory; a file is whole or is not there."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from territo.domain.catalogue import Catalogue
from territo.domain.indicators import Comparison, Run
from territo.domain.territory import Territory
from territo.domain.travel import TravelTimes
from territo.report.layers import write_geopackage
from territo.report.page import comparison_page
from territo.report.palette import all_runs
from territo.report.tables import communes_csv, figures_csv, results_json, services_csv

PAGE_NAME = "comparaison.html"


def write_exports(
    comparison: Comparison,
    territory: Territory,
    catalogue: Catalogue,
    travel: TravelTimes,
    directory: Path,
    *,
    lang: str = "fr",
) -> list[Path]:
    """Write the page, the tables, the JSON and one GeoPackage a run.

    Parameters
    ----------
    comparison, territory, catalogue, travel
        What is written.
    directory
        Made if it does not exist; files of the same names are replaced.
    lang
        ``fr`` or ``en``.

    Returns
    -------
    list of Path
        The files, the page first.
    """
    directory.mkdir(parents=True, exist_ok=True)
    texts = {
        PAGE_NAME: comparison_page(comparison, territory, catalogue, travel, lang),
        "chiffres_cles.csv": figures_csv(comparison, lang),
        "communes.csv": communes_csv(comparison, territory, lang),
        "services.csv": services_csv(comparison, catalogue, lang),
        "resultats.json": results_json(comparison, territory),
    }
    written = [write_text(directory / name, text) for name, text in texts.items()]
    for run in all_runs(comparison):
        path = directory / f"{file_name(run)}.gpkg"
        written.append(_replace(path, _layers_writer(run, territory, catalogue)))
    return written


def file_name(run: Run) -> str:
    """Turn the id of a scenario into a safe file name, without extension."""
    return re.sub(r"[^\w-]+", "_", run.scenario_id) or "scenario"


def write_text(path: Path, text: str) -> Path:
    """Write a text file that is whole or is not there."""
    return _replace(path, _text_writer(text))


def _replace(path: Path, write: Callable[[Path], None]) -> Path:
    unfinished = path.with_name(f".{path.stem}.part{path.suffix}")
    try:
        write(unfinished)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return path


def _text_writer(text: str) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_text(text, encoding="utf-8", newline="")

    return write


def _layers_writer(run: Run, territory: Territory, catalogue: Catalogue) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        write_geopackage(run, territory, catalogue, path)

    return write
