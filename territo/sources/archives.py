"""Files inside zip archives, as producers publish them."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from territo.errors import Fault, InputError, fault

ZIP = b"PK\x03\x04"
SEVEN_ZIP = b"7z\xbc\xaf\x27\x1c"
# descriptions of the columns that INSEE puts beside its data
BESIDE_THE_DATA = ("meta", "varmod", "readme", "lisez", "__macosx")
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError)
MOST_NAMED = 6


def first_bytes(path: Path) -> bytes:
    """Return the first 8 bytes of a file, which tell its kind.

    Raises
    ------
    InputError
        The file cannot be opened, or is a 7z archive.
    """
    try:
        with path.open("rb") as stream:
            found = stream.read(8)
    except OSError as error:
        sentence = "the file cannot be read ({reason})"
        reason = error.strerror or type(error).__name__
        raise InputError(fault("unreadable-file", sentence, where=path.name, reason=reason)) from error
    if found.startswith(SEVEN_ZIP):
        sentence = "the file is a 7z archive: unpack it, and give the file that is inside"
        raise InputError(fault("seven-zip", sentence, where=path.name))
    return found


def is_zip(path: Path) -> bool:
    """Whether a file is a zip archive, whatever its name."""
    return first_bytes(path).startswith(ZIP)


def only_member(path: Path, endings: Sequence[str]) -> str:
    """Return the name of the one file of an archive that has one of the endings.

    Descriptions of columns (``meta_...``, ``Varmod_...``) do not count.

    Raises
    ------
    InputError
        The archive is damaged, or holds no such file, or several.
    """
    names = member_names(path)
    found = data_members(names, endings)
    if len(found) == 1:
        return found[0]
    listed = ", ".join([*names[:MOST_NAMED], *["…"][: len(names) > MOST_NAMED]]) or "∅"
    if found:
        sentence = "the archive holds several files of data ({names}): unpack it, and give one of them"
        raise InputError(fault("archive-of-several", sentence, where=path.name, names=listed))
    sentence = "the archive holds no file ending in {endings}, only {names}: unpack it, or give another"
    raise InputError(fault("archive-of-none", sentence, where=path.name, endings=", ".join(endings), names=listed))


def member_names(path: Path) -> list[str]:
    """Return the names of the files of an archive.

    Raises
    ------
    InputError
        The archive is damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return [name for name in archive.namelist() if not name.endswith("/")]
    except DAMAGED as error:
        raise InputError(damaged(path)) from error


def data_members(names: Sequence[str], endings: Sequence[str]) -> list[str]:
    """Keep the files of an archive that have one of the endings, and are no descriptions of columns."""
    return [name for name in names if name.lower().endswith(tuple(endings)) and not _beside(name)]


def _beside(name: str) -> bool:
    folder, _, file = name.lower().rpartition("/")
    return file.startswith(BESIDE_THE_DATA) or folder.startswith(BESIDE_THE_DATA)


def open_member(path: Path, name: str) -> BinaryIO:
    """Open a file of an archive; reading it checks its digest."""
    with zipfile.ZipFile(path) as archive:
        return archive.open(name)  # type: ignore[return-value]  # ZipExtFile reads as BinaryIO does


def check_member(path: Path, name: str) -> None:
    """Read a file of an archive through, so that damage is found before GDAL trips over it.

    Raises
    ------
    InputError
        The archive is damaged.
    """
    try:
        with open_member(path, name) as stream:
            while stream.read(1 << 20):
                pass
    except DAMAGED as error:
        raise InputError(damaged(path)) from error


def damaged(path: Path) -> Fault:
    """Make the fault of an archive that cannot be unpacked."""
    return fault("damaged-archive", "the archive is damaged or incomplete: download it again", where=path.name)
