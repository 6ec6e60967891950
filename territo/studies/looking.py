"""Looks at files in a process apart, whose memory and time are limited: what strangers send cannot harm the server.

``python -m territo.studies.looking FILE...`` writes one JSON line a file, as it goes.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from territo.errors import Fault, InputError, fault
from territo.sources.recognition import read_members, recognise_file

COMMAND = (sys.executable, "-m", __name__)
LONGEST_S = 120
MOST_BYTES = 6 * 1024**3
NAMED = {"communes", "population"}

# what is said of a file: ``seen`` and ``members``, or ``faults``
Look = Mapping[str, Any]


def look(paths: Sequence[Path]) -> list[Look]:
    """Say what each file is, and which communes it names, or why it cannot be used; one that kills the process too."""
    found: list[Look] = []
    while len(found) < len(paths):
        left = paths[len(found) :]
        found += _asked(left)
        if len(found) < len(paths):
            found.append(told_faults([_too_much(paths[len(found)])]))
    return found


def look_here(path: Path) -> Look:
    """Say what a file is, in this process."""
    try:
        seen = recognise_file(path)
        members = read_members(path, seen) if seen.layer in NAMED else ()
    except InputError as error:
        return told_faults(error.faults)
    except MemoryError:
        return told_faults([_too_much(path)])
    rows = [[each.code, each.name, each.epci, each.epci_name] for each in members]
    return {"seen": asdict(seen) | {"columns": dict(seen.columns)}, "members": rows}


def _asked(paths: Sequence[Path]) -> list[Look]:
    """Ask a process; it answers for the first files only where it was stopped or died."""
    words = [*COMMAND, *map(str, paths)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL) as apart:  # noqa: S603 - our own module
        try:
            said, _ = apart.communicate(timeout=LONGEST_S)
        except subprocess.TimeoutExpired:
            apart.kill()
            said, _ = apart.communicate()
    lines = said.decode().splitlines(keepends=True)
    return [json.loads(line) for line in lines[: len(paths)] if line.endswith("\n")]


def _too_much(path: Path) -> Fault:
    sentence = "the file cannot be read within {seconds} s and {most} GB: give a smaller one, or a GeoPackage or CSV"
    return fault("too-much-to-read", sentence, where=path.name, seconds=LONGEST_S, most=MOST_BYTES // 1024**3)


def told_faults(faults: Sequence[Fault]) -> Look:
    """Write faults as JSON holds them; what they name becomes text."""
    texts = [{name: str(value) for name, value in each.context.items()} for each in faults]
    return {"faults": [asdict(each) | {"context": context} for each, context in zip(faults, texts, strict=True)]}


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    for file in sys.argv[1:]:
        sys.stdout.write(json.dumps(look_here(Path(file))) + "\n")
        sys.stdout.flush()
