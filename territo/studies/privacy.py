"""Whose a study is: everybody's, or its maker's alone while they keep it to themselves.

The mark stands in the folder of the study, under a name that no archive
holds: a study that is sent arrives as everybody's.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from territo.errors import InputError, fault
from territo.studies.disk import read_json, write_json
from territo.studies.study import StudyFolder, studies

MARK = ".maker.json"


def made_by(study: StudyFolder, owner: str) -> StudyFolder:
    """Write down who made a study: it is shared with all, and they alone may change that."""
    write_json(study.folder / MARK, {"owner": owner, "private": False})
    return study


def is_maker(study: StudyFolder, owner: str) -> bool:
    """Whether somebody made a study, and so decides who sees it."""
    return bool(owner) and _mark(study).get("owner") == owner


def is_private(study: StudyFolder) -> bool:
    """Whether a study is seen by its maker alone."""
    return _mark(study).get("private") is not False


def visible(study: StudyFolder, owner: str) -> bool:
    """Whether somebody may see a study."""
    return not is_private(study) or is_maker(study, owner)


def visible_studies(folder: Path, owner: str) -> tuple[StudyFolder, ...]:
    """List the studies of a folder that somebody may see, in the order of their names."""
    return tuple(study for study in studies(folder) if visible(study, owner))


def keep_private(study: StudyFolder, owner: str, *, private: bool) -> None:
    """Keep a study to its maker, or share it with all again.

    Raises
    ------
    InputError
        Somebody else made it.
    """
    if not is_maker(study, owner):
        sentence = "only the person who made this study may hide or share it: ask them"
        raise InputError(fault("study-of-another", sentence, where=study.slug))
    write_json(study.folder / MARK, {"owner": owner, "private": private})


def _mark(study: StudyFolder) -> dict[str, Any]:
    """Read the mark; a study without one is everybody's, and nobody's where the mark cannot be read."""
    try:
        found: object = read_json(study.folder / MARK) or {"private": False}
    except (OSError, ValueError):
        found = None
    return found if isinstance(found, dict) else {}
