"""Outlines of the communes, and the table that describes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from territo.domain.arrays import Floats
from territo.domain.travel import Notice
from territo.errors import Fault, InputError, fault, raise_faults
from territo.sources.places import WGS84, area_fault, transform
from territo.sources.reconciliation import of_today
from territo.sources.spec import AttributesFile, CommunesFile
from territo.sources.tables import Table, duplicates, first_present, read_table

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

CODE_COLUMNS = ("code_insee", "INSEE_COM", "code", "CODGEO")
NAME_COLUMNS = ("nom_officiel", "NOM", "NOM_COM", "nom", "name", "LIBGEO")
OVERLAP_SHARE = 0.01
FARTHEST_CENTRE_M = 20_000.0
M2_PER_KM2 = 1e6


@dataclass(frozen=True, slots=True)
class Outlines:
    """Codes, names and polygons (metres) of the communes, in the order of the file."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    polygons: tuple[BaseGeometry, ...]


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
        The file cannot be read, lacks its columns, stands in another place
        than it says, or holds repeated codes, invalid or overlapping polygons.
    """
    frame = _frame(entry.file)
    where = entry.file.name
    columns = [str(column) for column in frame.columns]
    code, name = _column(entry.code, CODE_COLUMNS, columns), _column(entry.name, NAME_COLUMNS, columns)
    absent = [(key, wanted) for key, wanted, got in (("code", entry.code, code), ("name", entry.name, name)) if not got]
    raise_faults(_absent(where, columns, absent))
    declared = frame.crs or WGS84
    misplaced = area_fault(frame.total_bounds, declared, crs, where)
    if misplaced:
        raise InputError(misplaced)
    codes = tuple(str(value).strip() for value in frame[code])
    names = tuple(str(value).strip() for value in frame[name])
    polygons = tuple(frame.to_crs(crs).geometry)
    raise_faults([*_repeated(codes, where), *_shape_faults(names, polygons, where)])
    return Outlines(codes, names, polygons)


def _frame(path: Path) -> Any:
    import geopandas as gpd
    from pyogrio.errors import DataSourceError

    try:
        frame = gpd.read_file(path)
    except (DataSourceError, ValueError) as error:
        sentence = "the file is not a map that can be read: GeoJSON, GeoPackage or shapefile"
        raise InputError(fault("unreadable-map", sentence, where=path.name)) from error
    if "geometry" not in frame or len(frame) == 0:
        raise InputError(
            fault("no-commune", "the territory has no commune: check the file of communes", where=path.name)
        )
    return frame


def _column(wanted: str | None, known: tuple[str, ...], columns: list[str]) -> str | None:
    if wanted:
        return wanted if wanted in columns else None
    return first_present(columns, known)


def _absent(where: str, columns: list[str], absent: list[tuple[str, str | None]]) -> Iterator[Fault]:
    for key, wanted in absent:
        yield fault(
            "missing-column",
            "there is no column {column}: the columns are {columns}",
            where=where,
            key=f"communes.{key}",
            column=wanted or key,
            columns=", ".join(column for column in columns if column != "geometry"),
        )


def _repeated(codes: tuple[str, ...], where: str) -> list[Fault]:
    repeated = sorted({code for code in codes if codes.count(code) > 1})
    if not repeated:
        return []
    sentence = "{ids} appear more than once: keep one row each"
    return [fault("duplicate-ids", sentence, where=where, ids=", ".join(repeated))]


def _shape_faults(names: tuple[str, ...], polygons: tuple[BaseGeometry, ...], where: str) -> list[Fault]:
    from shapely.validation import explain_validity

    found = []
    for name, polygon in zip(names, polygons, strict=True):
        if polygon is None or polygon.is_empty or "Polygon" not in polygon.geom_type:
            sentence = "{name} has no polygon: give its outline"
            found.append(fault("no-polygon", sentence, where=where, name=name))
        elif not polygon.is_valid:
            sentence = "the outline of {name} is not valid ({reason}): repair it in a map editor"
            found.append(fault("invalid-polygon", sentence, where=where, name=name, reason=explain_validity(polygon)))
    return found or list(_overlaps(names, polygons, where))


def _overlaps(names: tuple[str, ...], polygons: tuple[BaseGeometry, ...], where: str) -> Iterator[Fault]:
    """Communes that cover each other by more than 1 % of the smaller one."""
    from shapely import STRtree

    pairs = STRtree(list(polygons)).query(list(polygons), predicate="intersects").T
    for first, second in pairs[pairs[:, 0] < pairs[:, 1]]:
        one, other = polygons[first], polygons[second]
        share = one.intersection(other).area / min(one.area, other.area)
        if share > OVERLAP_SHARE:
            yield fault(
                "overlapping-polygons",
                "the outlines of {one} and {other} overlap by {percent} % of the smaller one: correct them",
                where=where,
                one=names[first],
                other=names[second],
                percent=f"{100 * share:.0f}",
            )


def read_description(entry: AttributesFile, outlines: Outlines, crs: Any) -> Described:
    """Read the table of the communes, and put it in the order of the outlines.

    Raises
    ------
    InputError
        With all the faults of the table: columns, codes, populations, centres.
    """
    table = read_table(entry.file)
    wanted = [entry.code, entry.population, *(entry.centre or ()), *filter(None, [entry.area]), *entry.columns.values()]
    raise_faults(table.absent(wanted))
    table, moved = of_today(table, entry, entry.code, entry.population, outlines.codes)
    faults = [*duplicates(table, entry.code), *_code_faults(table, entry.code, outlines)]
    population, wrong = table.numbers(entry.population, required=True)
    faults += [*wrong, *_negative(table, entry.population, population)]
    attributes = {}
    for name, column in entry.columns.items():
        attributes[name], wrong = table.numbers(column, required=False)
        faults += wrong
    area, wrong = table.numbers(entry.area, required=True) if entry.area else (_areas(outlines), [])
    faults += wrong
    raise_faults(faults)
    rows = {code: row for row, code in enumerate(table.text(entry.code))}
    order = np.array([rows[code] for code in outlines.codes], dtype=np.int64)
    return Described(
        population=np.rint(population[order]),
        area_km2=area[order] if entry.area else area,
        centres=_centres(table, entry, outlines, order, crs),
        attributes={name: values[order] for name, values in attributes.items()},
        notices=moved,
    )


def _code_faults(table: Table, column: str, outlines: Outlines) -> Iterator[Fault]:
    codes = table.text(column)
    for row, code in enumerate(codes):
        if code not in outlines.codes:
            sentence = "{name} is not the code of a commune of the territory: check the list of communes"
            yield fault("unknown-commune", sentence, where=table.where(row), key=column, name=code)
    missing = [code for code in outlines.codes if code not in set(codes)]
    if missing:
        sentence = "the table has no row for {names}: add them, or remove their outlines"
        yield fault("commune-without-row", sentence, where=table.path.name, key=column, names=", ".join(missing))


def _negative(table: Table, column: str, population: Floats) -> Iterator[Fault]:
    for row in np.flatnonzero(population < 0).tolist():
        sentence = "the population {value} is negative: correct it"
        yield fault("negative-value", sentence, where=table.where(row), key=column, value=table.rows[row][column])


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


def located_points(table: Table, columns: tuple[str, str], crs: Any) -> Floats:
    """(rows, 2) longitude and latitude of a table, NaN where missing.

    Raises
    ------
    InputError
        Values that are not numbers, or that fall outside the area of the
        territory's reference system (swapped, or metres).
    """
    (lng, wrong_lng), (lat, wrong_lat) = (table.numbers(column, required=False) for column in columns)
    raise_faults([*wrong_lng, *wrong_lat])
    lonlat = np.column_stack([lng, lat])
    lonlat[np.isnan(lonlat).any(axis=1)] = np.nan
    known = lonlat[~np.isnan(lonlat).any(axis=1)]
    if len(known):
        misplaced = area_fault([*known.min(axis=0), *known.max(axis=0)], WGS84, crs, table.path.name)
        raise_faults([misplaced] if misplaced else [])
    return lonlat
