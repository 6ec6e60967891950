"""OpenStreetMap extracts: a tiny one is written by pyosmium, and read back as roads that route."""

from __future__ import annotations

import numpy as np
import osmium
import pytest

from territo.errors import InputError
from territo.sources.places import projected
from territo.sources.roads import read_roads
from territo.studies.build import build_territory
from tests.sources.small import NODES, SOUTH, SPEC, WEST, degrees, write_small

LAMBERT = projected("EPSG:2154")
BOUNDS = np.array([WEST, SOUTH, WEST + 6_000, SOUTH + 2_000])


def extract(path, ways, nodes=NODES, absent=()):
    """Write nodes (metres, numbered from 1) and ways: (node numbers, tags)."""
    with osmium.SimpleWriter(str(path)) as writer:
        for number, node in enumerate(nodes, 1):
            if number not in absent:
                writer.add_node(osmium.osm.mutable.Node(id=number, location=degrees(*node)))
        for number, (refs, tags) in enumerate(ways, 1):
            writer.add_way(osmium.osm.mutable.Way(id=number, nodes=refs, tags=tags))
    return path


def links(roads):
    names = [roads.classes[each] for each in roads.road_class]
    return sorted(
        (round(roads.xy[tail, 0] - WEST), round(roads.xy[head, 0] - WEST), round(metres), name)
        for tail, head, metres, name in zip(roads.tail, roads.head, roads.length_m, names, strict=True)
    )


def test_ways_are_cut_where_they_meet_and_keep_the_length_of_their_line(tmp_path):
    ways = [([1, 2, 3, 4], {"highway": "primary"}), ([3, 5], {"highway": "residential"})]
    roads, notices = read_roads(extract(tmp_path / "small.osm.pbf", ways), LAMBERT)
    # lengths are on the ellipsoid, metres on the map are up to a few per thousand longer or shorter
    assert [(tail, head, name) for tail, head, _, name in links(roads)] == [
        (500, 1_500, "primary"), (1_500, 500, "primary"), (1_500, 2_000, "primary"), (1_500, 2_500, "residential"),
        (2_000, 1_500, "primary"), (2_500, 1_500, "residential"),
    ]  # fmt: skip
    assert sorted(roads.length_m) == pytest.approx([500, 500, 1_000, 1_000, 1_000, 1_000], rel=3e-3)
    assert [notice.code for notice in notices] == ["format-seen"]


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({}, [(500, 1_000), (1_000, 500)]),
        ({"oneway": "yes"}, [(500, 1_000)]),
        ({"oneway": "-1"}, [(1_000, 500)]),
        ({"junction": "roundabout"}, [(500, 1_000)]),
        ({"highway": "motorway"}, [(500, 1_000)]),
        ({"highway": "motorway", "oneway": "no"}, [(500, 1_000), (1_000, 500)]),
    ],
)
def test_one_way_roads_are_driven_as_their_tags_say(tmp_path, tags, expected):
    roads, _ = read_roads(extract(tmp_path / "s.osm.pbf", [([1, 2], {"highway": "primary", **tags})]), LAMBERT)
    assert [(tail, head) for tail, head, *_ in links(roads)] == expected


@pytest.mark.parametrize(
    "tags", [{"highway": "footway"}, {"highway": "service", "access": "private"}, {"waterway": "river"},
             {"highway": "residential", "motor_vehicle": "no"}, {"highway": "service", "service": "driveway"}]
)  # fmt: skip
def test_what_cars_cannot_use_is_left_out(tmp_path, tags):
    ways = [([1, 2], tags), ([2, 3], {"highway": "service"})]
    roads, _ = read_roads(extract(tmp_path / "s.osm.pbf", ways), LAMBERT)
    assert links(roads) == [(1_000, 1_500, 500, "service"), (1_500, 1_000, 500, "service")]


def test_roads_far_from_the_territory_are_left_out_and_those_cut_by_the_extract_are_said(tmp_path):
    nodes = [*NODES, (WEST + 60_000, SOUTH), (WEST + 61_000, SOUTH)]
    ways = [([1, 2, 3], {"highway": "primary"}), ([12, 13], {"highway": "primary"})]
    roads, notices = read_roads(extract(tmp_path / "s.osm.pbf", ways, nodes, absent={3}), LAMBERT, BOUNDS)
    assert links(roads) == [(500, 1_000, 500, "primary"), (1_000, 500, 500, "primary")]
    assert notices[1].params == {"file": "s.osm.pbf", "count": 1}


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"not an extract", "is damaged or is no OpenStreetMap extract"), (b"", "OpenStreetMap extract")],
)
def test_a_damaged_extract_is_explained(tmp_path, content, said):
    path = tmp_path / "bad.osm.pbf"
    path.write_bytes(content)
    with pytest.raises(InputError, match=said):
        read_roads(path, LAMBERT)


def test_an_extract_cut_short_or_without_roads_here_is_explained(tmp_path):
    path = extract(tmp_path / "s.osm.pbf", [([1, 2], {"highway": "primary"})])
    with pytest.raises(InputError, match="the file has no road"):
        read_roads(path, LAMBERT, BOUNDS + 50_000)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(InputError, match="damaged"):
        read_roads(path, LAMBERT)


def test_a_territory_is_built_on_an_extract(tmp_path):
    spec = write_small(tmp_path, SPEC.replace("roads.graphml", "street.osm.pbf"))
    extract(tmp_path / "street.osm.pbf", [([*range(1, 12)], {"highway": "primary"}), ([6], {"highway": "primary"})])
    graph = build_territory(write_small(tmp_path / "graph"), None)
    loaded = build_territory(spec, None)
    # the street has no crossing: its two ends are the only nodes, and the town halls go there
    assert loaded.health.road_nodes == 2
    assert loaded.territory.communes.population.sum() == graph.territory.communes.population.sum()
