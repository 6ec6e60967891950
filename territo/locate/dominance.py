"""Which rows and columns of a coverage matrix can be left out, without a change of the answer.

A table says which column (site) covers which row (point). A row whose columns
include all those of another row is covered with it; a column whose rows are
all rows of another column is never needed (Toregas and ReVelle, 1972,
https://doi.org/10.1111/j.1538-4632.1972.tb00475.x).

Sets are compared as packed bits, and only with the sets that hold their rarest
element: nothing of size rows x rows is ever made.
"""

from __future__ import annotations

import numpy as np

from territo.domain.arrays import Bools, Ints

# pairs of sets, and words of 64 bits of each, compared at once
PAIRS_AT_ONCE = 500_000
WORDS_AT_ONCE = 4
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


def nested(sets: Bools) -> tuple[Bools, Bools]:
    """Find the sets that include another one, and those that another one includes.

    Parameters
    ----------
    sets : bool array (sets, elements)
        All different, none empty.

    Returns
    -------
    outer, inner : bool arrays (sets,)
        Includes another; is included in another.
    """
    sizes, bits = sets.sum(axis=1), _words(sets)
    lacks = ~bits
    outer, inner = np.zeros(sizes.size, np.bool_), np.zeros(sizes.size, np.bool_)
    members, start, stop = _holders(sets)
    ends = np.cumsum(stop - start)
    first = 0
    while first < sizes.size:
        done = ends[first - 1] if first else 0
        last = max(first + 1, int(np.searchsorted(ends, done + PAIRS_AT_ONCE, "right")))
        length = (stop - start)[first:last]
        small = np.repeat(np.arange(first, last), length)
        offset = np.arange(small.size) - np.repeat(ends[first:last] - length - done, length)
        small, large = _pairs(small, members[start[small] + offset], sizes, bits, lacks)
        inner[small], outer[large] = True, True
        first = last
    return outer, inner


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
        kept = distinct(covers)[0]
        kept = kept[~nested(covers[kept])[0]]
        covers, rows = covers[kept], rows[kept]
        kept = largest_columns(covers)
        covers, columns = covers[:, kept], columns[kept]
        if (rows.size, columns.size) == before:
            return rows, columns


def largest_columns(covers: Bools) -> Ints:
    """Find the columns that cover what no other single column covers, the first of equal ones."""
    sets = np.ascontiguousarray(covers.T)
    kept = distinct(sets)[0]
    kept = kept[sets[kept].any(axis=1)]
    return kept[~nested(sets[kept])[1]]


def _words(sets: Bools) -> np.ndarray[tuple[int, int], np.dtype[np.uint64]]:
    packed = np.packbits(sets, axis=1)
    padded = np.pad(packed, ((0, 0), (0, -packed.shape[1] % WORD_BYTES)))
    return np.ascontiguousarray(padded).view(np.uint64)


def _holders(sets: Bools) -> tuple[Ints, Ints, Ints]:
    """List the sets that hold the rarest element of each set: ``members[start:stop]``."""
    counts = sets.sum(axis=0)
    order = np.argsort(counts, kind="stable")
    rarest = order[sets[:, order].argmax(axis=1)]
    _, members = np.nonzero(sets.T)
    stop = np.cumsum(counts)
    return members, (stop - counts)[rarest], stop[rarest]


def _pairs(
    small: Ints,
    large: Ints,
    sizes: Ints,
    bits: np.ndarray[tuple[int, int], np.dtype[np.uint64]],
    lacks: np.ndarray[tuple[int, int], np.dtype[np.uint64]],
) -> tuple[Ints, Ints]:
    """Keep the pairs of which the first set lies inside the second."""
    inside = sizes[small] < sizes[large]
    small, large = small[inside], large[inside]
    for word in range(0, bits.shape[1], WORDS_AT_ONCE):
        here = slice(word, word + WORDS_AT_ONCE)
        inside = np.logical_not((bits[small, here] & lacks[large, here]).any(axis=1))
        small, large = small[inside], large[inside]
    return small, large
