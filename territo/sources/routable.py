"""The roads that route: read or modelled, in one connected part that enters every commune."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from territo.access.network import largest_part
from territo.domain.arrays import Ints
from territo.domain.roads import RoadNetwork
from territo.domain.travel import Notice
from territo.errors import fault, raise_faults
from territo.sources.adjacency import NODE_REACH_M
from territo.sources.communes import Described, Outlines
from territo.sources.places import commune_of
from territo.sources.roads import modelled_network, read_roads
from territo.sources.spec import TerritorySpec

LEAST_CONNECTED = 0.8
MOST_NAMED = 8


@dataclass(frozen=True, slots=True, eq=False)
class Routable:
    """The connected part of a network.

    Parameters
    ----------
    roads
        What routes.
    dropped
        Nodes left out of it.
    commune_of_node
        (v,) commune of each node, -1 for none.
    """

    roads: RoadNetwork
    dropped: int
    commune_of_node: Ints


def network_of(
    spec: TerritorySpec, crs: Any, outlines: Outlines | None, described: Described | None
) -> tuple[RoadNetwork, tuple[Notice, ...]] | None:
    """Read the roads, or model them; None where the communes that would be modelled could not be read.

    Raises
    ------
    InputError
        The file of roads cannot be used.
    """
    if spec.roads.file is not None:
        return read_roads(spec.roads.file, crs, outlines.bounds() if outlines else None)
    if outlines is None or described is None:
        return None
    return modelled_network(described.centres, described.population, outlines.polygons, spec.roads.seed)


def routable_part(network: RoadNetwork, spec: TerritorySpec, outlines: Outlines) -> Routable:
    """Keep what routes.

    Raises
    ------
    InputError
        The roads are in pieces, or no road enters a commune.
    """
    where = spec.roads.file.name if spec.roads.file else ""
    roads, kept = largest_part(network)
    faults = []
    if kept.mean() < LEAST_CONNECTED:
        sentence = (
            "the roads are in pieces: the largest connected part holds only {percent} % of the nodes, complete them"
        )
        percent = f"{100 * kept.mean():.0f}"
        faults.append(fault("disconnected-roads", sentence, where=where, percent=percent))
    commune = commune_of(roads.xy, outlines.polygons, within_m=NODE_REACH_M)
    bare = _without_road(roads, commune, outlines)
    if bare:
        sentence = "no connected road enters {names}: complete the roads or remove these communes"
        bare = [*bare[:MOST_NAMED], "…"] if len(bare) > MOST_NAMED else bare
        faults.append(fault("commune-without-road", sentence, where=where, names=", ".join(bare)))
    raise_faults(faults)
    return Routable(roads, int((~kept).sum()), commune)


def _without_road(roads: RoadNetwork, commune: Ints, outlines: Outlines) -> list[str]:
    """Names of the communes that hold no road node, and that no link crosses."""
    from shapely import STRtree, linestrings

    empty = [index for index in range(len(outlines.codes)) if not (commune == index).any()]
    if not empty:
        return []
    links = np.asarray(linestrings(np.stack([roads.xy[roads.tail], roads.xy[roads.head]], axis=1)))
    crossed = STRtree(links).query([outlines.polygons[index] for index in empty], predicate="intersects")[0]
    return [outlines.names[index] for place, index in enumerate(empty) if place not in crossed]
