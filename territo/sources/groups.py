"""Social groups on cells: counted by the grid, else spread from the figures of the communes, and never made up.

What is secret stays missing. It is filled only by a rule that the spec names
(``groups: {impute: [...]}``), and every filling is said:

- ``insee``: the approximate values of INSEE for squares under 11 households are
  kept (:func:`territo.sources.grids.read_insee_grid`);
- ``known_rate``: where a group is missing, its share is that of the cells of the
  territory where it is known.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

import numpy as np

from territo.domain.arrays import Bools, Floats
from territo.domain.territory import Cells
from territo.domain.travel import Notice

KNOWN_RATE = "known_rate"
PEOPLE = "people"
HOUSEHOLDS = "households"


class Group(NamedTuple):
    """A social group: what it is a share of, and the attribute of communes that gives this share, %."""

    base: str
    share: str


# poverty is published for persons: the rate of households is taken to be the same
GROUPS: Mapping[str, Group] = {
    "poor_households": Group(HOUSEHOLDS, "poverty_rate"),
    "no_car_households": Group(HOUSEHOLDS, "share_no_car"),
    "age_0_3": Group(PEOPLE, "share_0_3"),
    "age_80_plus": Group(PEOPLE, "share_80_plus"),
}


def with_groups(
    cells: Cells, attributes: Mapping[str, Floats], rules: Collection[str] = ()
) -> tuple[Cells, tuple[Notice, ...]]:
    """Complete the social groups of the cells.

    A group that the grid does not count is spread from the communes: the share
    of the commune times the base of each cell, so that the cells of a commune
    sum to its figure. Households that the grid does not count are spread by
    inhabitants.

    Parameters
    ----------
    cells
        With the groups that the grid counts.
    attributes
        Name -> (n,) figures of the communes, NaN where secret: ``households``,
        and shares in % (``poverty_rate``, ``share_no_car``, ``share_0_3``,
        ``share_80_plus``); ``households_with_car`` over ``households`` serves
        where ``share_no_car`` is absent.
    rules
        Names of the rules that may fill what is missing.

    Returns
    -------
    Cells
        With ``households`` and every group that is known somewhere.
    tuple of Notice
        ``group-missing`` and ``group-known-rate`` for each group.
    """
    shares = _shares(attributes)
    bases = {PEOPLE: cells.population, HOUSEHOLDS: _households(cells, attributes)}
    groups: dict[str, Floats] = {HOUSEHOLDS: bases[HOUSEHOLDS]} if np.isfinite(bases[HOUSEHOLDS]).any() else {}
    notices: list[Notice] = []
    for name, group in GROUPS.items():
        counts = cells.groups.get(name)
        if counts is None and group.share in shares:
            counts = shares[group.share][cells.commune] / 100 * bases[group.base]
        if counts is None or not np.isfinite(counts).any():
            continue
        missing = np.isnan(counts)
        if missing.any() and KNOWN_RATE in rules:
            counts, rate = _at_known_rate(counts, bases[group.base])
            notices.append(Notice(f"group-known-rate.{name}", {"rate": round(100 * rate, 1), **_of(cells, missing)}))
            missing = np.isnan(counts)
        if missing.any():
            notices.append(Notice(f"group-missing.{name}", _of(cells, missing)))
        groups[name] = counts
    return Cells(cells.xy, cells.population, cells.commune, cells.size_m, groups), tuple(notices)


def _shares(attributes: Mapping[str, Floats]) -> dict[str, Floats]:
    """Shares in % of the communes; those out of 0 to 100 cannot be, and are missing."""
    shares = {group.share: attributes[group.share] for group in GROUPS.values() if group.share in attributes}
    if "share_no_car" not in shares and {HOUSEHOLDS, "households_with_car"} <= set(attributes):
        every, with_car = attributes[HOUSEHOLDS], attributes["households_with_car"]
        shares["share_no_car"] = 100 * (
            1 - np.divide(with_car, every, out=np.full(len(every), np.nan), where=every > 0)
        )
    return {name: np.where((values >= 0) & (values <= 100), values, np.nan) for name, values in shares.items()}  # noqa: PLR2004  # percent


def _households(cells: Cells, attributes: Mapping[str, Floats]) -> Floats:
    """(m,) households, NaN where nobody says how many."""
    known = attributes.get(HOUSEHOLDS)
    spread = np.full(len(cells), np.nan)
    if known is not None:
        people = np.bincount(cells.commune, weights=cells.population, minlength=len(known))
        spread = (known / np.where(people > 0, people, np.nan))[cells.commune] * cells.population
    counted = cells.groups.get(HOUSEHOLDS)
    return spread if counted is None else np.where(np.isnan(counted), spread, counted)


def _at_known_rate(counts: Floats, base: Floats) -> tuple[Floats, float]:
    known = np.isfinite(counts) & np.isfinite(base)
    rate = float(counts[known].sum() / base[known].sum()) if base[known].sum() > 0 else np.nan
    return np.where(np.isnan(counts), rate * base, counts), rate


def _of(cells: Cells, missing: Bools) -> dict[str, int]:
    share = float(cells.population[missing].sum() / cells.population.sum())
    return {"cells": int(missing.sum()), "percent": round(100 * share)}
