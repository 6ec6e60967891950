"""All the files of a comparison: each kind by its own module; a file is whole or is not there."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count
from pathlib import Path

from territo.domain.indicators import Run
from territo.errors import fault, raise_faults
from territo.report import layers
from territo.report.material import Material
from territo.report.palette import all_runs
from territo.report.profiles import least_people, masked_cells
from territo.report.tables import communes_table, csv_text, figures_table, results_json, services_table

PAGE_NAME = "comparaison.html"
ARCHIVE = "territo.zip"
LONGEST_FILE_NAME = 60

Writer = Callable[[Path], object]
Files = Iterator[tuple[str, Writer]]


def write_exports(material: Material, directory: Path, kinds: Sequence[str] | None = None) -> list[Path]:
    """Write the exports of a comparison.

    Parameters
    ----------
    material
        See :func:`territo.report.material.prepare`.
    directory
        Made if it does not exist; files of the same names are replaced.
    kinds
        Some of :data:`KINDS`; default all. ``zip`` packs the other kinds
        asked for, or all of them where it is asked for alone.

    Returns
    -------
    list of Path
        The files, in the order of :data:`KINDS`.

    Raises
    ------
    InputError
        A kind that does not exist.
    """
    asked = _known(KINDS if kinds is None else kinds)
    directory.mkdir(parents=True, exist_ok=True)
    written = [
        _replace(directory / name, write) for kind in KINDS if kind in asked for name, write in KINDS[kind](material)
    ]
    if "zip" in asked:
        written.append(_replace(directory / ARCHIVE, lambda path: _pack(path, written, directory)))
    return written


def file_names(ids: Iterable[str]) -> list[str]:
    """Turn ids into safe file names, without extension, all different whatever the case of their letters.

    Letters, digits and dashes are kept, at most 60: no path leads out of the
    folder. Names that would be the same get a number.
    """
    names: list[str] = []
    taken: set[str] = set()
    for text in ids:
        plain = re.sub(r"[^\w-]+", "_", text)[:LONGEST_FILE_NAME] or "scenario"
        numbered = (plain if number == 1 else f"{plain}-{number}" for number in count(1))
        name = next(name for name in numbered if name.casefold() not in taken)
        taken.add(name.casefold())
        names.append(name)
    return names


def write_text(path: Path, text: str) -> Path:
    """Write a text file that is whole or is not there."""
    return _replace(path, _text(text))


def _known(kinds: Iterable[str]) -> frozenset[str]:
    asked = frozenset(kinds)
    known = ", ".join(KINDS)
    raise_faults(
        fault("unknown-export", "{name} is not a kind of export: choose among {known}", name=name, known=known)
        for name in sorted(asked - KINDS.keys())
    )
    return frozenset(KINDS) if asked == {"zip"} else asked


def _page(material: Material) -> Files:
    from territo.report.page import page_of

    made = page_of(material.story, material.comparison, material.territory, material.catalogue)
    yield PAGE_NAME, _text(made)


def _map(material: Material) -> Files:
    from territo.report.offline_map import map_page

    yield "carte.html", _text(map_page(material))


def _note(material: Material) -> Files:
    from territo.report.note import note

    yield "note.pdf", _bytes(note(material.story, material.comparison, material.territory, material.catalogue))


def _communes(material: Material) -> Files:
    from territo.report.sheets import sheets

    names = [f"fiches/{name}.pdf" for name in file_names(material.territory.communes.codes)]
    for name, content in zip(["fiches_communes.pdf", *names], sheets(material), strict=True):
        yield name, _bytes(content)


def _premises(material: Material) -> Files:
    from territo.report.premises import briefs, premises_pdf
    from territo.report.word_brief import premises_docx

    names = file_names(run.scenario_id for run in material.comparison.runs)
    for name, facts in zip(names, briefs(material), strict=True):
        yield f"locaux/{name}.pdf", _bytes(premises_pdf(facts, material.date))
        yield f"locaux/{name}.docx", _bytes(premises_docx(facts))


def _slides(material: Material) -> Files:
    from territo.report.slides import slides

    yield "presentation.pptx", _bytes(slides(material))


def _workbook(material: Material) -> Files:
    from territo.report.workbook import workbook

    yield "tableaux.xlsx", _bytes(workbook(material))


def _csv(material: Material) -> Files:
    comparison, lang = material.comparison, material.lang
    yield "chiffres_cles.csv", _text(csv_text(figures_table(comparison, lang)))
    yield "communes.csv", _text(csv_text(communes_table(comparison, material.territory, lang)))
    yield "services.csv", _text(csv_text(services_table(comparison, material.catalogue, lang)))


def _json(material: Material) -> Files:
    teams = material.profile.teams_by_place
    yield "resultats.json", _text(results_json(material.comparison, material.territory, teams=teams))


def _geopackage(material: Material) -> Files:
    runs = all_runs(material.comparison)
    for name, run in zip(file_names(run.scenario_id for run in runs), runs, strict=True):
        yield f"{name}.gpkg", _layers(run, material)


def _geoparquet(material: Material) -> Files:
    territory, runs = material.territory, all_runs(material.comparison)
    hidden = masked_cells(territory, least_people(territory, material.catalogue))
    hidden &= not material.profile.small_counts
    yield "communes.parquet", lambda path: layers.write_geoparquet(runs, territory, path)
    yield "carreaux.parquet", lambda path: layers.write_cells(territory, hidden, path)


def _layers(run: Run, material: Material) -> Writer:
    teams = material.profile.teams_by_place

    def write(path: Path) -> None:
        layers.write_geopackage(run, material.territory, material.catalogue, path, teams=teams)

    return write


def _nothing(_material: Material) -> Files:
    """Yield no file: the archive is packed from the files of the other kinds."""
    yield from ()


def _pack(path: Path, files: Sequence[Path], directory: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, file.relative_to(directory).as_posix())


def _replace(path: Path, write: Writer) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.stem}.part{path.suffix}")
    try:
        write(unfinished)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return path


def _text(text: str) -> Writer:
    return lambda path: path.write_text(text, encoding="utf-8", newline="")


def _bytes(content: bytes) -> Writer:
    return lambda path: path.write_bytes(content)


KINDS: dict[str, Callable[[Material], Files]] = {
    "page": _page,
    "map": _map,
    "note": _note,
    "communes": _communes,
    "premises": _premises,
    "slides": _slides,
    "xlsx": _workbook,
    "csv": _csv,
    "json": _json,
    "gpkg": _geopackage,
    "geoparquet": _geoparquet,
    "zip": _nothing,
}
EVERYDAY = ("page", "csv", "json", "gpkg")
