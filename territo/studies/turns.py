"""Whose turn it is: at most two jobs run at once, and people take turns.

What a job is doing is told by locks of the system on files of its folder,
which vanish with its process: no lock can be left behind.
"""

from __future__ import annotations

import contextlib
import fcntl
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

from territo.studies.disk import entries, read_json

SLOTS = 2
PAUSE_S = 0.1
ATTEMPTS = 10
JOB, ALIVE, STARTED, STOP, EXIT = "job.json", "alive", "started.json", "stop", "exit.json"


@contextlib.contextmanager
def lock(path: Path) -> Iterator[bool]:
    """Hold a file while the block runs; False where another process holds it."""
    with path.open("a") as file:
        for _ in range(ATTEMPTS):  # somebody who only looks holds it for an instant
            if _taken(file):
                yield True
                return
            time.sleep(PAUSE_S)
        yield False


def held(path: Path) -> bool:
    """Whether some process holds a file."""
    if not path.exists():
        return False
    with path.open("a") as file:
        return not _taken(file)


def waiting(jobs: Path) -> list[Path]:
    """List the jobs that wait with a living runner, the next one first."""
    unended = [job for job in entries(jobs) if not (job / EXIT).exists() and held(job / ALIVE)]
    begun = {job for job in unended if (job / STARTED).exists()}
    owners = {job: str(read_json(job / JOB).get("owner", "")) for job in unended}
    queue = [job for job in unended if job not in begun]
    order = fair([owners[job] for job in queue], Counter(owners[job] for job in begun))
    return [queue[place] for place in order]


def fair(owners: Sequence[str], running: Mapping[str, int]) -> list[int]:
    """Order jobs that wait so that people take turns.

    A job comes after those of people who would have fewer jobs begun before
    theirs; between equals, the one asked first. Whoever asks for ten jobs
    therefore delays somebody who asks for one by what is already running,
    never by the other nine.

    Parameters
    ----------
    owners
        Who asked for each job, in the order they were asked.
    running
        Owner -> jobs that run now.

    Returns
    -------
    list of int
        Indices of the jobs, the next one first.
    """
    before = Counter(running)
    ranks = []
    for index, owner in enumerate(owners):
        ranks.append((before[owner], index))
        before[owner] += 1
    return [index for _, index in sorted(ranks)]


def turn(folder: Path) -> IO[str] | None:
    """Wait until a job is the next one and a slot is free; None where a stop was asked meanwhile.

    Parameters
    ----------
    folder
        Of a job whose ``alive`` file this process holds.

    Returns
    -------
    file
        Its slot, held until it is closed.
    """
    while not (folder / STOP).exists():
        if waiting(folder.parent)[:1] == [folder]:
            for number in range(SLOTS):
                file = (folder.parent / f".slot-{number}").open("a")
                if _taken(file):
                    return file
                file.close()
        time.sleep(PAUSE_S)
    return None


def _taken(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
