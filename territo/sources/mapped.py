"""Large matrices on disk: NPZ files whose arrays are read where they lie, without being loaded.

An NPZ file is a zip of arrays. Where they are stored and not compressed, each
one is a piece of the file that can be mapped into memory: a territory opens at
once, and processes that read the same matrix share it. The pieces begin at
multiples of 64 bytes, as numpy likes them. ``numpy.load`` reads these files too.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

ALIGNMENT = 64
LOCAL_HEADER = 30
ZIP64_EXTRA = 20
LENGTHS_AT = 26
# the extra field of a zip entry: an identifier that nobody uses, and a length
PADDING_ID, PADDING_HEADER = 0x7654, 4
BIRTH_OF_ZIP = (1980, 1, 1, 0, 0, 0)


def save_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write arrays uncompressed; the same arrays give the same bytes."""
    with path.open("wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, array in arrays.items():
            entry = zipfile.ZipInfo(f"{name}.npy", BIRTH_OF_ZIP)
            entry.extra = _padding(file.tell() + LOCAL_HEADER + len(entry.filename) + ZIP64_EXTRA)
            with archive.open(entry, "w", force_zip64=True) as stream:
                np.lib.format.write_array(stream, np.ascontiguousarray(array), allow_pickle=False)


def map_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """Map the arrays of a file, read only; those that are compressed are loaded.

    Raises
    ------
    OSError, ValueError, zipfile.BadZipFile
        The file is damaged.
    """
    with zipfile.ZipFile(path) as archive, path.open("rb") as stream:
        entries = [(entry.filename.removesuffix(".npy"), entry) for entry in archive.infolist()]
        return {
            name: _mapped(path, stream, entry) if entry.compress_type == zipfile.ZIP_STORED else _loaded(archive, entry)
            for name, entry in entries
        }


def _padding(end: int) -> bytes:
    """Fill up to the alignment."""
    missing = -end % ALIGNMENT
    if not missing:
        return b""
    missing += ALIGNMENT if missing < PADDING_HEADER else 0
    return struct.pack("<HH", PADDING_ID, missing - PADDING_HEADER) + bytes(missing - PADDING_HEADER)


def _mapped(path: Path, stream: Any, entry: zipfile.ZipInfo) -> NDArray[Any]:
    stream.seek(entry.header_offset + LENGTHS_AT)
    name, extra = struct.unpack("<HH", stream.read(4))
    stream.seek(entry.header_offset + LOCAL_HEADER + name + extra)
    readers = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
    shape, by_column, dtype = readers[np.lib.format.read_magic(stream)](stream)
    if dtype.hasobject:
        raise ValueError(dtype)
    if 0 in shape:
        return np.empty(shape, dtype)
    order: Literal["F", "C"] = "F" if by_column else "C"
    return np.asarray(np.memmap(path, dtype, mode="r", offset=stream.tell(), shape=shape, order=order))


def _loaded(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> NDArray[Any]:
    with archive.open(entry) as stream:
        array: NDArray[Any] = np.lib.format.read_array(stream, allow_pickle=False)
    return array
