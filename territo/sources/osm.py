"""OpenStreetMap extracts (``.osm.pbf``), read by pyosmium: the roads that cars use, cut where they meet."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from territo.domain.arrays import Floats, Ints
from territo.domain.roads import RoadNetwork
from territo.domain.travel import Notice
from territo.errors import InputError, fault, raise_faults
from territo.sources.formats import words
from territo.sources.graphml import no_road
from territo.sources.places import WGS84, area_fault, transform, window

NEAR_M = 5_000.0
BOTH, FORWARD, BACKWARD = 0, 1, -1


@dataclass(slots=True)
class _Ways:
    """Nodes of the ways one after the other, and where each way begins, its class and its direction."""

    node: array[int] = field(default_factory=lambda: array("q"))
    lng: array[float] = field(default_factory=lambda: array("d"))
    lat: array[float] = field(default_factory=lambda: array("d"))
    start: list[int] = field(default_factory=lambda: [0])
    classes: list[str] = field(default_factory=list)
    direction: list[int] = field(default_factory=list)
    cut: int = 0


def read_osm(path: Path, crs: Any, bounds: Floats | None) -> tuple[RoadNetwork, tuple[Notice, ...]]:
    """Read the roads of an extract.

    Nodes where two roads meet, and the ends of roads, become nodes of the
    network; lengths are those of the true lines, on the ellipsoid.

    Parameters
    ----------
    path
        Extract of OpenStreetMap: ``.osm.pbf``, or XML.
    crs
        Reference system of the territory (pyproj).
    bounds
        West, south, east, north of the territory, metres: roads over 5 km from
        it are left out; None keeps all.

    Raises
    ------
    InputError
        The file is damaged, has no road here, or lies elsewhere.
    """
    near = None if bounds is None else window(bounds, NEAR_M, crs, WGS84)
    ways = _read(path, near)
    if not ways.classes:
        raise InputError(no_road(path.name))
    lonlat = np.column_stack([np.frombuffer(ways.lng), np.frombuffer(ways.lat)])
    misplaced = area_fault([*lonlat.min(axis=0), *lonlat.max(axis=0)], WGS84, crs, path.name)
    raise_faults([misplaced] if misplaced else [])
    notices = [Notice("format-seen", {"file": path.name, "format": "OpenStreetMap"})]
    notices += [Notice("roads-cut", {"file": path.name, "count": ways.cut})] if ways.cut else []
    return _network(ways, lonlat, crs), tuple(notices)


def _read(path: Path, near: tuple[float, float, float, float] | None) -> _Ways:
    import osmium

    ways, known = _Ways(), words("osm")
    try:
        # what is not a way with a class is dropped by the library, before Python sees it
        reader = osmium.FileProcessor(str(path)).with_locations()
        reader = reader.with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
        for way in reader.with_filter(osmium.filter.KeyFilter("highway")):
            if _for_cars(way.tags, known):
                _add(ways, way, known, near)
    except (RuntimeError, ValueError, OSError, UnicodeDecodeError) as error:
        sentence = "the file is damaged or is no OpenStreetMap extract: download it again"
        raise InputError(fault("unreadable-osm", sentence, where=path.name)) from error
    return ways


def _for_cars(tags: Any, known: Mapping[str, Any]) -> bool:
    if tags.get("highway") not in known["classes"]:
        return False
    return not any(tags.get(key) in values for key, values in known["closed"].items())


def _add(ways: _Ways, way: Any, known: Mapping[str, Any], near: tuple[float, float, float, float] | None) -> None:
    """Keep a way that comes near the territory; nodes that the extract has cut off are left out of it."""
    placed = [(node.ref, node.location.lon, node.location.lat) for node in way.nodes if node.location.valid()]
    ways.cut += len(placed) < len(way.nodes)
    if len(placed) <= 1 or not (near is None or any(_inside(near, lng, lat) for _, lng, lat in placed)):
        return
    for ref, lng, lat in placed:
        ways.node.append(ref)
        ways.lng.append(lng)
        ways.lat.append(lat)
    ways.start.append(len(ways.node))
    ways.classes.append(way.tags["highway"])
    ways.direction.append(_direction(way.tags, known))


def _inside(near: tuple[float, float, float, float], lng: float, lat: float) -> bool:
    return near[0] <= lng <= near[2] and near[1] <= lat <= near[3]


def _direction(tags: Any, known: Mapping[str, Sequence[str]]) -> int:
    """Way that may be driven; roundabouts and motorways are one-way unless a tag says otherwise."""
    oneway = tags.get("oneway", "")
    if oneway in known["backward"]:
        return BACKWARD
    implied = tags.get("junction") in ("roundabout", "circular") or tags.get("highway") == "motorway"
    return FORWARD if oneway in known["forward"] or (implied and oneway != "no") else BOTH


def _network(ways: _Ways, lonlat: Floats, crs: Any) -> RoadNetwork:
    _, place, times = np.unique(np.array(ways.node), return_inverse=True, return_counts=True)
    start = np.array(ways.start, dtype=np.int64)
    cuts = times[place] > 1
    cuts[start[:-1]] = cuts[start[1:] - 1] = True
    stops = np.flatnonzero(cuts)
    way = np.searchsorted(start, stops, side="right") - 1
    same = way[1:] == way[:-1]
    tail, head, way = place[stops[:-1]][same], place[stops[1:]][same], way[:-1][same]
    length = np.add.reduceat(_steps(lonlat, start), stops)[:-1][same]
    used, renumbered = np.unique(np.concatenate([tail, head]), return_inverse=True)
    tail, head = renumbered.reshape(2, -1)
    xy = np.empty((len(times), 2))
    xy[place] = lonlat
    classes, rank = np.unique(np.array(ways.classes), return_inverse=True)
    direction = np.array(ways.direction)[way]
    forward, backward = direction >= BOTH, direction <= BOTH
    return RoadNetwork(
        xy=transform(xy[used], WGS84, crs),
        tail=np.concatenate([tail[forward], head[backward]]),
        head=np.concatenate([head[forward], tail[backward]]),
        length_m=np.concatenate([length[forward], length[backward]]),
        road_class=np.concatenate([rank[way][forward], rank[way][backward]]),
        classes=tuple(classes.tolist()),
    )


def _steps(lonlat: Floats, start: Ints) -> Floats:
    """(p,) metres from each point to the next of its way, 0 for the last."""
    from pyproj import Geod

    step = np.zeros(len(lonlat))
    step[:-1] = Geod(ellps="WGS84").inv(*lonlat[:-1].T, *lonlat[1:].T)[2]
    step[start[1:] - 1] = 0.0
    return step
