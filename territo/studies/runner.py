"""The process behind one job: waits for its turn, runs the commands, keeps what they give.

``python -m territo.studies.runner JOB``. It belongs to no server and to no
page, so a job goes on when either is restarted.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from territo.studies.disk import read_json, write_json
from territo.studies.turns import ALIVE, EXIT, JOB, PAUSE_S, STARTED, STOP, lock, turn

INFEASIBLE, INTERRUPTED, KEPT = 3, 130, (0, 130)
EVENTS, SAID, EXPLANATION, DRAFT = "events.jsonl", "said.txt", "explanation.json", "out"


def main(folder: Path) -> None:
    """Run a job, once; a second runner of the same job leaves at once."""
    with lock(folder / ALIVE) as mine:
        if not mine or (folder / EXIT).exists():
            return
        slot = turn(folder)
        if slot is None:
            write_json(folder / EXIT, {"code": INTERRUPTED, "seconds": 0.0})
            return
        with slot:
            _work(folder, read_json(folder / JOB))


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
