"""Files as strangers send them: written within limits, under names that name nothing else, archives opened one level.

The readers of :mod:`territo.sources` open an archive that holds one file
themselves; an archive of several is unpacked here, each file of its own.
"""

from __future__ import annotations

import re
import tempfile
import unicodedata
import zipfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from territo.errors import InputError, fault
from territo.sources.archives import DAMAGED, damaged, data_members, first_bytes, is_zip, member_names, open_member
from territo.sources.recognition import RASTERS
from territo.sources.roads import OSM_ENDINGS
from territo.sources.rows import TABLES

LARGEST_BYTES = 200 * 1024**2  # what the server takes in one request, see .streamlit/config.toml
LARGEST_SUM_BYTES = 1024**3
MOST_FILES = 40
LONGEST_NAME = 80
UNSAFE = re.compile(r"[^\w.\- ()]+")
# what no reader opens inside an archive
BARE = (".graphml", ".graphml.gz", *OSM_ENDINGS, ".zip")
SHAPEFILE = ".shp"
PARTS = ("shp", "shx", "dbf", "prj", "cpg")


def safe_name(name: str) -> str:
    """Make the name of a file one that names nothing else: no folder, no sign that hides, no more than 80 letters."""
    last = PurePosixPath(name.replace("\\", "/")).name
    plain = "".join(sign for sign in unicodedata.normalize("NFC", last) if unicodedata.category(sign)[0] != "C")
    words = UNSAFE.sub("_", plain).strip(" .-")
    stem, dot, ending = words.partition(".")
    ending = ending[-LONGEST_NAME // 2 :]
    return f"{stem[: LONGEST_NAME - len(ending) - 1] or 'fichier'}{dot}{ending}"


def copy(stream: BinaryIO, path: Path, taken: Sequence[int]) -> None:
    """Write a file, within the limits.

    Parameters
    ----------
    stream, path
        What to write, and where.
    taken
        Sizes of the files that are there already, bytes.

    Raises
    ------
    InputError
        It is too large, or there are too many.
    """
    if len(taken) >= MOST_FILES:
        sentence = "there are {most} files already: remove those that are of no use"
        raise InputError(fault("too-many-files", sentence, where=path.name, most=MOST_FILES))
    left = min(LARGEST_BYTES, LARGEST_SUM_BYTES - sum(taken))
    with path.open("wb") as target:
        while block := stream.read(1 << 20):
            left -= len(block)
            if left < 0:
                sentence = "a file may take {one} MB, and all of them {all} MB: keep only the territory in it"
                one, every = (limit // 1024**2 for limit in (LARGEST_BYTES, LARGEST_SUM_BYTES))
                raise InputError(fault("received-too-large", sentence, where=path.name, one=one, all=every))
            target.write(block)


def unpacked(path: Path, folder: Path, taken: Sequence[int]) -> list[Path]:
    """Unpack an archive of several files, each in a folder of its own; any other file stays as it is.

    Parameters
    ----------
    path
        The file.
    folder
        Where the new folders go.
    taken
        As for :func:`copy`.

    Raises
    ------
    InputError
        The archive is damaged, or holds too much.
    """
    if not first_bytes(path) or not is_zip(path):
        return [path]
    names = member_names(path)
    members = data_members(names, (*TABLES, *RASTERS, *BARE))
    if len(members) <= 1 and not any(name.lower().endswith(BARE) for name in members):
        return [path]
    sizes, found = [*taken], []
    try:
        for name in members:
            found.append(_member(path, name, names, Path(tempfile.mkdtemp(dir=folder)), sizes))
            sizes.append(found[-1].stat().st_size)
    except DAMAGED as error:
        raise InputError(damaged(path)) from error
    path.unlink()
    return found


def _member(path: Path, name: str, names: Sequence[str], folder: Path, sizes: Sequence[int]) -> Path:
    """Write one file of an archive; a shapefile with the files that go with it, as an archive of its own."""
    target = folder / safe_name(name)
    if not name.lower().endswith(SHAPEFILE):
        with closing(open_member(path, name)) as stream:
            copy(stream, target, sizes)
        return target
    stem, packed = name[: -len(SHAPEFILE)], target.with_suffix(".zip")
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for ending in PARTS:
            part = next((each for each in names if each.lower() == f"{stem}.{ending}".lower()), None)
            if part is not None:
                loose = folder / "part"
                with closing(open_member(path, part)) as stream:
                    copy(stream, loose, sizes)
                archive.write(loose, f"{target.stem}.{ending}")
                loose.unlink()
    return packed
