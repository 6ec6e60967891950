"""Roads drawn on a map: the ``troncon_de_route`` of BD TOPO, and the GeoPackage of OSMnx."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from territo.domain.arrays import Bools, Floats, Ints
from territo.domain.roads import RoadNetwork
from territo.domain.travel import Notice
from territo.errors import InputError, fault, raise_faults
from territo.sources.formats import Recognised, layer_of, recognise, words
from territo.sources.graphml import UNKNOWN_CLASS, no_road
from territo.sources.maps import field_names, layer_crs, layer_names, open_map
from territo.sources.places import area_fault, crs_that_fit, window
from territo.sources.rows import plain

NEAR_M = 5_000.0
JOINED_M = 0.1  # ends of links closer than this are the same node
FASTEST_KMH = 150.0


def read_road_map(path: Path, crs: Any, bounds: Floats | None) -> tuple[RoadNetwork, tuple[Notice, ...]]:
    """Read the links of a map of roads; their ends that touch are nodes.

    Parameters
    ----------
    path
        BD TOPO or OSMnx, recognised by the columns.
    crs
        Reference system of the territory (pyproj).
    bounds
        West, south, east, north of the territory, metres: what is over 5 km
        from it is not read; all is when None.

    Raises
    ------
    InputError
        No known format, no road, words that are not known, or another place.
    """
    names = layer_names(path)
    layer = layer_of("roads", names) or names[0]
    seen = recognise("roads", field_names(path, layer), where=path.name, key="roads.file")
    declared = layer_crs(path, layer)
    near = None if bounds is None or declared is None else window(bounds, NEAR_M, crs, declared)
    frame = open_map(path, layer=layer, columns=[*seen.columns.values()], bbox=near)
    if len(frame) == 0:
        raise InputError(no_road(path.name))
    lines = frame.geometry.explode(index_parts=False) if "geometry" in frame else None
    if lines is None:
        raise InputError(no_road(path.name))
    drawn = np.array([shape is not None and shape.geom_type == "LineString" and not shape.is_empty for shape in lines])
    frame, lines = frame.loc[lines.index[drawn]], lines[drawn]
    if len(frame) == 0:
        raise InputError(no_road(path.name))
    system = _system(path.name, declared, list(lines.total_bounds), crs)
    shapes = lines.set_crs(system, allow_override=True).to_crs(crs)
    read = _osmnx if "tail" in seen.columns else _bdtopo
    return read(path.name, seen, frame, shapes), (seen.notice(path.name),)


def _system(where: str, declared: Any, bounds: Sequence[float], crs: Any) -> Any:
    if declared is None:
        fitting = crs_that_fit(bounds, crs)
        if len(fitting) == 1:
            return fitting[0]
        sentence = "the file does not say its reference system; those that fit are {found}: give a file that says it"
        raise InputError(fault("map-without-crs", sentence, where=where, found=", ".join(fitting) or "∅"))
    misplaced = area_fault(bounds, declared, crs, where)
    raise_faults([misplaced] if misplaced else [])
    return declared


def _bdtopo(where: str, seen: Recognised, frame: Any, shapes: Any) -> RoadNetwork:
    known = words("bdtopo")
    text = {role: [plain(value) for value in frame[column]] for role, column in seen.columns.items()}
    used = _open_to_cars(text, known["left_out"])
    direction = _directions(where, text["direction"], known["directions"])
    kmh = _speeds(where, text["kmh"])
    blank = [""] * len(used)
    classes = [
        known["natures"].get(nature) or known["importances"].get(importance) or UNKNOWN_CLASS
        for nature, importance in zip(text["nature"], text.get("importance", blank), strict=True)
    ]
    if not used.any():
        raise InputError(no_road(where))
    ends = np.array([[line.coords[0][:2], line.coords[-1][:2]] for line in shapes])[used]
    _, node = np.unique(np.round(ends.reshape(-1, 2) / JOINED_M), axis=0, return_inverse=True)
    pairs = node.reshape(-1, 2)
    xy = np.empty((pairs.max() + 1, 2))
    xy[pairs.ravel()] = ends.reshape(-1, 2)
    names, rank = np.unique(np.array(classes)[used], return_inverse=True)
    length = shapes.length.to_numpy(dtype=np.float64)[used]
    forward, backward = direction[used] >= 0, direction[used] <= 0
    return RoadNetwork(
        xy=xy,
        tail=np.concatenate([pairs[forward, 0], pairs[backward, 1]]),
        head=np.concatenate([pairs[forward, 1], pairs[backward, 0]]),
        length_m=np.concatenate([length[forward], length[backward]]),
        road_class=np.concatenate([rank[forward], rank[backward]]),
        classes=tuple(names.tolist()),
        kmh=np.concatenate([kmh[used][forward], kmh[used][backward]]),
    )


def _open_to_cars(text: Mapping[str, list[str]], left_out: Mapping[str, Sequence[str]]) -> Bools:
    used = np.ones(len(text["nature"]), dtype=np.bool_)
    for role, refused in left_out.items():
        if role in text:
            used &= ~np.isin(text[role], list(refused))
    return used


def _directions(where: str, values: Sequence[str], known: Mapping[str, str]) -> Ints:
    """0 both ways, 1 as drawn, -1 against it."""
    unknown = sorted({value for value in values if value.lower() not in known})
    if unknown:
        sentence = "{value} is not a direction of traffic: the known ones are {known}"
        listed = ", ".join(word for word in known if word)
        raise InputError(fault("unknown-direction", sentence, where=where, value=unknown[0], known=listed))
    number = {"both": 0, "forward": 1, "backward": -1}
    return np.array([number[known[value.lower()]] for value in values], dtype=np.int64)


def _speeds(where: str, values: Sequence[str]) -> Floats:
    """Mean speeds, km/h; NaN where the source gives none (empty or 0)."""
    try:
        kmh = np.array([float(value or "nan") for value in values], dtype=np.float64)
    except ValueError:
        kmh = np.array([-1.0])
    if ((kmh < 0) | (kmh > FASTEST_KMH)).any():
        sentence = "a mean speed is not a number of km/h from 0 to {most}: check the column of speeds"
        raise InputError(fault("bad-mean-speed", sentence, where=where, most=f"{FASTEST_KMH:g}"))
    return np.where(kmh > 0, kmh, np.nan)


def _osmnx(where: str, seen: Recognised, frame: Any, shapes: Any) -> RoadNetwork:
    length = _lengths(where, [plain(value) for value in frame[seen.columns["length"]]])
    names = [plain(value).strip("[] ").split(",")[0].strip("'\" ") for value in frame[seen.columns["class"]]]
    ends = [[plain(value) for value in frame[seen.columns[role]]] for role in ("tail", "head")]
    nodes, place = np.unique(np.array(ends).ravel(), return_inverse=True)
    tail, head = place.reshape(2, -1)
    xy = np.empty((len(nodes), 2))
    xy[tail] = [line.coords[0][:2] for line in shapes]
    xy[head] = [line.coords[-1][:2] for line in shapes]
    classes, rank = np.unique(np.array([name or UNKNOWN_CLASS for name in names]), return_inverse=True)
    return RoadNetwork(xy, tail, head, length, rank, tuple(classes.tolist()))


def _lengths(where: str, values: Sequence[str]) -> Floats:
    for value in values:
        if not value.replace(".", "", 1).isdigit():
            sentence = "the length {value} is not a number of metres: correct it"
            raise InputError(fault("bad-road-length", sentence, where=where, value=value or "∅"))
    return np.array(values, dtype=np.float64)
