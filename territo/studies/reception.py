"""Files that people send to make a territory: kept under safe names, recognised at once, told in one sentence.

::

    files/<time>/<name>       the file
    files/<time>/seen.json    what it is, or why it cannot be used

A file appears with what it is, whole or not at all; nothing is ever written
twice under one name, so that two windows may send files at once.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from territo.errors import Fault, InputError, fault
from territo.sources.recognition import Member, Seen, read_members, recognise_file
from territo.studies.disk import DRAFT, claim, entries, read_json, stamp, write_json

SEEN = "seen.json"
LARGEST_BYTES = 200 * 1024**2  # what the server takes in one request, see .streamlit/config.toml
LARGEST_SUM_BYTES = 1024**3
MOST_FILES = 40
LONGEST_NAME = 80
UNSAFE = re.compile(r"[^\w.\- ()]+")


@dataclass(frozen=True, slots=True)
class Received:
    """A file that was sent.

    Parameters
    ----------
    path
        Where it is kept.
    size
        In bytes.
    seen
        What it is; None where it cannot be used.
    members
        The communes that it names, of outlines and tables of communes.
    faults
        Why it cannot be used.
    """

    path: Path
    size: int
    seen: Seen | None
    members: tuple[Member, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def id(self) -> str:
        """Name of its folder."""
        return self.path.parent.name


def receive(folder: Path, name: str, stream: BinaryIO) -> Received:
    """Keep a file and say what it is; one that cannot be used is kept as nothing but its name and the reason.

    Parameters
    ----------
    folder
        Where files are kept.
    name
        As the sender calls it; what could name another place, hide or deceive
        is taken out of it.
    stream
        Its content.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=DRAFT) as temporary:
        draft = Path(temporary) / "file"
        draft.mkdir()
        path = draft / safe_name(name)
        try:
            _copy(stream, path, received(folder))
            seen = recognise_file(path)
            members = read_members(path, seen) if seen.layer in {"communes", "population"} else ()
            found = Received(path, path.stat().st_size, seen, members)
        except InputError as error:
            size = path.stat().st_size if path.exists() else 0
            found = Received(path, size, None, faults=error.faults)
            path.write_bytes(b"")
        write_json(draft / SEEN, {"name": path.name, "size": found.size} | _told(found))
        place = folder / stamp()
        claim(draft, place)
    return _read(place)


def received(folder: Path) -> tuple[Received, ...]:
    """List the files, in the order they came."""
    return tuple(_read(place) for place in entries(folder) if (place / SEEN).is_file())


def forget(file: Received) -> None:
    """Remove a file."""
    shutil.rmtree(file.path.parent, ignore_errors=True)


def safe_name(name: str) -> str:
    """Make the name of a file one that names nothing else: no folder, no sign that hides, no more than 80 letters."""
    last = PurePosixPath(name.replace("\\", "/")).name
    plain = "".join(sign for sign in unicodedata.normalize("NFC", last) if unicodedata.category(sign)[0] != "C")
    words = UNSAFE.sub("_", plain).strip(" .-")
    stem, dot, ending = words.partition(".")
    ending = ending[-LONGEST_NAME // 2 :]
    return f"{stem[: LONGEST_NAME - len(ending) - 1] or 'fichier'}{dot}{ending}"


def _copy(stream: BinaryIO, path: Path, before: Sequence[Received]) -> None:
    """Write a file, within the limits.

    Raises
    ------
    InputError
        It is too large, or there are too many.
    """
    if len(before) >= MOST_FILES:
        sentence = "there are {most} files already: remove those that are of no use"
        raise InputError(fault("too-many-files", sentence, where=path.name, most=MOST_FILES))
    left = min(LARGEST_BYTES, LARGEST_SUM_BYTES - sum(file.size for file in before))
    with path.open("wb") as copy:
        while block := stream.read(1 << 20):
            left -= len(block)
            if left < 0:
                sentence = "a file may take {one} MB, and all of them {all} MB: keep only the territory in it"
                one, every = (limit // 1024**2 for limit in (LARGEST_BYTES, LARGEST_SUM_BYTES))
                raise InputError(fault("received-too-large", sentence, where=path.name, one=one, all=every))
            copy.write(block)


def _told(found: Received) -> dict[str, Any]:
    if found.seen is None:
        return {"faults": [asdict(each) | {"context": _texts(each.context)} for each in found.faults]}
    members = [[each.code, each.name, each.epci, each.epci_name] for each in found.members]
    return {"seen": asdict(found.seen) | {"columns": dict(found.seen.columns)}, "members": members}


def _texts(context: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in context.items()}


def _read(place: Path) -> Received:
    content = read_json(place / SEEN)
    seen = Seen(**content["seen"]) if "seen" in content else None
    members = tuple(Member(*each) for each in content.get("members", ()))
    faults = tuple(Fault(**each) for each in content.get("faults", ()))
    return Received(place / content["name"], content["size"], seen, members, faults)
