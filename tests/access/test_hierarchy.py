"""The hierarchy against scipy's Dijkstra, on small graphs of every shape and on a road-like one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territo.access.dijkstra import Dijkstra
from territo.access.hierarchy import Hierarchy, hierarchy_of
from territo.access.hierarchy.contraction import contract
from territo.access.hierarchy.heap import pop, push
from territo.access.hierarchy.links import NONE
from territo.access.network import Speeds, WeightedGraph, weighted_graph
from territo.access.paths import engine_for, paths_on
from territo.domain.roads import RoadNetwork

ONE_SPEED = Speeds({"other": 60.0}, access_kmh=6.0, access_max_m=500.0, terminal_min=0.0)


def graph_of(nodes, links, kmh=60.0) -> WeightedGraph:
    tail, head, length = (np.array([link[part] for link in links]) for part in range(3))
    roads = RoadNetwork(np.zeros((nodes, 2)), tail, head, length, np.zeros(len(links)), ("road",))
    return weighted_graph(roads, Speeds({"other": kmh}, 6.0, 500.0, 0.0))


def places(nodes) -> np.ndarray:
    return np.column_stack([np.arange(nodes) * 37 % 11, np.arange(nodes) * 17 % 7]) * 100.0


def road_like(seed: int, side: int = 30) -> tuple[WeightedGraph, np.ndarray]:
    """Streets on a grid with holes and one-way streets, and a fast road across."""
    draw = np.random.default_rng(seed)
    node = np.arange(side * side).reshape(side, side)
    pairs = np.concatenate(
        [np.column_stack([node[:, :-1].ravel(), node[:, 1:].ravel()]),
         np.column_stack([node[:-1].ravel(), node[1:].ravel()])]
    )  # fmt: skip
    pairs = pairs[draw.random(len(pairs)) < 0.85]
    two_way = draw.random(len(pairs)) < 0.8
    tail, head = np.concatenate([pairs, pairs[two_way][:, ::-1]]).T
    fast = (tail // side == side // 2) & (head // side == side // 2)
    xy = np.column_stack([node.ravel() % side, node.ravel() // side]) * 250.0
    length = np.linalg.norm(xy[tail] - xy[head], axis=1) * draw.uniform(1.0, 1.5, len(tail))
    roads = RoadNetwork(xy, tail, head, length, fast.astype(int), ("street", "motorway"))
    return weighted_graph(roads, Speeds({"other": 40.0, "motorway": 110.0}, 6.0, 500.0, 0.0)), xy


links = st.integers(1, 9).flatmap(
    lambda nodes: st.tuples(
        st.just(nodes),
        st.lists(
            st.tuples(st.integers(0, nodes - 1), st.integers(0, nodes - 1), st.integers(0, 5_000)),
            min_size=1,
            max_size=30,
        ),
    )
)


@settings(deadline=None)  # the first example compiles the kernels
@given(links)
def test_on_any_small_graph_minutes_equal_those_of_dijkstra_in_both_directions(drawn):
    nodes, roads = drawn
    graph = graph_of(nodes, roads)
    hierarchy, every = hierarchy_of(graph, places(nodes)), np.arange(nodes)
    for towards in (True, False):
        expected = Dijkstra(graph).minutes(every, every, towards=towards)
        assert np.allclose(hierarchy.minutes(every, every, towards=towards), expected, rtol=1e-6, atol=0)


@settings(deadline=None)  # the first example compiles the kernels
@given(links)
def test_at_one_speed_for_all_the_km_are_those_of_the_minutes(drawn):
    nodes, roads = drawn
    hierarchy, every = hierarchy_of(graph_of(nodes, roads), places(nodes)), np.arange(nodes)
    for towards in (True, False):
        minutes, km = hierarchy.minutes_and_km(every, every, towards=towards)
        assert np.array_equal(minutes, hierarchy.minutes(every, every, towards=towards))
        assert np.allclose(km, minutes, rtol=1e-6, atol=0)  # 60 km/h: a kilometre a minute


@pytest.fixture(scope="module", params=range(3))
def town(request) -> tuple[WeightedGraph, Hierarchy]:
    graph, xy = road_like(request.param)
    return graph, hierarchy_of(graph, xy)


@pytest.mark.parametrize("towards", [True, False])
def test_in_a_town_minutes_and_km_equal_those_of_dijkstra(town, towards):
    graph, hierarchy = town
    ends, nodes = np.arange(0, graph.nodes, 23), np.arange(graph.nodes)[::-1]
    found = hierarchy.minutes_and_km(ends, nodes, towards=towards)
    expected = Dijkstra(graph).minutes_and_km(ends, nodes, towards=towards)
    assert np.isinf(expected[0]).any()
    assert np.isfinite(expected[0]).mean() > 0.8
    for one, other in zip(found, expected, strict=True):
        assert np.allclose(one, other, rtol=1e-6, atol=0)


def test_the_two_directions_differ_where_there_are_one_way_streets(town):
    graph, hierarchy = town
    every = np.arange(graph.nodes)
    there = hierarchy.minutes(every, every)
    assert np.array_equal(there, hierarchy.minutes(every, every, towards=False).T)
    assert (there != there.T).any()


def test_columns_follow_the_nodes_asked_for_in_any_order_and_as_often_as_asked(town):
    graph, hierarchy = town
    ends, nodes = np.array([5, 5, 700, 0]), np.array([8, 3, 8, 899, 3])
    assert np.array_equal(
        hierarchy.minutes(ends, nodes),
        hierarchy.minutes(np.arange(graph.nodes), np.arange(graph.nodes))[ends][:, nodes],
    )


def test_every_link_and_shortcut_of_a_row_leads_to_a_higher_place(town):
    rows = town[1].rows
    of = np.repeat(np.arange(rows.start.size - 1), np.diff(rows.start))
    assert (rows.above < of).all()
    assert ((rows.to < np.inf) | (rows.back < np.inf)).all()


def test_the_same_graph_gives_the_same_hierarchy():
    graph, xy = road_like(1)
    one, other = hierarchy_of(graph, xy), hierarchy_of(graph, xy)
    assert all(
        np.array_equal(a, b) for a, b in zip((one.place_of, *one.rows), (other.place_of, *other.rows), strict=True)
    )


def test_where_a_witness_is_as_fast_there_is_no_shortcut():
    # a square: two ways round are equally fast, so that contracting one corner adds nothing
    ring = [(a, b, 1_000) for a, b in ((0, 1), (1, 2), (2, 3), (3, 0))]
    graph = graph_of(4, ring + [(b, a, length) for a, b, length in ring])
    lists = contract(graph.nodes, graph.tail, graph.head, graph.minutes, graph.km)[0]
    kept = 0
    for record in lists.first:
        while record != NONE:
            kept += 1
            record = lists.after[record]  # noqa: PLW2901  # following a list
    assert kept == len(ring)


def test_a_node_with_very_many_neighbours_is_contracted_too():
    leaves = 6_000  # more than the heap of a search holds
    spokes = [(0, leaf, 1_000 + leaf) for leaf in range(1, leaves)]
    graph = graph_of(leaves, spokes + [(b, a, length) for a, b, length in spokes])
    hierarchy = hierarchy_of(graph, places(leaves))
    ends, every = np.array([0, 17, 3_000, leaves - 1]), np.arange(leaves)
    assert np.allclose(hierarchy.minutes(ends, every), Dijkstra(graph).minutes(ends, every), rtol=1e-6, atol=0)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=30))
def test_the_heap_gives_items_back_by_key_then_by_number(pairs):
    keys, items, size = np.empty(len(pairs)), np.empty(len(pairs), dtype=np.int64), 0
    for key, item in pairs:
        size = push(keys, items, size, key, item)
    out = []
    while size:
        out.append((int(keys[0]), int(items[0])))
        size = pop(keys, items, size)
    assert out == sorted(pairs)


def test_the_engine_is_chosen_by_size_alone():
    assert engine_for(15_000, 139, limited=False) == "dijkstra"
    assert engine_for(100_000, 200, limited=False) == "hierarchy"
    assert engine_for(100_000, 200, limited=True) == "dijkstra"
    assert engine_for(1_000_000, 20, limited=False) == "dijkstra"
    graph, xy = road_like(0)
    assert isinstance(paths_on(graph, xy, 200, np.inf), Dijkstra)
    assert isinstance(paths_on(graph, xy, 6_000, np.inf), Hierarchy)
