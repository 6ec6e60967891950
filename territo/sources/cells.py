"""Cells of delimited text and arrays of NPZ files, before anybody says what they mean."""

from __future__ import annotations

import csv
import io
import math
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from territo.errors import Fault, InputError, fault, raise_faults
from territo.sources.rows import decode, ragged_row
from territo.sources.tables import SPACES

# the comma separates only where no other does, and the first line has one: it may be the decimal mark
DELIMITERS = ";\t|,"
INFINITE = frozenset({"inf", "+inf", "infinity", "∞"})
NAMED_FAULTS = 20
NAMED_IDS = 8
DAMAGED = (OSError, EOFError, zipfile.BadZipFile, zlib.error, ValueError, TypeError)


class Row(NamedTuple):
    """Stripped cells, and where they stand: ``file:line``."""

    where: str
    cells: list[str]


def read_cells(path: Path) -> list[Row]:
    """Read the rows of a CSV file, blank lines left out.

    Raises
    ------
    InputError
        The file is absent or empty, or its rows have unequal lengths.
    """
    _require(path)
    text = decode(path)
    head = text.lstrip().partition("\n")[0]
    delimiter = next((mark for mark in DELIMITERS if mark in head), DELIMITERS[0])
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    rows = [Row(f"{path.name}:{reader.line_num}", [cell.strip() for cell in cells]) for cells in reader if cells]
    if not rows:
        raise InputError(empty(path))
    width = len(rows[0].cells)
    ragged = [ragged_row(row.where, len(row.cells), width) for row in rows if len(row.cells) != width]
    raise_faults(first(path, ragged))
    return rows


def read_array(path: Path, name: str, dimensions: int) -> NDArray[Any]:
    """Read the array of a name from an NPZ file, or its only array.

    Raises
    ------
    InputError
        The file is absent, damaged, or has no such array of numbers.
    """
    _require(path)
    try:
        with np.load(path, allow_pickle=False) as arrays:
            names: list[str] = list(arrays.files)
            key = name if name in names else names[0] if len(names) == 1 else ""
            array = arrays[key] if key else None
    except DAMAGED as error:
        text = "the file is damaged or holds no plain arrays: write it with numpy.savez"
        raise InputError(fault("locate-npz", text, where=path.name)) from error
    if array is None:
        text = "the file has arrays {names}: call one of them {name}, or keep one only"
        raise InputError(fault("locate-arrays", text, where=path.name, names=", ".join(names), name=name))
    if array.ndim != dimensions or array.dtype.kind not in "fiu" or 0 in array.shape:
        text = "the array {name} has shape {shape} and type {kind}: numbers are expected, in {dimensions} dimension(s)"
        context = {"name": key, "shape": array.shape, "kind": array.dtype.name, "dimensions": dimensions}
        raise InputError(fault("locate-array", text, where=path.name, **context))
    found: NDArray[Any] = array
    return found


def number(text: str) -> float:
    """Read a number in French or English notation, or ``inf``; NaN for what is neither."""
    compact = text.translate(SPACES).replace(",", ".")
    try:
        return math.inf if compact.lower() in INFINITE else float(compact)
    except ValueError:
        return math.nan


def empty(path: Path) -> Fault:
    """Say that a file has nothing in it."""
    return fault("empty-file", "the file is empty: check the export", where=path.name)


def first(path: Path, faults: list[Fault]) -> list[Fault]:
    """Keep the first faults of a file, and count the others."""
    others = len(faults) - NAMED_FAULTS
    if others <= 0:
        return faults
    return [*faults[:NAMED_FAULTS], fault("more-faults", "and {count} more like these", where=path.name, count=others)]


def named(ids: Sequence[str]) -> str:
    """Name the first few, and count the others."""
    head = ", ".join(ids[:NAMED_IDS])
    return head if len(ids) <= NAMED_IDS else f"{head}… (+{len(ids) - NAMED_IDS})"


def _require(path: Path) -> None:
    if not path.is_file():
        raise InputError(fault("missing-file", "there is no such file: check its name", where=str(path)))
