"""Which communes of a file of outlines make the territory: those of an EPCI, those that the spec names, or all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from territo.errors import Fault, InputError, fault, raise_faults
from territo.sources.rows import plain
from territo.sources.spec import CommunesFile


def chosen_communes(frame: Any, columns: Mapping[str, str], entry: CommunesFile) -> Any:
    """Keep the communes of the territory.

    Parameters
    ----------
    frame
        GeoDataFrame, one row a commune.
    columns
        Role -> column: ``code``; ``epci`` where the file says it.
    entry
        What the spec asks.

    Raises
    ------
    InputError
        The file does not say the EPCI, has no commune of it, or lacks some of
        the communes named.
    """
    return _of_codes(_of_epci(frame, columns, entry), columns, entry)


def absent_columns(where: str, columns: list[str], wanted: list[tuple[str, str]]) -> Iterator[Fault]:
    """One fault for each (key of the spec, column) that a map lacks."""
    for key, column in wanted:
        yield fault(
            "missing-column",
            "there is no column {column}: the columns are {columns}",
            where=where,
            key=key,
            column=column,
            columns=", ".join(name for name in columns if name != "geometry"),
        )


def _of_epci(frame: Any, columns: Mapping[str, str], entry: CommunesFile) -> Any:
    """Keep the communes of an EPCI; a national file gives several SIREN separated by /."""
    if not entry.epci:
        return frame
    column = columns.get("epci")
    raise_faults(
        absent_columns(entry.file.name, [*map(str, frame.columns)], [] if column else [("communes.epci", "epci")])
    )
    members = [entry.epci in plain(value).split("/") for value in frame[column]]
    if not any(members):
        sentence = "no commune of the file is in the EPCI {siren}: check its SIREN"
        raise InputError(fault("no-commune-of-epci", sentence, where=entry.file.name, siren=entry.epci))
    return frame[members]


def _of_codes(frame: Any, columns: Mapping[str, str], entry: CommunesFile) -> Any:
    """Keep the communes that the spec names."""
    if not entry.codes:
        return frame
    codes = [plain(value) for value in frame[columns["code"]]]
    absent = [code for code in entry.codes if code not in codes]
    if absent:
        sentence = "the file has no outline for {names}: correct the codes, or give another file"
        where, names = entry.file.name, ", ".join(absent)
        raise InputError(fault("codes-without-outline", sentence, where=where, key="communes.codes", names=names))
    wanted = {*entry.codes}
    return frame[[code in wanted for code in codes]]
