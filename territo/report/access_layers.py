"""Access to a service as a raster and as vectors, for geographic information systems."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from territo.access.catchment import isochrones
from territo.domain.arrays import Floats
from territo.domain.catchment import ServiceAccess
from territo.domain.territory import Territory

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

# name and unit of each band of the raster
RASTER_BANDS = (("minutes", "min"), ("offre_pour_10000", ""), ("indice", "1 = moyenne"))


def write_access_raster(access: ServiceAccess, territory: Territory, path: Path) -> None:
    """Write minutes, offer and index as a GeoTIFF of three bands, one pixel a cell.

    Pixels without inhabitants, out of reach or not known are NaN, which is
    the value declared for no data.
    """
    import rasterio
    from rasterio import Affine

    cells, size = territory.cells, territory.cells.size_m
    low, high = cells.xy.min(axis=0) - size / 2, cells.xy.max(axis=0) + size / 2
    columns, rows = np.ceil((high - low) / size - 1e-6).astype(int).tolist()
    place = np.clip(np.floor((cells.xy - low) / size).astype(int), 0, [columns - 1, rows - 1])
    pixel = (rows - 1 - place[:, 1]) * columns + place[:, 0]
    values = (np.where(np.isfinite(access.minutes), access.minutes, np.nan), access.offer, access.index)
    profile = {
        "driver": "GTiff", "width": columns, "height": rows, "count": len(RASTER_BANDS), "dtype": "float32",
        "crs": territory.crs, "transform": Affine(size, 0, low[0], 0, -size, low[1] + rows * size),
        "nodata": float("nan"), "compress": "deflate",
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as raster:
        for band, ((name, unit), column) in enumerate(zip(RASTER_BANDS, values, strict=True), start=1):
            means = _pixel_means(column, cells.population, pixel, rows * columns)
            raster.write(means.reshape(rows, columns).astype(np.float32), band)
            raster.set_band_description(band, name)
            raster.update_tags(band, unit=unit or access.unit)
        raster.update_tags(service=access.service)


def _pixel_means(values: Floats, weights: Floats, pixel: Floats, count: int) -> Floats:
    """Mean of the cells of each pixel, by inhabitants: several may fall in one where the grid was turned."""
    known = np.isfinite(values)
    people = np.bincount(pixel[known], weights=weights[known], minlength=count)
    sums = np.bincount(pixel[known], weights=(weights * values)[known], minlength=count)
    means: Floats = np.divide(sums, people, out=np.full(count, np.nan), where=people > 0)
    return means


def write_access_layers(access: ServiceAccess, territory: Territory, path: Path, bands: Sequence[float]) -> None:
    """Write the layers ``isochrones``, ``carreaux``, ``communes`` and ``lieux`` as a GeoPackage.

    Parameters
    ----------
    access, territory
        What is written, in the reference system of the territory.
    path
        File to write.
    bands
        Ends of the isochrones, ascending, minutes.
    """
    squares = _squares(access, territory, bands)
    layers = {
        "isochrones": _isochrones(squares, bands),
        "carreaux": squares.drop(columns="rang"),
        "communes": _communes(access, territory),
        "lieux": _places(access, territory),
    }
    for position, (name, frame) in enumerate(layers.items()):
        frame.to_file(path, layer=name, driver="GPKG", engine="pyogrio", mode="a" if position else "w")


def _squares(access: ServiceAccess, territory: Territory, bands: Sequence[float]) -> GeoDataFrame:
    import geopandas
    from shapely import box

    cells, half = territory.cells, territory.cells.size_m / 2
    rank = isochrones(access.minutes, bands)
    columns = {
        "commune": [territory.communes.codes[index] for index in cells.commune],
        "habitants": cells.population,
        "minutes": np.where(np.isfinite(access.minutes), access.minutes, np.nan),
        "jusqu_a_min": np.append(np.array(bands, dtype=np.float64), np.nan)[rank],
        "offre_pour_10000": access.offer,
        "indice": access.index,
        "rang": rank,
    }
    outlines = box(*(cells.xy - half).T, *(cells.xy + half).T)
    return geopandas.GeoDataFrame(columns, geometry=outlines, crs=territory.crs)


def _isochrones(squares: GeoDataFrame, bands: Sequence[float]) -> GeoDataFrame:
    """One row a band that holds somebody: between which minutes, how many people, the ground that they live on."""
    import geopandas
    from shapely import union_all

    starts, ends = (0.0, *bands), (*bands, np.nan)
    rows = [
        {
            "de_min": starts[rank],
            "jusqu_a_min": ends[rank],
            "habitants": float(inside["habitants"].sum()),
            "geometry": union_all(inside.geometry.to_numpy()),
        }
        for rank, inside in squares.groupby("rang")
    ]
    return geopandas.GeoDataFrame(rows, geometry="geometry", crs=squares.crs)


def _communes(access: ServiceAccess, territory: Territory) -> GeoDataFrame:
    import geopandas

    communes, cells = territory.communes, territory.cells
    reached = np.isfinite(access.minutes)
    minutes = np.where(reached, access.minutes, 0.0)
    people, without, sums = (
        np.bincount(cells.commune, weights=cells.population * each, minlength=len(communes))
        for each in (reached, ~reached, minutes)
    )
    columns = {
        "code": communes.codes,
        "nom": communes.names,
        "population": communes.population,
        "hors_portee": without,
        "minutes": np.divide(sums, people, out=np.full(len(communes), np.nan), where=people > 0),
        "indice": access.by_commune,
    }
    return geopandas.GeoDataFrame(columns, geometry=list(communes.outlines), crs=territory.crs)


def _places(access: ServiceAccess, territory: Territory) -> GeoDataFrame:
    import geopandas

    sites, chosen = territory.sites, np.flatnonzero(access.offered)
    columns = {
        "id": [sites.ids[index] for index in chosen],
        "nom": [sites.names[index] for index in chosen],
        "offre": access.supply[chosen],
        "unite": [access.unit] * len(chosen),
    }
    return geopandas.GeoDataFrame(columns, geometry=geopandas.points_from_xy(*sites.xy[chosen].T), crs=territory.crs)
