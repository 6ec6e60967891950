"""Which file of which producer this is: vintages recognised by their columns, all in one table (``formats.yaml``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from territo.domain.travel import Notice
from territo.errors import Fault, InputError, fault

MOST_SHOWN = 12
TABLE = Path(__file__).with_name("formats.yaml")


@dataclass(frozen=True, slots=True)
class Format:
    """A vintage of a producer's file.

    Parameters
    ----------
    id, label
        Stable identifier, and what people read.
    identified_by
        Columns that all stand in such a file.
    columns
        Role -> column; a column that does not identify may be absent.
    missing
        Codes of secret or missing values, beside those of every file.
    layers
        Names of the layer in a map that has several.
    keep
        Column -> the value of the rows that count, in a file that mixes kinds.
    """

    id: str
    label: str
    identified_by: tuple[str, ...]
    columns: Mapping[str, str]
    missing: frozenset[str] = frozenset()
    layers: tuple[str, ...] = ()
    keep: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recognised:
    """A format, and how this file spells the columns that it has: role -> column."""

    format: Format
    columns: Mapping[str, str]

    def notice(self, file: str) -> Notice:
        """Say which vintage was seen."""
        return Notice("format-seen", {"file": file, "format": self.format.label})


@cache
def formats(kind: str) -> tuple[Format, ...]:
    """Return the known vintages of a kind of file, the most precise first."""
    return tuple(
        Format(
            id=entry["id"],
            label=entry["label"],
            identified_by=tuple(entry["identified_by"]),
            columns=entry["columns"],
            missing=frozenset(word.lower() for word in entry.get("missing", ())),
            layers=tuple(entry.get("layers", ())),
            keep=entry.get("keep", {}),
        )
        for entry in _table()[kind]
    )


def words(section: str) -> Mapping[str, Any]:
    """Return a section of the table: ``aggregates`` (OFGL), ``bdtopo``, ``osm``, ``own_table``, ``producers``."""
    found: Mapping[str, Any] = _table()[section]
    return found


@cache
def _table() -> Mapping[str, Any]:
    import yaml

    table: Mapping[str, Any] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return table


def recognise(kind: str, columns: Sequence[str], *, where: str, key: str = "") -> Recognised:
    """Recognise a file by its columns, whatever their case.

    Parameters
    ----------
    kind
        ``communes``, ``squares``, ``equipment``, ``france_services``,
        ``town_halls``, ``indicators``, ``finance`` or ``roads``.
    columns
        As the file spells them.
    where, key
        Name of the file, and the key of the spec that asks for it.

    Raises
    ------
    InputError
        No known vintage has these columns: what the nearest one lacks.
    """
    found = seen(kind, columns)
    if found:
        return found
    raise InputError(unknown([kind], columns, where=where, key=key))


def unknown(kinds: Sequence[str], columns: Sequence[str], *, where: str, key: str = "") -> Fault:
    """Make the fault of a file that no known vintage of some kinds has the columns of; others as :func:`recognise`."""
    spelled = {column.lower() for column in columns}
    nearest = max((each for kind in kinds for each in formats(kind)), key=lambda each: _share(each, spelled))
    lacking = [column for column in nearest.identified_by if column.lower() not in spelled]
    sentence = (
        "the columns are of no known file, check that it is the right one: "
        "the nearest, {format}, also has {missing}; these are {columns}"
    )
    shown = [*columns[:MOST_SHOWN], *["…"][: len(columns) > MOST_SHOWN]]
    context = {"format": nearest.label, "missing": ", ".join(lacking), "columns": ", ".join(shown) or "∅"}
    return fault("unknown-format", sentence, where=where, key=key, **context)


def seen(kind: str, columns: Sequence[str]) -> Recognised | None:
    """Recognise a file by its columns; None where no known vintage has them."""
    spelled = {column.lower(): column for column in columns}
    for each in formats(kind):
        if all(column.lower() in spelled for column in each.identified_by):
            named = {role: spelled[name.lower()] for role, name in each.columns.items() if name.lower() in spelled}
            return Recognised(each, named)
    return None


def _share(each: Format, spelled: set[str]) -> float:
    """How much of what identifies a format is there; of equals the shorter one."""
    have = sum(column.lower() in spelled for column in each.identified_by)
    return have / len(each.identified_by) - 0.001 * len(each.identified_by)


def layer_of(kind: str, names: Sequence[str]) -> str | None:
    """Return the layer of a map that a known format calls by its name, None where none does."""
    known = {layer.lower() for each in formats(kind) for layer in each.layers}
    return next((name for name in names if name.lower() in known), None)
