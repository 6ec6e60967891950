"""Rows of a table of costs, added up."""

from __future__ import annotations

import numpy as np

from territo.domain.arrays import Floats, Ints
from territo.domain.compiled import compiled
from territo.locate.checks import Costs


@compiled
def sum_rows(costs: Costs, weights: Floats, columns: Ints, group: Ints, number: int) -> Floats:
    """Add up the weighted costs of the points of each group; ``inf`` where one of them may not go."""
    total = np.zeros((number, columns.size))
    for i in range(group.size):
        row = total[group[i]]
        for j in range(columns.size):
            cost = costs[i, columns[j]]
            row[j] += weights[i] * cost if np.isfinite(cost) else np.inf
    return total
