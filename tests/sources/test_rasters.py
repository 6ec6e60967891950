"""Population rasters: windows, no-data, and sums that are kept."""

from __future__ import annotations

import tracemalloc
import zipfile

import numpy as np
import pytest
import rasterio
from affine import Affine
from rasterio.windows import Window

from territo.errors import InputError
from territo.sources.grids import RawGrid
from territo.sources.places import projected, transform
from territo.sources.rasters import aggregate, read_raster_grid

LAMBERT = projected("EPSG:2154")
BOUNDS = np.array([420_000.0, 6_240_000.0, 422_000.0, 6_242_000.0])


def raster(path, values, corner, pixel, crs="EPSG:2154", nodata=-200.0):
    shape = {"height": values.shape[0], "width": values.shape[1], "count": 1, "dtype": "float32"}
    place = {"transform": Affine(pixel, 0, corner[0], 0, -pixel, corner[1]), "crs": crs, "nodata": nodata}
    with rasterio.open(path, "w", driver="GTiff", **shape, **place) as written:
        written.write(values.astype("float32"), 1)
    return path


def test_inhabited_pixels_of_the_window_are_read_at_their_centres(tmp_path):
    values = np.zeros((20, 20))
    values[0, 0], values[9, 9], values[10, 10] = 99, 5, 7  # the first is outside the window
    values[9, 10] = -200
    path = raster(tmp_path / "p.tif", values, (419_000, 6_243_000), 200)
    grid = read_raster_grid(path, LAMBERT, BOUNDS)
    assert grid.xy.tolist() == [[420_900.0, 6_241_100.0], [421_100.0, 6_240_900.0]]
    assert grid.population.tolist() == [5.0, 7.0]
    assert grid.size_m == pytest.approx(200.0)


def test_fine_pixels_of_another_system_are_summed_and_nobody_is_lost(tmp_path):
    west, south, east, north = (
        transform(BOUNDS.reshape(2, 2), LAMBERT, "EPSG:4326") + np.array([[-0.01, -0.01], [0.01, 0.01]])
    ).ravel()
    values = np.random.default_rng(1).uniform(0, 3, (int((north - south) / 8e-4), int((east - west) / 8e-4)))
    path = raster(tmp_path / "p.tif", values, (west, north), 8e-4, crs="EPSG:4326")
    grid = read_raster_grid(path, LAMBERT, BOUNDS + np.array([-5_000, -5_000, 5_000, 5_000]))
    assert grid.size_m == 200.0
    assert len(grid.population) < values.size / 3
    assert grid.population.sum() == pytest.approx(values.sum(), rel=1e-6)


def test_ghs_pop_in_mollweide_is_summed_inside_a_zip_too(tmp_path):
    corner = transform(np.array([[420_000.0, 6_243_000.0]]), LAMBERT, "ESRI:54009")[0]
    values = np.random.default_rng(2).uniform(0, 9, (40, 30))
    path = raster(tmp_path / "GHS_POP.tif", values, corner, 100, crs="ESRI:54009")
    with zipfile.ZipFile(tmp_path / "ghs.zip", "w") as archive:
        archive.write(path, "GHS_POP_E2020_R9_C19.tif")
    wide = BOUNDS + np.array([-9_000, -9_000, 9_000, 9_000])
    for file in (path, tmp_path / "ghs.zip"):
        grid = read_raster_grid(file, LAMBERT, wide)
        assert grid.size_m == 200.0
        assert grid.population.sum() == pytest.approx(values.astype(np.float32).sum(dtype=np.float64), rel=1e-6)


def test_of_a_raster_of_a_whole_country_only_a_window_is_read(tmp_path):
    shape = {"height": 40_000, "width": 40_000, "count": 1, "dtype": "float32", "sparse_ok": True, "tiled": True}
    place = {"transform": Affine(100, 0, 0, 0, -100, 7_000_000), "crs": "EPSG:2154"}
    with rasterio.open(tmp_path / "big.tif", "w", driver="GTiff", **shape, **place) as written:
        written.write(np.full((1, 1), 8.0, dtype=np.float32), 1, window=Window(4_210, 7_590, 1, 1))
    tracemalloc.start()
    grid = read_raster_grid(tmp_path / "big.tif", LAMBERT, BOUNDS)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert grid.population.tolist() == [8.0]
    assert peak < 20e6  # the whole raster has 6.4 GB


def test_squares_stand_at_the_mean_of_their_inhabitants():
    grid = aggregate(
        RawGrid(np.array([[10.0, 10.0], [30.0, 10.0], [210.0, 10.0]]), np.array([3.0, 1.0, 2.0]), 50.0), 200.0
    )
    assert grid.xy.tolist() == [[15.0, 10.0], [210.0, 10.0]]
    assert grid.population.tolist() == [4.0, 2.0]


@pytest.mark.parametrize(("corner", "value"), [((900_000, 6_900_000), 1.0), ((419_000, 6_243_000), 0.0)])
def test_a_raster_without_inhabitants_here_is_refused(tmp_path, corner, value):
    path = raster(tmp_path / "p.tif", np.full((20, 20), value), corner, 200)
    with pytest.raises(InputError, match=r"^p\.tif: the population grid has no inhabited cell"):
        read_raster_grid(path, LAMBERT, BOUNDS)


def test_a_raster_must_say_its_reference_system(tmp_path):
    path = raster(tmp_path / "p.tif", np.ones((2, 2)), (419_000, 6_243_000), 200, crs=None)
    with pytest.raises(InputError, match="the raster does not say its reference system"):
        read_raster_grid(path, LAMBERT, BOUNDS)


def test_a_file_that_is_no_raster_is_refused(tmp_path):
    path = tmp_path / "p.tif"
    path.write_text("no raster", encoding="utf-8")
    with pytest.raises(InputError, match="not a raster that can be read"):
        read_raster_grid(path, LAMBERT, BOUNDS)
