"""The instances of the comparisons: OR-Library files, and towns drawn at random with a fixed seed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.locate.instances import pmed

Array = NDArray[np.floating[Any]]

SEED = 20
SIDE_KM = 60.0
TOWNS = 12
RURAL_SHARE = 0.35
# mean cost of opening a site, in weight x kilometres: many, some and few sites pay for themselves
OPENING_COSTS = {"cheap": 2_000.0, "middling": 10_000.0, "dear": 40_000.0}
COVER_POINTS, COVER_RADIUS_KM, COVER_SITES = 900, 4.0, 20


@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """What a location model is asked.

    Parameters
    ----------
    costs : float array (demand points, sites)
    weights : float array (demand points,)
    p
        Sites to open, where the model asks for a number.
    radius
        Reach of a site, where the model asks for one.
    opening_costs : float array (sites,)
        Where the model asks for them.
    """

    costs: Array
    weights: Array
    p: int = 0
    radius: float = 0.0
    opening_costs: Array | None = None


def load(name: str) -> Instance:
    """Read or draw an instance: ``pmed7``, ``charge-dear``, ``cover``..."""
    if name.startswith("pmed"):
        network = pmed(name)
        return Instance(network.costs, np.ones(len(network.costs)), p=network.p)
    if name == "cover":
        points, weights = inhabitants(COVER_POINTS)
        costs = distances(points, points)
        return Instance(costs, weights, p=COVER_SITES, radius=COVER_RADIUS_KM)
    points, weights = inhabitants(1000)
    sites = points[:100]
    spread = np.random.default_rng(SEED + 1).uniform(0.8, 1.2, len(sites))
    return Instance(distances(points, sites), weights, opening_costs=OPENING_COSTS[name.partition("-")[2]] * spread)


def inhabitants(count: int) -> tuple[Array, Array]:
    """Draw places in kilometres, most of them around towns, and the people who live there."""
    draw = np.random.default_rng(SEED)
    centres, sizes = draw.uniform(0, SIDE_KM, (TOWNS, 2)), draw.dirichlet(np.ones(TOWNS))
    town = draw.choice(TOWNS, count, p=sizes)
    around = centres[town] + draw.normal(0, SIDE_KM / 30, (count, 2))
    rural = draw.random(count) < RURAL_SHARE
    places = np.where(rural[:, None], draw.uniform(0, SIDE_KM, (count, 2)), around)
    return places, np.round(draw.lognormal(4, 1, count)) + 1


def distances(points: Array, sites: Array) -> Array:
    """Measure as the crow flies, to 10 metres."""
    legs = points[:, None] - sites
    return np.round(np.hypot(legs[..., 0], legs[..., 1]), 2)
