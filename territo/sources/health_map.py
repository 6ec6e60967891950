"""What to look at on a map before trusting the travel times: places out of reach, or far from any road."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from territo.domain.arrays import Bools, Floats
from territo.domain.travel import LoadedTerritory
from territo.sources.places import WGS84, transform

FAR_M = 1_000.0
DECIMALS = 6


def health_geojson(loaded: LoadedTerritory) -> str:
    """Return a GeoJSON (RFC 7946, longitude and latitude) of the cells and sites to check.

    Each point has a ``kind``: ``unreachable-cell`` (no site can be reached),
    ``far-cell`` (over 1 km from any road node), ``unreachable-site`` (no cell
    reaches it) or ``far-site``; the name of its commune or site, the crow-fly
    metres to the road, and the inhabitants of a cell. There is none where all
    is well.
    """
    features = [*_cells(loaded), *_sites(loaded)]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, allow_nan=False) + "\n"


def _cells(loaded: LoadedTerritory) -> Iterator[dict[str, Any]]:
    territory = loaded.territory
    cells, names = territory.cells, territory.communes.names
    lost = np.logical_not(np.isfinite(loaded.travel.minutes).any(axis=1))
    labels = [names[index] for index in cells.commune]
    for place, feature in _points(loaded, cells.xy, lost, labels, "cell"):
        feature["properties"]["inhabitants"] = round(float(cells.population[place]), 2)
        yield feature


def _sites(loaded: LoadedTerritory) -> Iterator[dict[str, Any]]:
    sites = loaded.territory.sites
    lost = np.logical_not(np.isfinite(loaded.travel.minutes).any(axis=0))
    for place, feature in _points(loaded, sites.xy, lost, sites.names, "site"):
        feature["properties"]["id"] = sites.ids[place]
        yield feature


def _points(
    loaded: LoadedTerritory, xy: Floats, lost: Bools, labels: Sequence[str], what: str
) -> Iterator[tuple[int, dict[str, Any]]]:
    from scipy.spatial import KDTree

    metres = np.asarray(KDTree(loaded.roads.xy).query(xy)[0], dtype=np.float64)
    shown = np.flatnonzero(lost | (metres > FAR_M))
    lonlat = np.round(transform(xy[shown], loaded.territory.crs, WGS84), DECIMALS).tolist()
    for place, point in zip(shown.tolist(), lonlat, strict=True):
        kind = f"unreachable-{what}" if lost[place] else f"far-{what}"
        properties = {"kind": kind, "name": labels[place], "metres_to_road": round(float(metres[place]))}
        geometry = {"type": "Point", "coordinates": point}
        yield place, {"type": "Feature", "properties": properties, "geometry": geometry}
