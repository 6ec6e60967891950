"""The knapsack of one site: which points it would serve at the multipliers, within its capacity.

Points that go whole make a 0-1 knapsack, solved by dynamic programming over
whole units of load; demand that may be split makes its linear relaxation, by
worth per unit (Dantzig 1957, doi:10.1287/opre.5.2.266).
"""

from __future__ import annotations

import numpy as np

from territo.domain.arrays import Bools, Floats
from territo.domain.compiled import compiled


@compiled
def fill(reduced: Floats, loads: Floats, capacity: float, whole: bool, share: Floats) -> float:  # noqa: FBT001  # compiled
    """Serve the points worth most; ``share`` receives how much of each.

    Parameters
    ----------
    reduced : float array (points,)
        Cost of serving each point, less its multiplier.
    loads : float array (points,)
        Whole numbers where ``whole``.
    capacity
        Most that the site takes.
    whole
        Whether a point goes whole or not at all.
    share : float array (points,)
        Written.

    Returns
    -------
    float
        Least sum of reduced costs.
    """
    total, value = 0.0, 0.0
    for k in range(reduced.size):
        share[k] = 0.0
        if reduced[k] < 0 and (not whole or loads[k] <= capacity):
            share[k] = 1.0
            total += loads[k]
            value += reduced[k]
    if total <= capacity:
        return value
    if whole:
        return _pack(reduced, loads, int(capacity), share)
    return _pour(reduced, loads, capacity, share)


@compiled
def rises(reduced: Floats, loads: Floats, capacity: float, value: float) -> Floats:
    """By how much the value of a 0-1 knapsack rises when a point must be in it; inf where it does not fit.

    ``before`` and ``after`` hold the best of the paying points on either side
    of a point, for each capacity.
    """
    width = int(capacity)
    paying = np.flatnonzero(reduced < 0)
    before = np.zeros((paying.size + 1, width + 1))
    for number in range(paying.size):
        k = paying[number]
        before[number + 1] = before[number]
        _admit(before[number + 1], int(loads[k]), reduced[k])
    rise = np.full(reduced.size, np.inf)
    for k in range(reduced.size):
        if reduced[k] >= 0 and loads[k] <= width:
            rise[k] = before[paying.size, width - int(loads[k])] + reduced[k] - value
    after = np.zeros(width + 1)
    for number in range(paying.size - 1, -1, -1):
        k = paying[number]
        spare = width - int(loads[k])
        if spare >= 0:
            rise[k] = (before[number, : spare + 1] + after[spare::-1]).min() + reduced[k] - value
        _admit(after, int(loads[k]), reduced[k])
    return rise


@compiled
def slopes(reduced: Floats, loads: Floats, share: Floats) -> Floats:
    """Least rise of the value of a filled site per share of each point that it must serve.

    The capacity has the price of the worst point in it, if it is full.
    """
    price = 0.0
    for k in range(reduced.size):
        if 0 < share[k] < 1:
            price = -reduced[k] / loads[k]
    return np.maximum(reduced + price * loads, 0.0)


@compiled
def _pour(reduced: Floats, loads: Floats, capacity: float, share: Floats) -> float:
    worth = np.full(reduced.size, np.inf)
    for k in range(reduced.size):
        if share[k] > 0:
            worth[k] = reduced[k] / loads[k] if loads[k] > 0 else -np.inf
    left, value = capacity, 0.0
    for k in np.argsort(worth, kind="mergesort"):
        if share[k] == 0:
            break
        if loads[k] > left:
            share[k] = left / loads[k]
        left -= share[k] * loads[k]
        value += share[k] * reduced[k]
    return value


@compiled
def _pack(reduced: Floats, loads: Floats, capacity: int, share: Floats) -> float:
    paying = np.flatnonzero(share)
    share[:] = 0.0
    best = np.zeros(capacity + 1)
    taken: Bools = np.zeros((paying.size, capacity + 1), np.bool_)
    for number, k in enumerate(paying):
        load = int(loads[k])
        for w in range(capacity, load - 1, -1):
            value = best[w - load] + reduced[k]
            if value < best[w]:
                best[w] = value
                taken[number, w] = True
    left = capacity
    for number in range(paying.size - 1, -1, -1):
        if taken[number, left]:
            share[paying[number]] = 1.0
            left -= int(loads[paying[number]])
    return float(best[capacity])


@compiled
def _admit(best: Floats, load: int, reduced: float) -> None:
    for w in range(best.size - 1, load - 1, -1):
        best[w] = min(best[w], best[w - load] + reduced)
