"""Neighbours: a shared border and a road inside the territory; what is joined otherwise is said."""

from __future__ import annotations

import numpy as np
from shapely.geometry import box

from territo.domain.roads import RoadNetwork
from territo.domain.travel import Notice
from territo.sources.adjacency import adjacency, crossed_by_road, shared_borders

# a square of four communes: 0 | 1 in the south, 2 | 3 in the north
SQUARE = [box(0, 0, 100, 100), box(100, 0, 200, 100), box(0, 100, 100, 200), box(100, 100, 200, 200)]
CODES = ("A", "B", "C", "D")


def roads_between(*pairs, nodes=4, metres=1_000.0):
    ends = [*pairs, *((b, a) for a, b in pairs)]
    tail, head = zip(*ends, strict=True)
    return RoadNetwork(np.zeros((nodes, 2)), tail, head, [metres] * len(ends), [0] * len(ends), ("x",))


def test_communes_share_a_border_where_it_is_longer_than_a_point():
    assert shared_borders(SQUARE) == {(0, 1): 100.0, (0, 2): 100.0, (1, 3): 100.0, (2, 3): 100.0}


def test_outlines_that_almost_touch_along_100_m_share_a_border():
    apart = [box(0, 0, 300, 300), box(302, 0, 600, 300), box(302, 302, 600, 600)]
    assert set(shared_borders(apart)) == {(0, 1), (1, 2)}


def test_neighbours_need_both_a_border_and_a_road():
    # A-B-D-C by road; A and C share a border but no road; B and C are linked by road but only touch at a point
    roads = roads_between((0, 1), (1, 3), (3, 2), (1, 2))
    pairs, notices = adjacency(CODES, SQUARE, roads, np.array([0, 1, 2, 3]))
    assert pairs.tolist() == [[0, 1], [1, 3], [2, 3]]
    assert notices == ()


def test_a_road_through_a_third_commune_links_nobody_else():
    roads = roads_between((0, 1), (1, 2), nodes=3)
    assert crossed_by_road(roads, np.array([0, 1, 2])) == {(0, 1), (1, 2)}


def test_a_road_over_nodes_in_no_commune_links_the_communes_at_its_ends():
    roads = roads_between((0, 1), (1, 2), (2, 3))
    assert crossed_by_road(roads, np.array([0, -1, -1, 1])) == {(0, 1)}


def test_parts_without_a_road_inside_are_joined_by_the_shortest_road_and_it_is_said():
    # C is reached from B only, through nothing that borders it: the nearest by road is B, at 2 km
    outlines = [SQUARE[0], SQUARE[1], box(500, 500, 600, 600)]
    roads = roads_between((0, 1), (1, 2), metres=2_000.0, nodes=3)
    pairs, notices = adjacency(CODES[:3], outlines, roads, np.array([0, 1, 2]))
    assert pairs.tolist() == [[0, 1], [1, 2]]
    assert notices == (Notice("communes-joined", {"one": "B", "other": "C", "km": 2.0}),)


def test_a_commune_without_road_node_is_joined_across_its_longest_border():
    outlines = [box(0, 0, 100, 100), box(100, 0, 200, 100), box(0, 100, 130, 200)]
    pairs, notices = adjacency(CODES[:3], outlines, roads_between((0, 1), nodes=2), np.array([0, 1]))
    assert pairs.tolist() == [[0, 1], [0, 2]]
    assert notices == (Notice("communes-joined", {"one": "A", "other": "C", "km": 0.0}),)


def test_an_island_without_road_and_without_border_is_joined_all_the_same():
    outlines = [SQUARE[0], SQUARE[1], box(5_000, 0, 5_100, 100)]
    pairs, notices = adjacency(CODES[:3], outlines, roads_between((0, 1), nodes=2), np.array([0, 1]))
    assert len(pairs) == 2
    assert [notice.code for notice in notices] == ["communes-joined"]
