"""The results of a study: which scenario was solved when, on which version, and how they are put side by side."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from territo.domain.indicators import Comparison
from territo.studies.disk import DRAFT, entries, read_json, stamp, write_json
from territo.studies.store import RUNS, load_comparison
from territo.studies.study import ORIGIN, StudyFolder, scenarios

FRONTIER = "frontier.json"


@dataclass(frozen=True, slots=True)
class Solved:
    """One scenario that was solved.

    Parameters
    ----------
    key
        ``id`` for the last version solved, ``id@number`` for an older one.
    scenario_id, name
        As solved.
    version
        Number of the version; 0 where it is not known.
    status
        As in the run.
    folder, number
        The comparison folder, and the place of the run in it, from 1.
    stale
        The scenario has a version after this one.
    """

    key: str
    scenario_id: str
    name: str
    version: int
    status: str
    services: frozenset[str]
    folder: Path
    number: int
    stale: bool


@dataclass(frozen=True, slots=True)
class Result:
    """A result folder: its kind (``run``, ``compare``, ``pareto``), author, time and versions."""

    folder: Path
    kind: str
    who: str
    when: str
    versions: Mapping[str, int]


def results(study: StudyFolder) -> tuple[Result, ...]:
    """List the results, the last one first."""
    found = []
    for folder in reversed(entries(study.runs)):
        origin = read_json(folder / ORIGIN)
        if origin:
            found.append(Result(folder, origin["kind"], origin["who"], origin["when"], origin["scenarios"]))
    return tuple(found)


def solved(study: StudyFolder) -> tuple[Solved, ...]:
    """List what was solved, one entry a scenario and version, in the order of the keys."""
    last = {version.scenario_id: version.number for version in scenarios(study)}
    found: dict[str, Solved] = {}
    for result in results(study):
        for number, head in enumerate(_heads(result.folder / RUNS)[1:], start=1):
            name = str(head["scenario_id"])
            version = int(result.versions.get(name, 0))
            key = name if name not in found else f"{name}@{version}"
            if key in found or (name in found and found[name].version == version):
                continue
            found[key] = Solved(
                key=key,
                scenario_id=name,
                name=str(head["scenario_name"]),
                version=version,
                status=str(head["status"]),
                services=frozenset(head["services"]),
                folder=result.folder / RUNS,
                number=number,
                stale=version < last.get(name, version),
            )
    return tuple(found[key] for key in sorted(found))


def alike(found: Sequence[Solved]) -> tuple[Solved, ...]:
    """Keep the entries that are about the same services as the first one."""
    return tuple(entry for entry in found if entry.services == found[0].services)


def bring(study: StudyFolder, comparison: Path, origin: Mapping[str, object]) -> Path:
    """Copy a comparison folder into a study, whole or not at all, with where it comes from."""
    study.runs.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=study.runs, prefix=DRAFT) as temporary:
        draft = Path(temporary) / "result"
        shutil.copytree(comparison, draft / RUNS)
        write_json(draft / ORIGIN, origin)
        return draft.rename(study.runs / stamp())


def side_by_side(chosen: Sequence[Solved]) -> Comparison:
    """Put solved scenarios of the same services beside the current situation."""
    loaded = {folder: load_comparison(folder) for folder in dict.fromkeys(entry.folder for entry in chosen)}
    runs = tuple(loaded[entry.folder].runs[entry.number - 1] for entry in chosen)
    return Comparison(loaded[chosen[0].folder].reference, runs)


def _heads(folder: Path) -> list[dict[str, Any]]:
    heads = []
    for run in entries(folder):
        content = json.loads((run / "run.json").read_text(encoding="utf-8"))
        head = {name: content[name] for name in ("scenario_id", "scenario_name", "status")}
        heads.append(head | {"services": content["organisation"]["services"]})
    return heads
