"""Follow the Dockerfile step by step in an empty folder, then start what it starts and ask for its health.

``python -m deploy.rehearse [FOLDER]``. No container engine is needed: the paths
that the image writes to (``/opt``, ``/build``, ``/var/lib/territo``) stand in the
folder, ``COPY`` copies, ``RUN`` runs in the shell with the environment of ``ENV``
and nothing else, and the base image is the Python that runs this script. What
is not rehearsed: the base image, the user and the limits of the container.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from deploy.dockerfile import Instruction, instructions, words

PROJECT = Path(__file__).resolve().parents[1]
MOVED = re.compile(r"(?<![\w.])/(?=(?:opt|build|var/lib/territo)\b)")
PORT = "8501"
STARTING_S = 120
# the settings of the machine that reaches the packages: the image gets them from its builder
PASSED = ("PIP_CONFIG_FILE", "PIP_INDEX_URL", "HTTPS_PROXY", "SSL_CERT_FILE", "NO_PROXY")


class Rehearsal:
    """The state that a Dockerfile builds up: where we are, and the environment."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.where = folder
        self.environment: dict[str, str] = {}

    def follow(self, step: Instruction) -> None:
        """Do what an instruction says."""
        sys.stdout.write(f"{step.line:3d}  {step.keyword} {step.text[:100]}\n")
        sys.stdout.flush()
        if step.keyword == "FROM":
            self.environment, self.where = {"PATH": os.defpath, "HOME": str(self.folder)}, self.folder
        elif step.keyword == "ENV":
            for word in words(step):
                name, _, value = word.partition("=")
                self.environment[name] = self.moved(value)
        elif step.keyword == "WORKDIR":
            self.where = Path(self.moved(step.text))
            self.where.mkdir(parents=True, exist_ok=True)
        elif step.keyword == "COPY":
            self._copy([word for word in words(step) if not word.startswith("--")], step)
        elif step.keyword == "RUN":
            self._run(step.text)

    def moved(self, text: str) -> str:
        """Put the paths of the image in the folder."""
        return MOVED.sub(f"{self.folder}/", text)

    def start(self, step: Instruction) -> None:
        """Start the command of the image, wait for its health, and stop it."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = str(free.getsockname()[1])
        command = [port if word == PORT else "127.0.0.1" if word == "0.0.0.0" else word for word in words(step)]  # noqa: S104 - the address is replaced, not listened on
        program = shutil.which(command[0], path=self.environment["PATH"])
        with subprocess.Popen([str(program), *command[1:]], cwd=self.where, env=self.environment) as process:
            try:
                sys.stdout.write(f"     {_health(port, process)}\n")
            finally:
                process.terminate()

    def _copy(self, paths: list[str], step: Instruction) -> None:
        *sources, target = paths
        if "--from=" in step.text:
            return  # both stages stand in the same folder
        for source in sources:
            origin, place = PROJECT / source, self.where / target
            if origin.is_dir():
                shutil.copytree(origin, place, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
            else:
                place.mkdir(parents=True, exist_ok=True)
                shutil.copy(origin, place)

    def _run(self, text: str) -> None:
        passed = {name: os.environ[name] for name in PASSED if name in os.environ}
        path = f"{Path(sys.executable).parent}:{self.environment['PATH']}"
        asked = self.moved(text).replace("--owner=10001 --group=10001 ", "")
        subprocess.run(
            ["/bin/sh", "-euc", asked],
            cwd=self.where,
            env={**passed, **self.environment, "PATH": path},
            check=True,
        )


def _health(port: str, process: subprocess.Popen[bytes]) -> str:
    deadline = time.monotonic() + STARTING_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            sys.exit("the command of the image stopped")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/sante", timeout=4) as answer:
                return answer.read().decode()
        except OSError:
            time.sleep(0.5)
    sys.exit("the command of the image never answered")


def main() -> None:
    """Rehearse in the folder given, or in a temporary one."""
    steps = instructions((PROJECT / "Dockerfile").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory(prefix="territo-image-") as temporary:
        rehearsal = Rehearsal(Path(sys.argv[1] if len(sys.argv) > 1 else temporary).resolve())
        rehearsal.folder.mkdir(parents=True, exist_ok=True)
        for step in steps:
            rehearsal.follow(step)
        rehearsal.start(next(step for step in steps if step.keyword == "CMD"))


if __name__ == "__main__":
    main()
