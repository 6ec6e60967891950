"""Outlines of the communes, and the table that describes them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from territo.domain.arrays import Floats
from territo.domain.travel import Notice
from territo.errors import Fault, InputError, fault, raise_faults
from territo.sources.archives import is_zip, only_member
from territo.sources.formats import layer_of, recognise, seen
from territo.sources.layout import checked_shapes, perimeter_notices
from territo.sources.located import located_points
from territo.sources.maps import layer_names, open_map
from territo.sources.perimeter import absent_columns, chosen_communes
from territo.sources.places import WGS84, area_fault, crs_that_fit, known_crs, transform
from territo.sources.reconciliation import of_today
from territo.sources.rows import MAPS, TABLES, plain
from territo.sources.spec import AttributesFile, CommunesFile
from territo.sources.tables import Table, duplicates, read_table

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

TWO = 2  # columns that the spec may name
FARTHEST_CENTRE_M = 20_000.0
M2_PER_KM2 = 1e6
MOST_INHABITANTS = 5e6
WHOLE = 0.01
PERCENT = 100.0
NATIONAL = 3


@dataclass(frozen=True, slots=True)
class Outlines:
    """Codes, names and polygons (metres) of the communes, in the order of the file, and what was repaired.

    ``left_out``: codes of the other communes of the file.
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    polygons: tuple[BaseGeometry, ...]
    notices: tuple[Notice, ...] = ()
    left_out: frozenset[str] = frozenset()

    def bounds(self) -> Floats:
        """West, south, east, north, metres."""
        corners = np.array([polygon.bounds for polygon in self.polygons])
        return np.concatenate([corners[:, :2].min(axis=0), corners[:, 2:].max(axis=0)])


@dataclass(frozen=True, slots=True)
class Described:
    """What the table says, in the order of the outlines.

    ``population`` in inhabitants, ``area_km2``, ``centres`` (n, 2) in metres,
    ``attributes`` with NaN where secret, ``notices`` on what was brought together.
    """

    population: Floats
    area_km2: Floats
    centres: Floats
    attributes: Mapping[str, Floats]
    notices: tuple[Notice, ...] = ()


def read_outlines(entry: CommunesFile, crs: Any) -> Outlines:
    """Read the polygons of the communes.

    Raises
    ------
    InputError
        The file cannot be read, is of no known format and its columns are not
        named, stands in another place than it says, or holds repeated codes,
        outlines that cannot be repaired, or overlaps.
    """
    where = entry.file.name
    layer = layer_of("communes", layer_names(entry.file))
    frame = open_map(entry.file, layer=layer)
    if "geometry" not in frame or len(frame) == 0:
        raise InputError(fault("no-commune", "the territory has no commune: check the file of communes", where=where))
    columns, notices = _columns(entry, [str(column) for column in frame.columns if column != "geometry"])
    every_code = {plain(value) for value in frame[columns["code"]]}
    frame = chosen_communes(frame, columns, entry)
    codes, names = ([plain(value) for value in frame[columns[role]]] for role in ("code", "name"))
    raise_faults([*_unnamed(codes, names, where), *_repeated(codes, where)])
    system, guessed = _system(entry, frame, crs)
    shapes = frame.set_crs(system, allow_override=True).to_crs(crs).geometry
    polygons, repaired = checked_shapes(names, list(shapes), where)
    every = (*notices, *guessed, *repaired, *perimeter_notices(names, polygons))
    return Outlines(tuple(codes), tuple(names), polygons, every, frozenset(every_code.difference(codes)))


def _columns(entry: CommunesFile, columns: list[str]) -> tuple[dict[str, str], list[Notice]]:
    """Columns of codes and names: named in the spec, else those of a known format."""
    given = {role: column for role, column in (("code", entry.code), ("name", entry.name)) if column}
    absent = [(f"communes.{role}", column) for role, column in given.items() if column not in columns]
    raise_faults(absent_columns(entry.file.name, columns, absent))
    if len(given) == TWO and not entry.epci:
        return given, []
    found = recognise("communes", columns, where=entry.file.name, key="communes.file")
    return {**found.columns, **given}, [found.notice(entry.file.name)]


def _system(entry: CommunesFile, frame: Any, crs: Any) -> tuple[Any, list[Notice]]:
    """Find the reference system of the file: stated by the spec, by the file, else the only usual one that fits."""
    where, bounds = entry.file.name, list(frame.total_bounds)
    if not np.isfinite(bounds).all():
        return entry.crs or frame.crs or WGS84, []  # no shape at all: said by name later
    declared = entry.crs or frame.crs
    if declared is None:
        fitting = crs_that_fit(bounds, crs)
        if len(fitting) != 1:
            sentence = (
                "the file does not say its reference system; those that fit are {found}: write crs: under communes"
            )
            found = ", ".join(fitting) or "∅"
            raise InputError(fault("file-without-crs", sentence, where=where, key="communes.crs", found=found))
        return fitting[0], [Notice("crs-guessed", {"file": where, "crs": fitting[0]})]
    if entry.crs and known_crs(entry.crs) is None:
        sentence = "{crs} is not a known reference system: write for example EPSG:2154"
        raise InputError(fault("unknown-crs", sentence, where=where, key="communes.crs", crs=entry.crs))
    misplaced = area_fault(bounds, declared, crs, where)
    raise_faults([misplaced] if misplaced else [])
    return declared, []


def _unnamed(codes: list[str], names: list[str], where: str) -> Iterator[Fault]:
    if "" in codes:
        sentence = "{count} communes have no code: fill the column in"
        yield fault("communes-without-code", sentence, where=where, count=codes.count(""))
    if "" in names:
        sentence = "{count} communes have no name: fill the column in"
        yield fault("communes-without-name", sentence, where=where, count=names.count(""))


def _repeated(codes: list[str], where: str) -> list[Fault]:
    repeated = sorted(code for code, count in Counter(codes).items() if count > 1 and code)
    if not repeated:
        return []
    sentence = "{ids} appear more than once: keep one row each"
    return [fault("duplicate-ids", sentence, where=where, ids=", ".join(repeated))]


def read_description(entry: AttributesFile, outlines: Outlines, crs: Any) -> Described:
    """Read the table of the communes, and put it in the order of the outlines.

    A national table may hold other communes too; a table of the territory may
    not, since its outlines would be missing.

    Raises
    ------
    InputError
        With all the faults of the table: columns, codes, populations, centres.
    """
    table, code, people, told = _table(entry)
    wanted = [code, people, *(entry.centre or ()), *filter(None, [entry.area]), *entry.columns.values()]
    raise_faults(table.absent(wanted))
    table, moved = of_today(table, entry, code, people, outlines.codes)
    table, elsewhere = _without_elsewhere(table, code, outlines)
    faults = [*duplicates(table, code), *_code_faults(table, code, outlines)]
    population, wrong = table.numbers(people, required=True)
    faults += [*wrong, *_impossible(table, people, population)]
    attributes = {}
    for name, column in entry.columns.items():
        attributes[name], wrong = table.numbers(column, required=False)
        faults += wrong
        if name.startswith("share_") or name.endswith("_rate"):
            faults += table.outside(column, attributes[name], 0.0, PERCENT)
    area, wrong = table.numbers(entry.area, required=True) if entry.area else (_areas(outlines), [])
    faults += [*wrong, *(table.negatives(entry.area, area) if entry.area else [])]
    raise_faults(faults)
    rows = {value: row for row, value in enumerate(table.text(code))}
    order = np.array([rows[value] for value in outlines.codes], dtype=np.int64)
    return Described(
        population=np.rint(population[order]),
        area_km2=area[order] if entry.area else area,
        centres=_centres(table, entry, outlines, order, crs),
        attributes={name: values[order] for name, values in attributes.items()},
        notices=(*told, *moved, *elsewhere),
    )


def _table(entry: AttributesFile) -> tuple[Table, str, str, list[Notice]]:
    """Table, its columns of codes and of inhabitants, and the format where the spec leaves it to the file."""
    table = read_table(entry.file, layer=_map_layer(entry.file))
    known = seen("communes", table.columns)
    for column, value in (known.format.keep if known else {}).items():
        table = table.where_in(column, [value])
    if entry.code and entry.population:
        return table, entry.code, entry.population, []
    found = known or recognise("communes", table.columns, where=entry.file.name, key="attributes.file")
    code, people = (
        entry.code or found.columns["code"],
        entry.population or found.columns.get("population", "population"),
    )
    return table, code, people, [found.notice(entry.file.name)]


def _map_layer(path: Path) -> str | None:
    """Layer of the communes, where their table is that of a map of several layers."""
    is_map = (only_member(path, TABLES) if is_zip(path) else path.name).lower().endswith(MAPS)
    return layer_of("communes", layer_names(path)) if is_map else None


def _without_elsewhere(table: Table, code: str, outlines: Outlines) -> tuple[Table, list[Notice]]:
    """Leave the rest of the country out of a national table that has all the communes."""
    codes = table.text(code)
    larger = outlines.left_out or len(codes) >= NATIONAL * len(outlines.codes)
    if not larger or set(codes) <= set(outlines.codes) or not set(outlines.codes) <= set(codes):
        return table, []
    kept = table.where_in(code, outlines.codes)
    return kept, [Notice("rows-elsewhere", {"file": table.path.name, "rows": len(codes) - len(kept.rows)})]


def _code_faults(table: Table, column: str, outlines: Outlines) -> Iterator[Fault]:
    codes = table.text(column)
    known, listed = set(outlines.codes), set(codes)
    for row, code in enumerate(codes):
        if code not in known:
            sentence = "{name} is not the code of a commune of the territory: check the list of communes"
            yield fault("unknown-commune", sentence, where=table.where(row), key=column, name=code)
    missing = [code for code in outlines.codes if code not in listed]
    if missing:
        sentence = "the table has no row for {names}: add them, or remove their outlines"
        yield fault("commune-without-row", sentence, where=table.path.name, key=column, names=", ".join(missing))


def _impossible(table: Table, column: str, population: Floats) -> Iterator[Fault]:
    """Faults of inhabitants that cannot be: negative, with decimals, more than any commune has."""
    for row, value in enumerate(population.tolist()):
        where, text = table.where(row), table.rows[row][column]
        if value < 0:
            sentence = "the population {value} is negative: correct it"
            yield fault("negative-value", sentence, where=where, key=column, value=text)
        elif value > MOST_INHABITANTS or (np.isfinite(value) and abs(value - round(value)) > WHOLE):
            sentence = "{value} is not the number of inhabitants of a commune: check the column"
            yield fault("not-inhabitants", sentence, where=where, key=column, value=text)


def _areas(outlines: Outlines) -> Floats:
    return np.array([polygon.area for polygon in outlines.polygons]) / M2_PER_KM2


def _centres(table: Table, entry: AttributesFile, outlines: Outlines, order: Any, crs: Any) -> Floats:
    """(n, 2) metres: the centres of the table, else a point inside each outline."""
    inside = np.array([polygon.representative_point().coords[0] for polygon in outlines.polygons])
    if entry.centre is None:
        return inside
    lonlat = located_points(table, entry.centre, crs)[order]
    centres = np.where(np.isnan(lonlat), inside, transform(np.nan_to_num(lonlat), WGS84, crs))
    raise_faults(_far_centres(table, outlines, order, centres))
    return centres


def _far_centres(table: Table, outlines: Outlines, order: Any, centres: Floats) -> Iterator[Fault]:
    from shapely import Point

    for row, name, polygon, centre in zip(order, outlines.names, outlines.polygons, centres, strict=True):
        away = polygon.distance(Point(centre))
        if away > FARTHEST_CENTRE_M:
            sentence = "the centre of {name} is {km} km away from its outline: check its coordinates"
            yield fault("far-centre", sentence, where=table.where(int(row)), name=name, km=f"{away / 1000:.0f}")
