"""The process behind one job: waits for its turn, runs the commands, keeps what they give.

``python -m territo.studies.runner JOB``. It belongs to no server and to no
page, so a job goes on when either is restarted. What it is doing is told by
locks of the system on files of the job, which vanish with the process: no
lock can be left behind.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from territo.studies.disk import entries, read_json, write_json

SLOTS = 2
PAUSE_S = 0.1
ATTEMPTS = 10
INFEASIBLE, INTERRUPTED, KEPT = 3, 130, (0, 130)
JOB, ALIVE, STARTED, STOP, EXIT = "job.json", "alive", "started.json", "stop", "exit.json"
EVENTS, SAID, EXPLANATION, DRAFT = "events.jsonl", "said.txt", "explanation.json", "out"


def main(folder: Path) -> None:
    """Run a job, once; a second runner of the same job leaves at once."""
    with lock(folder / ALIVE) as mine:
        if not mine or (folder / EXIT).exists():
            return
        slot = _turn(folder)
        if slot is None:
            write_json(folder / EXIT, {"code": INTERRUPTED, "seconds": 0.0})
            return
        with slot:
            _work(folder, read_json(folder / JOB))


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


def _taken(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def waiting(jobs: Path) -> list[Path]:
    """List the jobs that wait with a living runner, the first one first."""
    return [
        job for job in entries(jobs) if not (job / STARTED).exists() and not (job / EXIT).exists() and held(job / ALIVE)
    ]


def _turn(folder: Path) -> IO[str] | None:
    """Wait until the jobs before have begun and a slot is free; None where a stop was asked meanwhile."""
    while not (folder / STOP).exists():
        before = next((job for job in entries(folder.parent) if job != folder and _waits_before(job, folder)), None)
        if before is None:
            for number in range(SLOTS):
                file = (folder.parent / f".slot-{number}").open("a")
                if _taken(file):
                    return file
                file.close()
        time.sleep(PAUSE_S)
    return None


def _waits_before(job: Path, folder: Path) -> bool:
    begun = (job / STARTED).exists() or (job / EXIT).exists()
    return job.name < folder.name and not begun and held(job / ALIVE)


def _work(folder: Path, job: dict[str, Any]) -> None:
    began = time.time()
    write_json(folder / STARTED, {"time": began})
    draft = folder / DRAFT
    shutil.rmtree(draft, ignore_errors=True)  # of a run that was killed
    code = _run([*job["command"], "--out", str(draft)] if job["out"] else job["command"], folder, folder / SAID)
    if code in KEPT and draft.is_dir():
        write_json(draft / "origin.json", job["origin"])
        target = Path(job["out"])
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(draft, target)
    write_json(folder / EXIT, {"code": code, "seconds": time.time() - began})
    if code == INFEASIBLE and job["explain"]:
        _run(job["explain"], folder, folder / f".{EXPLANATION}")
        (folder / f".{EXPLANATION}").rename(folder / EXPLANATION)


def _run(command: Sequence[str], folder: Path, said: Path) -> int:
    """Run a command; the first request to stop is one interruption, which keeps the best answer."""
    asked = False
    with said.open("w") as out, (folder / EVENTS).open("a") as events:
        environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
        with subprocess.Popen(command, stdout=out, stderr=events, env=environment) as process:  # noqa: S603 - ours
            while process.poll() is None:
                if not asked and (folder / STOP).exists():
                    process.send_signal(signal.SIGINT)
                    asked = True
                time.sleep(PAUSE_S)
            return process.returncode


if __name__ == "__main__":
    main(Path(sys.argv[1]))
