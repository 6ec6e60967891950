"""Files of the whole country: the vintage recognised, the rows of the territory kept while reading."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from territo.errors import Fault, InputError, fault
from territo.sources.formats import Recognised, recognise
from territo.sources.tables import Table, read_table


def read_national(kind: str, path: Path, codes: Sequence[str], *, key: str) -> tuple[Table, Recognised]:
    """Read the rows of the territory, and only the columns that have a role.

    Parameters
    ----------
    kind
        Kind of file of :func:`territo.sources.formats.recognise`, with a role ``code``.
    path
        The file.
    codes
        INSEE codes of the communes of the territory.
    key
        Key of the spec that asks for the file.

    Raises
    ------
    InputError
        No known vintage, or no row of the territory.
    """
    wanted = set(codes)
    table, seen = read_known(kind, path, key=key, keep=lambda row, seen: row[seen.columns["code"]] in wanted)
    if not table.rows:
        raise InputError(elsewhere(path))
    return table, seen


def read_known(
    kind: str, path: Path, *, key: str, keep: Callable[[Mapping[str, str], Recognised], bool]
) -> tuple[Table, Recognised]:
    """Read the columns that have a role, and the rows that are wanted.

    Parameters
    ----------
    kind, path, key
        As for :func:`read_national`.
    keep
        Whether a row is wanted, given the vintage.

    Raises
    ------
    InputError
        No known vintage.
    """
    found: list[Recognised] = []

    def _columns(names: Sequence[str]) -> list[str]:
        found.append(recognise(kind, names, where=path.name, key=key))
        return [*dict.fromkeys(found[0].columns.values())]

    table = read_table(path, columns=_columns, keep=lambda row: keep(row, found[0]))
    return table, found[0]


def elsewhere(path: Path) -> Fault:
    """Make the fault of a file that has nothing on the territory."""
    sentence = "no row is about a commune of the territory: check the file and its codes"
    return fault("no-row-of-territory", sentence, where=path.name)
