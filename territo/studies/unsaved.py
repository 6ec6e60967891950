"""What a person has written and not yet kept: theirs alone, and found again after a reload or a restart."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

from territo.studies.disk import read_json, write_json
from territo.studies.study import Version


@dataclass(frozen=True, slots=True)
class Unsaved:
    """A text, and the number of the version it started from."""

    text: str
    number: int


def hold(drafts: Path, owner: str, version: Version, text: str) -> None:
    """Hold a text that differs from the version it started from; one that is the same again is let go.

    Parameters
    ----------
    drafts
        Folder of the drafts of this installation.
    owner
        Whose it is: a sign that can name a folder.
    version
        What the text started from.
    text
        YAML, with its faults.
    """
    path = _path(drafts, owner, version)
    if text == version.file.read_text(encoding="utf-8"):
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    write_json(path, {"text": text, "number": version.number})


def held(drafts: Path, owner: str, last: Version) -> Unsaved | None:
    """Return what somebody has not kept of a scenario, if anything.

    Parameters
    ----------
    drafts, owner
        As :func:`hold`.
    last
        The last version of the scenario.
    """
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        content = read_json(_path(drafts, owner, last))
        found = Unsaved(str(content["text"]), int(content["number"]))
        if 1 <= found.number <= last.number:
            return found
    return None


def _path(drafts: Path, owner: str, version: Version) -> Path:
    of_scenario = version.file.parent.parent  # <study>/scenarios/<id>/<number>/scenario.yaml
    return drafts / owner / of_scenario.parent.parent.name / f"{of_scenario.name}.json"
