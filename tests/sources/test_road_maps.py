"""Roads drawn on maps: BD TOPO in its two spellings, and the GeoPackage that OSMnx writes."""

from __future__ import annotations

import zipfile

import geopandas as gpd
import networkx as nx
import numpy as np
import osmnx
import pytest
from shapely import LineString, MultiLineString, Point

from territo.access.network import Speeds, weighted_graph
from territo.errors import InputError
from territo.sources.places import projected
from territo.sources.roads import read_roads
from territo.studies.build import build_territory, load_territory
from tests.sources.small import NODES, SOUTH, SPEC, WEST, degrees, write_small

LAMBERT = projected("EPSG:2154")
BOUNDS = np.array([WEST, SOUTH, WEST + 6_000, SOUTH + 2_000])
SHORT = {
    "nature": "NATURE", "sens_de_circulation": "SENS", "vitesse_moyenne_vl": "VIT_MOY_VL", "importance": "IMPORTANCE",
    "etat_de_l_objet": "ETAT", "acces_vehicule_leger": "ACCES_VL",
}  # fmt: skip


def line(first, last, z=120.0):
    return LineString([(*NODES[first], z), (*NODES[last], z)])


def stretches(**columns):
    """Four stretches along the street: both ways, as drawn, against the drawing, and a path."""
    table = {
        "nature": ["Route à 1 chaussée", "Route à 1 chaussée", "Type autoroutier", "Sentier"],
        "sens_de_circulation": ["Double sens", "Sens direct", "Sens inverse", "Sans objet"],
        "vitesse_moyenne_vl": [50, 0, 110, 5],
        "importance": ["3", "5", "1", "6"],
        "etat_de_l_objet": ["En service"] * 4,
        "acces_vehicule_leger": ["Libre"] * 4,
        **columns,
    }
    shapes = [line(0, 1), MultiLineString([line(1, 2)]), line(2, 3), line(3, 4)]
    return gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:2154")


def driven(roads):
    kmh = np.full(len(roads.tail), np.nan) if roads.kmh is None else roads.kmh
    names = [roads.classes[each] for each in roads.road_class]
    rows = zip(roads.xy[roads.tail, 0] - WEST, roads.xy[roads.head, 0] - WEST, roads.length_m, names, kmh, strict=True)
    return sorted((round(a), round(b), round(metres), name, speed) for a, b, metres, name, speed in rows)


EXPECTED = [
    (500, 1_000, 500, "secondary", 50.0),
    (1_000, 500, 500, "secondary", 50.0),
    (1_000, 1_500, 500, "unclassified", pytest.approx(np.nan, nan_ok=True)),
    (2_000, 1_500, 500, "motorway", 110.0),
]


@pytest.mark.parametrize("kind", ["gpkg", "shp", "zip", "degrees"])
def test_bd_topo_gives_directions_classes_and_mean_speeds(tmp_path, kind):
    frame = stretches() if kind != "degrees" else stretches().to_crs("EPSG:4326")
    path = tmp_path / "troncon_de_route.gpkg"
    if kind == "shp":
        path = tmp_path / "TRONCON_DE_ROUTE.shp"
        frame = frame.rename(columns=SHORT)
    frame.to_file(path)
    if kind == "zip":
        with zipfile.ZipFile(tmp_path / "bdtopo.zip", "w") as archive:
            archive.write(path, "BDTOPO/troncon_de_route.gpkg")
        path = tmp_path / "bdtopo.zip"
    roads, notices = read_roads(path, LAMBERT, BOUNDS)
    assert driven(roads) == EXPECTED
    assert notices[0].params["format"].startswith("BD TOPO")


def test_the_mean_speed_of_the_source_stands_before_that_of_the_class(tmp_path):
    stretches().to_file(tmp_path / "troncon_de_route.gpkg")
    roads, _ = read_roads(tmp_path / "troncon_de_route.gpkg", LAMBERT)
    graph = weighted_graph(roads, Speeds({"other": 30.0}, 20.0, 5_000.0, 2.0))
    assert sorted(graph.minutes) == pytest.approx(sorted([0.5 / 50 * 60] * 2 + [0.5 / 30 * 60, 0.5 / 110 * 60]))


def test_the_layer_of_roads_is_found_among_others_and_only_what_is_near_is_read(tmp_path):
    path = tmp_path / "bdtopo.gpkg"
    gpd.GeoDataFrame({"a": [1]}, geometry=[Point(0, 0)], crs="EPSG:2154").to_file(path, layer="batiment")
    stretches().to_file(path, layer="troncon_de_route", mode="a")
    assert driven(read_roads(path, LAMBERT, BOUNDS)[0]) == EXPECTED
    with pytest.raises(InputError, match="the file has no road"):
        read_roads(path, LAMBERT, BOUNDS + 80_000)


@pytest.mark.parametrize(
    ("column", "values", "said"),
    [
        ("sens_de_circulation", ["Double sens", "Vers le nord", "Sens direct", "Sens direct"], "Vers le nord is not"),
        ("vitesse_moyenne_vl", [50, -3, 110, 5], "a mean speed is not a number of km/h from 0 to 150"),
        ("vitesse_moyenne_vl", ["vite", "50", "50", "50"], "a mean speed is not a number"),
        ("acces_vehicule_leger", ["Physiquement impossible"] * 4, "the file has no road"),
        ("etat_de_l_objet", ["En projet"] * 4, "the file has no road"),
    ],
)
def test_words_and_speeds_that_are_not_known_are_explained(tmp_path, column, values, said):
    stretches(**{column: values}).to_file(tmp_path / "roads.gpkg")
    with pytest.raises(InputError, match=said):
        read_roads(tmp_path / "roads.gpkg", LAMBERT)


def test_a_map_of_something_else_is_refused_with_what_it_lacks(tmp_path):
    stretches().drop(columns="sens_de_circulation").to_file(tmp_path / "roads.gpkg")
    with pytest.raises(InputError, match=r"the nearest, BD TOPO 3 \(IGN\), also has sens_de_circulation"):
        read_roads(tmp_path / "roads.gpkg", LAMBERT)


def test_the_geopackage_of_osmnx_gives_the_links_of_its_graph(tmp_path):
    graph = nx.MultiDiGraph(crs="EPSG:4326")
    for number, node in enumerate(NODES[:3]):
        x, y = degrees(*node)
        graph.add_node(number, x=x, y=y)
    for tail, head in ((0, 1), (1, 0), (1, 2)):
        graph.add_edge(tail, head, osmid=7, highway=["residential", "primary"] if tail else "tertiary", length=501.5)
    osmnx.save_graph_geopackage(graph, tmp_path / "graph.gpkg", directed=True)
    roads, _ = read_roads(tmp_path / "graph.gpkg", LAMBERT, BOUNDS)
    assert [row[:4] for row in driven(roads)] == [
        (500, 1_000, 502, "tertiary"), (1_000, 500, 502, "residential"), (1_000, 1_500, 502, "residential"),
    ]  # fmt: skip


def test_a_territory_on_bd_topo_drives_at_its_speeds_and_its_folder_keeps_them(tmp_path):
    count = len(NODES) - 1
    columns = {"nature": ["Route à 1 chaussée"] * count, "sens_de_circulation": ["Double sens"] * count}
    columns |= {"vitesse_moyenne_vl": [30] * count, "importance": ["1"] * count}
    lines = [line(number, number + 1) for number in range(count)]
    spec = write_small(tmp_path / "in", SPEC.replace("roads.graphml", "troncon_de_route.gpkg"))
    gpd.GeoDataFrame(columns, geometry=lines, crs="EPSG:2154").to_file(spec.with_name("troncon_de_route.gpkg"))
    loaded = build_territory(spec, tmp_path / "out")
    again = load_territory(tmp_path / "out")
    assert again.roads.kmh.tolist() == [30.0] * 2 * count
    # 30 km/h and not the speed of a trunk road: 2 km between two town halls take 4 minutes
    cell = np.linalg.norm(loaded.territory.cells.xy - loaded.territory.sites.xy[0], axis=1).argmin()
    assert loaded.travel.minutes[cell, 1] - loaded.travel.minutes[cell, 0] == pytest.approx(4.0, abs=1e-2)
