"""Demand nodes: the groups of cells that decide together which site they use."""

from __future__ import annotations

import numpy as np

from territo.domain.arrays import Floats, Ints
from territo.domain.territory import Territory

INHABITANTS_PER_NODE = 10_000
MOST_NODES_PER_COMMUNE = 6


def demand_nodes(territory: Territory) -> Ints:
    """Group the cells of each commune into at most six nodes of similar population.

    A commune is one node up to 15,000 inhabitants; a larger one is halved
    along its longer side at the weighted median until each part holds about
    10,000 inhabitants (domain specification, section 5.1).

    Returns
    -------
    (m,) int
        Node of each cell; nodes are numbered commune by commune, 0 to count - 1.
    """
    cells = territory.cells
    nodes = np.full(len(cells), -1, dtype=np.int64)
    count = 0
    for commune in range(len(territory.communes)):
        inside = np.flatnonzero(cells.commune == commune)
        if inside.size == 0:
            continue
        wanted = round(cells.population[inside].sum() / INHABITANTS_PER_NODE)
        parts = _halve(cells.xy, cells.population, inside, min(max(wanted, 1), MOST_NODES_PER_COMMUNE))
        for part in parts:
            nodes[part] = count
            count += 1
    return nodes


def _halve(xy: Floats, weights: Floats, inside: Ints, wanted: int) -> list[Ints]:
    if wanted == 1 or inside.size == 1:
        return [inside]
    spread = np.ptp(xy[inside], axis=0)
    axis = int(spread[1] > spread[0])
    # the other coordinate breaks ties, so that the order of the cells does not matter
    order = inside[np.lexsort((xy[inside, 1 - axis], xy[inside, axis]))]
    first = wanted // 2
    share = np.cumsum(weights[order]) / weights[order].sum()
    cut = int(np.clip(np.searchsorted(share, first / wanted) + 1, 1, order.size - 1))
    return _halve(xy, weights, order[:cut], first) + _halve(xy, weights, order[cut:], wanted - first)
