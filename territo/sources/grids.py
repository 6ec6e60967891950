"""Population grids: the squares of INSEE, and how any grid is tied to the communes.

Whatever the grid, the sum of each commune's cells is its municipal population.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from territo.domain.arrays import Bools, Floats, Ints
from territo.domain.territory import Cells
from territo.domain.travel import Notice
from territo.errors import Fault, InputError, fault, raise_faults
from territo.sources.formats import Recognised
from territo.sources.national import read_known
from territo.sources.places import commune_of, known_crs, transform, window
from territo.sources.tables import Table, duplicates

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

SQUARE = re.compile(r"^CRS(\d{4,5})RES(\d{2,5})mN(\d{1,8})E(\d{1,8})$")
GROUPS = ("households", "poor_households", "age_0_3", "age_80_plus")
NEAR_M = 2_000.0
EVERYWHERE = (-np.inf, -np.inf, np.inf, np.inf)
CONSERVED = 1e-6
LEAST_COVERED, MOST_COVERED = 0.7, 1.4
LEAST_PEOPLE = 50


@dataclass(frozen=True, slots=True, eq=False)
class RawGrid:
    """Inhabited squares before they are tied to communes.

    Parameters
    ----------
    xy
        (m, 2) centres, metres.
    population
        (m,) inhabitants, above 0.
    size_m
        Side of a square, metres.
    groups
        Social group -> (m,) count, NaN where missing.
    notices
        What was seen and left out while reading.
    """

    xy: Floats
    population: Floats
    size_m: float
    groups: Mapping[str, Floats] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()


def read_insee_grid(path: Path, crs: Any, bounds: Floats | None = None, *, keep_imputed: bool = False) -> RawGrid:
    """Read the INSEE grid, in CSV, Parquet or as a map; the 2015 to 2021 vintages by their columns.

    The place of a square is in its identifier, ``CRS3035RES200mN2260600E3703800``:
    reference system, side, and north and east of its lower-left corner.

    Parameters
    ----------
    path
        The file, or a zip that holds it.
    crs
        Reference system of the territory (pyproj).
    bounds
        West, south, east, north of the territory, metres: the squares of a
        national file that are over 2 km from it are not read.
    keep_imputed
        Whether the social groups that INSEE has imputed (squares under 11
        households) are kept; they are missing otherwise.

    Raises
    ------
    InputError
        No known vintage, identifiers or counts that cannot be read, squares
        repeated or of several sizes, or none inhabited.
    """
    table, seen = _squares(path, crs, bounds)
    name = seen.columns["square"]
    parts, faults = _parts(table, name)
    people, wrong = _counts(table, seen, "people")
    groups = {group: _counts(table, seen, group) for group in GROUPS if group in seen.columns}
    imputed, unread = _counts(table, seen, "imputed") if "imputed" in seen.columns else (np.zeros(len(people)), [])
    wrong += [each for _, found in groups.values() for each in found] + unread
    raise_faults([*faults, *duplicates(table, name), *wrong])
    inhabited = people > 0
    if not inhabited.any():
        raise InputError(_empty(path.name))
    by_insee = np.nan_to_num(imputed[inhabited]) > 0
    kept = {group: _told(group, values[inhabited], by_insee, keep_imputed) for group, (values, _) in groups.items()}
    xy, size = _centres(parts[inhabited], crs, path.name)
    notices = (
        seen.notice(path.name),
        *_absent(seen, path.name),
        *_left_out(people, by_insee & bool(set(kept) - {"households"}), keep_imputed),
    )
    return RawGrid(xy, people[inhabited], size, kept, notices)


def _squares(path: Path, crs: Any, bounds: Floats | None) -> tuple[Table, Recognised]:
    """Rows of the squares near the territory, and the vintage."""
    windows: dict[str, tuple[float, float, float, float]] = {}

    def _near(row: Mapping[str, str], seen: Recognised) -> bool:
        match = SQUARE.match(row[seen.columns["square"]])
        if match is None or bounds is None:
            return True  # what cannot be read is said later, with its line
        system, side, north, east = match.groups()
        if system not in windows:
            known = known_crs(f"EPSG:{system}")
            windows[system] = window(bounds, NEAR_M, crs, known) if known else EVERYWHERE
        west, south, right, top = windows[system]
        return west - float(side) <= float(east) <= right and south - float(side) <= float(north) <= top

    return read_known("squares", path, key="grid.file", keep=_near)


def _parts(table: Table, column: str) -> tuple[Ints, list[Fault]]:
    """(m, 4) system, side, north and east of the identifiers, 0 where one cannot be read."""
    parts = np.zeros((len(table.rows), 4), dtype=np.int64)
    faults = []
    sentence = "{value} is not the identifier of an INSEE square"
    for row, text in enumerate(table.text(column)):
        match = SQUARE.match(text)
        if match and known_crs(f"EPSG:{match[1]}") is not None:
            parts[row] = [int(part) for part in match.groups()]
        else:
            faults.append(fault("bad-square-id", sentence, where=table.where(row), key=column, value=text or "∅"))
    return parts, faults


def _counts(table: Table, seen: Recognised, role: str) -> tuple[Floats, list[Fault]]:
    """(m,) counts of a role, NaN where missing; negative ones are faults."""
    column = seen.columns[role]
    values, wrong = table.numbers(column, required=False, missing=seen.format.missing)
    return values, [*wrong, *table.negatives(column, values)]


def _told(group: str, values: Floats, imputed: Bools, keep_imputed: bool) -> Floats:  # noqa: FBT001  # private
    """Take out what INSEE imputed; it counts households everywhere."""
    return values if keep_imputed or group == "households" else np.where(imputed, np.nan, values)


def _centres(parts: Ints, crs: Any, where: str) -> tuple[Floats, float]:
    """(m, 2) metres, and the side that all squares share (median where sizes vary on purpose)."""
    xy = np.empty((len(parts), 2))
    for system in np.unique(parts[:, 0]):
        same = parts[:, 0] == system
        centres = parts[same][:, [3, 2]] + parts[same][:, [1]] / 2
        xy[same] = transform(centres.astype(np.float64), f"EPSG:{system}", crs)
    if not np.isfinite(xy).all():
        raise InputError(_empty(where))
    return xy, float(np.median(parts[:, 1]))


def _absent(seen: Recognised, where: str) -> list[Notice]:
    """Say which columns of the vintage the file has lost: their groups come from the communes, or are unknown."""
    lost = [column for role, column in seen.format.columns.items() if role not in seen.columns]
    return [Notice("squares-without-columns", {"file": where, "columns": ", ".join(lost)})] if lost else []


def _left_out(people: Floats, by_insee: Bools, keep_imputed: bool) -> list[Notice]:  # noqa: FBT001  # private
    notices = []
    if np.isnan(people).any():
        notices.append(Notice("squares-secret", {"cells": int(np.isnan(people).sum())}))
    if by_insee.any():
        share = round(100 * float(people[people > 0][by_insee].sum() / people[people > 0].sum()))
        code = "squares-imputed-kept" if keep_imputed else "squares-imputed-missing"
        notices.append(Notice(code, {"cells": int(by_insee.sum()), "percent": share}))
    return notices


def _empty(where: str) -> Fault:
    sentence = "the population grid has no inhabited cell: check its file and its CRS"
    return fault("empty-grid", sentence, where=where)


def attach(
    grid: RawGrid,
    names: Sequence[str],
    outlines: Sequence[BaseGeometry],
    population: Floats,
    centres: Floats,
    *,
    where: str = "",
) -> tuple[Cells, tuple[Notice, ...]]:
    """Tie the cells to communes and scale them to the municipal populations.

    A cell belongs to the commune that holds its centre, else to the nearest
    one within one side of a cell, else it is dropped. Where the grid counts
    under 70 % of a commune (it stops short of it, or the centres of its
    squares lie next door), its cells keep their count and the rest of the
    inhabitants stands in one cell at its centre, without social groups.

    Parameters
    ----------
    grid
        Inhabited squares.
    names, outlines, population, centres
        Of the communes: (n,), (n,), (n,) inhabitants, (n, 2) metres.
    where
        Name of the grid's file.

    Returns
    -------
    Cells
        Sums by commune equal ``population`` to rounding.
    tuple of Notice
        ``cells-outside``, ``communes-without-cell``, ``communes-partly-in-grid``,
        ``communes-over-in-grid``.

    Raises
    ------
    InputError
        No cell lies in a commune.
    """
    commune = commune_of(grid.xy, outlines, within_m=grid.size_m)
    tied = commune >= 0
    if not tied.any():
        raise InputError(_empty(where))
    people = np.bincount(commune[tied], weights=grid.population[tied], minlength=len(names))
    covered = np.divide(people, population, out=np.ones(len(names)), where=population > 0)
    scale = np.divide(population, people, out=np.zeros(len(names)), where=people > 0)
    scale = np.where((covered < LEAST_COVERED) & (population > 0), 1.0, scale)
    rest = np.where(covered < LEAST_COVERED, population - people, 0.0)
    kept, placed = tied & (scale[np.maximum(commune, 0)] > 0), np.flatnonzero(rest > 0)
    cells = Cells(
        xy=np.concatenate([grid.xy[kept], centres[placed]]),
        population=np.concatenate([grid.population[kept] * scale[commune[kept]], rest[placed]]),
        commune=np.concatenate([commune[kept], placed]),
        size_m=grid.size_m,
        groups={
            group: np.concatenate([count[kept] * scale[commune[kept]], np.full(len(placed), np.nan)])
            for group, count in grid.groups.items()
        },
    )
    check_conserved(cells, names, population)
    return cells, (*grid.notices, *_outside(grid, tied), *_uncovered(names, population, covered))


def check_conserved(cells: Cells, names: Sequence[str], population: Floats) -> None:
    """Hold the rule of all grids: the cells of a commune sum to its population, to 1e-6.

    Raises
    ------
    InputError
        Names of the communes whose inhabitants would be lost or made up.
    """
    sums = np.bincount(cells.commune, weights=cells.population, minlength=len(names))
    wrong = np.flatnonzero(~(np.abs(sums - population) <= CONSERVED * np.maximum(population, 1.0)))
    if wrong.size:
        sentence = "the cells of {names} do not sum to their population: check the grid"
        listed = ", ".join(names[index] for index in wrong[:8])
        raise InputError(fault("population-not-conserved", sentence, names=listed))


def _outside(grid: RawGrid, tied: Bools) -> list[Notice]:
    if tied.all():
        return []
    lost = float(grid.population[~tied].sum())
    return [Notice("cells-outside", {"cells": int((~tied).sum()), "inhabitants": round(lost)})]


def _uncovered(names: Sequence[str], population: Floats, covered: Floats) -> list[Notice]:
    """Name the communes that the grid leaves out, and those whose inhabitants it counts very differently."""
    bare = np.flatnonzero((covered == 0) & (population > 0))
    counted = (covered > 0) & (population >= LEAST_PEOPLE)
    partly, over = (np.flatnonzero(counted & far) for far in (covered < LEAST_COVERED, covered > MOST_COVERED))
    notices = []
    if bare.size:
        listed = ", ".join(names[index] for index in bare.tolist())
        people = round(float(population[bare].sum()))
        notices.append(
            Notice("communes-without-cell", {"count": int(bare.size), "names": listed, "inhabitants": people})
        )
    for code, found in (("communes-partly-in-grid", partly), ("communes-over-in-grid", over)):
        if found.size:
            listed = ", ".join(f"{names[index]} ({100 * covered[index]:.0f} %)" for index in found.tolist())
            notices.append(Notice(code, {"count": int(found.size), "names": listed}))
    return notices
