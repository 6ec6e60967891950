"""What a job leaves in its folder: its state, its events and sentences, its explanation."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from territo.progress import Event
from territo.studies import runner, turns

# exit code of the command line -> state of the job
STATES = {0: "done", 130: "stopped", 3: "infeasible", 4: "unsolved"}
LARGEST_TAIL_BYTES = 65_536


def state_of(folder: Path, end: Mapping[str, Any], begun: Mapping[str, Any]) -> str:
    """Say in what state a job is, from how it ended, where it did, and how it began."""
    if end:
        return STATES.get(end["code"], "failed")
    if not turns.held(folder / turns.ALIVE):
        return "lost" if begun or time.time() - folder.stat().st_mtime > 10.0 else "waiting"  # noqa: PLR2004 - starting
    if (folder / turns.STOP).exists():
        return "stopping"
    return "running" if begun else "waiting"


def said_in(path: Path) -> tuple[Event | None, tuple[str, ...]]:
    """Read the last event, and the sentences that are not events."""
    if not path.exists():
        return None, ()
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - LARGEST_TAIL_BYTES))
        lines = file.read().decode("utf-8", "replace").splitlines()
    event, messages = None, list[str]()
    for line in filter(None, lines):
        try:
            event = Event(**json.loads(line))
        except (ValueError, TypeError):
            messages.append(line)
    return event, tuple(messages)


def repairs_in(folder: Path) -> Mapping[str, Any] | None:
    """Read the explanation; an empty one where the command gave none."""
    path = folder / runner.EXPLANATION
    if not path.exists():
        return None
    try:
        found: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return {}
    return found
