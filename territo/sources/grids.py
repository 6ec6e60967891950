"""Population grids: the squares of INSEE, and how any grid is tied to the communes.

Whatever the grid, the sum of each commune's cells is its municipal population.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from territo.domain.arrays import Bools, Floats
from territo.domain.territory import Cells
from territo.domain.travel import Notice
from territo.errors import InputError, fault, raise_faults
from territo.sources.places import commune_of, transform
from territo.sources.tables import first_present, read_table

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

ID_COLUMNS = ("idcar_200m", "idcar_1km", "idcar_nat", "IdINSPIRE", "id_inspire", "id_carr1km")
PEOPLE_COLUMNS = ("ind", "ind_c", "population")
SQUARE = re.compile(r"CRS(\d+)RES(\d+)mN(\d+)E(\d+)")


@dataclass(frozen=True, slots=True, eq=False)
class RawGrid:
    """Inhabited squares before they are tied to communes.

    ``xy`` (m, 2) centres in metres, ``population`` (m,) above 0, ``size_m`` the side.
    """

    xy: Floats
    population: Floats
    size_m: float


def read_insee_grid(path: Path, crs: Any) -> RawGrid:
    """Read the INSEE grid, in CSV or as a map; the 2015 to 2021 vintages by their columns.

    The place of a square is in its identifier, ``CRS3035RES200mN2260600E3703800``:
    reference system, side, and north and east of its lower-left corner.

    Raises
    ------
    InputError
        No identifier or no population column, or values that cannot be read.
    """
    identifiers, people = _insee_csv(path) if path.suffix.lower() in (".csv", ".txt") else _insee_map(path)
    matches = [SQUARE.search(text) for text in identifiers]
    wrong = [text for text, match in zip(identifiers, matches, strict=True) if not match]
    raise_faults(
        fault("bad-square-id", "{value} is not the identifier of an INSEE square", where=path.name, value=text)
        for text in wrong[:1]
    )
    parts = np.array([match.groups() for match in matches if match], dtype=np.int64).reshape(-1, 4)
    inhabited = people > 0
    parts, people = parts[inhabited], people[inhabited]
    if len(parts) == 0:
        raise InputError(_empty(path.name))
    xy = np.empty((len(parts), 2))
    for system in np.unique(parts[:, 0]):
        same = parts[:, 0] == system
        centres = parts[same][:, [3, 2]] + parts[same][:, [1]] / 2
        xy[same] = transform(centres.astype(np.float64), f"EPSG:{system}", crs)
    return RawGrid(xy, people, float(np.median(parts[:, 1])))


def _insee_csv(path: Path) -> tuple[list[str], Floats]:
    table = read_table(path)
    identifier, people = _insee_columns(path, table.columns)
    values, wrong = table.numbers(people, required=False)
    raise_faults(wrong)
    return table.text(identifier), np.nan_to_num(values)


def _insee_map(path: Path) -> tuple[list[str], Floats]:
    import pyogrio
    from pyogrio.errors import DataSourceError

    try:
        columns = [str(name) for name in pyogrio.read_info(path)["fields"]]
        identifier, people = _insee_columns(path, columns)
        frame = pyogrio.read_dataframe(path, columns=[identifier, people], read_geometry=False)
    except DataSourceError as error:
        sentence = "the file is not a map that can be read: GeoJSON, GeoPackage or shapefile"
        raise InputError(fault("unreadable-map", sentence, where=path.name)) from error
    return [str(text) for text in frame[identifier]], np.nan_to_num(frame[people].to_numpy(dtype=np.float64))


def _insee_columns(path: Path, columns: Sequence[str]) -> tuple[str, str]:
    identifier, people = first_present(columns, ID_COLUMNS), first_present(columns, PEOPLE_COLUMNS)
    if identifier and people:
        return identifier, people
    raise InputError(
        *(
            fault(
                "missing-column",
                "there is no column {column}: the columns are {columns}",
                where=path.name,
                key="grid.file",
                column=wanted,
                columns=", ".join(columns),
            )
            for wanted, got in ((ID_COLUMNS[0], identifier), (PEOPLE_COLUMNS[0], people))
            if not got
        )
    )


def _empty(where: str) -> Any:
    sentence = "the population grid has no inhabited cell: check its file and its CRS"
    return fault("empty-grid", sentence, where=where)


def attach(
    grid: RawGrid,
    codes: Sequence[str],
    outlines: Sequence[BaseGeometry],
    population: Floats,
    centres: Floats,
    *,
    where: str = "",
) -> tuple[Cells, tuple[Notice, ...]]:
    """Tie the cells to communes and scale them to the municipal populations.

    A cell belongs to the commune that holds its centre, else to the nearest
    one within one side of a cell, else it is dropped. A commune with
    inhabitants but no cell gets one cell at its centre.

    Parameters
    ----------
    grid
        Inhabited squares.
    codes, outlines, population, centres
        Of the communes: (n,), (n,), (n,) inhabitants, (n, 2) metres.
    where
        Name of the grid's file.

    Returns
    -------
    Cells
        Sums by commune equal ``population`` to rounding.
    tuple of Notice
        ``cells-outside``, ``commune-without-cell``.
    """
    commune = commune_of(grid.xy, outlines, within_m=grid.size_m)
    tied = commune >= 0
    if not tied.any():
        raise InputError(_empty(where))
    people = np.bincount(commune[tied], weights=grid.population[tied], minlength=len(codes))
    scale = np.divide(population, people, out=np.zeros(len(codes)), where=people > 0)
    kept = tied & (scale[np.maximum(commune, 0)] > 0)
    bare = np.flatnonzero((people == 0) & (population > 0))
    cells = Cells(
        xy=np.concatenate([grid.xy[kept], centres[bare]]),
        population=np.concatenate([grid.population[kept] * scale[commune[kept]], population[bare]]),
        commune=np.concatenate([commune[kept], bare]),
        size_m=grid.size_m,
    )
    return cells, _notices(grid, tied, [codes[each] for each in bare.tolist()])


def _notices(grid: RawGrid, tied: Bools, bare: Iterable[str]) -> tuple[Notice, ...]:
    notices = [Notice("commune-without-cell", {"commune": code}) for code in bare]
    if not tied.all():
        lost = float(grid.population[~tied].sum())
        notices.append(Notice("cells-outside", {"cells": int((~tied).sum()), "inhabitants": round(lost)}))
    return tuple(notices)
