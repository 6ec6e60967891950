"""Locks between processes; a process that is killed lets go of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from territo.progress import Progress

SECONDS_BETWEEN_LOOKS = 0.5


@contextmanager
def locked(path: Path, progress: Progress) -> Iterator[None]:
    """Hold a lock; wait for it as long as another process does.

    Parameters
    ----------
    path
        File of the lock, made when needed and left there.
    progress
        May stop the waiting.

    Raises
    ------
    KeyboardInterrupt
        The progress asked to stop.
    """
    from filelock import FileLock, Timeout

    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path)
    while not lock.is_locked:
        if progress.cancelled():
            raise KeyboardInterrupt
        try:
            lock.acquire(timeout=SECONDS_BETWEEN_LOOKS)
        except Timeout:
            continue
    try:
        yield
    finally:
        lock.release()
