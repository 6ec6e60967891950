"""From the files of a spec to a territory and its routable roads, all faults at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

import numpy as np

from territo.access.network import Speeds, largest_part
from territo.domain.arrays import Floats, Ints
from territo.domain.roads import RoadNetwork
from territo.domain.territory import Cells, Communes, Sites, Territory
from territo.domain.travel import Notice
from territo.errors import Fault, InputError, fault, raise_faults
from territo.sources.adjacency import NODE_REACH_M, adjacency
from territo.sources.communes import Described, Outlines, read_description, read_outlines
from territo.sources.facilities import Point, read_equipment, read_france_services, read_sites, read_staff
from territo.sources.grids import RawGrid, attach, read_insee_grid
from territo.sources.places import commune_of, projected
from territo.sources.provenance import layer_sources, territory_digest, unstated
from territo.sources.rasters import read_raster_grid
from territo.sources.roads import read_roads
from territo.sources.spec import TerritorySpec
from territo.sources.spreading import modelled_grid

LEAST_CONNECTED = 0.8
MOST_NAMED = 8
FARTHEST_HALL_M = 500.0
VOWELS = frozenset("AEIOUYÀÂÉÈÊËÎÏÔÖÛÜŒ")

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Assembled:
    """A territory before travel times.

    Parameters
    ----------
    territory
        The nouns.
    roads
        The part of the network that routes.
    dropped_nodes
        Road nodes left out of it.
    notices
        What was dropped, completed or repaired.
    """

    territory: Territory
    roads: RoadNetwork
    dropped_nodes: int
    notices: tuple[Notice, ...]


class _Attempts:
    """Runs readers, and keeps the faults of those that fail until all have run."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def __call__(self, reader: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """Return what the reader returns, None if its input is bad."""
        try:
            return reader(*args, **kwargs)
        except InputError as error:
            self.faults += error.faults
            return None


def assemble(spec: TerritorySpec, speeds: Speeds, stage: Callable[[str], None]) -> Assembled:
    """Read all the files of a spec and put the territory together.

    Parameters
    ----------
    spec
        Checked by :func:`territo.sources.spec.read_spec`.
    speeds
        Named in the sources and in the digest.
    stage
        Called with ``communes``, ``roads``, ``grid``, ``facilities`` and
        ``adjacency`` as each begins.

    Raises
    ------
    InputError
        With the faults of all the files.
    """
    crs = projected(spec.crs)
    attempt = _Attempts()
    stage("communes")
    outlines = attempt(read_outlines, spec.communes, crs)
    described = attempt(read_description, spec.attributes, outlines, crs) if outlines else None
    stage("roads")
    network = attempt(read_roads, spec.roads.file, crs)
    routable = attempt(_routable, network, spec, outlines) if network and outlines else None
    halls_xy, moved = _town_hall_places(described.centres, routable) if described and routable else (None, ())
    stage("grid")
    grid = attempt(_raw_grid, spec, crs, outlines, described, routable, halls_xy) if outlines else None
    gridded = attempt(_cells, grid, spec, outlines, described) if grid and outlines and described else None
    stage("facilities")
    found = _facilities(attempt, spec, outlines.codes, crs) if outlines else None
    if not (outlines and described and routable and gridded and found) or halls_xy is None or attempt.faults:
        raise InputError(*attempt.faults)
    stage("adjacency")
    communes, (cells, notices) = _communes(outlines, described, found), gridded
    pairs, joined = adjacency(communes.codes, communes.outlines, routable.roads, routable.commune_of_node)
    territory = Territory(
        name=spec.name,
        crs=spec.crs,
        communes=communes,
        cells=cells,
        sites=_sites(communes, halls_xy, found.points),
        adjacency=pairs,
        sources=layer_sources(spec, speeds),
        digest=territory_digest(spec, speeds),
    )
    every = (
        *unstated(spec),
        *described.notices,
        *notices,
        *found.notices,
        *moved,
        *joined,
        *_unnamed_classes(routable.roads, speeds),
    )
    return Assembled(territory, routable.roads, routable.dropped, every)


@dataclass(frozen=True, slots=True, eq=False)
class _Routable:
    roads: RoadNetwork
    dropped: int
    commune_of_node: Ints


@dataclass(frozen=True, slots=True, eq=False)
class _Facilities:
    equipment: dict[str, Ints]
    points: list[Point]
    staff: dict[str, Floats]
    notices: tuple[Notice, ...]


def _routable(network: RoadNetwork, spec: TerritorySpec, outlines: Outlines) -> _Routable:
    """Keep what routes; refuse roads in pieces, and communes that no road enters."""
    roads, kept = largest_part(network)
    faults = []
    if kept.mean() < LEAST_CONNECTED:
        sentence = (
            "the roads are in pieces: the largest connected part holds only {percent} % of the nodes, complete them"
        )
        percent = f"{100 * kept.mean():.0f}"
        faults.append(fault("disconnected-roads", sentence, where=spec.roads.file.name, percent=percent))
    commune = commune_of(roads.xy, outlines.polygons, within_m=NODE_REACH_M)
    bare = _without_road(roads, commune, outlines)
    if bare:
        sentence = "no connected road enters {names}: complete the roads or remove these communes"
        bare = [*bare[:MOST_NAMED], "…"] if len(bare) > MOST_NAMED else bare
        faults.append(fault("commune-without-road", sentence, where=spec.roads.file.name, names=", ".join(bare)))
    raise_faults(faults)
    return _Routable(roads, int((~kept).sum()), commune)


def _without_road(roads: RoadNetwork, commune: Ints, outlines: Outlines) -> list[str]:
    """Names of the communes that hold no road node, and that no link crosses."""
    from shapely import STRtree, linestrings

    empty = [index for index in range(len(outlines.codes)) if not (commune == index).any()]
    if not empty:
        return []
    links = np.asarray(linestrings(np.stack([roads.xy[roads.tail], roads.xy[roads.head]], axis=1)))
    crossed = STRtree(links).query([outlines.polygons[index] for index in empty], predicate="intersects")[0]
    return [outlines.names[index] for place, index in enumerate(empty) if place not in crossed]


def _raw_grid(
    spec: TerritorySpec,
    crs: Any,
    outlines: Outlines,
    described: Described | None,
    routable: _Routable | None,
    halls_xy: Floats | None,
) -> RawGrid | None:
    """Read the grid, or model it where the communes and the roads could be read."""
    if spec.grid.file is None:
        if described is None or routable is None or halls_xy is None:
            return None
        return modelled_grid(outlines.polygons, described.population, halls_xy, routable.roads)
    if spec.grid.kind == "insee":
        return read_insee_grid(spec.grid.file, crs)
    corners = np.array([polygon.bounds for polygon in outlines.polygons])
    return read_raster_grid(spec.grid.file, crs, np.concatenate([corners[:, :2].min(0), corners[:, 2:].max(0)]))


def _cells(
    grid: RawGrid, spec: TerritorySpec, outlines: Outlines, described: Described
) -> tuple[Cells, tuple[Notice, ...]]:
    where = spec.grid.file.name if spec.grid.file else ""
    return attach(grid, outlines.codes, outlines.polygons, described.population, described.centres, where=where)


def _facilities(attempt: _Attempts, spec: TerritorySpec, codes: Sequence[str], crs: Any) -> _Facilities:
    files = spec.facilities
    equipment = attempt(read_equipment, files.bpe, codes) if files.bpe else None
    services = attempt(read_france_services, files.france_services, codes, crs) if files.france_services else None
    own = attempt(read_sites, files.sites, codes, crs) if files.sites else None
    staff = attempt(read_staff, spec.staff.file, codes) if spec.staff else None
    points, notices = services or ([], ())
    return _Facilities(equipment or {}, [*points, *(own or [])], staff or {}, notices)


def _communes(outlines: Outlines, described: Described, found: _Facilities) -> Communes:
    return Communes(
        codes=outlines.codes,
        names=outlines.names,
        population=described.population.astype(np.int64),
        area_km2=described.area_km2,
        centres=described.centres,
        outlines=outlines.polygons,
        attributes=described.attributes,
        equipment=found.equipment,
        staff=found.staff,
    )


def _sites(communes: Communes, halls_xy: Floats, points: Sequence[Point]) -> Sites:
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


def _town_hall_places(centres: Floats, routable: _Routable) -> tuple[Floats, tuple[Notice, ...]]:
    """Move to the nearest road node of their commune the centres that no town hall can stand at.

    The published centre of a large commune is often the middle of its outline,
    kilometres away from any road.
    """
    from scipy.spatial import KDTree

    moved = []
    places = centres.copy()
    metres = KDTree(routable.roads.xy).query(centres)[0]
    for commune in np.flatnonzero(metres > FARTHEST_HALL_M):
        nodes = routable.roads.xy[routable.commune_of_node == commune]
        if len(nodes):
            places[commune] = nodes[KDTree(nodes).query(centres[commune])[1]]
            moved.append(float(np.linalg.norm(places[commune] - centres[commune])))
    if not moved:
        return places, ()
    return places, (Notice("town-halls-moved", {"count": len(moved), "metres": round(max(moved))}),)


def _town_hall(name: str) -> str:
    """Name of the town hall of a commune, in French."""
    for article, joined in (("Le ", "du "), ("Les ", "des ")):
        if name.startswith(article):
            return f"Mairie {joined}{name.removeprefix(article)}"
    return f"Mairie d’{name}" if name[:1] in VOWELS else f"Mairie de {name}"


def _unnamed_classes(roads: RoadNetwork, speeds: Speeds) -> list[Notice]:
    used = {roads.classes[index] for index in np.unique(roads.road_class)}
    return [Notice("unnamed-road-class", {"name": name}) for name in sorted(used - set(speeds.kmh))]
