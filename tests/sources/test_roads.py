"""OSMnx GraphML read as a stream, and what is refused."""

from __future__ import annotations

import gzip

import numpy as np
import pytest

from territo.errors import InputError
from territo.sources.places import projected
from territo.sources.roads import read_roads
from tests.sources.small import NODES, compress, degrees, graphml

LAMBERT = projected("EPSG:2154")


def roads_of(tmp_path, text):
    path = tmp_path / "roads.graphml"
    path.write_text(text, encoding="utf-8")
    return read_roads(path, LAMBERT)[0]


def sentences(tmp_path, text):
    with pytest.raises(InputError) as caught:
        roads_of(tmp_path, text)
    return [str(each) for each in caught.value.faults]


def test_nodes_and_links_are_read_in_order_with_their_length_and_class(tmp_path):
    links = [(0, 1, 500.0, "primary"), (1, 0, 520.5, "['residential', 'unclassified']"), (1, 2, 500.0, "")]
    roads = roads_of(tmp_path, graphml(NODES[:3], links))
    assert roads.xy == pytest.approx(np.array(NODES[:3]))
    assert (roads.tail.tolist(), roads.head.tolist()) == ([0, 1, 1], [1, 0, 2])
    assert roads.length_m.tolist() == [500.0, 520.5, 500.0]
    assert [roads.classes[each] for each in roads.road_class] == ["primary", "residential", "unclassified"]


def test_a_graph_without_reference_system_is_in_degrees(tmp_path):
    roads = roads_of(tmp_path, graphml([degrees(*node) for node in NODES], crs=""))
    assert roads.xy == pytest.approx(np.array(NODES), abs=1e-3)


def test_the_links_of_an_undirected_graph_go_both_ways(tmp_path):
    roads = roads_of(tmp_path, graphml(NODES[:2], [(0, 1, 500.0, "primary")], directed=False))
    assert (roads.tail.tolist(), roads.head.tolist(), roads.length_m.tolist()) == ([0, 1], [1, 0], [500.0, 500.0])


def test_a_compressed_file_gives_the_same_roads(tmp_path):
    plain = roads_of(tmp_path, graphml())
    packed, _ = read_roads(compress(tmp_path / "roads.graphml"), LAMBERT)
    assert np.array_equal(plain.xy, packed.xy)
    assert np.array_equal(plain.tail, packed.tail)


def test_wrong_nodes_and_links_are_all_said_with_their_line(tmp_path):
    nodes = [*NODES[:2], ("", "1")]
    links = [(0, 7, 500.0, "primary"), (0, 1, -3, "primary"), (0, 1, "", "primary")]
    assert sentences(tmp_path, graphml(nodes, links)) == [
        "roads.graphml:13: the road node 2 has no coordinates x and y: give them",
        "roads.graphml:14: the road 0 - 7 joins a node that does not exist: remove it",
        "roads.graphml:15: the length -3 is not a number of metres: correct it",
        "roads.graphml:16: the length ∅ is not a number of metres: correct it",
    ]


def test_a_file_without_roads_is_refused(tmp_path):
    assert sentences(tmp_path, graphml(NODES, [])) == ["roads.graphml: the file has no road: check the extraction"]


def test_metres_in_a_graph_that_says_degrees_are_refused(tmp_path):
    (sentence,) = sentences(tmp_path, graphml(crs="EPSG:4326"))
    assert sentence.startswith("roads.graphml: the coordinates are metres, but the file says EPSG:4326")


def test_a_damaged_file_is_refused_with_its_line(tmp_path):
    (sentence,) = sentences(tmp_path, graphml()[:900])
    assert sentence.startswith("roads.graphml:1")
    assert "is damaged or is not GraphML" in sentence


def test_a_truncated_archive_is_refused(tmp_path):
    path = tmp_path / "roads.graphml.gz"
    path.write_bytes(gzip.compress(graphml().encode())[:200])
    with pytest.raises(InputError, match="is damaged or is not GraphML"):
        read_roads(path, LAMBERT)


def test_a_document_type_that_could_hide_entities_is_refused(tmp_path):
    bomb = graphml().replace("<graphml ", '<!DOCTYPE g [<!ENTITY a "aaaa">]>\n<graphml ', 1)
    assert sentences(tmp_path, bomb) == ["roads.graphml:2: a document type is refused: remove the DOCTYPE"]
