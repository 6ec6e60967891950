"""A modelled grid: the population of each commune spread over 200 m cells.

Where no grid is given, people live near the centre of their commune and near
its roads. The density falls with the distance to both; empty cells are left
out, as most of a commune is. The totals of the communes are kept exactly by
:func:`territo.sources.grids.attach`. The result is labelled as modelled.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from territo.domain.arrays import Floats
from territo.domain.roads import RoadNetwork
from territo.sources.grids import RawGrid

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

CELL_M = 200.0
ROAD_STEP_M = 100.0
ROAD_REACH_M = 150.0
TOWN_REACH_M = 300.0
PEOPLE_PER_TOWN_REACH = 1_000.0
SCATTERED = 0.05
LEAST_PER_CELL = 5.0


def modelled_grid(outlines: Sequence[BaseGeometry], population: Floats, centres: Floats, roads: RoadNetwork) -> RawGrid:
    """Spread (n,) inhabitants over cells inside the n outlines.

    The weight of a cell is exp(-r / 150 m) (exp(-d / D) + 0.05), with r the
    distance to a road, d to the centre, and D = 300 m x sqrt(inhabitants /
    1,000), so that all centres are equally dense. Cells that would hold under
    5 inhabitants are empty. The parameters are expert defaults.
    """
    near_road = road_points(roads)
    parts = [_spread(*each, near_road) for each in zip(outlines, population, centres, strict=True)]
    return RawGrid(np.concatenate([xy for xy, _ in parts]), np.concatenate([count for _, count in parts]), CELL_M)


def road_points(roads: RoadNetwork) -> Floats:
    """(p, 2) points every 100 m or less along the links, drawn straight."""
    start, end = roads.xy[roads.tail], roads.xy[roads.head]
    pieces = np.ceil(np.linalg.norm(end - start, axis=1) / ROAD_STEP_M).astype(np.int64) + 1
    link = np.repeat(np.arange(len(pieces)), pieces)
    step = np.arange(pieces.sum()) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    share = (step / np.maximum(pieces - 1, 1)[link])[:, None]
    points: Floats = np.unique(np.round(start[link] * (1 - share) + end[link] * share), axis=0)
    return points


def _spread(outline: BaseGeometry, people: float, centre: Floats, near_road: Floats) -> tuple[Floats, Floats]:
    """Cells of one commune and their inhabitants."""
    from scipy.spatial import KDTree

    xy = _cells_inside(outline)
    if people <= 0 or len(xy) == 0:
        return np.empty((0, 2)), np.empty(0)
    margin = np.array(outline.bounds) + ROAD_REACH_M * 10 * np.array([-1, -1, 1, 1])
    here = near_road[((near_road >= margin[:2]) & (near_road <= margin[2:])).all(axis=1)]
    to_road = KDTree(here).query(xy)[0] if len(here) else np.zeros(len(xy))
    to_centre = np.linalg.norm(xy - centre, axis=1)
    reach = TOWN_REACH_M * np.sqrt(max(people / PEOPLE_PER_TOWN_REACH, 1.0))
    weight = np.exp(-np.minimum(to_road, 10 * ROAD_REACH_M) / ROAD_REACH_M) * (np.exp(-to_centre / reach) + SCATTERED)
    order = np.argsort(-weight, kind="stable")
    inhabited = people * weight[order] >= LEAST_PER_CELL * np.cumsum(weight[order])
    kept = order[: max(int(inhabited.sum()), 1)]
    return xy[kept], people * weight[kept] / weight[kept].sum()


def _cells_inside(outline: BaseGeometry) -> Floats:
    """(m, 2) centres of the cells of the 200 m lattice that fall inside an outline."""
    from shapely import contains_xy, prepare

    west, south, east, north = outline.bounds
    x = np.arange(np.floor(west / CELL_M), np.ceil(east / CELL_M)) * CELL_M + CELL_M / 2
    y = np.arange(np.floor(south / CELL_M), np.ceil(north / CELL_M)) * CELL_M + CELL_M / 2
    xy = np.column_stack([np.tile(x, len(y)), np.repeat(y, len(x))])
    prepare(outline)
    inside: Floats = xy[contains_xy(outline, xy[:, 0], xy[:, 1])]
    return inside
