"""The table of communes that a modelled territory starts from."""

from __future__ import annotations

import csv
import hashlib
import io
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.spatial import cKDTree

from territo.domain.arrays import Floats, Ints, frozen
from territo.domain.territory import Source
from territo.errors import Fault, InputError, fault, raise_faults

CODE, NAME, POPULATION, LAT, LNG, AREA = "code_insee", "nom", "pmun_2023", "lat", "lng", "superficie_km2"
REQUIRED = (CODE, NAME, POPULATION, LAT, LNG, AREA)
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
        CSV in UTF-8 with the columns ``code_insee, nom, pmun_2023, lat, lng,
        superficie_km2``; other columns are kept as they are.

    Raises
    ------
    InputError
        The file is missing or not UTF-8, a column is missing, a number
        cannot be read or is out of its limits, a code is repeated, or two
        centres are too close; all faults at once.
    """
    text = _text(path)
    reader = csv.DictReader(io.StringIO(text))
    absent = [name for name in REQUIRED if name not in (reader.fieldnames or ())]
    if absent:
        raise InputError(
            fault(
                "table-columns",
                "the columns {columns} are missing: add them to the table of communes",
                where=f"{path.name}:1",
                columns=", ".join(absent),
            )
        )
    rows = [(reader.line_num, {key: value or "" for key, value in row.items() if key}) for row in reader]
    raise_faults(_row_faults(path.name, rows))
    records = [row for _, row in rows]
    source = Source(
        "population", path.name, "non précisée", "non précisée", sha256=hashlib.sha256(text.encode()).hexdigest()
    )
    return CommuneTable(
        codes=_column(records, CODE),
        names=_column(records, NAME),
        population=np.array([round(float(row[POPULATION])) for row in records], dtype=np.int64),
        lnglat=np.array([[float(row[LNG]), float(row[LAT])] for row in records]).reshape(-1, 2),
        area_km2=np.array([float(row[AREA]) for row in records]),
        columns={name: _column(records, name) for name in reader.fieldnames or () if name not in REQUIRED},
        sources=(source,),
    )


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            fault(
                "table-unreadable",
                "the table of communes cannot be read ({reason}): give a CSV file in UTF-8",
                where=path.name,
                reason=type(error).__name__,
            )
        ) from error


def _column(records: Sequence[Mapping[str, str]], name: str) -> tuple[str, ...]:
    return tuple(row.get(name, "").strip() for row in records)


def _row_faults(file: str, rows: Sequence[tuple[int, Mapping[str, str]]]) -> list[Fault]:
    found = [
        fault(
            "table-number",
            "{value!r} is not a number from {low:g} to {high:g}: correct the table",
            where=f"{file}:{line}",
            key=name,
            value=row[name],
            low=low,
            high=high,
        )
        for line, row in rows
        for name, (low, high) in _LIMITS.items()
        if not _within(row[name], low, high)
    ]
    counts = Counter(row[CODE].strip() for _, row in rows)
    found += [
        fault(
            "table-code",
            "the code {commune!r} is empty or repeated: give each commune its own code",
            where=f"{file}:{line}",
            key=CODE,
            commune=row[CODE],
        )
        for line, row in rows
        if not row[CODE].strip() or counts[row[CODE].strip()] > 1
    ]
    return found


def _within(value: str, low: float, high: float) -> bool:
    try:
        number = float(value)
    except ValueError:
        return False
    return math.isfinite(number) and low <= number <= high


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
            "the centres of {first} and {second} are less than {least:g} m apart: correct their coordinates",
            first=codes[i],
            second=codes[j],
            least=LEAST_SPACING_M,
        )
        for i, j in pairs
    ]
