"""Tables of text: delimiter and decimal comma recognised, secret values kept as missing, lines remembered."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from territo.domain.arrays import Floats
from territo.errors import Fault, InputError, fault

MISSING = frozenset({"", "s", "ns", "nd", "nan", "na", "n/a", "null"})
SPACES = str.maketrans(dict.fromkeys(" \u00a0\u202f"))
DELIMITERS = ";,\t|"


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a delimited text file, all values as stripped text.

    Parameters
    ----------
    path
        The file.
    columns
        Names, in the order of the file.
    rows
        One dictionary a row.
    lines
        Line of the file where each row ends.
    """

    path: Path
    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]
    lines: tuple[int, ...]

    def where(self, row: int) -> str:
        """``file:line`` of a row."""
        return f"{self.path.name}:{self.lines[row]}"

    def absent(self, wanted: Iterable[str]) -> list[Fault]:
        """One fault for each column that the table lacks."""
        return [
            fault(
                "missing-column",
                "there is no column {column}: the columns are {columns}",
                where=f"{self.path.name}:1",
                key=column,
                column=column,
                columns=", ".join(self.columns),
            )
            for column in dict.fromkeys(wanted)
            if column not in self.columns
        ]

    def text(self, column: str) -> list[str]:
        """Return the values of a column."""
        return [row[column] for row in self.rows]

    def numbers(self, column: str, *, required: bool) -> tuple[Floats, list[Fault]]:
        """Return the values of a column as numbers, and what is wrong with them.

        Empty, ``s``, ``ns`` and ``nd`` are NaN; they are faults where the
        column is required. Spaces and decimal commas are accepted.
        """
        values = np.full(len(self.rows), np.nan)
        found: list[Fault] = []
        for row, text in enumerate(self.text(column)):
            try:
                values[row] = parse_number(text)
            except ValueError:
                found.append(self._fault("not-a-number", "{value} is not a number: correct it", row, column, text))
                continue
            if required and math.isnan(values[row]):
                sentence = "the value is missing or secret ({value}), but it is needed: give a number"
                found.append(self._fault("missing-value", sentence, row, column, text))
        return values, found

    def _fault(self, code: str, sentence: str, row: int, column: str, value: str) -> Fault:
        return fault(code, sentence, where=self.where(row), key=column, value=value or "\u2205")


def parse_number(text: str) -> float:
    """Read a number in French or English notation; NaN where it is missing or secret.

    Raises
    ------
    ValueError
        Not a finite number.
    """
    compact = text.translate(SPACES)
    if compact.lower() in MISSING:
        return math.nan
    value = float(compact.replace(",", "."))
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def read_table(path: Path) -> Table:
    """Read a CSV file in UTF-8 or Windows-1252, separated by ``;``, ``,``, tabulation or ``|``.

    Raises
    ------
    InputError
        The file is empty or its rows do not match its header.
    """
    text = decode(path)
    header = text.split("\n", 1)[0].strip()
    if not header:
        raise InputError(fault("empty-file", "the file is empty: check the export", where=path.name))
    reader = csv.reader(io.StringIO(text), delimiter=max(DELIMITERS, key=header.count))
    columns = tuple(name.strip() for name in next(reader))
    rows, lines, found = _rows(path, columns, reader)
    if found:
        raise InputError(*found)
    return Table(path, columns, tuple(rows), tuple(lines))


def _rows(
    path: Path, columns: tuple[str, ...], reader: Iterable[list[str]]
) -> tuple[list[dict[str, str]], list[int], list[Fault]]:
    rows: list[dict[str, str]] = []
    lines: list[int] = []
    found: list[Fault] = []
    for values in reader:
        line: int = reader.line_num  # type: ignore[attr-defined]  # the csv reader counts lines, Iterable does not
        if not any(values):
            continue
        if len(values) != len(columns):
            found.append(ragged_row(f"{path.name}:{line}", len(values), len(columns)))
            continue
        rows.append({name: value.strip() for name, value in zip(columns, values, strict=True)})
        lines.append(line)
    return rows, lines, found


def ragged_row(where: str, count: int, expected: int) -> Fault:
    """Say that a row has more or fewer values than there are columns."""
    sentence = "the row has {count} values for {expected} columns: check quotes and separators"
    return fault("ragged-row", sentence, where=where, count=count, expected=expected)


def decode(path: Path) -> str:
    """Return the text of a file, in UTF-8 with or without mark, else Windows-1252."""
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def duplicates(table: Table, column: str) -> list[Fault]:
    """One fault for each value that a column repeats, at its second line."""
    first: dict[str, int] = {}
    found = []
    for row, value in enumerate(table.text(column)):
        if value in first:
            found.append(
                fault(
                    "duplicate-row",
                    "{value} already stands at line {line}: keep one row",
                    where=table.where(row),
                    key=column,
                    value=value,
                    line=table.lines[first[value]],
                )
            )
        else:
            first[value] = row
    return found


def first_present(columns: Sequence[str], candidates: Sequence[str]) -> str | None:
    """Return the first candidate that is a column, whatever its case, as the file writes it."""
    spelled = {column.lower(): column for column in columns}
    return next((spelled[name.lower()] for name in candidates if name.lower() in spelled), None)
