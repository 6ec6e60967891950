"""A 200 m population grid: commune totals spread by distance to the centre and to the roads, sums exact."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import shapely
from scipy.spatial import cKDTree
from shapely import Polygon

from territo.domain.arrays import Floats, Ints
from territo.sources.modelled.places import town_radius

CELL_M = 200.0
NODATA = -200.0
_FEWEST, _MOST = 30, 400
_PEOPLE_PER_CELL = 15.0
_ROAD_REACH_M = 220.0
_COUNTRY_WEIGHT = 0.03
_TOWN_NOISE, _COUNTRY_NOISE = 0.3, 1.2


def spread(centres: Floats, population: Ints, outlines: list[Polygon], nodes: Floats, seed: int) -> tuple[Floats, Ints]:
    """Spread the inhabitants of each commune over cells whose centre it holds.

    Parameters
    ----------
    centres, population, outlines
        The n communes: (n, 2) metres, (n,) inhabitants, polygons in metres.
    nodes
        (v, 2) nodes of the roads, metres.
    seed
        The same seed gives the same grid.

    Returns
    -------
    tuple of ndarray
        (m, 2) lower-left corners of the inhabited cells, metres, multiples of
        200; (m,) whole inhabitants, whose sums by commune are the totals.
    """
    roads = cKDTree(nodes)
    radius = town_radius(population, shapely.area(outlines))
    corners, people = [np.empty((0, 2))], [np.empty(0, dtype=np.int64)]
    for commune, outline in enumerate(outlines):
        total = int(population[commune])
        cells = _cells_in(outline)
        middle = cells + CELL_M / 2
        rng = np.random.default_rng([seed, 5, commune])
        away = np.hypot(*(middle - centres[commune]).T) / radius[commune]
        town = np.exp(-1.5 * away**1.5) * rng.lognormal(0, _TOWN_NOISE, len(cells))
        country = _COUNTRY_WEIGHT * np.exp(-away / 4) * rng.lognormal(0, _COUNTRY_NOISE, len(cells))
        weight = (town + country) * np.exp(-roads.query(middle)[0] / _ROAD_REACH_M)
        kept = np.argsort(-weight, kind="stable")[: _cell_count(total, len(cells))]
        corners.append(cells[kept])
        people.append(whole_shares(weight[kept], total))
    return np.concatenate(corners), np.concatenate(people)


def whole_shares(weight: Floats, total: int) -> Ints:
    """Share a total in whole numbers, at least 1 each, by largest remainders (Hamilton's method).

    Parameters
    ----------
    weight
        (k,) positive; k is at most ``total``.
    total
        What to share.
    """
    spare = total - len(weight)
    exact = weight / weight.sum() * spare if len(weight) else weight
    shares = np.floor(exact).astype(np.int64)
    rest = spare - int(shares.sum())
    shares[np.argsort(shares - exact, kind="stable")[:rest]] += 1
    return shares + 1


def _cell_count(total: int, available: int) -> int:
    return min(total, available, int(np.clip(total / _PEOPLE_PER_CELL, _FEWEST, _MOST)))


def _cells_in(outline: Polygon) -> Floats:
    west, south, east, north = (np.array(outline.bounds) // CELL_M) * CELL_M
    grid = np.meshgrid(np.arange(west, east + 1, CELL_M), np.arange(south, north + 1, CELL_M))
    corners = np.column_stack([axis.ravel() for axis in grid])
    return corners[shapely.contains_xy(outline, corners + CELL_M / 2)]


def write_raster(corners: Floats, people: Ints, crs: str, path: Path) -> None:
    """Write a grid of inhabitants as a compressed GeoTIFF; empty land is nodata."""
    import rasterio
    from rasterio.transform import Affine

    west, south = corners.min(axis=0)
    east, north = corners.max(axis=0) + CELL_M
    shape = (round((north - south) / CELL_M), round((east - west) / CELL_M))
    band = np.full(shape, NODATA, dtype=np.float32)
    column = np.round((corners[:, 0] - west) / CELL_M).astype(np.int64)
    row = np.round((north - CELL_M - corners[:, 1]) / CELL_M).astype(np.int64)
    band[row, column] = people
    profile = {"driver": "GTiff", "height": shape[0], "width": shape[1], "count": 1, "dtype": "float32"}
    placed = {"crs": crs, "transform": Affine(CELL_M, 0, west, 0, -CELL_M, north), "nodata": NODATA}
    with rasterio.open(path, "w", **profile, **placed, compress="deflate") as raster:
        raster.write(band, 1)
