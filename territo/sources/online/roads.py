"""Roads of an area from OpenStreetMap, asked of an Overpass service and simplified by OSMnx."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from territo.errors import SourceUnavailableError, fault
from territo.sources.places import WGS84
from territo.sources.store import Download

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

ROADS = "roads.graphml.gz"
BEYOND_M = 3_000.0
COARSE_M = 300.0
QUERY_S = 180
HEAD = 2_000
CLASSES = (
    *("motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link"),
    *("tertiary", "tertiary_link", "unclassified", "residential", "living_street", "road"),
)
KEYS = {
    "crs": ("graph", "crs"),
    "x": ("node", "x"),
    "y": ("node", "y"),
    "highway": ("edge", "highway"),
    "length": ("edge", "length"),
}
_DATE = re.compile(rb'osm_base="(\d{4}-\d{2}-\d{2})')


def overpass_form(outlines: Sequence[BaseGeometry], crs: Any) -> str:
    """Ask for the roads that cars may use, in the communes and 3 km around.

    A road that leaves the territory and comes back is often the fastest.

    Parameters
    ----------
    outlines
        Of the communes, degrees.
    crs
        Projected system of the territory (pyproj).

    Returns
    -------
    str
        Form to post: a query in Overpass QL whose answer is OSM XML.
    """
    classes = "|".join(CLASSES)
    kept = (
        f'["highway"~"^({classes})$"]["area"!~"yes"]["access"!~"private|no"]["motor_vehicle"!~"no"]["motorcar"!~"no"]'
    )
    ways = "".join(f'way{kept}(poly:"{ring}");' for ring in _rings(outlines, crs))
    return urlencode({"data": f"[out:xml][timeout:{QUERY_S}];({ways}>;);out;"})


def _rings(outlines: Sequence[BaseGeometry], crs: Any) -> list[str]:
    """Outer rings of the area, latitude first, as Overpass wants them."""
    import geopandas as gpd

    communes = gpd.GeoSeries(list(outlines), crs=WGS84).to_crs(crs)
    area = communes.buffer(BEYOND_M).union_all().simplify(COARSE_M)
    around = gpd.GeoSeries([area], crs=crs).to_crs(WGS84).iloc[0]
    parts = getattr(around, "geoms", [around])
    return [" ".join(f"{lat:.4f} {lng:.4f}" for lng, lat in part.exterior.coords[:-1]) for part in parts]


def write_roads(download: Download, folder: Path) -> str:
    """Write the network as a GraphML that says its classes and lengths.

    Returns
    -------
    str
        Day of the OpenStreetMap data, as the answer says; empty where it does not.

    Raises
    ------
    SourceUnavailableError
        There is no road in the answer.
    """
    import osmnx

    try:
        graph = osmnx.graph_from_xml(download.path, simplify=False)
        # roads of two classes are never made one: each class has its speed
        graph = osmnx.simplify_graph(graph, edge_attrs_differ=["highway"])
    except (ValueError, KeyError) as error:  # what OSMnx raises on an answer without roads
        sentence = "the answer has no road: try later, or give a road file in a spec"
        raise SourceUnavailableError(fault("source-without-road", sentence, where=download.layer)) from error
    # without name nor time inside: the same answer gives the same bytes
    with (folder / ROADS).open("wb") as stream, gzip.GzipFile("", "wb", 6, stream, mtime=0) as packed:
        packed.writelines(line.encode() for line in _graphml(graph))
    with download.path.open("rb") as answer:
        dated = _DATE.search(answer.read(HEAD))
    return dated.group(1).decode() if dated else ""


def _graphml(graph: Any) -> Iterator[str]:
    """Write a graph of OSMnx in the order of its numbers, line by line.

    OSMnx keeps sets on the way, whose order changes from one process to the
    next, and writes the day; its own writer holds the whole text in memory.
    """
    yield "<?xml version='1.0' encoding='utf-8'?>\n"
    yield '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    for key, (kind, name) in KEYS.items():
        yield f'<key id="{key}" for="{kind}" attr.name="{name}" attr.type="string"/>\n'
    yield f'<graph edgedefault="directed"><data key="crs">{graph.graph["crs"]}</data>\n'
    for node, (x, y) in sorted((node, (data["x"], data["y"])) for node, data in graph.nodes(data=True)):
        yield f'<node id="{node}"><data key="x">{x:.7f}</data><data key="y">{y:.7f}</data></node>\n'
    links = graph.edges(data=True)
    for tail, head, kind, metres in sorted((t, h, str(d["highway"]), float(d["length"])) for t, h, d in links):
        data = f'<data key="highway">{kind}</data><data key="length">{metres:.2f}</data>'
        yield f'<edge source="{tail}" target="{head}">{data}</edge>\n'
    yield "</graph></graphml>\n"
