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
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from territo.errors import Fault, InputError
from territo.sources.recognition import Member, Seen
from territo.studies.disk import DRAFT, claim, entries, read_json, stamp, write_json
from territo.studies.looking import Look, look, told_faults
from territo.studies.unpacking import copy, safe_name, unpacked

SEEN, ORIGIN = "seen.json", "origin.json"
YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:[01]\d[0-3]\d)?(?!\d)")  # alone, or before a month and a day
UNKNOWN = "—"


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose a file is: producer, licence and vintage, as every map says them; empty where it is not known."""

    producer: str = ""
    licence: str = ""
    vintage: str = ""


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
    origin
        Whose it is: as somebody said, else as its columns and the year in its name tell.
    """

    path: Path
    size: int
    seen: Seen | None
    members: tuple[Member, ...] = ()
    faults: tuple[Fault, ...] = ()
    origin: Origin = Origin()

    @property
    def id(self) -> str:
        """Name of its folder."""
        return self.path.parent.name


def receive(
    folder: Path, files: Iterable[tuple[str, BinaryIO]], look: Callable[[Sequence[Path]], Sequence[Look]] = look
) -> tuple[Received, ...]:
    """Keep files and say what each one is; of one that cannot be used only its name and the reason are kept.

    Parameters
    ----------
    folder
        Where files are kept.
    files
        The name that the sender gives, and the content; what could name
        another place, hide or deceive is taken out of the name. An archive of
        several files counts as these files.
    look
        Says what files are.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=DRAFT) as temporary:
        drafts = [draft for name, stream in files for draft in _drafts(Path(temporary), folder, name, stream)]
        said = iter(look([path for path, faults in drafts if not faults]))
        told = [told_faults(faults) if faults else next(said) for _, faults in drafts]
        places = [_put(folder, path, content) for (path, _), content in zip(drafts, told, strict=True)]
    return tuple(map(_read, places))


def _drafts(temporary: Path, folder: Path, name: str, stream: BinaryIO) -> list[tuple[Path, tuple[Fault, ...]]]:
    """Write a file, or those of an archive of several, in folders of their own; with the faults of what is too much."""
    path = Path(tempfile.mkdtemp(dir=temporary)) / safe_name(name)
    taken = [file.size for file in received(folder)]
    taken += [each.stat().st_size for each in temporary.glob("*/*")]
    try:
        copy(stream, path, taken)
        return [(each, ()) for each in unpacked(path, temporary, taken)]
    except InputError as error:
        return [(path, error.faults)]


def _put(folder: Path, path: Path, content: Look) -> Path:
    """Give a file its place, with what was said of it."""
    size = path.stat().st_size if path.exists() else 0
    if "faults" in content:
        path.write_bytes(b"")
    write_json(path.with_name(SEEN), {"name": path.name, "size": size, **content})
    place = folder / stamp()
    claim(path.parent, place)
    return place


def received(folder: Path) -> tuple[Received, ...]:
    """List the files, in the order they came."""
    return tuple(_read(place) for place in entries(folder) if (place / SEEN).is_file())


def state_origin(file: Received, origin: Origin) -> None:
    """Keep what somebody says of whose a file is."""
    write_json(file.path.with_name(ORIGIN), asdict(origin))


def forget(file: Received) -> None:
    """Remove a file."""
    shutil.rmtree(file.path.parent, ignore_errors=True)


def _read(place: Path) -> Received:
    content = read_json(place / SEEN)
    seen = Seen(**content["seen"]) if "seen" in content else None
    members = tuple(Member(*each) for each in content.get("members", ()))
    faults = tuple(Fault(**each) for each in content.get("faults", ()))
    name, stated = content["name"], read_json(place / ORIGIN)
    origin = Origin(**stated) if stated else _usual_origin(name, seen)
    return Received(place / name, content["size"], seen, members, faults, origin)


def _usual_origin(name: str, seen: Seen | None) -> Origin:
    """Tell whose a file is by its columns, and its vintage by the last year in its name."""
    found = seen.origin if seen else None
    year = next(reversed(YEAR.findall(name)), UNKNOWN)
    return Origin(*found, year) if found else Origin()
