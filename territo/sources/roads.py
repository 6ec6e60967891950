"""Road networks, whatever the file: OSMnx GraphML or GeoPackage, BD TOPO, OpenStreetMap extracts, or modelled."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from territo.domain.arrays import Floats
from territo.domain.roads import RoadNetwork
from territo.domain.travel import Notice
from territo.sources.archives import first_bytes, is_zip, only_member
from territo.sources.graphml import read_graphml
from territo.sources.maps import ENDINGS
from territo.sources.osm import read_osm
from territo.sources.road_maps import read_road_map

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

OSM_ENDINGS = (".pbf", ".osm", ".osm.bz2", ".osm.gz")


def read_roads(path: Path, crs: Any, bounds: Floats | None = None) -> tuple[RoadNetwork, tuple[Notice, ...]]:
    """Read a road network.

    Parameters
    ----------
    path
        OSMnx GraphML (``.gz`` or not) or GeoPackage, BD TOPO ``troncon_de_route``
        (GeoPackage, shapefile, in a zip or not), OpenStreetMap extract
        (``.osm.pbf``, ``.osm``).
    crs
        Reference system of the territory (pyproj).
    bounds
        West, south, east, north of the territory, metres: roads far from it are
        not read from maps and extracts; all are when None.

    Raises
    ------
    InputError
        The file cannot be read, has no road, or lies elsewhere.
    """
    name = path.name.lower()
    if name.endswith(OSM_ENDINGS):
        return read_osm(path, crs, bounds)
    if name.endswith(ENDINGS) or (is_zip(path) and only_member(path, ENDINGS)):
        return read_road_map(path, crs, bounds)
    first_bytes(path)
    return read_graphml(path, crs), (Notice("format-seen", {"file": path.name, "format": "OSMnx (GraphML)"}),)


def modelled_network(
    centres: Floats, population: Floats, outlines: Sequence[BaseGeometry], seed: int
) -> tuple[RoadNetwork, tuple[Notice, ...]]:
    """Model the roads of real communes, as those of modelled territories are; labelled as modelled.

    Parameters
    ----------
    centres, population, outlines
        The n communes: (n, 2) metres, (n,) inhabitants, polygons in metres.
    seed
        The same seed gives the same roads.
    """
    from territo.sources.modelled.roads import CLASSES, model_roads

    plan = model_roads(centres, population.astype(np.int64), [*outlines], seed)  # type: ignore[list-item]  # multipolygons serve as well
    both = ~plan.oneway
    rank = np.array([CLASSES.index(name) for name in plan.highway], dtype=np.int64)
    network = RoadNetwork(
        xy=plan.xy,
        tail=np.concatenate([plan.ends[:, 0], plan.ends[both, 1]]),
        head=np.concatenate([plan.ends[:, 1], plan.ends[both, 0]]),
        length_m=np.concatenate([plan.length_m, plan.length_m[both]]),
        road_class=np.concatenate([rank, rank[both]]),
        classes=CLASSES,
    )
    return network, ()
