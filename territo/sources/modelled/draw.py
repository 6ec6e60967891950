"""Tables of communes drawn at random, which look like an intercommunalité and say that they are not one."""

from __future__ import annotations

import itertools

import numpy as np

from territo.domain.arrays import Bools, Floats, Ints
from territo.domain.territory import Source
from territo.errors import InputError, fault
from territo.sources.modelled.table import LAYERS, LEAST_COMMUNES, LICENCE, PRODUCER, CommuneTable

MOST_COMMUNES = 999
_STARTS = (
    "Val", "Mont", "Roche", "Font", "Bel", "Clair", "Haute", "Pierre", "Champ", "Ville", "Bourg", "Lande",
    "Aigue", "Combe", "Prade", "Puy", "Mas", "Vern", "Crois", "Sauve", "Lune", "Marc", "Orme", "Brande",
)  # fmt: skip
_ENDS = (
    "songe", "fable", "conte", "brume", "chimère", "mirage", "légende", "rêve", "mystère", "énigme", "féerie",
    "mythe", "mage", "lutin", "dragon", "licorne", "sirène", "phénix",
)  # fmt: skip
_SUFFIXES = ("", "-le-Haut", "-le-Bas")
_AREA_KM2, _INHABITANTS = 15.0, 1_800.0
_ZIPF = 1.05
_ORIGIN = (700_000.0, 6_600_000.0)
_SECRET_BELOW = {"menages_2021": 0, "tp6021": 2_000, "rp2018_age_75p": 2_000, "med21": 100}


def draw_table(communes: int, seed: int) -> CommuneTable:
    """Draw a table of communes at random.

    Parameters
    ----------
    communes
        How many, 3 to 999.
    seed
        The same seed gives the same table.

    Returns
    -------
    CommuneTable
        Zipf-like populations around one or a few centres, spacing of French
        communes (about 15 km² each), invented names, codes from ``99001``.

    Raises
    ------
    InputError
        The number of communes is out of its limits.
    """
    if not LEAST_COMMUNES <= communes <= MOST_COMMUNES:
        raise InputError(
            fault(
                "commune-count",
                "{count} communes cannot be drawn: ask for {least} to {most}",
                count=communes,
                least=LEAST_COMMUNES,
                most=MOST_COMMUNES,
            )
        )
    rng = np.random.default_rng([seed, communes])
    xy, area = _places(communes, rng)
    population = _populations(xy, rng)
    return CommuneTable(
        codes=tuple(f"99{number:03d}" for number in range(1, communes + 1)),
        names=_names(communes, rng),
        population=population,
        lnglat=_degrees(xy),
        area_km2=area,
        columns=_columns(population, rng),
        sources=tuple(Source(layer, PRODUCER, LICENCE, f"modèle, graine {seed}", modelled=True) for layer in LAYERS),
    )


def _places(count: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Jittered hexagonal lattice inside a rounded shape; areas follow the spacing."""
    side = np.sqrt(_AREA_KM2 * rng.uniform(0.7, 1.4)) * 1_000
    half = int(np.sqrt(count)) + 3
    row, column = (axis.ravel() for axis in np.mgrid[-half : half + 1, -half : half + 1])
    lattice = np.column_stack([column + 0.5 * (row % 2), row * np.sqrt(3) / 2]) * side
    angle = np.arctan2(lattice[:, 1], lattice[:, 0])
    waves = sum(rng.uniform(0, 0.12) * np.cos(k * angle + rng.uniform(0, 2 * np.pi)) for k in (2, 3, 4))
    chosen = np.argsort(np.hypot(*lattice.T) * (1 + waves), kind="stable")[:count]
    turn = rng.uniform(-0.33, 0.33, (count, 2)) * side
    area = (side / 1_000) ** 2 * np.sqrt(3) / 2 * rng.lognormal(0, 0.4, count)
    return lattice[chosen] + turn, np.round(area, 2)


def _populations(xy: Floats, rng: np.random.Generator) -> Ints:
    """Zipf sizes, the largest at a few centres, the others smaller with distance to them, with noise."""
    count = len(xy)
    size = 1 / np.arange(1, count + 1) ** _ZIPF * rng.lognormal(0, 0.15, count)
    size = np.sort(size / size.sum() * count * _INHABITANTS * rng.lognormal(0, 0.3))[::-1]
    centres = [int(np.argmin(np.hypot(*(xy - xy.mean(axis=0)).T)))]
    for _ in range(count // 40):
        away = np.min([np.hypot(*(xy - xy[centre]).T) for centre in centres], axis=0)
        centres.append(int(np.argmax(away * rng.uniform(0.4, 1, count))))
    away = np.min([np.hypot(*(xy - xy[centre]).T) for centre in centres], axis=0)
    order = np.argsort(away / np.median(away) + rng.gumbel(0, 0.9, count), kind="stable")
    order = np.array([*centres, *(place for place in order if place not in centres)])
    population = np.empty(count, dtype=np.int64)
    population[order] = np.maximum(np.round(size), 50)
    return population


def _names(count: int, rng: np.random.Generator) -> tuple[str, ...]:
    every = ["".join(parts) for parts in itertools.product(_STARTS, _ENDS, _SUFFIXES)]
    plain = [name for name in every if "-" not in name]
    drawn = [*rng.permutation(plain), *rng.permutation([name for name in every if "-" in name])]
    return tuple(str(name) for name in drawn[:count])


def _degrees(xy: Floats) -> Floats:
    from pyproj import Transformer

    back = Transformer.from_crs("EPSG:2154", "EPSG:4326", always_xy=True)
    lng, lat = back.transform(xy[:, 0] + _ORIGIN[0], xy[:, 1] + _ORIGIN[1])
    return np.round(np.column_stack([lng, lat]), 5)


def _columns(population: Ints, rng: np.random.Generator) -> dict[str, tuple[str, ...]]:
    """Households, median income, poverty and age, empty where INSEE would keep them secret."""
    count = len(population)
    values: dict[str, Floats] = {
        "menages_2021": np.round(population / rng.uniform(2.0, 2.5, count)),
        "med21": np.round(rng.normal(23_500, 2_200, count), -1),
        "tp6021": np.round(rng.normal(12, 4, count).clip(4, 30)),
        "rp2018_age_75p": np.round(rng.normal(12, 3, count).clip(4, 25), 2),
    }
    return {name: _published(column, population >= _SECRET_BELOW[name]) for name, column in values.items()}


def _published(values: Floats, public: Bools) -> tuple[str, ...]:
    return tuple(f"{value:g}" if shown else "" for value, shown in zip(values.tolist(), public.tolist(), strict=True))
