"""Write what people open, from a comparison or from the folders of comparisons made before."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from territo.domain.catalogue import Catalogue
from territo.domain.indicators import Comparison, Run
from territo.domain.robustness import Robustness
from territo.domain.travel import LoadedTerritory
from territo.errors import InputError, fault, raise_faults
from territo.report.exports import EVERYDAY, write_exports, write_text
from territo.report.material import prepare
from territo.report.robustness import robustness_json
from territo.report.tornado import robustness_page
from territo.scenario.catalogue import load_catalogue
from territo.sources.folder import save_territory
from territo.studies.build import load_territory
from territo.studies.store import RUNS, comparison_in, save_comparison
from territo.studies.workspace import default_workspace

PLANS, PAGE = "plans", "robustesse.html"
STUDY, TERRITORY = "study.json", "territory"


def publish(
    comparison: Comparison,
    territory: LoadedTerritory,
    catalogue: Catalogue,
    out: Path,
    lang: str = "fr",
    *,
    profile: str = "internal",
    kinds: Sequence[str] | None = None,
) -> list[Path]:
    """Write the exports of a comparison to a folder.

    Parameters
    ----------
    comparison, territory, catalogue
        What is written.
    out
        Folder, made if it does not exist; files of the same names are replaced.
    lang
        ``fr`` or ``en``.
    profile
        ``internal`` (all), ``partners`` or ``public``; see :mod:`territo.report.profiles`.
    kinds
        Some of :data:`territo.report.exports.KINDS`; default all.

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    InputError
        A profile or a kind that does not exist.
    """
    material = prepare(comparison, territory.territory, catalogue, territory.travel, lang=lang, profile=profile)
    return write_exports(material, out, kinds)


def keep(
    comparison: Comparison,
    territory: LoadedTerritory,
    catalogue: Catalogue,
    out: Path,
    lang: str = "fr",
    *,
    folder: Path | None = None,
) -> list[Path]:
    """Write a comparison just made: its everyday exports, its runs, and where its territory stands.

    Parameters
    ----------
    comparison, territory, catalogue, out, lang
        As :func:`publish`.
    folder
        Where the territory was read from, for :func:`report` to find it;
        default: nowhere that lasts, so that the territory is kept too.

    Returns
    -------
    list of Path
        The exports, the page first; the runs are in the folder ``runs``.
    """
    written = publish(comparison, territory, catalogue, out, lang, kinds=EVERYDAY)
    save_comparison(comparison, out / RUNS)
    if folder is None:
        folder = out / TERRITORY
        save_territory(folder, territory)
    remember_territory(out, folder)
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


def remember_territory(out: Path, folder: Path) -> None:
    """Write in a folder of results where their territory stands, for :func:`report` to find it from there or below."""
    place = Path(os.path.relpath(folder.resolve(), out.resolve())).as_posix()
    write_text(out / STUDY, json.dumps({"territory": place}, ensure_ascii=False) + "\n")


def report(
    folders: Sequence[Path],
    out: Path,
    lang: str = "fr",
    *,
    territory: Path | None = None,
    profile: str = "internal",
    kinds: Sequence[str] | None = None,
) -> list[Path]:
    """Write the exports of comparisons kept on disk, all of one territory, as one comparison.

    Parameters
    ----------
    folders
        What ``territo run`` or ``territo compare`` wrote, or the folders
        ``runs`` inside.
    out, lang, profile, kinds
        As :func:`publish`.
    territory
        Its folder; default: the one that the first comparison was made on.

    Raises
    ------
    InputError
        A folder is not a comparison, the comparisons do not go together, or
        their territory or their catalogue is not the one at hand.
    """
    comparison, loaded, catalogue = open_kept(folders, territory)
    return publish(comparison, loaded, catalogue, out, lang, profile=profile, kinds=kinds)


def open_kept(folders: Sequence[Path], territory: Path | None = None) -> tuple[Comparison, LoadedTerritory, Catalogue]:
    """Open comparisons kept on disk, with the territory and the catalogue that they were made with.

    Parameters and errors as :func:`report`.
    """
    comparisons = [comparison_in(folder) for folder in folders]
    loaded = load_territory(territory or _territory_of(folders[0]))
    catalogue = load_catalogue(default_workspace().catalogue)
    raise_faults(
        fault(
            "run-of-another",
            "the runs of {folder} were made with another {what} than the one at hand: compute them again, "
            "or give the right one",
            folder=folder.name,
            what=what,
        )
        for folder, comparison in zip(folders, comparisons, strict=True)
        for what, digest in (("territory", loaded.territory.digest), ("catalogue", catalogue.digest))
        if comparison.reference.passport.get(f"{what}_digest", digest) != digest
    )
    return _together(folders, comparisons), loaded, catalogue


def _together(folders: Sequence[Path], comparisons: Sequence[Comparison]) -> Comparison:
    """Put comparisons side by side: one reference, and every scenario under a name of its own."""
    reference = comparisons[0].reference
    raise_faults(
        fault(
            "runs-not-common",
            "{folder} is about other services than {first}: report comparisons of the same services",
            folder=folder.name,
            first=folders[0].name,
        )
        for folder, comparison in zip(folders, comparisons, strict=True)
        if set(comparison.reference.organisation.services) != set(reference.organisation.services)
    )
    runs = [run for comparison in comparisons for run in comparison.runs]
    return Comparison(reference, tuple(_apart(run, runs[:number]) for number, run in enumerate(runs)))


def _apart(run: Run, before: Sequence[Run]) -> Run:
    """Give a number to a scenario whose id stands already among those before it."""
    same = sum(other.scenario_id == run.scenario_id for other in before)
    if not same:
        return run
    number = f"{same + 1}"
    return replace(run, scenario_id=f"{run.scenario_id}-{number}", scenario_name=f"{run.scenario_name} ({number})")


def _territory_of(folder: Path) -> Path:
    """Find the territory of a comparison from what was written beside it, in its folder or in one above."""
    for place in (folder, *folder.resolve().parents[:2]):
        try:
            content = json.loads((place / STUDY).read_text(encoding="utf-8"))
            return place / str(content["territory"])
        except (OSError, ValueError, KeyError, TypeError):
            continue
    sentence = "nothing says which territory {folder} is about: give it with --territory"
    raise InputError(fault("territory-not-said", sentence, folder=folder.name))
