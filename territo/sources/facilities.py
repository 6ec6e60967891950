"""What stands where today: equipment counts, France services points, own sites, observed staff."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from territo.domain.arrays import Floats, Ints
from territo.domain.travel import Notice
from territo.errors import Fault, InputError, fault, raise_faults
from territo.sources.located import located_points
from territo.sources.national import read_national
from territo.sources.places import WGS84, area_fault, transform
from territo.sources.tables import Table, duplicates, read_table

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
TOWN_HALL = "mairie"
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


def read_equipment(path: Path, codes: Sequence[str]) -> tuple[dict[str, Ints], tuple[Notice, ...]]:
    """Count the equipment of each commune by BPE type, from counts or from one row a facility.

    Returns
    -------
    dict
        Type -> (n,) count; ``TOTAL`` is the sum of all types unless the file gives it.
    tuple of Notice
        ``format-seen``; ``equipment-secret`` where counts are missing.

    Raises
    ------
    InputError
        No known vintage, counts that are not whole numbers at least 0, pairs
        of commune and type counted twice, or no row of the territory.
    """
    table, seen = read_national("equipment", path, codes, key="facilities.bpe")
    code, kind, number = (seen.columns.get(role, "") for role in ("code", "type", "count"))
    counts = np.ones(len(table.rows))
    if number:
        counts, wrong = table.numbers(number, required=False)
        raise_faults(
            [*wrong, *table.negatives(number, counts), *_halves(table, number, counts), *_twice(table, code, kind)]
        )
    place = {each: index for index, each in enumerate(codes)}
    equipment: dict[str, Ints] = {}
    for row, count in zip(table.rows, counts.tolist(), strict=True):
        column = equipment.setdefault(row[kind], np.zeros(len(codes), dtype=np.int64))
        column[place[row[code]]] += 0 if np.isnan(count) else int(count)
    equipment.setdefault(TOTAL, np.sum(list(equipment.values()), axis=0))
    secret = int(np.isnan(counts).sum())
    said = (Notice("equipment-secret", {"file": path.name, "rows": secret}),) if secret else ()
    return equipment, (seen.notice(path.name), *said)


def _halves(table: Table, column: str, counts: Floats) -> Iterator[Fault]:
    for row in np.flatnonzero(np.nan_to_num(counts) % 1).tolist():
        sentence = "{value} is not a whole number: correct it"
        yield fault("not-whole", sentence, where=table.where(row), key=column, value=table.rows[row][column])


def _twice(table: Table, code: str, kind: str) -> Iterator[Fault]:
    """Pairs of commune and type that a file of counts gives twice: they would count double."""
    first: dict[tuple[str, str], int] = {}
    for row, values in enumerate(table.rows):
        pair = values[code], values[kind]
        if pair in first:
            sentence = "{value} already stands at line {line}: keep one row"
            context = {"value": " ".join(pair), "line": table.lines[first[pair]]}
            yield fault("duplicate-row", sentence, where=table.where(row), key=kind, **context)
        else:
            first[pair] = row


def read_france_services(path: Path, codes: Sequence[str], crs: Any) -> tuple[list[Point], tuple[Notice, ...]]:
    """Read the France services points of the territory; a bus is no fixed site, and is said.

    Raises
    ------
    InputError
        No known vintage, ids repeated, or a point of the territory without coordinates.
    """
    table, seen = read_national("france_services", path, codes, key="facilities.france_services")
    role = seen.columns
    xy = _places(table, (role["lng"], role["lat"]), crs)
    raise_faults(duplicates(table, role["id"]))
    points, buses = [], []
    for row, values in enumerate(table.rows):
        if any(word in values[role["format"]].lower() for word in ITINERANT):
            buses.append(Notice("itinerant-point", {"name": values[role["name"]]}))
            continue
        points.append(
            Point(
                id=f"FS{values[role['id']]}",
                name=values[role["name"]],
                kind="france_services",
                commune=codes.index(values[role["code"]]),
                xy=(float(xy[row, 0]), float(xy[row, 1])),
                services=frozenset({"france_services"}),
                hours_week=hours_of_week([values[role[day]] for day in DAYS]),
            )
        )
    return points, (seen.notice(path.name), *buses)


def read_town_halls(
    path: Path, codes: Sequence[str], crs: Any
) -> tuple[dict[int, tuple[float, float]], tuple[Notice, ...]]:
    """Read where the town halls are; of several in a commune the first that has a place counts.

    Returns
    -------
    dict
        Index of the commune -> metres; communes without a known place are absent.
    tuple of Notice
        ``format-seen``, ``town-halls-unknown``.

    Raises
    ------
    InputError
        No known vintage, coordinates that cannot be read, or no row of the territory.
    """
    table, seen = read_national("town_halls", path, codes, key="facilities.town_halls")
    role = seen.columns
    halls = [row for row, values in enumerate(table.rows) if "kind" not in role or TOWN_HALL in values[role["kind"]]]
    lonlat = np.full((len(table.rows), 2), np.nan)
    if "address" in role:
        for row in halls:
            lonlat[row] = _address_place(table, row, role["address"])
        known = lonlat[~np.isnan(lonlat).any(axis=1)]
        misplaced = area_fault([*known.min(axis=0), *known.max(axis=0)], WGS84, crs, path.name) if len(known) else None
        raise_faults([misplaced] if misplaced else [])
    else:
        lonlat = located_points(table, (role["lng"], role["lat"]), crs)
    xy = transform(np.nan_to_num(lonlat), WGS84, crs)
    places: dict[int, tuple[float, float]] = {}
    for row in halls:
        if not np.isnan(lonlat[row]).any():
            places.setdefault(codes.index(table.rows[row][role["code"]]), (float(xy[row, 0]), float(xy[row, 1])))
    notices = [seen.notice(path.name)]
    if len(places) < len(codes):
        notices.append(Notice("town-halls-unknown", {"file": path.name, "count": len(codes) - len(places)}))
    return places, tuple(notices)


def _address_place(table: Table, row: int, column: str) -> tuple[float, float]:
    """Longitude and latitude of the first address that has them; NaN where none does."""
    try:
        addresses = json.loads(table.rows[row][column] or "[]")
        places = [(each.get("longitude"), each.get("latitude")) for each in addresses]
        return next(((float(lng), float(lat)) for lng, lat in places if lng and lat), (np.nan, np.nan))
    except (ValueError, AttributeError, TypeError) as error:
        sentence = "the address is not the JSON of the annuaire, with longitude and latitude: export it again"
        raise InputError(fault("bad-address", sentence, where=table.where(row), key=column)) from error


def read_sites(path: Path, codes: Sequence[str], crs: Any, elsewhere: Collection[str] = ()) -> list[Point]:
    """Read the user's own sites, but those of communes left out of the territory (``elsewhere``).

    Columns ``id, name, code_insee, lng, lat``; optional ``services`` (separated
    by spaces or |), ``hours_week``, ``capacity_m2``.

    Raises
    ------
    InputError
        With all the faults of the table.
    """
    table = read_table(path, keep=lambda row: row.get("code_insee") not in elsewhere)
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


def read_staff(path: Path, codes: Sequence[str], elsewhere: Collection[str] = ()) -> dict[str, Floats]:
    """Read observed full-time equivalents (``code_insee;service;fte``): service -> (n,), NaN where not observed.

    Rows of communes left out of the territory (``elsewhere``) do not count.

    Raises
    ------
    InputError
        With all the faults of the table.
    """
    table = read_table(path, keep=lambda row: row.get("code_insee") not in elsewhere)
    raise_faults(table.absent(["code_insee", "service", "fte"]))
    values, wrong = table.numbers("fte", required=True)
    raise_faults([*wrong, *table.negatives("fte", values), *_unknown(table, "code_insee", codes)])
    return _by_service(table, values, codes)


def read_spending(path: Path, codes: Sequence[str], elsewhere: Collection[str] = ()) -> dict[str, Floats]:
    """Read the spending of the same table (``spending_eur``, optional): service -> (n,), NaN where not observed.

    Raises
    ------
    InputError
        Amounts that are not numbers at least 0.
    """
    table = read_table(path, keep=lambda row: row.get("code_insee") not in elsewhere)
    values, wrong = _optional(table, "spending_eur")
    raise_faults(wrong)
    amounts = _by_service(table, values, codes)
    return {service: column for service, column in amounts.items() if not np.isnan(column).all()}


def _by_service(table: Table, values: Floats, codes: Sequence[str]) -> dict[str, Floats]:
    """Add the values of the rows up by service and commune; NaN where there is no row, or one without a value."""
    sums: dict[str, dict[int, float]] = {}
    for row, value in zip(table.rows, values.tolist(), strict=True):
        column, place = sums.setdefault(row["service"], {}), codes.index(row["code_insee"])
        column[place] = column.get(place, 0.0) + value
    found = {service: np.full(len(codes), np.nan) for service in sums}
    for service, column in sums.items():
        found[service][[*column]] = [*column.values()]
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


def _unknown(table: Table, column: str, codes: Sequence[str]) -> Iterator[Fault]:
    for row, code in enumerate(table.text(column)):
        if code not in codes:
            sentence = "{name} is not the code of a commune of the territory: check the list of communes"
            yield fault("unknown-commune", sentence, where=table.where(row), key=column, name=code)


def _optional(table: Table, column: str) -> tuple[Floats, list[Fault]]:
    if column not in table.columns:
        return np.full(len(table.rows), np.nan), []
    values, wrong = table.numbers(column, required=False)
    return values, [*wrong, *table.negatives(column, values)]


def _places(table: Table, columns: tuple[str, str], crs: Any) -> Floats:
    """(rows, 2) metres; every row needs coordinates."""
    raise_faults([wrong for column in columns for wrong in table.numbers(column, required=True)[1]])
    return transform(located_points(table, columns, crs), WGS84, crs)
