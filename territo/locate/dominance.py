"""Which rows and columns of a coverage table can be left out, without a change of the answer.

A table says which column (site) covers which row (point). A row whose columns
include all those of another row is covered with it; a column whose rows are
all rows of another column is never needed (Toregas and ReVelle, 1972, Optimal
location under time or distance constraints, Papers of the Regional Science
Association 28).

Sets are compared as packed bits, and only with the sets that hold their rarest
element: nothing of size rows x rows is ever made.
"""

from __future__ import annotations

import numpy as np

from territo.domain.arrays import Bools, Ints
from territo.locate.kernels.nesting import Sets, inner_sets, outer_sets

WORD_BYTES = 8


def distinct(sets: Bools) -> tuple[Ints, Ints]:
    """Find the sets that differ.

    Parameters
    ----------
    sets : bool array (sets, elements)

    Returns
    -------
    first : int array (distinct sets,)
        The first of each group of equal sets, ascending.
    group : int array (sets,)
        Which of them each set equals.
    """
    packed = np.ascontiguousarray(np.packbits(sets, axis=1))
    keys = packed.view(np.dtype((np.void, packed.shape[1]))).ravel()
    _, first, group = np.unique(keys, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty_like(order)
    rank[order] = np.arange(order.size)
    return first[order], rank[group]


def smallest_rows(covers: Bools) -> Ints:
    """Find the rows that are not covered whenever another one is, the first of equal ones.

    Parameters
    ----------
    covers : bool array (rows, columns)
        Each row has a column.
    """
    kept = distinct(covers)[0]
    return kept[~outer_sets(_sets(covers[kept]))]


def largest_columns(covers: Bools) -> Ints:
    """Find the columns that cover what no other single column covers, the first of equal ones.

    Parameters
    ----------
    covers : bool array (rows, columns)
    """
    columns = np.ascontiguousarray(covers.T)
    kept = distinct(columns)[0]
    kept = kept[columns[kept].any(axis=1)]
    return kept[~inner_sets(_sets(columns[kept]))] if kept.size else kept


def irreducible(covers: Bools) -> tuple[Ints, Ints]:
    """Find the rows and columns that decide how many columns cover all rows.

    Parameters
    ----------
    covers : bool array (rows, columns)
        Each row has a column.

    Returns
    -------
    rows, columns : int arrays
        The smallest cover of these rows by these columns is one of all rows.
    """
    rows, columns = np.arange(covers.shape[0]), np.arange(covers.shape[1])
    while True:
        before = rows.size, columns.size
        kept = smallest_rows(covers)
        covers, rows = covers[kept], rows[kept]
        kept = largest_columns(covers)
        covers, columns = covers[:, kept], columns[kept]
        if (rows.size, columns.size) == before:
            return rows, columns


def _sets(sets: Bools) -> Sets:
    """Pack different sets, and list those that hold the rarest element of each."""
    packed = np.packbits(sets, axis=1)
    padded = np.ascontiguousarray(np.pad(packed, ((0, 0), (0, -packed.shape[1] % WORD_BYTES))))
    counts = sets.sum(axis=0)
    order = np.argsort(counts, kind="stable")
    rarest = order[sets[:, order].argmax(axis=1)]
    members, stop = np.nonzero(sets.T)[1], np.cumsum(counts)
    return Sets(padded.view(np.uint64), sets.sum(axis=1), members, (stop - counts)[rarest], stop[rarest])
