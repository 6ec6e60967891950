"""Use case: the travel times of a territory that was put together, by the mode and with the options of its spec."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from territo.access.health import matrix_health
from territo.access.matrix import travel_times
from territo.access.network import Speeds, passable
from territo.assess.equity import quantile
from territo.domain.arrays import Reals
from territo.domain.roads import RoadNetwork
from territo.domain.territory import Cells, Territory
from territo.domain.travel import LoadedTerritory, Notice, TravelTimes
from territo.errors import InputError, fault
from territo.sources.assembly import Assembled
from territo.sources.spec import TravelPart
from territo.sources.travel_file import read_travel

MODES = {"car": "en voiture", "bike": "à vélo", "walk": "à pied", "transit": "en transport collectif"}


def with_travel(assembled: Assembled, options: TravelPart, speeds: Speeds) -> LoadedTerritory:
    """Add travel times to a territory: by its roads, or from a file.

    Parameters
    ----------
    assembled
        The territory and its roads.
    options
        Mode, directions, factors, limit, file.
    speeds
        Of the mode, before the factors.

    Raises
    ------
    InputError
        The file cannot be used, or the limit takes all its sites from a cell
        that has some.
    """
    territory = assembled.territory
    speeds = replace(speeds, factor=options.calibration * options.peak)
    roads = passable(assembled.roads, speeds)
    whole = _whole(territory, roads, speeds, options)
    travel, limited = _limited(whole, options.limit_minutes, territory.cells)
    health = matrix_health(
        territory,
        roads,
        speeds,
        travel,
        dropped_nodes=assembled.dropped_nodes + len(assembled.roads.xy) - len(roads.xy),
        notices=(*assembled.notices, *_against_observed(whole, options, territory), *limited),
    )
    return LoadedTerritory(territory, travel, health, roads)


def _whole(territory: Territory, roads: RoadNetwork, speeds: Speeds, options: TravelPart) -> TravelTimes:
    """All the travel times, before any limit."""
    brought = read_travel(options.file, territory) if options.file else None
    words = _provenance(territory, speeds, options)
    if brought is not None and brought.km is not None:
        return TravelTimes(brought.minutes, brought.km, options.mode, words)
    by_road = travel_times(
        roads, speeds, territory.cells.xy, territory.sites.xy, both_ways=options.both_ways, provenance=words
    )
    if brought is None:
        return by_road
    return TravelTimes(brought.minutes, np.where(np.isfinite(brought.minutes), by_road.km, np.inf), options.mode, words)


def _against_observed(travel: TravelTimes, options: TravelPart, territory: Territory) -> list[Notice]:
    """Compare times with observed ones: their ratio, each cell counting by its inhabitants."""
    if options.observed is None:
        return []
    observed = read_travel(options.observed, territory).minutes
    known = np.isfinite(observed) & np.isfinite(travel.minutes) & (travel.minutes > 0)
    if not known.any():
        return [Notice("observed-times-absent")]
    ratios = observed[known].astype(np.float64) / travel.minutes[known]
    people = np.broadcast_to(territory.cells.population[:, None], known.shape)[known]
    low, middle, high = (round(quantile(ratios, people, share), 2) for share in (0.1, 0.5, 0.9))
    return [Notice("observed-times", {"pairs": int(known.sum()), "ratio": middle, "low": low, "high": high})]


def _limited(travel: TravelTimes, limit: float | None, cells: Cells) -> tuple[TravelTimes, list[Notice]]:
    """Leave out the trips over the limit, once it is sure that no cell loses all its sites.

    The other trips keep their times: what is left out is known to be longer,
    and is not what a search did not find.
    """
    if limit is None:
        return travel, []
    beyond = np.isfinite(travel.minutes) & (travel.minutes > limit)
    nearest: Reals = travel.minutes.min(axis=1)
    lost = np.isfinite(nearest) & (nearest > limit)
    if lost.any():
        sentence = (
            "the limit of {limit} min takes all their sites from {cells} cells ({inhabitants} inhabitants): "
            "raise it to {needed} min at least"
        )
        raise InputError(
            fault(
                "travel-limit-too-short",
                sentence,
                key="travel.limit_minutes",
                limit=f"{limit:g}",
                cells=int(lost.sum()),
                inhabitants=round(float(cells.population[lost].sum())),
                needed=math.ceil(float(nearest[lost].max())),
            )
        )
    minutes, km = (np.where(beyond, np.inf, matrix) for matrix in (travel.minutes, travel.km))
    pairs = int(np.isfinite(travel.minutes).sum())
    notice = Notice("travel-limited", {"limit": f"{limit:g}", "pairs": int(beyond.sum()), "all": pairs})
    return replace(travel, minutes=minutes, km=km), [notice]


def _provenance(territory: Territory, speeds: Speeds, options: TravelPart) -> str:
    """Say where times come from, in the words that people read."""
    named = {source.layer: f"{source.producer} ({source.vintage})" for source in territory.sources if source.producer}
    if options.file:
        return f"{MODES[options.mode]}, {named.get('travel', options.file.name)}"
    words = [MODES[options.mode], named.get("roads", ""), f"vitesses territo {speeds.version}"]
    words.append(f"+ {speeds.terminal_min:g} min")
    if options.both_ways:
        words.append("sens le plus lent")
    words += [
        f"{name} × {factor:g}".replace(".", ",")
        for name, factor in (("calage", options.calibration), ("heures de pointe", options.peak))
        if factor != 1.0
    ]
    return ", ".join(word for word in words if word)
