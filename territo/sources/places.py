"""Where things are: reference systems, and the commune of a point."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from territo.domain.arrays import Floats, Ints
from territo.errors import Fault, InputError, fault

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

WGS84 = "EPSG:4326"
MARGIN_DEGREES = 0.5
# what French files come in beside the system of the territory: European and web grids, Lambert II, conic zones
USUAL = (WGS84, "EPSG:3035", "EPSG:3857", "EPSG:2154", "EPSG:27572", *(f"EPSG:{3942 + zone}" for zone in range(9)))


def projected(crs: str, *, where: str = "") -> Any:
    """Return the pyproj reference system of a territory.

    Raises
    ------
    InputError
        It is unknown, or its unit is not the metre.
    """
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        system = CRS.from_user_input(crs)
    except CRSError:
        sentence = "{crs} is not a known reference system: write for example EPSG:2154"
        raise InputError(fault("unknown-crs", sentence, where=where, key="crs", crs=crs)) from None
    if not system.is_projected or system.axis_info[0].unit_name != "metre":
        sentence = "{crs} is not in metres: choose a projected system, EPSG:2154 in metropolitan France"
        raise InputError(fault("crs-not-projected", sentence, where=where, key="crs", crs=crs))
    return system


@cache
def known_crs(crs: str) -> Any:
    """Return a pyproj reference system, None if it is unknown."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        return CRS.from_user_input(crs)
    except CRSError:
        return None


def transform(xy: Floats, source: Any, target: Any) -> Floats:
    """Carry (n, 2) coordinates, x (east, longitude) first, from one reference system to another."""
    from pyproj import Transformer

    x, y = Transformer.from_crs(source, target, always_xy=True).transform(xy[:, 0], xy[:, 1])
    return np.column_stack([x, y]).astype(np.float64)


def window(bounds: Floats, margin_m: float, source: Any, target: Any) -> tuple[float, float, float, float]:
    """Return the box, in another system, that holds a box and its margin; infinite where it cannot be carried."""
    west, south, east, north = bounds + margin_m * np.array([-1, -1, 1, 1])
    along = np.linspace(0, 1, 21)[:, None]
    corners = np.array([[west, south], [east, south], [east, north], [west, north], [west, south]])
    edge = np.concatenate([start + along * (end - start) for start, end in pairwise(corners)])
    xy = transform(edge, source, target)
    if not np.isfinite(xy).all():
        return -np.inf, -np.inf, np.inf, np.inf
    return float(xy[:, 0].min()), float(xy[:, 1].min()), float(xy[:, 0].max()), float(xy[:, 1].max())


def area_fault(bounds: Sequence[float], source: Any, target: Any, where: str) -> Fault | None:
    """Say what is wrong when coordinates fall outside the area where the territory's system is used.

    Parameters
    ----------
    bounds
        West, south, east, north in the source system.
    source, target
        Declared system of the file, and system of the territory (pyproj).
    where
        Name of the file.
    """
    from pyproj import CRS

    declared = CRS.from_user_input(source)
    west, south, east, north = bounds
    if declared.is_geographic and _reads_as_metres(bounds):
        fitting = crs_that_fit(bounds, target)
        if fitting:
            sentence = "the coordinates are metres, but the file says {crs}; they fit {found}: write crs: {found}"
            context = {"crs": declared.to_string(), "found": fitting[0]}
            return fault("metres-of-another-crs", sentence, where=where, **context)
        sentence = "the coordinates are metres, but the file says {crs}: declare its true reference system"
        return fault("metres-as-degrees", sentence, where=where, crs=declared.to_string())
    corners = np.array([[west, south], [east, north]], dtype=np.float64)
    if _inside(transform(corners, declared, WGS84), target):
        return None
    if declared.is_geographic and _inside(corners[:, ::-1], target):
        sentence = "latitude and longitude look exchanged: longitude (east) comes first"
        return fault("swapped-coordinates", sentence, where=where)
    area = target.area_of_use.name if target.area_of_use else target.name
    fitting = crs_that_fit(bounds, target)
    if fitting:
        sentence = "the coordinates, read in {crs}, fall outside {area}; in {found} they would not: write crs: {found}"
        context = {"crs": declared.to_string(), "area": area, "found": fitting[0]}
        return fault("other-crs", sentence, where=where, **context)
    sentence = "the coordinates, read in {crs}, fall outside {area}: check the reference system of the file"
    return fault("outside-crs-area", sentence, where=where, crs=declared.to_string(), area=area)


def crs_that_fit(bounds: Sequence[float], target: Any) -> list[str]:
    """Return the usual reference systems in which these bounds fall where the territory's system is used."""
    west, south, east, north = bounds
    corners = np.array([[west, south], [east, north]], dtype=np.float64)
    if not np.isfinite(corners).all():
        return []
    usual = dict.fromkeys([f"EPSG:{target.to_epsg()}", *USUAL] if target.to_epsg() else USUAL)
    return [crs for crs in usual if _inside(transform(corners, crs, WGS84), target)]


def _reads_as_metres(bounds: Sequence[float]) -> bool:
    west, south, east, north = bounds
    return max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 180  # noqa: PLR2004  # degrees of a circle


def _inside(lonlat: Floats, target: Any) -> bool:
    area = target.area_of_use
    if area is None:
        return bool(np.isfinite(lonlat).all())
    low = np.array([area.west, area.south]) - MARGIN_DEGREES
    high = np.array([area.east, area.north]) + MARGIN_DEGREES
    return bool(np.isfinite(lonlat).all() and ((lonlat >= low) & (lonlat <= high)).all())


def commune_of(xy: Floats, outlines: Sequence[BaseGeometry], *, within_m: float = 0.0) -> Ints:
    """Find the commune of each point.

    Parameters
    ----------
    xy
        (n, 2) metres.
    outlines
        Polygons of the communes.
    within_m
        A point in no outline goes to the nearest one, if it is not farther than this.

    Returns
    -------
    (n,) int
        Index of the commune, -1 for none. A point on a border goes to the first.
    """
    from shapely import STRtree, points

    found = np.full(len(xy), -1, dtype=np.int64)
    if len(xy) == 0:
        return found
    tree, places = STRtree(list(outlines)), np.asarray(points(xy))
    which, outline = tree.query(places, predicate="intersects")
    # later assignments win: the reversed sort leaves the lowest index of each point
    order = np.argsort(-outline, kind="stable")
    found[which[order]] = outline[order]
    outside = np.flatnonzero(found < 0)
    if within_m > 0 and outside.size:
        near, nearest = tree.query_nearest(places[outside], max_distance=within_m, all_matches=False)
        found[outside[near]] = nearest
    return found
