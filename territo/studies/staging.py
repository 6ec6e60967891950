"""A place beside a folder to come, so that the folder appears whole or not at all."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from territo.errors import InputError, fault
from territo.progress import Progress
from territo.sources import folder
from territo.sources.locks import locked

DRAFT = "territory"
FORMER = f"{DRAFT}-former"


@contextmanager
def staging(target: Path, locks: Path, progress: Progress) -> Iterator[Path]:
    """Give a place to work in, beside the target; what killed works left there is cleared first.

    Parameters
    ----------
    target
        Folder to come: free, or a territory to replace.
    locks
        Folder of the locks: two works on one target follow each other.
    progress
        May stop the waiting.

    Yields
    ------
    Path
        An empty folder; whatever is left in it goes at the end.

    Raises
    ------
    InputError
        The target holds something else, or its folder cannot be written.
    KeyboardInterrupt
        The progress asked to stop.
    """
    folder.check_target(target)
    key = hashlib.sha256(str(target.resolve()).encode()).hexdigest()
    with locked(locks / key, progress):
        _clear(target)
        place = _place(target)
        try:
            yield place
        finally:
            shutil.rmtree(place, ignore_errors=True)


def _prefix(target: Path) -> str:
    return f".{target.name}-building-"


def _place(target: Path) -> Path:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=_prefix(target), dir=target.parent))
    except OSError as error:
        sentence = "the folder cannot be written ({reason}): choose another place"
        reason = error.strerror or type(error).__name__
        raise InputError(fault("folder-not-writable", sentence, where=str(target), reason=reason)) from error


def _clear(target: Path) -> None:
    """Remove what killed works left, and put back a territory that was about to be replaced."""
    for left in target.parent.glob(f"{_prefix(target)}*"):
        if (left / FORMER / folder.PASSPORT).is_file() and not target.exists():
            (left / FORMER).rename(target)
        shutil.rmtree(left, ignore_errors=True)
