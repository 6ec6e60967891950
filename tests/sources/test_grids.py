"""The squares of INSEE, and how any grid is tied to the communes."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import box

from territo.domain.travel import Notice
from territo.errors import InputError
from territo.sources.communes import read_description, read_outlines
from territo.sources.grids import RawGrid, attach, read_insee_grid
from territo.sources.places import projected, transform
from territo.sources.spec import AttributesFile, CommunesFile

LAMBERT = projected("EPSG:2154")
OUTLINES = [box(0, 0, 1_000, 1_000), box(1_000, 0, 2_000, 1_000)]
CENTRES = np.array([[500.0, 500.0], [1_500.0, 500.0]])


def grid_file(tmp_path, text):
    path = tmp_path / "grid.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("columns", ["idcar_200m,idcar_1km,ind", "IdINSPIRE,Id_carr1km,Ind", "Idcar_200m,Groupe,Ind"])
def test_a_square_stands_at_the_middle_that_its_identifier_gives(tmp_path, columns):
    rows = "CRS3035RES200mN2600000E3500000,x,12.5\nCRS3035RES200mN2600200E3500000,x,0\n"
    grid = read_insee_grid(grid_file(tmp_path, f"{columns}\n{rows}"), LAMBERT)
    assert grid.xy == pytest.approx(transform(np.array([[3_500_100.0, 2_600_100.0]]), "EPSG:3035", LAMBERT))
    assert (grid.population.tolist(), grid.size_m) == ([12.5], 200.0)


def test_the_grid_is_read_from_a_map_too(tmp_path):
    columns = {"idcar_1km": ["CRS3035RES1000mN2600000E3500000"], "ind": [40.0]}
    path = tmp_path / "grid.gpkg"
    gpd.GeoDataFrame(columns, geometry=[box(0, 0, 1, 1)], crs="EPSG:3035").to_file(path, engine="pyogrio")
    grid = read_insee_grid(path, LAMBERT)
    assert grid.xy == pytest.approx(transform(np.array([[3_500_500.0, 2_600_500.0]]), "EPSG:3035", LAMBERT))
    assert (grid.population.tolist(), grid.size_m) == ([40.0], 1_000.0)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("code,men\n1,2\n", "the columns are of no known file.*: the nearest, .* also has .*; these are code, men"),
        ("idcar_200m,ind\nhere,3\n", "here is not the identifier of an INSEE square"),
        ("idcar_200m,ind\nCRS3035RES200mN2600000E3500000,x\n", "x is not a number: correct it"),
        ("idcar_200m,ind\nCRS3035RES200mN2600000E3500000,s\n", "the population grid has no inhabited cell"),
    ],
)
def test_a_grid_that_cannot_be_read_is_explained(tmp_path, text, sentence):
    with pytest.raises(InputError, match=sentence):
        read_insee_grid(grid_file(tmp_path, text), LAMBERT)


def test_a_map_that_cannot_be_read_is_refused(tmp_path):
    path = tmp_path / "grid.gpkg"
    path.write_text("no map", encoding="utf-8")
    with pytest.raises(InputError, match="not a map that can be read"):
        read_insee_grid(path, LAMBERT)


def test_the_cells_of_each_commune_sum_to_its_municipal_population():
    grid = RawGrid(np.array([[100.0, 500.0], [900.0, 500.0], [1_500.0, 500.0]]), np.array([20.0, 60.0, 9.0]), 200.0)
    cells, notices = attach(grid, ("A", "B"), OUTLINES, np.array([100.0, 10.0]), CENTRES)
    assert cells.population.tolist() == [25.0, 75.0, pytest.approx(10.0)]
    assert cells.commune.tolist() == [0, 0, 1]
    assert notices == ()


def test_a_cell_just_outside_goes_to_the_nearest_commune_and_a_far_one_is_dropped_and_said():
    grid = RawGrid(np.array([[-150.0, 500.0], [1_500.0, 500.0], [9_000.0, 500.0]]), np.array([90.0, 9.0, 8.0]), 200.0)
    cells, notices = attach(grid, ("A", "B"), OUTLINES, np.array([100.0, 10.0]), CENTRES)
    assert cells.commune.tolist() == [0, 1]
    assert cells.population.tolist() == [100.0, 10.0]
    assert notices == (Notice("cells-outside", {"cells": 1, "inhabitants": 8}),)


def test_a_commune_with_people_and_no_cell_gets_one_at_its_centre_and_one_without_people_gets_none():
    outlines = [*OUTLINES, box(2_000, 0, 3_000, 1_000)]
    centres = np.concatenate([CENTRES, [[2_500.0, 500.0]]])
    grid = RawGrid(np.array([[500.0, 500.0], [2_500.0, 500.0]]), np.array([8.0, 4.0]), 200.0)
    cells, notices = attach(grid, ("A", "B", "C"), outlines, np.array([8.0, 10.0, 0.0]), centres)
    assert cells.xy.tolist() == [[500.0, 500.0], [1_500.0, 500.0]]
    assert cells.population.tolist() == [8.0, 10.0]
    assert notices == (Notice("communes-without-cell", {"count": 1, "names": "B", "inhabitants": 10}),)


def test_a_grid_of_another_place_is_refused():
    grid = RawGrid(np.array([[90_000.0, 0.0]]), np.array([1.0]), 200.0)
    with pytest.raises(InputError, match=r"^grid\.csv: the population grid has no inhabited cell"):
        attach(grid, ("A", "B"), OUTLINES, np.array([8.0, 10.0]), CENTRES, where="grid.csv")


def test_the_official_grid_of_ales_keeps_the_municipal_populations(shared_data):
    folder = shared_data / "ales"
    grid = read_insee_grid(folder / "filosofi_2019_1km.gpkg", LAMBERT)
    assert (len(grid.population), grid.size_m) == (806, 1_000.0)
    outlines = read_outlines(CommunesFile(file=folder / "communes.geojson"), LAMBERT)
    entry = AttributesFile(
        file=folder / "communes.csv", code="code_insee", population="pmun_2023", centre=("lng", "lat")
    )
    table = read_description(entry, outlines, LAMBERT)
    cells, notices = attach(grid, outlines.names, outlines.polygons, table.population, table.centres)
    sums = np.bincount(cells.commune, weights=cells.population, minlength=71)
    assert sums == pytest.approx(table.population, rel=1e-9)
    # the window of the file stops short of the communes at the edge: 61 of 71 have a cell
    (bare,) = [notice.params for notice in notices if notice.code == "communes-without-cell"]
    assert (bare["count"], bare["inhabitants"]) == (10, 3_172)
    assert "Génolhac" in str(bare["names"])


def test_where_the_grid_stops_short_of_a_commune_its_cells_keep_their_count_and_the_rest_stands_at_the_centre():
    grid = RawGrid(np.array([[10.0, 500.0], [1_500.0, 500.0]]), np.array([5.0, 40.0]), 200.0, {"age_0_3": np.ones(2)})
    cells, notices = attach(grid, ("A", "B"), OUTLINES, np.array([100.0, 20.0]), CENTRES)
    assert cells.xy.tolist() == [[10.0, 500.0], [1_500.0, 500.0], [500.0, 500.0]]
    assert cells.population.tolist() == [5.0, 20.0, 95.0]
    assert np.array_equal(cells.groups["age_0_3"], [1.0, 0.5, np.nan], equal_nan=True)
    # B has under 50 inhabitants: too few to say anything of
    assert notices == (Notice("communes-partly-in-grid", {"count": 1, "names": "A (5 %)"}),)


SQUARES = "CRS3035RES200mN2600000E3500000", "CRS3035RES200mN2600200E3500000", "CRS3035RES200mN2600400E3500000"
FILOSOFI_2021 = (
    "idcar_200m,idcar_1km,idcar_nat,i_est_200,i_est_1km,lcog_geo,ind,men,men_pauv,ind_0_3,ind_80p\n"
    f"{SQUARES[0]},a,b,0,0,A1,30,12,3,2,1\n{SQUARES[1]},a,b,1,0,A1,10,4,1,1,0.5\n{SQUARES[2]},a,b,0,0,A1,s,,,,\n"
)


def test_groups_of_squares_that_insee_has_imputed_are_missing_unless_they_are_kept_by_rule(tmp_path):
    path = grid_file(tmp_path, FILOSOFI_2021)
    grid = read_insee_grid(path, LAMBERT)
    assert np.array_equal(grid.groups["poor_households"], [3.0, np.nan], equal_nan=True)
    assert grid.groups["households"].tolist() == [12.0, 4.0]
    assert [notice.code for notice in grid.notices] == ["format-seen", "squares-secret", "squares-imputed-missing"]
    assert grid.notices[2].params == {"cells": 1, "percent": 25}
    kept = read_insee_grid(path, LAMBERT, keep_imputed=True)
    assert kept.groups["poor_households"].tolist() == [3.0, 1.0]
    assert [notice.code for notice in kept.notices] == ["format-seen", "squares-secret", "squares-imputed-kept"]


def test_squares_far_from_the_territory_are_not_read(tmp_path):
    far = "CRS3035RES200mN2900000E3900000,a,b,0,0,X,s,s,s,-1,no number\n"
    near = transform(np.array([[3_500_100.0, 2_600_100.0]]), "EPSG:3035", LAMBERT)[0]
    grid = read_insee_grid(grid_file(tmp_path, FILOSOFI_2021 + far), LAMBERT, np.array([*near - 500, *near + 500]))
    assert grid.population.tolist() == [30.0, 10.0]


def test_a_square_given_twice_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"grid\.csv:5: idcar_200m: CRS.* already stands at line 2"):
        read_insee_grid(grid_file(tmp_path, FILOSOFI_2021 + FILOSOFI_2021.splitlines()[1] + "\n"), LAMBERT)


@pytest.mark.parametrize("square", ["CRS3035RES200mN26000E", "CRS9999RES200mN2600000E3500000", "2600000"])
def test_a_square_that_is_no_square_is_said_with_its_line(tmp_path, square):
    with pytest.raises(InputError, match=r"grid\.csv:2: idcar_200m: .* is not the identifier of an INSEE square"):
        read_insee_grid(grid_file(tmp_path, FILOSOFI_2021.replace(SQUARES[0], square)), LAMBERT)
