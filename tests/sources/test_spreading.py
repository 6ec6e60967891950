"""The modelled grid: near centres, near roads, inside the outlines, totals kept."""

from __future__ import annotations

import numpy as np
import pytest
from shapely.geometry import box

from territo.domain.roads import RoadNetwork
from territo.sources.spreading import modelled_grid, road_points

OUTLINES = [box(0, 0, 4_000, 4_000), box(4_000, 0, 8_000, 4_000)]
CENTRES = np.array([[2_000.0, 2_000.0], [6_000.0, 2_000.0]])
STREET = RoadNetwork(np.array([[0.0, 2_000.0], [8_000.0, 2_000.0]]), [0, 1], [1, 0], [8_000.0] * 2, [0, 0], ("x",))


def grid_of(population, outlines=OUTLINES):
    return modelled_grid(outlines, np.array(population), CENTRES, STREET)


def test_totals_are_kept_and_cells_lie_inside_their_commune():
    grid = grid_of([5_000.0, 300.0])
    west = grid.xy[:, 0] < 4_000
    assert grid.population[west].sum() == pytest.approx(5_000.0, rel=1e-12)
    assert grid.population[~west].sum() == pytest.approx(300.0, rel=1e-12)
    assert grid.size_m == 200.0
    assert ((grid.xy % 200) == 100).all()


def test_no_cell_is_nearly_empty():
    assert grid_of([5_000.0, 300.0]).population.min() >= 5.0


def test_people_live_nearer_to_the_centre_and_to_the_road():
    grid = grid_of([5_000.0, 0.0])
    at = {tuple(xy): people for xy, people in zip(grid.xy.tolist(), grid.population, strict=True)}
    assert at[1_900.0, 1_900.0] > at[900.0, 1_900.0]
    assert at[1_900.0, 1_900.0] > at.get((1_900.0, 1_300.0), 0.0)
    assert grid.population[np.abs(grid.xy[:, 1] - 2_000) < 400].sum() > 4_000


def test_a_hamlet_stands_in_one_cell_and_an_empty_commune_in_none():
    grid = grid_of([4.0, 0.0])
    assert grid.population.tolist() == [4.0]


def test_a_commune_smaller_than_a_cell_is_left_to_its_centre():
    grid = grid_of([10.0, 10.0], [box(0, 0, 50, 50), OUTLINES[1]])
    assert grid.population.sum() == 10.0
    assert grid.xy[:, 0].min() > 4_000


def test_roads_are_cut_into_points_at_most_100_m_apart():
    network = RoadNetwork(np.array([[0.0, 0.0], [250.0, 0.0]]), [0], [1], [250.0], [0], ("x",))
    assert road_points(network)[:, 0].tolist() == [0.0, 83.0, 167.0, 250.0]
