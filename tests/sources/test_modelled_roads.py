"""Modelled roads: a hierarchical, strongly connected network that OSMnx reads."""

from __future__ import annotations

import gzip

import networkx as nx
import numpy as np
import pytest
import shapely
from shapely import box

from territo.sources.modelled.graphml import graphml
from territo.sources.modelled.proximity import gabriel, neighbours, relative_neighbours, sides, triangles
from territo.sources.modelled.roads import CLASSES, WINDING, Roads, model_roads

CENTRES = np.array([[x, y] for x in (2_000.0, 6_000.0, 10_000.0) for y in (2_000.0, 6_100.0, 10_000.0)])
PEOPLE = np.array([500, 800, 900, 1_200, 20_000, 700, 300, 6_000, 400])
OUTLINES = [box(x - 2_000, y - 2_000, x + 2_000, y + 2_000) for x, y in CENTRES]


@pytest.fixture(scope="module")
def roads():
    return model_roads(CENTRES, PEOPLE, OUTLINES, 3)


@pytest.fixture(scope="module")
def graph(roads):
    made = nx.DiGraph()
    for (tail, head), length, oneway in zip(roads.ends.tolist(), roads.length_m, roads.oneway, strict=True):
        made.add_edge(tail, head, length=length)
        if not oneway:
            made.add_edge(head, tail, length=length)
    return made


def test_the_sides_of_two_triangles_count_a_shared_side_once():
    assert sides(np.array([[0, 1, 2], [1, 2, 3]])).tolist() == [[0, 1], [0, 2], [1, 2], [1, 3], [2, 3]]


def test_points_on_a_line_are_each_neighbour_of_the_next():
    assert neighbours(np.array([[0.0, 0], [0, 3], [0, 1]])).tolist() == [[0, 2], [1, 2]]


def test_a_point_inside_the_circle_of_a_pair_cuts_it_from_the_gabriel_graph():
    # The circle on (0,0)-(4,0) has radius 2: it holds (2,1) and leaves (2,3) outside.
    pairs = np.array([[0, 1]])
    assert gabriel(np.array([[0.0, 0], [4, 0], [2, 3]]), pairs).tolist() == [True]
    assert gabriel(np.array([[0.0, 0], [4, 0], [2, 1]]), pairs).tolist() == [False]


def test_a_point_nearer_to_both_ends_cuts_a_pair_from_the_relative_neighbours():
    # (2,3) is at 3.6 from both ends, less than 4; (2,3.5) is at 4.03, more.
    pairs = np.array([[0, 1]])
    assert relative_neighbours(np.array([[0.0, 0], [4, 0], [2, 3]]), pairs).tolist() == [False]
    assert relative_neighbours(np.array([[0.0, 0], [4, 0], [2, 3.5]]), pairs).tolist() == [True]


def test_every_node_can_reach_every_other(graph, roads):
    assert len(graph) == len(roads.xy)
    assert nx.is_strongly_connected(graph)


def test_the_first_nodes_are_the_centres(roads):
    assert (roads.xy[: len(CENTRES)] == CENTRES).all()


def test_each_commune_has_some_dozens_of_nodes(roads):
    for outline in OUTLINES:
        assert 50 <= shapely.contains_xy(outline, roads.xy).sum() <= 160


def test_lengths_are_the_straight_distance_times_the_winding_of_the_class(roads):
    straight = np.hypot(*(roads.xy[roads.ends[:, 0]] - roads.xy[roads.ends[:, 1]]).T)
    wanted = straight * [WINDING[name] for name in roads.highway]
    assert roads.length_m == pytest.approx(wanted)
    assert straight.min() > 1
    assert straight.max() < 4_000


def test_trips_between_centres_are_1_1_to_1_7_times_the_crow_fly_distance(graph):
    for start in range(len(CENTRES)):
        reached = nx.single_source_dijkstra_path_length(graph, start, weight="length")
        for end in range(start):
            assert 1.05 < reached[end] / np.hypot(*(CENTRES[start] - CENTRES[end])) < 1.7


def test_all_classes_of_road_are_there_and_the_trunk_joins_the_two_largest_centres(roads):
    assert set(roads.highway) == set(CLASSES)
    trunk = nx.Graph(pair for pair, name in zip(roads.ends.tolist(), roads.highway, strict=True) if name == "trunk")
    assert nx.has_path(trunk, 4, 7)


def test_some_streets_are_one_way_and_only_streets(roads):
    oneway = np.flatnonzero(roads.oneway)
    assert len(oneway) > 0
    assert len(oneway) % 3 == 0
    assert {roads.highway[road] for road in oneway} == {"residential"}


def test_no_road_is_there_twice(roads):
    pairs = np.sort(roads.ends, axis=1)
    assert len(np.unique(pairs, axis=0)) == len(pairs)


def test_roads_depend_on_the_seed_only(roads):
    again, other = model_roads(CENTRES, PEOPLE, OUTLINES, 3), model_roads(CENTRES, PEOPLE, OUTLINES, 4)
    assert (again.xy == roads.xy).all()
    assert (again.ends == roads.ends).all()
    assert other.xy.shape != roads.xy.shape or (other.xy != roads.xy).any()


def small() -> Roads:
    xy = np.array([[0.0, 0], [100, 0], [0, 100]])
    return Roads(
        xy, np.array([[0, 1], [1, 2]]), ("primary", "residential"), np.array([108.04, 150.0]), np.array([False, True])
    )


def test_osmnx_reads_the_graphml_with_numbers_and_booleans(tmp_path):
    import osmnx

    path = tmp_path / "roads.graphml"
    path.write_bytes(gzip.decompress(graphml(small(), np.array([[3.0, 46.0], [3.001, 46.0], [3.0, 46.001]]))))
    read = osmnx.load_graphml(path)
    assert read.graph["crs"] == "epsg:4326"
    assert read.nodes[1]["x"] == 3.001
    assert sorted(read.edges(keys=True)) == [(0, 1, 0), (1, 0, 0), (1, 2, 0)]
    assert read.edges[0, 1, 0] == {"osmid": 0, "highway": "primary", "length": 108.0, "oneway": False}
    assert read.edges[1, 2, 0]["oneway"] is True


def test_the_gzip_holds_no_date():
    assert graphml(small(), small().xy)[4:8] == bytes(4)


def test_main_roads_have_a_node_at_least_every_600_metres(roads):
    main = [pair for pair, name in zip(roads.ends.tolist(), roads.highway, strict=True) if name == "trunk"]
    assert max(np.hypot(*(roads.xy[a] - roads.xy[b])) for a, b in main) < 600


def test_delaunay_triangles_of_a_square_are_two():
    assert len(triangles(np.array([[0.0, 0], [1, 0], [0, 1], [1, 1.1]]))) == 2
