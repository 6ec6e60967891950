"""Population rasters: inhabitants by pixel, read through a window on the territory."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np

from territo.domain.arrays import Floats
from territo.errors import InputError, fault
from territo.sources.archives import check_member, is_zip, only_member
from territo.sources.grids import RawGrid
from territo.sources.places import transform

CELL_M = 200.0
FINE_PIXEL_M = 150.0


def read_raster_grid(path: Path, crs: Any, bounds: Floats) -> RawGrid:
    """Read the inhabited pixels around the territory.

    Counts are never resampled: the centre of each pixel is carried to the
    territory's system, and pixels under 150 m are summed into 200 m squares.

    Parameters
    ----------
    path
        First band: inhabitants by pixel; no-data and negative values are empty.
    crs
        Reference system of the territory (pyproj).
    bounds
        West, south, east, north of the territory, metres.

    Raises
    ------
    InputError
        Not a raster, without reference system, or without inhabitants here.
    """
    import rasterio
    from rasterio.errors import RasterioError

    try:
        # the warning that a raster is placed nowhere is not for the user: it is refused below
        with warnings.catch_warnings(action="ignore"), rasterio.open(_address(path), driver="GTiff") as raster:
            _check_crs(raster, path.name)
            centres, people = _pixels(raster, crs, bounds)
            side = _side(raster, crs, bounds)
    except InputError:
        raise
    except (RasterioError, ValueError, TypeError) as error:
        sentence = "the file is not a raster that can be read: GeoTIFF of inhabitants by pixel"
        raise InputError(fault("unreadable-raster", sentence, where=path.name)) from error
    if people.size == 0:
        sentence = "the population grid has no inhabited cell: check its file and its CRS"
        raise InputError(fault("empty-grid", sentence, where=path.name))
    return aggregate(RawGrid(centres, people, side), CELL_M) if side < FINE_PIXEL_M else RawGrid(centres, people, side)


def _check_crs(raster: Any, where: str) -> None:
    if raster.crs is None:
        sentence = "the raster does not say its reference system: declare it"
        raise InputError(fault("raster-without-crs", sentence, where=where))


def _address(path: Path) -> str:
    """Where GDAL finds the raster: alone, or the only one of a zip."""
    if not is_zip(path):
        return str(path)
    name = only_member(path, (".tif", ".tiff"))
    check_member(path, name)
    return f"/vsizip/{{{path.resolve()}}}/{name}"


def _pixels(raster: Any, crs: Any, bounds: Floats) -> tuple[Floats, Floats]:
    """(m, 2) metres and (m,) inhabitants of the pixels above 0 in the window."""
    window = _window(raster, crs, bounds)
    if window is None:
        return np.empty((0, 2)), np.empty(0)
    values = raster.read(1, window=window, masked=True).astype(np.float64).filled(np.nan)
    rows, columns = np.nonzero(np.isfinite(values) & (values > 0))
    x, y = raster.transform @ (columns + window.col_off + 0.5, rows + window.row_off + 0.5)
    return transform(np.column_stack([x, y]), raster.crs.to_wkt(), crs), values[rows, columns]


def _window(raster: Any, crs: Any, bounds: Floats) -> Any:
    """Whole pixels that cover the territory, None where the raster does not reach it."""
    from rasterio.warp import transform_bounds
    from rasterio.windows import Window

    west, south, east, north = transform_bounds(crs.to_wkt(), raster.crs, *bounds, densify_pts=21)
    corners = [~raster.transform @ corner for corner in ((west, south), (west, north), (east, south), (east, north))]
    last = np.array([raster.width, raster.height])
    low = np.clip(np.floor(np.min(corners, axis=0)), 0, last).astype(int)
    high = np.clip(np.ceil(np.max(corners, axis=0)), 0, last).astype(int)
    if (high <= low).any():
        return None
    return Window(int(low[0]), int(low[1]), int(high[0] - low[0]), int(high[1] - low[1]))


def _side(raster: Any, crs: Any, bounds: Floats) -> float:
    """Side in metres of a square of the area of a pixel in the middle of the territory."""
    middle = np.array([[(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2]])
    native = transform(middle, crs, raster.crs.to_wkt())[0]
    width, height = raster.res
    corners = native + np.array([[0, 0], [width, 0], [0, height]])
    origin, east, north = transform(corners, raster.crs.to_wkt(), crs)
    return float(np.sqrt(np.linalg.norm(east - origin) * np.linalg.norm(north - origin)))


def aggregate(grid: RawGrid, side: float) -> RawGrid:
    """Sum the cells into larger squares, placed at the mean of their inhabitants."""
    squares, place = np.unique(np.floor(grid.xy / side), axis=0, return_inverse=True)
    place = place.reshape(-1)
    people = np.bincount(place, weights=grid.population, minlength=len(squares)).astype(np.float64)
    mean = [np.bincount(place, weights=grid.population * grid.xy[:, axis]) / people for axis in (0, 1)]
    return RawGrid(np.column_stack(mean), people, side)
