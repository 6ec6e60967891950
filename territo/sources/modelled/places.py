"""Where local roads meet: crossings in towns and hamlets in the country."""

from __future__ import annotations

import numpy as np
import shapely
from shapely import Polygon

from territo.domain.arrays import Bools, Floats, Ints

_TOWN_PEOPLE_PER_KM2 = 1_500.0
_LEAST_TOWN_M = 350.0
_CROSSINGS_PER_KM2 = 30.0
_FEWEST, _MOST = 60, 150
_TOWN_GAP_M, _COUNTRY_GAP_M = 110.0, 260.0
_TOWN_SHARE = 0.55


def town_radius(population: Ints, area_m2: Floats) -> Floats:
    """(n,) radius of each town, metres: what its inhabitants fill at 1,500 a km², within its commune."""
    filled = np.sqrt(population / _TOWN_PEOPLE_PER_KM2 / np.pi) * 1_000
    widest = np.maximum(0.85 * np.sqrt(area_m2 / np.pi), _LEAST_TOWN_M)
    return np.asarray(np.clip(filled, _LEAST_TOWN_M, widest), dtype=np.float64)


def local_places(
    centres: Floats, population: Ints, outlines: list[Polygon], taken: Floats, seed: int
) -> tuple[Floats, Bools]:
    """Place the nodes of local roads, commune by commune.

    Parameters
    ----------
    centres, population, outlines
        The n communes: (n, 2) metres, (n,) inhabitants, polygons in metres.
    taken
        (t, 2) nodes of the main roads, from which places keep away.
    seed
        The same seed gives the same places.

    Returns
    -------
    tuple of ndarray
        (p, 2) metres, and (p,) whether the place lies in a town.
    """
    area = shapely.area(outlines)
    radius = town_radius(population, area)
    places, towns = [np.empty((0, 2))], [np.empty(0, dtype=np.bool_)]
    for commune, outline in enumerate(outlines):
        rng = np.random.default_rng([seed, 4, commune])
        near = taken[shapely.contains_xy(outline, taken)]
        wanted = int(np.clip(40 + 3.5 * area[commune] / 1e6 + population[commune] / 400, _FEWEST, _MOST)) - len(near)
        wanted = max(wanted, _FEWEST // 2)
        in_town = int(min(_TOWN_SHARE * wanted, _CROSSINGS_PER_KM2 * np.pi * (radius[commune] / 1e3) ** 2))
        inside = _disc(centres[commune], radius[commune], 6 * in_town, rng)
        inside = inside[shapely.contains_xy(outline, inside)]
        town = _spaced(inside, near, in_town, _TOWN_GAP_M)
        country = _spaced(
            _box(outline, 8 * wanted, rng), np.concatenate([near, town]), wanted - len(town), _COUNTRY_GAP_M
        )
        places += [town, country]
        towns += [np.ones(len(town), dtype=np.bool_), np.zeros(len(country), dtype=np.bool_)]
    return np.concatenate(places), np.concatenate(towns)


def _disc(centre: Floats, radius: float, count: int, rng: np.random.Generator) -> Floats:
    away, turn = radius * rng.uniform(size=count) ** 0.6, rng.uniform(0, 2 * np.pi, count)
    return np.asarray(centre + np.column_stack([away * np.cos(turn), away * np.sin(turn)]))


def _box(outline: Polygon, count: int, rng: np.random.Generator) -> Floats:
    west, south, east, north = outline.bounds
    points = rng.uniform((west, south), (east, north), (count, 2))
    return points[shapely.contains_xy(outline, points)]


def _spaced(candidates: Floats, taken: Floats, count: int, gap: float) -> Floats:
    """Take candidates in order, at least ``gap`` from all that is taken, until there are ``count``."""
    chosen = np.empty((len(taken) + count, 2))
    chosen[: len(taken)] = taken
    size = len(taken)
    for point in candidates:
        if size == len(chosen):
            break
        if not size or ((chosen[:size] - point) ** 2).sum(axis=1).min() >= gap**2:
            chosen[size] = point
            size += 1
    return chosen[len(taken) : size]
