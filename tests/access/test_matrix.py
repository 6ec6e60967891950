"""Travel times: by hand, against networkx, and the laws that they obey."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import networkx as nx
import numpy as np
import pytest

from territo.access import matrix
from territo.access.matrix import snap, travel_times
from territo.access.network import Speeds
from territo.domain.roads import RoadNetwork
from territo.domain.travel import TravelTimes
from territo.errors import InputError

SPEEDS = Speeds({"fast": 60.0, "other": 30.0}, access_kmh=6.0, access_max_m=500.0, terminal_min=2.0)


def one_way_ring() -> RoadNetwork:
    """Four corners of a square of 1 km; the ring turns one way: 0 -> 1 -> 2 -> 3 -> 0."""
    xy = np.array([[0, 0], [1_000, 0], [1_000, 1_000], [0, 1_000]])
    return RoadNetwork(xy, [0, 1, 2, 3], [1, 2, 3, 0], [1_000] * 4, [0] * 4, ("fast",))


def random_roads(seed: int, nodes: int = 40) -> RoadNetwork:
    """One-way links of two classes, round a ring so that all is reachable."""
    draw = np.random.default_rng(seed)
    tail = np.concatenate([np.arange(nodes), draw.integers(0, nodes, 3 * nodes)])
    head = np.concatenate([(np.arange(nodes) + 1) % nodes, draw.integers(0, nodes, 3 * nodes)])
    length = draw.uniform(100, 3_000, 4 * nodes)
    return RoadNetwork(
        draw.uniform(0, 5_000, (nodes, 2)), tail, head, length, draw.integers(0, 2, 4 * nodes), ("fast", "x")
    )


def test_a_trip_goes_with_the_one_way_street_from_the_cell_to_the_site():
    roads = one_way_ring()
    for origin, minutes in ((1, 3), (3, 1)):
        travel = travel_times(roads, SPEEDS, roads.xy[[origin]], roads.xy[[0]], both_ways=False)
        assert travel.minutes.tolist() == [[minutes + 2]]
        assert travel.km.tolist() == [[float(minutes)]]


def test_people_come_and_go_back_so_that_the_slower_direction_counts():
    roads = one_way_ring()
    travel = travel_times(roads, SPEEDS, roads.xy, roads.xy[[0]])
    assert travel.minutes[:, 0].tolist() == [2, 3 + 2, 2 + 2, 3 + 2]
    assert travel.km[:, 0].tolist() == [0, 3, 2, 3]


@pytest.mark.parametrize("seed", range(3))
def test_both_ways_is_the_greater_of_the_two_directions_and_the_same_from_either_end(seed):
    roads = random_roads(seed)
    there = travel_times(roads, SPEEDS, roads.xy, roads.xy, both_ways=False).minutes
    both = travel_times(roads, SPEEDS, roads.xy, roads.xy).minutes
    assert (there != there.T).any()
    assert np.array_equal(both, np.maximum(there, there.T))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("both_ways", [True, False])
def test_the_engines_give_the_same_figures(seed, both_ways):
    roads = random_roads(seed, 60)
    by = {
        engine: travel_times(roads, SPEEDS, roads.xy, roads.xy[:35], both_ways=both_ways, engine=engine)
        for engine in ("dijkstra", "hierarchy")
    }
    for name in ("minutes", "km"):
        one, other = (getattr(travel, name) for travel in by.values())
        assert np.allclose(one, other, rtol=2e-7, atol=0)


def test_the_access_legs_at_both_ends_and_the_terminal_time_are_added():
    roads = one_way_ring()
    there = np.array([[0.0, -100.0]]), np.array([[1_200.0, 0.0]])
    travel = travel_times(roads, SPEEDS, *there, both_ways=False)
    assert travel.minutes[0, 0] == pytest.approx(1 + 1 + 2 + 2)
    assert travel.km[0, 0] == pytest.approx(0.1 + 1.0 + 0.2)


def test_a_point_too_far_from_any_road_is_unreachable():
    roads = one_way_ring()
    travel = travel_times(roads, SPEEDS, np.array([[0.0, -501.0], [0.0, 0.0]]), roads.xy[[0]])
    assert np.isinf(travel.minutes[:, 0]).tolist() == [True, False]
    assert np.isinf(travel.km[:, 0]).tolist() == [True, False]


def test_a_site_that_no_road_leads_to_is_unreachable():
    xy = np.array([[0.0, 0.0], [1_000.0, 0.0]])
    roads = RoadNetwork(xy, [0], [1], [1_000.0], [0], ("fast",))
    there, back = (
        travel_times(roads, SPEEDS, xy[[a]], xy[[b]], both_ways=False).minutes[0, 0] for a, b in ((0, 1), (1, 0))
    )
    assert there == pytest.approx(3.0)
    assert np.isinf(back)
    assert np.isinf(travel_times(roads, SPEEDS, xy[[0]], xy[[1]]).minutes).all()


def test_trips_over_the_limit_are_unreachable_and_the_others_do_not_change():
    roads = random_roads(3)
    free, limited = (travel_times(roads, SPEEDS, roads.xy, roads.xy[:7], limit_minutes=x) for x in (None, 8.0))
    within = free.minutes <= 8.0
    assert 0 < within.sum() < within.size
    assert np.isinf(limited.minutes[~within]).all()
    assert np.allclose(limited.minutes[within], free.minutes[within])
    assert np.allclose(limited.km[within], free.km[within])


def test_a_link_of_no_length_can_be_driven():
    xy = np.array([[0.0, 0.0], [10.0, 0.0], [1_000.0, 0.0]])
    roads = RoadNetwork(xy, [0, 1], [1, 2], [0.0, 1_000.0], [0, 0], ("fast",))
    assert travel_times(roads, SPEEDS, xy[[0]], xy[[2]], both_ways=False).minutes.tolist() == [[3.0]]


@pytest.mark.parametrize("seed", range(5))
def test_minutes_and_km_equal_those_of_networkx(seed, monkeypatch):
    monkeypatch.setattr(matrix, "ENDS_AT_ONCE", 3)
    roads = random_roads(seed)
    graph = nx.MultiDiGraph()
    for tail, head, length, kind in zip(roads.tail, roads.head, roads.length_m, roads.road_class, strict=True):
        graph.add_edge(int(tail), int(head), minutes=length / 1_000 * (1.0 if kind == 0 else 2.0), km=length / 1_000)
    travel = travel_times(roads, SPEEDS, roads.xy, roads.xy[:10], both_ways=False)
    for site in range(10):
        for cell in range(len(roads.xy)):
            path = nx.shortest_path(graph, cell, site, weight="minutes")
            steps = [min(graph[a][b].values(), key=lambda link: link["minutes"]) for a, b in pairwise(path)]
            assert travel.minutes[cell, site] == pytest.approx(sum(step["minutes"] for step in steps) + 2)
            assert travel.km[cell, site] == pytest.approx(sum(step["km"] for step in steps))


@pytest.mark.parametrize("seed", range(3))
def test_twice_the_speed_halves_the_time_on_the_network_and_keeps_the_km(seed):
    roads = random_roads(seed)
    double = replace(SPEEDS, kmh={name: 2 * kmh for name, kmh in SPEEDS.kmh.items()})
    slow, fast = (travel_times(roads, speeds, roads.xy, roads.xy) for speeds in (SPEEDS, double))
    assert np.allclose(fast.minutes - 2, (slow.minutes - 2) / 2)
    assert np.allclose(fast.km, slow.km)


@pytest.mark.parametrize("seed", range(3))
def test_one_more_road_never_lengthens_a_trip(seed):
    roads = random_roads(seed)
    more = RoadNetwork(
        roads.xy,
        np.append(roads.tail, 5),
        np.append(roads.head, 20),
        np.append(roads.length_m, 50.0),
        np.append(roads.road_class, 0),
        roads.classes,
    )
    before, after = (travel_times(each, SPEEDS, roads.xy, roads.xy).minutes for each in (roads, more))
    assert (after <= before + 1e-9).all()
    assert (after < before - 1e-9).any()


def test_a_point_is_tied_to_its_nearest_node():
    snapped = snap(np.array([[900.0, 100.0]]), one_way_ring())
    assert snapped.node.tolist() == [1]
    assert snapped.metres[0] == pytest.approx(np.hypot(100, 100))


def test_matrices_are_in_single_precision_and_a_read_only_one_is_not_copied():
    roads = one_way_ring()
    assert travel_times(roads, SPEEDS, roads.xy, roads.xy).minutes.dtype == np.float32
    mapped, own = np.ones((2, 1), dtype=np.float32), np.ones((2, 1), dtype=np.float32)
    mapped.setflags(write=False)
    kept = TravelTimes(mapped, own, "car", "")
    assert kept.minutes is mapped
    own[0, 0] = 5
    assert kept.km.tolist() == [[1], [1]]
    assert not kept.km.flags.writeable


@pytest.mark.parametrize("wrong", [-1.0, np.nan])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_negative_minutes_and_minutes_that_are_no_number_are_refused(wrong, dtype):
    with pytest.raises(InputError, match="negative or not a number"):
        TravelTimes(np.array([[1.0], [wrong]], dtype=dtype), np.ones((2, 1)), "car", "")
