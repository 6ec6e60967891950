"""The modelled population grid: whole people, exact totals, cells where people would live."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
import shapely
from shapely import box

from territo.sources.modelled.population import CELL_M, NODATA, spread, whole_shares, write_raster

OUTLINES = [box(0, 0, 4_000, 4_000), box(4_000, 0, 9_000, 5_000)]
CENTRES = np.array([[2_000.0, 2_000.0], [6_000.0, 2_500.0]])
PEOPLE = np.array([12_345, 61])
NODES = np.array([[x, y] for x in range(0, 9_001, 500) for y in range(0, 5_001, 500)], dtype=float)


@pytest.fixture(scope="module")
def grid():
    return spread(CENTRES, PEOPLE, OUTLINES, NODES, 1)


def test_shares_by_largest_remainders_are_those_computed_by_hand():
    # 3 cells take 1 each; 7 are left: 3.5, 2.333, 1.167 -> 3, 2, 1 and the last one to the largest remainder.
    assert whole_shares(np.array([3.0, 2.0, 1.0]), 10).tolist() == [5, 3, 2]


def test_as_many_people_as_cells_give_one_each():
    assert whole_shares(np.array([9.0, 1.0]), 2).tolist() == [1, 1]


def test_nobody_gives_no_share():
    assert whole_shares(np.empty(0), 0).tolist() == []


def test_the_sums_by_commune_are_the_populations(grid):
    corners, people = grid
    totals = [people[shapely.contains_xy(outline, corners + CELL_M / 2)].sum() for outline in OUTLINES]
    assert totals == PEOPLE.tolist()


def test_cells_are_on_the_200_metre_lattice_and_hold_someone(grid):
    corners, people = grid
    assert (corners % CELL_M == 0).all()
    assert people.min() >= 1
    assert len(np.unique(corners, axis=0)) == len(corners)


def test_the_number_of_cells_follows_the_population(grid):
    corners, _ = grid
    inside = [shapely.contains_xy(outline, corners + CELL_M / 2).sum() for outline in OUTLINES]
    # 61 inhabitants have the fewest, 30 cells; 12,345 would fill 823, the commune has 400 and may fill 400.
    assert inside == [400, 30]


def test_people_live_nearer_to_the_centre_than_the_land_lies(grid):
    corners, people = grid
    first = shapely.contains_xy(OUTLINES[0], corners + CELL_M / 2)
    away = np.hypot(*(corners[first] + CELL_M / 2 - CENTRES[0]).T)
    assert np.average(away, weights=people[first]) < 0.85 * away.mean()


def test_an_empty_commune_has_no_cell():
    corners, people = spread(CENTRES, np.array([0, 500]), OUTLINES, NODES, 1)
    assert people.sum() == 500
    assert corners[:, 0].min() >= 4_000 - CELL_M / 2


def test_the_grid_depends_on_the_seed_only(grid):
    again, other = spread(CENTRES, PEOPLE, OUTLINES, NODES, 1), spread(CENTRES, PEOPLE, OUTLINES, NODES, 2)
    assert (again[1] == grid[1]).all()
    assert other[1].tolist() != grid[1].tolist()


def test_the_raster_holds_each_count_at_its_place_and_nodata_elsewhere(tmp_path):
    corners = np.array([[600.0, 400.0], [1_000.0, 800.0]])
    write_raster(corners, np.array([7, 3]), "EPSG:2154", tmp_path / "grid.tif")
    with rasterio.open(tmp_path / "grid.tif") as raster:
        band = raster.read(1)
        assert raster.crs.to_epsg() == 2154
        assert raster.nodata == NODATA
        assert tuple(raster.bounds) == (600, 400, 1_200, 1_000)
        assert [*raster.sample([(700, 500), (1_100, 900), (900, 700)])] == [[7], [3], [NODATA]]
    assert band[band != NODATA].sum() == 10
