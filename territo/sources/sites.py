"""Where the candidate sites stand: a town hall in each commune, France services, the user's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from territo.domain.arrays import Floats
from territo.domain.territory import Communes, Sites
from territo.domain.travel import Notice
from territo.errors import fault, raise_faults
from territo.sources.communes import Outlines
from territo.sources.facilities import Point
from territo.sources.routable import Routable

FARTHEST_HALL_M = 500.0
FARTHEST_PLACE_M = 20_000.0
VOWELS = frozenset("AEIOUYÀÂÉÈÊËÎÏÔÖÛÜŒ")


def all_sites(communes: Communes, halls_xy: Floats, points: Sequence[Point]) -> Sites:
    """Put a town hall in each commune, then the France services points and the user's own sites."""
    halls = [
        Point(code, _town_hall(name), "town_hall", index, (float(x), float(y)), frozenset(), np.nan)
        for index, (code, name, (x, y)) in enumerate(zip(communes.codes, communes.names, halls_xy, strict=True))
    ]
    every = [*halls, *points]
    return Sites(
        ids=tuple(point.id for point in every),
        names=tuple(point.name for point in every),
        kinds=tuple(point.kind for point in every),
        commune=np.array([point.commune for point in every]),
        xy=np.array([point.xy for point in every]),
        services=tuple(point.services for point in every),
        hours_week=np.array([point.hours_week for point in every]),
        capacity_m2=np.array([point.capacity_m2 for point in every]),
    )


def check_places(places: Iterable[tuple[str, int, tuple[float, float]]], outlines: Outlines, where: str) -> None:
    """Refuse places that stand far from the commune that they are said to be in.

    Parameters
    ----------
    places
        Name, index of the commune, metres.
    outlines
        The communes.
    where
        Name of the file of the places.

    Raises
    ------
    InputError
        Names of the places over 20 km away from their commune.
    """
    from shapely import Point as Spot

    faults = []
    for name, commune, xy in places:
        away = outlines.polygons[commune].distance(Spot(xy))
        if not away <= FARTHEST_PLACE_M:
            sentence = "{name} stands {km} km away from {commune}, where it is said to be: check its coordinates"
            context = {"name": name, "km": f"{away / 1000:.0f}", "commune": outlines.names[commune]}
            faults.append(fault("far-place", sentence, where=where, **context))
    raise_faults(faults)


def hall_places(
    centres: Floats, known: Mapping[int, tuple[float, float]], routable: Routable
) -> tuple[Floats, tuple[Notice, ...]]:
    """Places of the town halls: those of the list, else the centres, moved to a road where they are far from any.

    The published centre of a large commune is often the middle of its outline,
    kilometres away from any road.
    """
    from scipy.spatial import KDTree

    moved = []
    places = centres.copy()
    for commune, place in known.items():
        places[commune] = place
    metres = KDTree(routable.roads.xy).query(places)[0]
    for commune in np.flatnonzero(metres > FARTHEST_HALL_M).tolist():
        nodes = routable.roads.xy[routable.commune_of_node == commune]
        if len(nodes):
            former = places[commune].copy()
            places[commune] = nodes[KDTree(nodes).query(former)[1]]
            moved.append(float(np.linalg.norm(places[commune] - former)))
    if not moved:
        return places, ()
    return places, (Notice("town-halls-moved", {"count": len(moved), "metres": round(max(moved))}),)


def _town_hall(name: str) -> str:
    """Name of the town hall of a commune, in French."""
    for article, joined in (("Le ", "du "), ("Les ", "des ")):
        if name.startswith(article):
            return f"Mairie {joined}{name.removeprefix(article)}"
    return f"Mairie d’{name}" if name[:1] in VOWELS else f"Mairie de {name}"
