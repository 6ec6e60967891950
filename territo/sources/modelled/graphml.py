"""Roads as OSMnx GraphML, gzipped without a date so that the same roads give the same bytes."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import numpy as np

from territo.domain.arrays import Floats
from territo.sources.modelled.roads import Roads

_KEYS = (
    ("d0", "graph", "crs"),
    ("d1", "graph", "created_with"),
    ("d2", "node", "x"),
    ("d3", "node", "y"),
    ("d4", "edge", "osmid"),
    ("d5", "edge", "highway"),
    ("d6", "edge", "length"),
    ("d7", "edge", "oneway"),
)


def graphml(roads: Roads, lnglat: Floats) -> bytes:
    """Return the gzipped GraphML of the roads.

    Parameters
    ----------
    roads
        The plan; a two-way road becomes two directed edges.
    lnglat
        (v, 2) longitude and latitude of its nodes.
    """
    return gzip.compress("\n".join(_lines(roads, lnglat)).encode(), 9, mtime=0)


def _lines(roads: Roads, lnglat: Floats) -> Iterator[str]:
    yield "<?xml version='1.0' encoding='utf-8'?>"
    yield '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
    for key, kind, name in _KEYS:
        yield f'<key id="{key}" for="{kind}" attr.name="{name}" attr.type="string"/>'
    yield '<graph edgedefault="directed">'
    yield '<data key="d0">epsg:4326</data><data key="d1">territo (modélisé)</data>'
    for node, (lng, lat) in enumerate(lnglat.tolist()):
        yield f'<node id="{node}"><data key="d2">{lng:.6f}</data><data key="d3">{lat:.6f}</data></node>'
    columns = (roads.ends.tolist(), roads.highway, np.round(roads.length_m, 1).tolist(), roads.oneway.tolist())
    for road, ((tail, head), highway, length, oneway) in enumerate(zip(*columns, strict=True)):
        about = (
            f'<data key="d4">{road}</data><data key="d5">{highway}</data>'
            f'<data key="d6">{length:.1f}</data><data key="d7">{oneway}</data></edge>'
        )
        yield f'<edge source="{tail}" target="{head}" id="0">{about}'
        if not oneway:
            yield f'<edge source="{head}" target="{tail}" id="0">{about}'
    yield "</graph></graphml>\n"
