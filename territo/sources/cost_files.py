"""Files of the classical location models: a table of costs, and columns of numbers beside it.

CSV, separated by ``;``, tabulation, ``|`` or ``,``; decimal commas where the
comma does not separate. A first row of names, or that begins with ``id``, says
that the first row and the first column are identifiers; a first cell that is a
cost says that all cells are. Empty and ``inf``: the site may not serve the point.
A column of numbers stands alone, in the order of the costs and with or without
a title, or after a column of identifiers, in any order. NPZ: the array of the name
asked, or the only one. Rows and columns without identifiers are numbered from
0, as in Python.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from territo.domain.arrays import Floats
from territo.errors import Fault, InputError, fault, raise_faults
from territo.sources.cells import Row, empty, first, named, number, read_array, read_cells

IDENTIFIERS = "id"
TWO = 2  # columns: identifiers and numbers


@dataclass(frozen=True, slots=True, eq=False)
class CostTable:
    """Costs, and the names of their rows and columns.

    Parameters
    ----------
    costs : array (demand points, sites)
        ``inf`` where a site may not serve a point.
    points, sites
        Identifiers; numbers from 0 where the file has none.
    places
        ``file:line`` of each row; the file alone for NPZ.
    """

    costs: NDArray[Any]
    points: tuple[str, ...]
    sites: tuple[str, ...]
    places: tuple[str, ...]


def read_costs(path: Path) -> CostTable:
    """Read a table of costs.

    Raises
    ------
    InputError
        The file cannot be read, or has cells that are no costs: all that is
        wrong with it.
    """
    if _is_npz(path):
        array = read_array(path, "costs", dimensions=2)
        points, sites = (_numbers(count) for count in array.shape)
        return CostTable(array, points, sites, (path.name,) * len(points))
    rows = read_cells(path)
    identified = _identified(path, rows[0])
    head = rows[0].cells[1:] if identified else _numbers(len(rows[0].cells))
    body = rows[identified:]
    if not (head and body):
        raise InputError(empty(path))
    points = tuple(row.cells[0] for row in body) if identified else _numbers(len(body))
    costs = np.array([_costs(row.cells[identified:]) for row in body])
    faults = [*_twice(path, points), *_twice(path, head)]
    faults += [
        _not_a_cost(body[row], head[column], body[row].cells[column + identified])
        for row, column in np.argwhere(~(costs >= 0)).tolist()
    ]
    raise_faults(first(path, faults))
    return CostTable(costs, points, tuple(head), tuple(row.where for row in body))


def read_column(path: Path, name: str, identifiers: Sequence[str] | None) -> NDArray[Any]:
    """Read one number for each point or each site.

    Parameters
    ----------
    path
        The file.
    name
        Name of the array in an NPZ file.
    identifiers
        Of the points or the sites, in the order of the costs; None where the
        costs cannot be read, to find what else is wrong.

    Raises
    ------
    InputError
        The file cannot be read, or does not fit the costs: all that is wrong
        with it.
    """
    if _is_npz(path):
        array = read_array(path, name, dimensions=1)
        raise_faults(_length(path, len(array), identifiers))
        return array
    rows = read_cells(path)
    width = len(rows[0].cells)
    if width > TWO:
        text = "the file has {count} columns: one of numbers is expected, or one of identifiers (id) and one of numbers"
        raise InputError(fault("locate-columns", text, where=path.name, count=width))
    if width == TWO:
        if not _identified(path, rows[0]):
            raise InputError(_corner(path, rows[0]))
        return _by_identifier(path, rows[1:], identifiers)
    body = rows[int(math.isnan(number(rows[0].cells[0]))) :]
    values, faults = _values(body)
    raise_faults(first(path, faults + _length(path, len(values), identifiers)))
    return values


def _by_identifier(path: Path, rows: list[Row], identifiers: Sequence[str] | None) -> Floats:
    values, faults = _values(rows)
    given = [row.cells[0] for row in rows]
    identifiers = given if identifiers is None else identifiers
    absent, unknown = sorted(set(identifiers) - set(given)), sorted(set(given) - set(identifiers))
    faults += _twice(path, given)
    if absent:
        faults.append(fault("locate-absent", "{ids} have no row: add them", where=path.name, ids=named(absent)))
    if unknown:
        text = "{ids} are not in the costs: remove or correct them"
        faults.append(fault("locate-unknown", text, where=path.name, ids=named(unknown)))
    raise_faults(first(path, faults))
    place = {identifier: row for row, identifier in enumerate(given)}
    return values[[place[identifier] for identifier in identifiers]]


def _values(rows: list[Row]) -> tuple[Floats, list[Fault]]:
    """Read the last cell of each row."""
    values = np.array([number(row.cells[-1]) for row in rows])
    text = "{value} is not a number of 0 or more: correct it"
    wrong = np.flatnonzero(~((values >= 0) & np.isfinite(values)))
    return values, [
        fault("locate-value", text, where=rows[row].where, value=rows[row].cells[-1] or "∅") for row in wrong.tolist()
    ]


def _length(path: Path, count: int, identifiers: Sequence[str] | None) -> list[Fault]:
    if identifiers is None or count == len(identifiers):
        return []
    text = "the file has {count} values; the costs ask for {expected}"
    return [fault("locate-length", text, where=path.name, count=count, expected=len(identifiers))]


def _identified(path: Path, row: Row) -> bool:
    """Whether the first cell announces identifiers; one that could mean two things is refused."""
    corner, others = row.cells[0], row.cells[1:]
    if corner.lower() == IDENTIFIERS:
        return True
    if not math.isnan(number(corner)):
        return False
    if any(cell and math.isnan(number(cell)) for cell in others):
        return True
    raise InputError(_corner(path, row))


def _corner(path: Path, row: Row) -> Fault:
    text = "the first cell is {value}: write id if names of columns and rows follow, a number or inf if it is a value"
    return fault("locate-corner", text, where=f"{path.name}:1", value=row.cells[0] or "∅")


def _costs(cells: list[str]) -> Floats:
    """Read a row of costs, NaN for what is none."""
    try:
        return np.array(cells, dtype=np.float64)
    except ValueError:
        return np.array([number(cell) if cell else math.inf for cell in cells])


def _not_a_cost(row: Row, column: str, value: str) -> Fault:
    text = "{value} is not a cost: write a number of 0 or more, or nothing where the site may not serve the point"
    return fault("locate-cell", text, where=row.where, key=column, value=value)


def _twice(path: Path, identifiers: Sequence[str]) -> list[Fault]:
    repeated = [name for name, times in Counter(identifiers).items() if times > 1]
    text = "{ids} appear more than once: keep one row each"
    return [fault("duplicate-ids", text, where=path.name, ids=named(repeated))] if repeated else []


def _numbers(count: int) -> tuple[str, ...]:
    return tuple(map(str, range(count)))


def _is_npz(path: Path) -> bool:
    return path.suffix.lower() == ".npz"
