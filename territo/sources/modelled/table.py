"""The table of communes that a modelled territory starts from."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.spatial import cKDTree

from territo.domain.arrays import Floats, Ints, frozen
from territo.domain.territory import Source
from territo.errors import Fault, InputError, fault, raise_faults
from territo.sources import tables

CODE, NAME, POPULATION, LAT, LNG, AREA = "code_insee", "nom", "pmun_2023", "lat", "lng", "superficie_km2"
PRODUCER, LICENCE = "territo (modélisé)", "Licence Ouverte 2.0"
REQUIRED = (CODE, NAME, POPULATION, LAT, LNG, AREA)
UNKNOWN = "non précisé"
LAYERS = ("centres", "population", "attributes")
LEAST_COMMUNES = 3
LEAST_SPACING_M = 600.0
_METROPOLITAN = (-5.6, 41.2, 9.9, 51.3)
_LIMITS: Mapping[str, tuple[float, float]] = {
    POPULATION: (0, 1e8),
    LAT: (-80, 84),
    LNG: (-180, 180),
    AREA: (0.3, 20_000),
}


@dataclass(frozen=True, slots=True, eq=False)
class CommuneTable:
    """n communes as published or as drawn at random; the seed of a modelled territory.

    Parameters
    ----------
    codes, names
        Identifiers (text, unique) and names.
    population
        (n,) inhabitants, at least 0.
    lnglat
        (n, 2) longitude and latitude of the centres, degrees.
    area_km2
        (n,) area.
    columns
        Every other column of the table, as text, empty where not published.
    sources
        Where the facts of the table come from.
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    population: Ints
    lnglat: Floats
    area_km2: Floats
    columns: Mapping[str, tuple[str, ...]]
    sources: tuple[Source, ...]

    def __post_init__(self) -> None:
        """Freeze the arrays; refuse too few communes and centres too close to each other."""
        object.__setattr__(self, "population", frozen(self.population, np.int64))
        object.__setattr__(self, "lnglat", frozen(self.lnglat, np.float64).reshape(-1, 2))
        object.__setattr__(self, "area_km2", frozen(self.area_km2, np.float64))
        raise_faults(_few(self.codes) or _close(self.codes, self.centres()))

    def __len__(self) -> int:
        """Count the communes."""
        return len(self.codes)

    @property
    def crs(self) -> str:
        """Projected reference system: EPSG:2154 in metropolitan France, else the local UTM zone."""
        lng, lat = self.lnglat.mean(axis=0)
        west, south, east, north = _METROPOLITAN
        if west <= lng <= east and south <= lat <= north:
            return "EPSG:2154"
        return f"EPSG:{(32600 if lat >= 0 else 32700) + int((lng + 180) // 6) + 1}"

    def centres(self) -> Floats:
        """(n, 2) centres in metres, in the projected reference system."""
        from pyproj import Transformer

        project = Transformer.from_crs("EPSG:4326", self.crs, always_xy=True)
        return np.column_stack(project.transform(self.lnglat[:, 0], self.lnglat[:, 1]))

    def csv(self) -> str:
        """Return the table as CSV (comma, header, one row a commune)."""
        numbers = zip(self.population, self.lnglat[:, 1], self.lnglat[:, 0], self.area_km2, strict=True)
        columns = [*zip(self.codes, self.names, strict=True)]
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([*REQUIRED, *self.columns])
        for row, (ids, values) in enumerate(zip(columns, numbers, strict=True)):
            others = [column[row] for column in self.columns.values()]
            writer.writerow([*ids, *(f"{float(value):.12g}" for value in values), *others])
        return text.getvalue()


def read_table(path: Path) -> CommuneTable:
    """Read a table of communes.

    Parameters
    ----------
    path
        CSV with the columns ``code_insee, nom, pmun_2023, lat, lng,
        superficie_km2``; other columns are kept as they are.

    Raises
    ------
    InputError
        The file is missing, a column is missing, a number cannot be read or
        is out of its limits, a code is repeated, or two centres are too
        close; all faults that can be seen at once.
    """
    if not path.is_file():
        raise InputError(fault("missing-file", "there is no such file: check its name", where=path.name))
    rows = tables.read_table(path)
    raise_faults(rows.absent(REQUIRED))
    found = [*tables.duplicates(rows, CODE), *_unnamed(rows)]
    numbers: dict[str, Floats] = {}
    for column, (low, high) in _LIMITS.items():
        numbers[column], faults = rows.numbers(column, required=True)
        found += faults or rows.outside(column, numbers[column], low, high)
    raise_faults(found)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return CommuneTable(
        codes=tuple(rows.text(CODE)),
        names=tuple(rows.text(NAME)),
        population=np.round(numbers[POPULATION]).astype(np.int64),
        lnglat=np.column_stack([numbers[LNG], numbers[LAT]]),
        area_km2=numbers[AREA],
        columns={name: tuple(rows.text(name)) for name in rows.columns if name not in REQUIRED},
        sources=tuple(Source(layer, path.name, UNKNOWN, UNKNOWN, sha256=digest) for layer in LAYERS),
    )


def _unnamed(rows: tables.Table) -> list[Fault]:
    sentence = "the {column} of this commune is empty: fill it in"
    return [
        fault("empty-cell", sentence, where=rows.where(row), key=column, column=column)
        for column in (CODE, NAME)
        for row, value in enumerate(rows.text(column))
        if not value
    ]


def _few(codes: Sequence[str]) -> list[Fault]:
    if len(codes) >= LEAST_COMMUNES:
        return []
    return [
        fault(
            "too-few-communes",
            "a modelled territory needs at least {least} communes, not {count}: complete the table",
            least=LEAST_COMMUNES,
            count=len(codes),
        )
    ]


def _close(codes: Sequence[str], centres: Floats) -> list[Fault]:
    pairs = sorted(cKDTree(centres).query_pairs(LEAST_SPACING_M))
    return [
        fault(
            "centres-too-close",
            "the centres of {first} and {second} are less than {least} m apart: correct their coordinates",
            first=codes[i],
            second=codes[j],
            least=f"{LEAST_SPACING_M:g}",
        )
        for i, j in pairs
    ]
