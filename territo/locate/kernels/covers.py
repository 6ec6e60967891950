"""Local search for a cover of few columns, guided by weights of the rows that stay uncovered.

After Gao, Weise and Li (2015), An efficient local search heuristic with row
weighting for the unicost set covering problem, European Journal of
Operational Research 246.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from territo.domain.arrays import Bools, Ints
from territo.domain.compiled import compiled

# a prime: the rows are visited in an order that looks like chance
STRIDE = 7919


class Incidence(NamedTuple):
    """A sparse coverage table, by rows and by columns.

    The columns of row ``i`` are ``columns[row_start[i]:row_start[i + 1]]``,
    and likewise the rows of a column.
    """

    row_start: Ints
    columns: Ints
    column_start: Ints
    rows: Ints


class State(NamedTuple):
    """A choice of columns: how many cover each row, what an uncovered row weighs, since when columns stay.

    ``score`` is the weight of the rows that a column alone covers, or, not
    chosen, would newly cover.
    """

    chosen: Bools
    times: Ints
    weight: Ints
    score: Ints
    since: Ints


@compiled
def search_cover(table: Incidence, cover: Bools, wanted: int, steps: int) -> Bools:
    """Exchange columns, one out and one in, until ``wanted`` columns cover all rows.

    Starts from a cover, and returns the smallest one it has found.
    """
    state, best = start(table, cover), cover.copy()
    rows = table.row_start.size - 1
    for step in range(1, steps + 1):
        while state.times.min() > 0:
            best[:] = state.chosen
            if best.sum() <= max(wanted, 1):
                return best
            flip(table, state, least_needed(state, step), step)
        out = least_needed(state, step - 1)
        flip(table, state, out, step)
        row = step * STRIDE % rows
        while state.times[row] > 0:
            row = (row + 1) % rows
        flip(table, state, most_useful(table, state, row, out), step)
        for i in range(rows):
            if state.times[i] == 0:
                state.weight[i] += 1
                for k in range(table.row_start[i], table.row_start[i + 1]):
                    state.score[table.columns[k]] += 1
    return best


@compiled
def start(table: Incidence, cover: Bools) -> State:
    """Count and score a choice of columns."""
    rows, columns = table.row_start.size - 1, cover.size
    times, score = np.zeros(rows, np.int64), np.zeros(columns, np.int64)
    for i in range(rows):
        for k in range(table.row_start[i], table.row_start[i + 1]):
            times[i] += cover[table.columns[k]]
    for j in range(columns):
        for k in range(table.column_start[j], table.column_start[j + 1]):
            score[j] += times[table.rows[k]] == cover[j]
    return State(cover.copy(), times, np.ones(rows, np.int64), score, np.full(columns, -1))


@compiled
def flip(table: Incidence, state: State, column: int, step: int) -> None:
    """Take a column in, or out."""
    into = not state.chosen[column]
    for k in range(table.column_start[column], table.column_start[column + 1]):
        row = table.rows[k]
        others = state.times[row] if into else state.times[row] - 1
        state.times[row] = others + 1 if into else others
        if others > 1:
            continue
        change = -state.weight[row] if into else state.weight[row]
        for m in range(table.row_start[row], table.row_start[row + 1]):
            other = table.columns[m]
            # no other column covers the row: all the others could; one does: it is alone, or no longer
            if other != column and (others == 0 or state.chosen[other]):
                state.score[other] += change
    state.chosen[column] = into
    state.since[column] = step


@compiled
def least_needed(state: State, recent: int) -> int:
    """Find the chosen column that alone covers least, and of those the oldest; not one moved lately."""
    found = -1
    for j in range(state.chosen.size):
        if state.chosen[j] and state.since[j] < recent:
            less = found < 0 or state.score[j] < state.score[found]
            if less or (state.score[j] == state.score[found] and state.since[j] < state.since[found]):
                found = j
    return found if found >= 0 else int(np.argmax(state.chosen))


@compiled
def most_useful(table: Incidence, state: State, row: int, tabu: int) -> int:
    """Find the column of a row that would newly cover most, and of those the one that is out longest."""
    found = tabu
    for k in range(table.row_start[row], table.row_start[row + 1]):
        j = table.columns[k]
        more = found == tabu or state.score[j] > state.score[found]
        if j != tabu and (more or (state.score[j] == state.score[found] and state.since[j] < state.since[found])):
            found = j
    return found
