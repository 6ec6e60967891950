"""The frontier of a folder."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath

from territo.domain.frontier import Frontier
from territo.errors import InputError, fault
from territo.studies.results import FRONTIER


def read_frontier(folder: Path) -> Frontier:
    """Read the frontier that ``territo pareto`` wrote to a folder; its points are inside.

    Raises
    ------
    InputError
        There is none, or it is damaged.
    """
    try:
        frontier = Frontier.from_dict(json.loads((folder / FRONTIER).read_text(encoding="utf-8")))
        for point in frontier.points:
            inside = PurePosixPath(point.folder)
            if inside.is_absolute() or ".." in inside.parts:
                raise ValueError(point.folder)  # noqa: TRY301 - damaged like the rest
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        sentence = "there is no frontier in this folder: compute it again"
        raise InputError(fault("no-frontier", sentence, where=folder.name)) from error
    return frontier
