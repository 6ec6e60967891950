"""The steps towards a smallest cover: a first one, prices that bound it, the program that ends the search."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from territo.domain.arrays import Bools, Floats, Ints
from territo.locate.effort import Effort
from territo.locate.highs import Program
from territo.locate.kernels.covers import Incidence

# a row without a price counts this much less than a row with a mean price
PRICE_OF_ALL = 10.0


def incidence(covers: Bools) -> Incidence:
    """List the columns of each row and the rows of each column."""
    rows, columns = csr_array(covers), csr_array(covers.T)
    lists = (rows.indptr, rows.indices, columns.indptr, columns.indices)
    return Incidence(*(np.asarray(part, dtype=np.int64) for part in lists))


def greedy_cover(covers: Bools, prices: Floats | None = None) -> Ints:
    """Cover all rows, each time by the column with the most to cover; then leave out what is not needed.

    Parameters
    ----------
    covers : bool array (rows, columns)
        Each row has a column.
    prices : float array (rows,), optional
        What a row counts, beside the same for all.
    """
    weights = np.ones(covers.shape[0])
    if prices is not None:
        weights = prices + prices.mean() / PRICE_OF_ALL
    left, chosen = np.ones(covers.shape[0], np.bool_), []
    gains = weights @ covers
    while left.any():
        column = int(gains.argmax())
        new = left & covers[:, column]
        gains -= weights[new] @ covers[new]
        gains[column] = -np.inf
        left &= ~new
        chosen.append(column)
    times = covers[:, chosen].sum(axis=1)
    needed = []
    for column in chosen:
        rows = covers[:, column]
        if (times[rows] > 1).all():
            times -= rows
        else:
            needed.append(column)
    return np.sort(np.array(needed, dtype=np.int64))


def packing_prices(covers: Bools, effort: Effort) -> Floats:
    """Price the rows so that no column covers more than 1 together: their sum bounds every cover.

    The dual of the linear relaxation; it is scaled to keep its promise
    whatever the tolerance of the solver.
    """
    rows, columns = covers.shape
    program = Program(
        cost=np.full(rows, -1.0),
        lower=np.zeros(rows),
        upper=np.ones(rows),
        whole=np.zeros(rows, np.bool_),
        rows=csr_array(covers.T.astype(np.float64)),
        row_lower=np.full(columns, -np.inf),
        row_upper=np.ones(columns),
    )
    answer = effort.minimise(program)
    if not answer.values.size:
        return np.zeros(rows)
    prices: Floats = np.maximum(answer.values, 0.0)
    return prices / max(1.0, float((prices @ covers).max()))


def cover_program(covers: Bools, most: int) -> Program:
    """Minimise the number of columns of a cover, of which it has at most so many."""
    rows, columns = covers.shape
    table = np.vstack([covers, np.ones(columns, np.bool_)])
    return Program(
        cost=np.ones(columns),
        lower=np.zeros(columns),
        upper=np.ones(columns),
        whole=np.ones(columns, np.bool_),
        rows=csr_array(table.astype(np.float64)),
        row_lower=np.append(np.ones(rows), -np.inf),
        row_upper=np.append(np.full(rows, np.inf), float(most)),
    )
