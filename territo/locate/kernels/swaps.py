"""Exchanges of one column for another, by what they change in the weight covered."""

from __future__ import annotations

import numpy as np

from territo.domain.arrays import Bools, Floats, Ints
from territo.domain.compiled import compiled
from territo.locate.kernels.covers import Incidence

Changes = tuple[float, Floats, Floats, Floats]


@compiled
def swap_columns(table: Incidence, weight: Floats, chosen: Bools, steps: int, rest: int) -> Bools:
    """Make the best exchange again and again, also where it loses; keep the best choice seen.

    A column that moved rests for some steps, unless it makes the best choice
    of all (tabu search).
    """
    chosen, best, most = chosen.copy(), chosen.copy(), -1.0
    free_at = np.zeros(chosen.size, np.int64)
    for step in range(steps):
        opened = np.flatnonzero(chosen)
        value, gain, loss, both = changes(table, weight, chosen, opened)
        if value > most:
            most = value
            best[:] = chosen
        profit, into, out = -np.inf, -1, -1
        for j in range(chosen.size):
            for r in range(opened.size):
                here = gain[j] - loss[r] + both[j, r]
                resting = free_at[j] > step or free_at[opened[r]] > step
                if here > profit and not chosen[j] and (not resting or value + here > most):
                    profit, into, out = here, j, opened[r]
        if into < 0:
            break
        chosen[into], chosen[out] = True, False
        free_at[into] = free_at[out] = step + 1 + rest
    return best


@compiled
def changes(table: Incidence, weight: Floats, chosen: Bools, opened: Ints) -> Changes:
    """Weigh a choice: the weight covered, what a column would add, what an open one alone covers.

    Last, what an open column alone covers and the other would cover too.
    """
    place = np.full(chosen.size, -1, np.int64)
    place[opened] = np.arange(opened.size)
    value, gain, loss = 0.0, np.zeros(chosen.size), np.zeros(opened.size)
    both = np.zeros((chosen.size, opened.size))
    for i in range(weight.size):
        times, alone = 0, -1
        for k in range(table.row_start[i], table.row_start[i + 1]):
            if chosen[table.columns[k]]:
                times, alone = times + 1, place[table.columns[k]]
        if times == 1:
            loss[alone] += weight[i]
        if times > 0:
            value += weight[i]
        for k in range(table.row_start[i], table.row_start[i + 1]):
            if times == 0:
                gain[table.columns[k]] += weight[i]
            elif times == 1:
                both[table.columns[k], alone] += weight[i]
    return value, gain, loss, both
