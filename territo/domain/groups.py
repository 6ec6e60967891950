"""Who belongs to a social group in each cell: what the grid counts, else what the commune publishes.

Where neither says, the standard demography of the catalogue stands in, as in
the need weights: people whose share is secret would otherwise be in no
promise. A group that the territory knows nowhere stays unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from territo.domain.arrays import Floats
from territo.domain.territory import Territory

PERCENT = 100.0
PER_THOUSAND = 1_000.0


class Group(NamedTuple):
    """Where the share of a group is read.

    Parameters
    ----------
    counted, base
        Counts of the cells, and what they are a share of; empty where no grid
        counts the group.
    attribute
        Attribute of the communes, % of their inhabitants.
    standard
        Name in the standard demography, per 1,000 inhabitants.
    """

    counted: str
    base: str
    attribute: str
    standard: str


# poverty is counted by household: the rate of persons is taken to be the same
GROUPS: Mapping[str, Group] = {
    "poor": Group("poor_households", "households", "poverty_rate", "pauvres"),
    "75_plus": Group("", "", "share_75_plus", "d75"),
}


def known_share(territory: Territory, name: str) -> Floats:
    """(m,) share of the inhabitants of each cell who are in a group, 0 to 1; NaN where nothing says it."""
    cells, communes, group = territory.cells, territory.communes, GROUPS[name]
    unknown = np.full(len(communes), np.nan)
    share = (communes.attributes.get(group.attribute, unknown) / PERCENT)[cells.commune]
    counts, base = cells.groups.get(group.counted), cells.groups.get(group.base)
    if counts is None or base is None:
        return share
    counted = np.isfinite(counts) & np.isfinite(base) & (base > 0)
    share[counted] = np.clip(counts[counted] / base[counted], 0.0, 1.0)
    return share


def members(territory: Territory, name: str, per_1000: Mapping[str, float]) -> Floats:
    """(m,) inhabitants of each cell who are in a group; NaN in all of them where it is known in none.

    Parameters
    ----------
    territory
        With the groups of its cells and the attributes of its communes.
    name
        One of :data:`GROUPS`.
    per_1000
        Standard demography, per 1,000 inhabitants.
    """
    share = known_share(territory, name)
    if not np.isnan(share).all():
        share = np.where(np.isnan(share), per_1000[GROUPS[name].standard] / PER_THOUSAND, share)
    return share * territory.cells.population


def at_standard(territory: Territory, name: str) -> float:
    """Return the share of all inhabitants whose group only the standard tells; 0 where it is known nowhere."""
    missing = np.isnan(known_share(territory, name))
    people = territory.cells.population
    return 0.0 if missing.all() else float(people[missing].sum() / people.sum())
