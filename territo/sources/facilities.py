"""What stands where today: equipment counts, France services points, own sites, observed staff."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from territo.domain.arrays import Floats, Ints
from territo.domain.travel import Notice
from territo.errors import Fault, InputError, fault, raise_faults
from territo.sources.communes import located_points
from territo.sources.places import WGS84, transform
from territo.sources.tables import Table, duplicates, read_table

DAYS = ("h_lundi", "h_mardi", "h_mercredi", "h_jeudi", "h_vendredi", "h_samedi")
ITINERANT = ("bus", "itin", "mobile")
TOTAL = "TOTAL"
_SPAN = re.compile(r"(\d{1,2})[:hH](\d{2})?\s*-\s*(\d{1,2})[:hH](\d{2})?")


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """A place of service: its id, kind, commune, place (metres) and what is known of it."""

    id: str
    name: str
    kind: str
    commune: int
    xy: tuple[float, float]
    services: frozenset[str]
    hours_week: float
    capacity_m2: float = np.nan


def read_equipment(path: Path, codes: Sequence[str]) -> dict[str, Ints]:
    """Count the equipment of each commune by BPE type, from counts or from one row a facility.

    Returns
    -------
    dict
        Type -> (n,) count; ``TOTAL`` is the sum of all types unless the file gives it.

    Raises
    ------
    InputError
        Columns missing, counts that are not numbers at least 0, or no row of the territory.
    """
    table = read_table(path)
    raise_faults(table.absent(["DEPCOM", "TYPEQU"]))
    counts = np.ones(len(table.rows))
    if "NB_EQUIP" in table.columns:
        counts, wrong = table.numbers("NB_EQUIP", required=False)
        raise_faults([*wrong, *_negative(table, "NB_EQUIP", counts)])
    place = {code: index for index, code in enumerate(codes)}
    equipment: dict[str, Ints] = {}
    for row, count in zip(table.rows, np.nan_to_num(counts), strict=True):
        if row["DEPCOM"] in place:
            column = equipment.setdefault(row["TYPEQU"], np.zeros(len(codes), dtype=np.int64))
            column[place[row["DEPCOM"]]] += int(count)
    if not equipment:
        raise InputError(_elsewhere(table))
    equipment.setdefault(TOTAL, np.sum(list(equipment.values()), axis=0))
    return equipment


def read_france_services(path: Path, codes: Sequence[str], crs: Any) -> tuple[list[Point], tuple[Notice, ...]]:
    """Read the France services points of the territory; a bus is no fixed site, and is said.

    Raises
    ------
    InputError
        Columns missing, ids repeated, or a point of the territory without coordinates.
    """
    table = read_table(path)
    raise_faults(table.absent(["id_fs", "lib_fs", "insee_com", "latitude", "longitude", *DAYS, "format_fs"]))
    table = _within(table, "insee_com", codes)
    xy = _places(table, ("longitude", "latitude"), crs)
    raise_faults(duplicates(table, "id_fs"))
    points, buses = [], []
    for row, values in enumerate(table.rows):
        if any(word in values["format_fs"].lower() for word in ITINERANT):
            buses.append(Notice("itinerant-point", {"name": values["lib_fs"]}))
            continue
        points.append(
            Point(
                id=f"FS{values['id_fs']}",
                name=values["lib_fs"],
                kind="france_services",
                commune=codes.index(values["insee_com"]),
                xy=(float(xy[row, 0]), float(xy[row, 1])),
                services=frozenset({"france_services"}),
                hours_week=hours_of_week([values[day] for day in DAYS]),
            )
        )
    return points, tuple(buses)


def read_sites(path: Path, codes: Sequence[str], crs: Any) -> list[Point]:
    """Read the user's own sites.

    Columns ``id, name, code_insee, lng, lat``; optional ``services`` (separated
    by spaces or |), ``hours_week``, ``capacity_m2``.

    Raises
    ------
    InputError
        With all the faults of the table.
    """
    table = read_table(path)
    raise_faults(table.absent(["id", "name", "code_insee", "lng", "lat"]))
    faults = [*duplicates(table, "id"), *_unknown(table, "code_insee", codes)]
    hours, wrong_hours = _optional(table, "hours_week")
    capacity, wrong_capacity = _optional(table, "capacity_m2")
    raise_faults([*faults, *wrong_hours, *wrong_capacity])
    xy = _places(table, ("lng", "lat"), crs)
    return [
        Point(
            id=values["id"],
            name=values["name"],
            kind="other",
            commune=codes.index(values["code_insee"]),
            xy=(float(xy[row, 0]), float(xy[row, 1])),
            services=frozenset(re.split(r"[\s|]+", values.get("services", ""))) - {""},
            hours_week=float(hours[row]),
            capacity_m2=float(capacity[row]),
        )
        for row, values in enumerate(table.rows)
    ]


def read_staff(path: Path, codes: Sequence[str]) -> dict[str, Floats]:
    """Read observed full-time equivalents (``code_insee;service;fte``): service -> (n,), NaN where not observed.

    Raises
    ------
    InputError
        With all the faults of the table.
    """
    table = read_table(path)
    raise_faults(table.absent(["code_insee", "service", "fte"]))
    values, wrong = table.numbers("fte", required=True)
    raise_faults([*wrong, *_negative(table, "fte", values), *_unknown(table, "code_insee", codes)])
    return _by_service(table, values, codes)


def read_spending(path: Path, codes: Sequence[str]) -> dict[str, Floats]:
    """Read the spending of the same table (``spending_eur``, optional): service -> (n,), NaN where not observed.

    Raises
    ------
    InputError
        Amounts that are not numbers at least 0.
    """
    table = read_table(path)
    values, wrong = _optional(table, "spending_eur")
    raise_faults(wrong)
    amounts = _by_service(table, values, codes)
    return {service: column for service, column in amounts.items() if not np.isnan(column).all()}


def _by_service(table: Table, values: Floats, codes: Sequence[str]) -> dict[str, Floats]:
    """Add the values of the rows up by service and commune; NaN where no row has a value."""
    found: dict[str, Floats] = {}
    for row, value in zip(table.rows, values, strict=True):
        column = found.setdefault(row["service"], np.full(len(codes), np.nan))
        place = codes.index(row["code_insee"])
        column[place] = np.nansum([column[place], value]) if np.isfinite([column[place], value]).any() else np.nan
    return found


def hours_of_week(days: Sequence[str]) -> float:
    """Sum the opening hours of texts such as ``08:45 - 12:30 / 13:30 - 17:00``; NaN if no day is known.

    Spans that overlap count once.
    """
    spans = [_spans(day) for day in days]
    return sum(map(_length, spans)) if any(spans) else np.nan


def _spans(day: str) -> list[tuple[float, float]]:
    """Return the spans of a day, in hours, sorted; a span that ends before it begins counts for nothing."""
    found = []
    for h1, m1, h2, m2 in _SPAN.findall(day):
        start, end = int(h1) + int(m1 or 0) / 60, int(h2) + int(m2 or 0) / 60
        if end > start:
            found.append((start, end))
    return sorted(found)


def _length(spans: list[tuple[float, float]]) -> float:
    total, covered = 0.0, 0.0
    for start, end in spans:
        total += max(0.0, end - max(start, covered))
        covered = max(covered, end)
    return total


def _within(table: Table, column: str, codes: Sequence[str]) -> Table:
    """Keep the rows of the territory: national files list the others too."""
    kept = [row for row, code in enumerate(table.text(column)) if code in codes]
    if not kept:
        raise InputError(_elsewhere(table))
    return Table(table.path, table.columns, tuple(table.rows[row] for row in kept), tuple(table.lines[r] for r in kept))


def _elsewhere(table: Table) -> Fault:
    sentence = "no row is about a commune of the territory: check the file and its codes"
    return fault("no-row-of-territory", sentence, where=table.path.name)


def _unknown(table: Table, column: str, codes: Sequence[str]) -> Iterator[Fault]:
    for row, code in enumerate(table.text(column)):
        if code not in codes:
            sentence = "{name} is not the code of a commune of the territory: check the list of communes"
            yield fault("unknown-commune", sentence, where=table.where(row), key=column, name=code)


def _negative(table: Table, column: str, values: Floats) -> Iterator[Fault]:
    for row in np.flatnonzero(values < 0).tolist():
        sentence = "{value} is negative: correct it"
        yield fault("negative-value", sentence, where=table.where(row), key=column, value=table.rows[row][column])


def _optional(table: Table, column: str) -> tuple[Floats, list[Fault]]:
    if column not in table.columns:
        return np.full(len(table.rows), np.nan), []
    values, wrong = table.numbers(column, required=False)
    return values, [*wrong, *_negative(table, column, values)]


def _places(table: Table, columns: tuple[str, str], crs: Any) -> Floats:
    """(rows, 2) metres; every row needs coordinates."""
    raise_faults([wrong for column in columns for wrong in table.numbers(column, required=True)[1]])
    return transform(located_points(table, columns, crs), WGS84, crs)
