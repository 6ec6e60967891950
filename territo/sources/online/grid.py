"""Squares of a territory from the archive of the INSEE grid (Filosofi)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from territo.domain.arrays import Bools, Floats
from territo.errors import SourceUnavailableError, fault
from territo.sources.online.archives import write_rows
from territo.sources.places import WGS84, transform
from territo.sources.store import Download

if TYPE_CHECKING:
    import pyarrow as pa
    from shapely.geometry.base import BaseGeometry

GRID = "grid.csv"
MARGIN_M = 2_000
EDGE_POINTS = 16
SQUARE = r"CRS(?P<crs>\d+)RES(?P<side>\d+)mN(?P<north>\d+)E(?P<east>\d+)"


def write_grid(download: Download, outlines: Sequence[BaseGeometry], folder: Path, columns: Sequence[str]) -> None:
    """Write the squares within the bounds of the communes, 2 km more on each side.

    Parameters
    ----------
    download
        The archive, of CSV or GeoPackage tables, one for each reference system.
    outlines
        Of the communes, degrees.
    folder
        Where ``grid.csv`` goes, all columns kept.
    columns
        The identifier of the square, then what else must be there.

    Raises
    ------
    SourceUnavailableError
        The archive cannot be read, or has no square there.
    """
    corners = np.array([outline.bounds for outline in outlines])
    frame = _edge(corners[:, :2].min(axis=0), corners[:, 2:].max(axis=0))
    windows: dict[str, Floats] = {}

    inside = partial(_inside, identifier=columns[0], frame=frame, windows=windows)
    if not write_rows(download, folder / GRID, columns, inside):
        sentence = "the grid has no square in this territory: build with --grid modelled"
        raise SourceUnavailableError(fault("source-without-square", sentence, where=download.layer))


def _edge(low: Floats, high: Floats) -> Floats:
    """(n, 2) points around a rectangle: its sides are curves in another reference system."""
    x, y = np.linspace(low, high, EDGE_POINTS).T
    sides = [(x, low[1]), (x, high[1]), (low[0], y), (high[0], y)]
    return np.concatenate([np.column_stack(np.broadcast_arrays(*side)) for side in sides])


def _inside(block: pa.Table, identifier: str, frame: Floats, windows: dict[str, Floats]) -> Bools:
    import pyarrow as pa
    import pyarrow.compute as pc

    name = next(column for column in block.column_names if column.lower() == identifier.lower())
    parts = pc.extract_regex(block[name].cast(pa.string()), SQUARE)
    system = np.asarray(pc.struct_field(parts, "crs").to_numpy(zero_copy_only=False), dtype=np.str_)
    east, north = (
        np.nan_to_num(pc.cast(pc.struct_field(parts, axis), pa.float64()).to_numpy(zero_copy_only=False), nan=-1.0)
        for axis in ("east", "north")
    )
    kept = np.zeros(len(system), dtype=np.bool_)
    for crs in np.unique(system):
        if not crs.isdigit():
            continue
        if crs not in windows:
            points = transform(frame, WGS84, f"EPSG:{crs}")
            windows[crs] = np.concatenate([points.min(axis=0) - MARGIN_M, points.max(axis=0) + MARGIN_M])
        low_x, low_y, high_x, high_y = windows[crs]
        kept |= (system == crs) & (east >= low_x) & (east <= high_x) & (north >= low_y) & (north <= high_y)
    return kept
