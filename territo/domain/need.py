"""Need weights: trips of people who need services most count for more (domain specification, section 4)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from territo.domain.arrays import Floats
from territo.domain.territory import Cells

# extra weight of a group, and what its share is counted on
EXTRA: Mapping[str, float] = {"poor_households": 0.5, "age_80_plus": 0.5, "no_car_households": 0.5}


def need_weights(cells: Cells, extra: Mapping[str, float] = EXTRA) -> Floats:
    """Return (m,) weights, at least 1: 1 + sum over groups of the extra weight times the share of the group.

    A share that is missing in a cell is that of the cells where it is known,
    so that what is secret neither raises nor lowers a cell; a group unknown
    everywhere weighs nothing.

    Parameters
    ----------
    cells
        With their social groups.
    extra
        Group -> extra weight; groups of households are shares of households,
        the others of inhabitants.
    """
    weights = np.ones(len(cells))
    for group, factor in extra.items():
        counts = cells.groups.get(group)
        base = cells.groups.get("households") if group.endswith("households") else cells.population
        if counts is None or base is None:
            continue
        known = np.isfinite(counts) & np.isfinite(base) & (base > 0)
        if not known.any():
            continue
        share = np.full(len(cells), counts[known].sum() / base[known].sum())
        share[known] = np.clip(counts[known] / base[known], 0.0, 1.0)
        weights += factor * share
    return weights
