"""Roads from OpenStreetMap: what is asked, and what comes of the answer."""

from __future__ import annotations

import gzip
import re
from urllib.parse import parse_qs

import networkx as nx
import numpy as np
import pytest
import shapely

from territo.errors import SourceUnavailableError
from territo.sources.online.roads import BEYOND_M, overpass_form, write_roads
from territo.sources.places import projected, transform
from territo.sources.store import Download
from tests.sources.replay import _TO_DEGREES, osm_xml
from tests.sources.small import NODES, SOUTH, WEST, outline

LAMBERT = projected("EPSG:2154")


def asked(*indices):
    outlines = [shapely.transform(outline(n), _TO_DEGREES.transform, interleaved=False) for n in indices]
    (query,) = parse_qs(overpass_form(outlines, LAMBERT))["data"]
    return query


def rings(query):
    """Polygons of a query, in metres."""
    found = []
    for text in re.findall(r'poly:"([^"]+)"', query):
        numbers = np.array(text.split(), dtype=np.float64).reshape(-1, 2)
        found.append(shapely.Polygon(transform(numbers[:, ::-1], "EPSG:4326", LAMBERT)))
    return found


def downloaded(tmp_path, content):
    path = tmp_path / "answer"
    path.write_bytes(content)
    return Download("roads", "", "", "", len(content), path)


def test_the_query_covers_the_communes_and_what_is_around_them():
    (ring,) = rings(asked(0, 1, 2))
    whole = shapely.box(WEST, SOUTH, WEST + 6_000, SOUTH + 2_000)
    assert ring.contains(whole.buffer(0.8 * BEYOND_M))
    assert whole.buffer(1.2 * BEYOND_M).contains(ring)


def test_a_territory_in_two_pieces_asks_for_both():
    far = [outline(0), shapely.affinity.translate(outline(0), 40_000, 0)]
    outlines = [shapely.transform(each, _TO_DEGREES.transform, interleaved=False) for each in far]
    (query,) = parse_qs(overpass_form(outlines, LAMBERT))["data"]
    assert len(rings(query)) == 2


def test_the_same_communes_ask_the_same_question():
    assert asked(0, 1) == asked(0, 1)
    assert asked(0, 1).startswith("[out:xml][timeout:180];(way")


def test_the_network_is_readable_routable_and_dated(tmp_path):
    assert write_roads(downloaded(tmp_path, osm_xml()), tmp_path) == "2026-11-20"
    graph = nx.parse_graphml(gzip.decompress((tmp_path / "roads.graphml.gz").read_bytes()).decode())
    assert nx.is_strongly_connected(graph)
    assert len(graph) == 2 * len(NODES)
    assert graph.graph["crs"] == "epsg:4326"
    lengths = {"primary": 500, "residential": 100}  # OSMnx measures on a sphere
    for _, _, road in graph.edges(data=True):
        assert float(road["length"]) == pytest.approx(lengths[road["highway"]], rel=5e-3)
    street = [graph.nodes[str(number)] for number in range(1, len(NODES) + 1)]
    places = np.array([(float(data["x"]), float(data["y"])) for data in street])
    assert transform(places, "EPSG:4326", LAMBERT) == pytest.approx(np.array(NODES), abs=0.05)


def test_the_same_answer_gives_the_same_bytes(tmp_path):
    written = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_roads(downloaded(tmp_path, osm_xml()), tmp_path / name)
        written.append((tmp_path / name / "roads.graphml.gz").read_bytes())
    assert written[0] == written[1]


def test_an_answer_without_roads_is_refused(tmp_path):
    with pytest.raises(SourceUnavailableError, match="the answer has no road"):
        write_roads(downloaded(tmp_path, osm_xml(nodes=())), tmp_path)
    assert not (tmp_path / "roads.graphml.gz").exists()
