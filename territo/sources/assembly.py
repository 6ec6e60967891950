"""From the files of a spec to a territory and its routable roads, all faults at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

import numpy as np

from territo.access.network import Speeds
from territo.domain.arrays import Floats, Ints
from territo.domain.roads import RoadNetwork
from territo.domain.territory import Cells, Communes, Territory
from territo.domain.travel import Notice
from territo.errors import Fault, InputError, fault
from territo.sources.adjacency import adjacency
from territo.sources.communes import Described, Outlines, read_description, read_outlines
from territo.sources.facilities import (
    Point,
    read_equipment,
    read_france_services,
    read_sites,
    read_spending,
    read_staff,
    read_town_halls,
)
from territo.sources.grids import RawGrid, attach, read_insee_grid
from territo.sources.groups import with_groups
from territo.sources.indicators import read_finance, read_indicators
from territo.sources.places import projected
from territo.sources.provenance import layer_sources, territory_digest, unstated
from territo.sources.rasters import read_raster_grid
from territo.sources.routable import Routable, network_of, routable_part
from territo.sources.sites import all_sites, check_places, hall_places
from territo.sources.spec import TerritorySpec
from territo.sources.spreading import modelled_grid

MOST_FAULTS = 20

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
            self.faults += first(error.faults)
            return None


def first(faults: Sequence[Fault]) -> list[Fault]:
    """Keep the first faults of a file, and count the others."""
    others = len(faults) - MOST_FAULTS
    if others <= 0:
        return list(faults)
    return [
        *faults[:MOST_FAULTS],
        fault("more-faults", "and {count} more like these", where=faults[0].where, count=others),
    ]


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
    figures = _figures(attempt, spec, outlines.codes) if outlines else None
    halls = attempt(_town_halls, spec, outlines, crs) if outlines else None
    stage("roads")
    network = attempt(network_of, spec, crs, outlines, described)
    routable = attempt(routable_part, network[0], spec, outlines) if network and outlines else None
    halls_xy, moved = (
        hall_places(described.centres, halls.places, routable) if described and halls and routable else (None, ())
    )
    stage("grid")
    grid = attempt(_raw_grid, spec, crs, outlines, described, routable, halls_xy) if outlines else None
    gridded = attempt(_cells, grid, spec, outlines, described) if grid and outlines and described else None
    stage("facilities")
    found = _facilities(attempt, spec, outlines, crs) if outlines else None
    if not (outlines and described and figures and halls and network and routable and gridded and found) or (
        halls_xy is None or attempt.faults
    ):
        raise InputError(*attempt.faults)
    stage("adjacency")
    communes = _communes(outlines, described, figures, found)
    cells, grouped = with_groups(gridded[0], communes.attributes, spec.groups.impute)
    pairs, joined = adjacency(communes.codes, communes.outlines, routable.roads, routable.commune_of_node)
    territory = Territory(
        name=spec.name,
        crs=spec.crs,
        communes=communes,
        cells=cells,
        sites=all_sites(communes, halls_xy, found.points),
        adjacency=pairs,
        sources=layer_sources(spec, speeds),
        digest=territory_digest(spec, speeds),
    )
    read = (*unstated(spec), *outlines.notices, *described.notices, *figures.notices, *halls.notices, *network[1])
    placed = (*gridded[1], *grouped, *found.notices, *moved, *joined, *_unnamed_classes(routable.roads, speeds))
    return Assembled(territory, routable.roads, routable.dropped, (*read, *placed))


@dataclass(frozen=True, slots=True, eq=False)
class _Figures:
    attributes: dict[str, Floats]
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Halls:
    places: dict[int, tuple[float, float]]
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Facilities:
    equipment: dict[str, Ints]
    points: list[Point]
    staff: dict[str, Floats]
    spending: dict[str, Floats]
    notices: tuple[Notice, ...]


def _figures(attempt: _Attempts, spec: TerritorySpec, codes: Sequence[str]) -> _Figures:
    """Figures by commune of INSEE and OFGL; of two files that give the same figure the first counts."""
    read = [attempt(read_indicators, path, codes) for path in spec.indicators]
    read += [attempt(read_finance, spec.finance.ofgl, codes)] if spec.finance.ofgl else []
    attributes: dict[str, Floats] = {}
    for found, _ in filter(None, read):
        attributes |= {name: values for name, values in found.items() if name not in attributes}
    return _Figures(attributes, tuple(notice for _, said in filter(None, read) for notice in said))


def _town_halls(spec: TerritorySpec, outlines: Outlines, crs: Any) -> _Halls:
    if spec.facilities.town_halls is None:
        return _Halls({}, ())
    places, notices = read_town_halls(spec.facilities.town_halls, outlines.codes, crs)
    named = ((outlines.names[commune], commune, xy) for commune, xy in places.items())
    check_places(named, outlines, spec.facilities.town_halls.name)
    return _Halls(places, notices)


def _raw_grid(
    spec: TerritorySpec,
    crs: Any,
    outlines: Outlines,
    described: Described | None,
    routable: Routable | None,
    halls_xy: Floats | None,
) -> RawGrid | None:
    """Read the grid, or model it where the communes and the roads could be read."""
    if spec.grid.file is None:
        if described is None or routable is None or halls_xy is None:
            return None
        return modelled_grid(outlines.polygons, described.population, halls_xy, routable.roads)
    if spec.grid.kind == "insee":
        return read_insee_grid(spec.grid.file, crs, outlines.bounds(), keep_imputed="insee" in spec.groups.impute)
    return read_raster_grid(spec.grid.file, crs, outlines.bounds())


def _cells(
    grid: RawGrid, spec: TerritorySpec, outlines: Outlines, described: Described
) -> tuple[Cells, tuple[Notice, ...]]:
    where = spec.grid.file.name if spec.grid.file else ""
    return attach(grid, outlines.names, outlines.polygons, described.population, described.centres, where=where)


def _facilities(attempt: _Attempts, spec: TerritorySpec, outlines: Outlines, crs: Any) -> _Facilities:
    files, codes, elsewhere = spec.facilities, outlines.codes, outlines.left_out
    equipment = attempt(read_equipment, files.bpe, codes) if files.bpe else None
    services = attempt(read_france_services, files.france_services, codes, crs) if files.france_services else None
    own = attempt(read_sites, files.sites, codes, crs, elsewhere) if files.sites else None
    staff = attempt(read_staff, spec.staff.file, codes, elsewhere) if spec.staff else None
    spending = attempt(read_spending, spec.staff.file, codes, elsewhere) if spec.staff and staff else None
    counts, counted = equipment or ({}, ())
    points, listed = services or ([], ())
    for path, found in ((files.france_services, points), (files.sites, own)):
        if path and found:
            attempt(check_places, [(each.name, each.commune, each.xy) for each in found], outlines, path.name)
    return _Facilities(counts, [*points, *(own or [])], staff or {}, spending or {}, (*counted, *listed))


def _communes(outlines: Outlines, described: Described, figures: _Figures, found: _Facilities) -> Communes:
    return Communes(
        codes=outlines.codes,
        names=outlines.names,
        population=described.population.astype(np.int64),
        area_km2=described.area_km2,
        centres=described.centres,
        outlines=outlines.polygons,
        attributes={**figures.attributes, **described.attributes},
        equipment=found.equipment,
        staff=found.staff,
        spending=found.spending,
    )


def _unnamed_classes(roads: RoadNetwork, speeds: Speeds) -> list[Notice]:
    used = {roads.classes[index] for index in np.unique(roads.road_class)}
    return [Notice("unnamed-road-class", {"name": name}) for name in sorted(used - set(speeds.kmh))]
