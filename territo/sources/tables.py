"""Tables of text: decimal comma recognised, secret values kept as missing, lines remembered."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from territo.domain.arrays import Floats
from territo.errors import Fault, fault, raise_faults
from territo.sources.rows import open_rows, ragged_row

MISSING = frozenset({"", "s", "ns", "nd", "nan", "na", "n/a", "null"})
SPACES = str.maketrans(dict.fromkeys(" \u00a0\u202f"))


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

    def where_in(self, column: str, values: Collection[str]) -> Table:
        """Keep the rows whose value is one of these."""
        wanted = set(values)
        kept = [row for row, value in enumerate(self.text(column)) if value in wanted]
        return Table(
            self.path, self.columns, tuple(self.rows[row] for row in kept), tuple(self.lines[row] for row in kept)
        )

    def numbers(
        self, column: str, *, required: bool, missing: Collection[str] = frozenset()
    ) -> tuple[Floats, list[Fault]]:
        """Return the values of a column as numbers, and what is wrong with them.

        Empty, ``s``, ``ns``, ``nd`` and the other codes of the file are NaN;
        they are faults where the column is required. Spaces and decimal commas
        are accepted.
        """
        values = np.full(len(self.rows), np.nan)
        found: list[Fault] = []
        for row, text in enumerate(self.text(column)):
            try:
                values[row] = math.nan if text.lower() in missing else parse_number(text)
            except ValueError:
                found.append(self._fault("not-a-number", "{value} is not a number: correct it", row, column, text))
                continue
            if required and math.isnan(values[row]):
                sentence = "the value is missing or secret ({value}), but it is needed: give a number"
                found.append(self._fault("missing-value", sentence, row, column, text))
        return values, found

    def negatives(self, column: str, values: Floats) -> list[Fault]:
        """One fault for each value of a column that is below 0."""
        sentence = "{value} is negative: correct it"
        return [
            fault("negative-value", sentence, where=self.where(row), key=column, value=self.rows[row][column])
            for row in np.flatnonzero(values < 0).tolist()
        ]

    def outside(self, column: str, values: Floats, low: float, high: float) -> list[Fault]:
        """One fault for each value of a column below or above its limits; missing values are neither."""
        return [
            fault(
                "out-of-range",
                "{value} is not between {low} and {high}: correct it",
                where=self.where(row),
                key=column,
                value=self.rows[row][column],
                low=f"{low:g}",
                high=f"{high:g}",
            )
            for row in np.flatnonzero((values < low) | (values > high)).tolist()
        ]

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
    if "_" in compact:
        raise ValueError(text)
    if compact.lower() in MISSING:
        return math.nan
    value = float(compact.replace(",", "."))
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def read_table(
    path: Path,
    *,
    layer: str | None = None,
    columns: Callable[[Sequence[str]], Collection[str]] | None = None,
    keep: Callable[[Mapping[str, str]], bool] | None = None,
) -> Table:
    """Read a table of any kind that :func:`territo.sources.rows.open_rows` opens.

    National files are large: what is not wanted is left out while reading.

    Parameters
    ----------
    path
        The file.
    layer
        Layer of a map that has several.
    columns
        Given the columns of the file, those wanted; all when None.
    keep
        Whether a row is wanted; all are when None.

    Raises
    ------
    InputError
        The file cannot be read, is empty or its rows do not match its header.
    """
    names, reader = open_rows(path, layer)
    wanted = names if columns is None else tuple(columns(names))
    rows: list[dict[str, str]] = []
    lines: list[int] = []
    found: list[Fault] = []
    with closing(reader(wanted)) as stream:
        for line, values, width in stream:
            if width != len(names):
                found.append(ragged_row(f"{path.name}:{line}", width, len(names)))
                continue
            row = dict(zip(wanted, values, strict=True))
            if keep is None or keep(row):
                rows.append(row)
                lines.append(line)
    raise_faults(found)
    return Table(path, wanted, tuple(rows), tuple(lines))


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
