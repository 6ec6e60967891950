"""The weighted graph and its largest connected part."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from territo.access.network import Speeds, largest_part, passable, subnetwork, weighted_graph
from territo.domain.roads import RoadNetwork

SPEEDS = Speeds({"primary": 60.0, "other": 30.0}, access_kmh=6.0, access_max_m=1_000.0, terminal_min=2.0)


def network(links, nodes=3, classes=("primary", "path")):
    tail, head, length, road_class = zip(*links, strict=True)
    xy = np.column_stack([np.arange(nodes) * 1_000.0, np.zeros(nodes)])
    return RoadNetwork(xy, tail, head, length, road_class, classes)


def test_minutes_follow_the_speed_of_the_class_and_an_unknown_class_takes_the_speed_of_the_others():
    graph = weighted_graph(network([(0, 1, 1_000, 0), (1, 2, 1_000, 1)]), SPEEDS)
    assert graph.minutes.tolist() == [1.0, 2.0]
    assert graph.km.tolist() == [1.0, 1.0]


def test_of_parallel_links_the_fastest_is_kept_and_of_equally_fast_ones_the_shortest():
    links = [(0, 1, 1_500, 1), (0, 1, 2_000, 0), (1, 2, 2_000, 0), (1, 2, 1_000, 1)]
    graph = weighted_graph(network(links), SPEEDS)
    assert graph.minutes.tolist() == [2.0, 2.0]
    assert graph.km.tolist() == [2.0, 1.0]


def test_links_that_return_to_their_node_are_left_out():
    graph = weighted_graph(network([(0, 0, 500, 0), (0, 1, 1_000, 0)]), SPEEDS)
    assert (graph.tail.tolist(), graph.head.tolist()) == ([0], [1])


def test_only_the_largest_part_where_all_nodes_reach_each_other_is_kept():
    links = [(0, 1, 1, 0), (1, 2, 1, 0), (2, 0, 1, 0), (2, 3, 1, 0), (4, 3, 1, 0), (3, 4, 1, 0)]
    roads, kept = largest_part(network(links, nodes=5))
    assert kept.tolist() == [True, True, True, False, False]
    assert list(zip(roads.tail.tolist(), roads.head.tolist(), strict=True)) == [(0, 1), (1, 2), (2, 0)]


def test_the_nodes_that_stay_keep_their_places_and_are_numbered_anew():
    roads = subnetwork(network([(1, 2, 7, 1), (0, 1, 5, 0)]), np.array([False, True, True]))
    assert roads.xy[:, 0].tolist() == [1_000.0, 2_000.0]
    assert (roads.tail.tolist(), roads.head.tolist(), roads.length_m.tolist()) == ([0], [1], [7.0])
    assert roads.road_class.tolist() == [1]


def test_a_mode_keeps_off_its_forbidden_roads_and_goes_both_ways_where_it_may():
    links = [(0, 1, 100, 0), (1, 2, 100, 1), (2, 3, 100, 1), (3, 0, 100, 0)]
    roads = network(links, nodes=4, classes=("motorway", "street"))
    assert passable(roads, SPEEDS) is roads
    on_foot = passable(roads, replace(SPEEDS, forbidden=frozenset({"motorway"}), ignores_one_way=True))
    assert on_foot.xy[:, 0].tolist() == [1_000.0, 2_000.0, 3_000.0]
    assert sorted(zip(on_foot.tail.tolist(), on_foot.head.tolist(), strict=True)) == [(0, 1), (1, 0), (1, 2), (2, 1)]


def test_the_factor_multiplies_the_minutes_and_not_the_km():
    roads = network([(0, 1, 1_000, 0), (1, 2, 1_000, 1)])
    graph = weighted_graph(roads, replace(SPEEDS, factor=1.5))
    assert graph.minutes.tolist() == [1.5, 3.0]
    assert graph.km.tolist() == [1.0, 1.0]
