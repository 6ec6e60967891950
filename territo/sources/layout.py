"""The shapes of communes, before anything is counted on them: repaired where safe, refused or told where not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from territo.domain.travel import Notice
from territo.errors import Fault, fault, raise_faults

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

OVERLAP_SHARE = 0.01
REPAIRED_SHARE = 0.01
M2_PER_HECTARE = 1e4
M2_PER_KM2 = 1e6
SNAP_M = 0.5


def checked_shapes(
    names: Sequence[str], shapes: Sequence[Any], where: str
) -> tuple[tuple[BaseGeometry, ...], tuple[Notice, ...]]:
    """Repair the outlines that can be, and check that they do not cover each other.

    Parameters
    ----------
    names
        Of the communes.
    shapes
        As read, in metres; may be None, empty, of any type.
    where
        Name of the file.

    Returns
    -------
    tuple of Polygon or MultiPolygon
        One a commune, valid.
    tuple of Notice
        ``outline-repaired``, ``outlines-overlap``.

    Raises
    ------
    InputError
        Outlines absent, that a repair would change by over 1 %, or that cover
        each other by over 1 % of the smaller one.
    """
    faults: list[Fault] = []
    notices: list[Notice] = []
    polygons: list[BaseGeometry] = []
    for name, shape in zip(names, shapes, strict=True):
        repaired = _polygonal(shape)
        if repaired is None:
            sentence = "{name} has no polygon: give its outline"
            faults.append(fault("no-polygon", sentence, where=where, name=name))
        elif not shape.is_valid:
            found = _repair(name, shape, repaired, where)
            (faults if isinstance(found, Fault) else notices).append(found)  # type: ignore[arg-type]  # one of the two
        polygons += [] if repaired is None else [repaired]
    raise_faults(faults)
    refused, slivers = _overlaps(names, polygons, where)
    raise_faults(refused)
    return tuple(polygons), (*notices, *slivers)


def _polygonal(shape: Any) -> Any:
    """Return the polygons of a shape, valid and flat; None where it has none."""
    from shapely import force_2d, get_parts, make_valid, union_all

    if shape is None or shape.is_empty or not np.isfinite(shape.bounds).all():
        return None
    valid = force_2d(shape)
    if not valid.is_valid:
        valid = make_valid(valid, method="structure", keep_collapsed=False)
    if valid.geom_type not in ("Polygon", "MultiPolygon") or not valid.is_valid:
        valid = union_all([part for part in get_parts(valid) if "Polygon" in part.geom_type])
    return valid if valid.is_valid and valid.area > 0 else None


def _repair(name: str, shape: Any, repaired: BaseGeometry, where: str) -> Fault | Notice:
    from shapely.validation import explain_validity

    changed = abs(repaired.area - shape.area) / max(repaired.area, 1.0)
    reason = explain_validity(shape)
    if changed > REPAIRED_SHARE:
        sentence = "the outline of {name} is not valid ({reason}): repair it in a map editor"
        return fault("invalid-polygon", sentence, where=where, name=name, reason=reason)
    hectares = round(abs(repaired.area - shape.area) / M2_PER_HECTARE, 2)
    return Notice("outline-repaired", {"name": name, "reason": reason, "hectares": hectares})


def _overlaps(names: Sequence[str], polygons: Sequence[BaseGeometry], where: str) -> tuple[list[Fault], list[Notice]]:
    """Refuse what covers over 1 % of the smaller commune, and sum up the slivers."""
    faults: list[Fault] = []
    slivers = []
    for first, second, area in _crossing(polygons):
        share = area / min(polygons[first].area, polygons[second].area)
        if share > OVERLAP_SHARE:
            sentence = "the outlines of {one} and {other} overlap by {percent} % of the smaller one: correct them"
            context = {"one": names[first], "other": names[second], "percent": f"{100 * share:.0f}"}
            faults.append(fault("overlapping-polygons", sentence, where=where, **context))
        elif area > M2_PER_HECTARE:
            slivers.append((area, first, second))
    if not slivers:
        return faults, []
    _, one, other = max(slivers)
    hectares = round(sum(area for area, *_ in slivers) / M2_PER_HECTARE)
    said: dict[str, str | int] = {"count": len(slivers), "hectares": hectares, "one": names[one], "other": names[other]}
    return faults, [Notice("outlines-overlap", said)]


def _crossing(polygons: Sequence[BaseGeometry]) -> Iterator[tuple[int, int, float]]:
    """Pairs that cover each other, and how much, m²."""
    from shapely import STRtree

    pairs = STRtree(list(polygons)).query(list(polygons), predicate="intersects").T
    for first, second in pairs[pairs[:, 0] < pairs[:, 1]].tolist():
        area = polygons[first].intersection(polygons[second]).area
        if area > 0:
            yield first, second, area


def perimeter_notices(names: Sequence[str], polygons: Sequence[BaseGeometry]) -> tuple[Notice, ...]:
    """Say what is odd in the perimeter: several parts (islands, exclaves) and holes (enclaves, missing communes).

    Parameters
    ----------
    names, polygons
        The communes, in metres.

    Returns
    -------
    tuple of Notice
        ``perimeter-in-parts``; ``communes-apart`` names the communes that lie
        wholly outside the largest part; ``perimeter-holes`` counts the holes
        over one hectare.
    """
    from shapely import get_parts, union_all

    whole = get_parts(union_all([polygon.buffer(SNAP_M) for polygon in polygons]))
    notices = []
    if len(whole) > 1:
        largest = max(whole, key=lambda part: part.area)
        apart = [name for name, polygon in zip(names, polygons, strict=True) if not polygon.intersects(largest)]
        km2 = round(sum(part.area for part in whole if part is not largest) / M2_PER_KM2, 2)
        notices.append(Notice("perimeter-in-parts", {"count": len(whole), "km2": km2}))
        if apart:
            notices.append(Notice("communes-apart", {"count": len(apart), "names": ", ".join(apart)}))
    areas = [_hole_area(ring) for part in whole for ring in part.interiors]
    large = [area for area in areas if area > M2_PER_HECTARE]
    if large:
        notices.append(Notice("perimeter-holes", {"count": len(large), "km2": round(sum(large) / M2_PER_KM2, 2)}))
    return tuple(notices)


def _hole_area(ring: Any) -> float:
    from shapely import Polygon

    return float(Polygon(ring).area)
