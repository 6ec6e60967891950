"""The health of the matrix, on roads whose figures can be computed by hand."""

from __future__ import annotations

import numpy as np
import pytest

from territo.access.health import matrix_health
from territo.access.matrix import travel_times
from territo.access.network import Speeds
from territo.domain.roads import RoadNetwork
from territo.domain.travel import Notice
from tests.factories import tiny_territory

SPEEDS = Speeds({"other": 60.0}, access_kmh=20.0, access_max_m=5_000.0, terminal_min=0.0)


def street(*, one_way: bool = False, detour: float = 1.2, y: float = 1_000.0) -> RoadNetwork:
    """Draw a straight street through the tiny territory: nodes at 1,000, 2,600 and 3,000 m."""
    x = np.array([1_000.0, 2_600.0, 3_000.0])
    tail, head = [0, 1], [1, 2]
    length = [1_600 * detour, 400 * detour]
    if one_way:  # the way back is a long loop
        tail, head, length = [*tail, 2], [*head, 0], [*length, 20_000.0]
    else:
        tail, head, length = tail + head, head + tail, length * 2
    return RoadNetwork(np.column_stack([x, np.full(3, y)]), tail, head, length, [0] * len(tail), ("street",))


def health_of(roads, speeds=SPEEDS, **more):
    territory = tiny_territory()
    travel = travel_times(roads, speeds, territory.cells.xy, territory.sites.xy)
    return matrix_health(territory, roads, speeds, travel, **more)


def test_the_distances_to_the_road_are_measured_and_the_worst_named():
    health = health_of(street())
    # cells stand at 1,000, 1,800 and 3,000 m: the second is 800 m from its nearest nodes
    assert (health.snap_cells_median_m, health.snap_cells_max_m) == (0.0, 800.0)
    assert (health.snap_sites_median_m, health.snap_sites_max_m) == (0.0, 0.0)
    assert health.worst_cells[0] == ("A1", 800.0)
    assert (health.cells, health.sites, health.road_nodes, health.road_links) == (3, 3, 3, 4)


def test_the_detour_is_road_km_over_crow_fly_km_of_the_long_pairs():
    health = health_of(street(detour=1.5))
    # over 1 km apart: 1,000 -> 3,000 (3.0 / 2.0), 1,000 -> 2,600 (2.4 / 1.6), 1,800 -> 3,000,
    # and 3,000 -> 1,000. The second cell snaps to one of the nodes at 800 m
    assert health.detour_p05 <= 1.5 <= health.detour_p95
    assert health.detour_median == pytest.approx(1.5)


def test_pairs_of_sites_whose_two_directions_differ_are_counted():
    assert health_of(street()).asymmetric_pairs == 0
    one_way = health_of(street(one_way=True))
    assert (one_way.asymmetric_pairs, one_way.site_pairs) == (3, 3)


def test_cells_and_sites_out_of_reach_are_said():
    health = health_of(street(y=4_000.0), Speeds({"other": 60.0}, 20.0, 2_000.0, 0.0))
    assert health.unreachable_cells == 3
    assert health.unreachable_inhabitants == 1_500.0
    assert health.unreachable_sites == ("A1", "B1", "FS1")
    assert np.isnan(health.detour_median)
    assert [notice.code for notice in health.notices] == ["far-from-road", "unreachable-cells"]
    assert health.notices[0].params == {"count": 3, "site": "A1", "metres": 3_000}


def test_an_unusual_detour_and_dropped_roads_are_said_after_the_notices_of_the_build():
    before = Notice("cells-outside", {"cells": 1, "inhabitants": 2})
    health = health_of(street(detour=3.0), dropped_nodes=4, notices=[before])
    assert health.notices == (
        before,
        Notice("dropped-road-nodes", {"nodes": 4, "kept": 3}),
        Notice("unusual-detour", {"detour": 3.0}),
    )
    assert health.dropped_nodes == 4
