"""Builds in processes of their own, that a test can kill; the libraries are imported once, then forked."""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["osmnx", "pyarrow.csv", "territo.studies.epci", "territo.cli.commands"])


def run(arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
    """Run the command line, with its error output in a file."""
    from territo.cli import main

    os.environ.update(environment)
    with log.open("w", encoding="utf-8", buffering=1) as sys.stderr:
        main(arguments)


@dataclass
class Building:
    """A command line at work."""

    process: BaseProcess
    log: Path

    def reached(self, stage: str) -> bool:
        """Wait until a stage is told; False if the work ends before."""
        while f'"stage": "{stage}"' not in self.said():
            if not self.process.is_alive():
                return False
            time.sleep(0.005)
        return True

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8") if self.log.exists() else ""

    def ended(self) -> int:
        self.process.join()
        return int(self.process.exitcode or 0)

    def kill(self) -> None:
        self.process.kill()
        self.process.join()


@dataclass
class Site:
    """Where builds are started, and those that were."""

    folder: Path
    environment: Mapping[str, str]
    started: list[Building] = field(default_factory=list)

    def start(self, *arguments: str) -> Building:
        log = self.folder / f"log-{len(self.started)}"
        process = CONTEXT.Process(target=run, args=(arguments, dict(self.environment), log))
        process.start()
        self.started.append(Building(process, log))
        return self.started[-1]


@contextmanager
def building(folder: Path, environment: Mapping[str, str]) -> Iterator[Site]:
    """Give a place to start builds; none outlives the block."""
    folder.mkdir()
    site = Site(folder, environment)
    try:
        yield site
    finally:
        for build in site.started:
            build.kill()
