"""What may be left out of a coverage table, on small random tables and by hand."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from territo.locate.cover_steps import greedy_cover, incidence
from territo.locate.dominance import distinct, irreducible, largest_columns, smallest_rows
from territo.locate.kernels.covers import search_cover
from tests.locate.sitings import tries

shapes = st.tuples(st.integers(1, 7), st.integers(1, 7), st.integers(0, 10_000))


def table(shape):
    rows, columns, seed = shape
    random = np.random.default_rng(seed)
    covers = random.random((rows, columns)) < 0.4
    covers[np.arange(rows), random.integers(0, columns, rows)] = True
    return covers


def fewest(covers):
    columns = range(covers.shape[1])
    chosen = (pick for number in columns for pick in combinations(columns, number + 1))
    return next(len(pick) for pick in chosen if covers[:, pick].any(axis=1).all())


def includes(one, other):
    return bool((one >= other).all())


@tries
@given(shapes.map(table))
def test_the_rows_kept_are_those_that_include_no_other(covers):
    kept = [
        row
        for row, here in enumerate(covers)
        if not any(
            includes(here, other) and (k < row or not includes(other, here))
            for k, other in enumerate(covers)
            if k != row
        )
    ]
    assert smallest_rows(covers).tolist() == kept


@tries
@given(shapes.map(table))
def test_the_columns_kept_are_those_that_no_other_includes(covers):
    kept = [
        column
        for column, here in enumerate(covers.T)
        if here.any()
        and not any(
            includes(other, here) and (k < column or not includes(here, other))
            for k, other in enumerate(covers.T)
            if k != column
        )
    ]
    assert largest_columns(covers).tolist() == kept


@tries
@given(shapes.map(table))
def test_what_is_left_needs_as_many_columns_as_the_whole(covers):
    rows, columns = irreducible(covers)
    assert fewest(covers[np.ix_(rows, columns)]) == fewest(covers)


@tries
@given(shapes.map(table))
def test_exchanges_end_with_a_cover_no_longer_than_the_first(covers):
    first = np.zeros(covers.shape[1], np.bool_)
    first[greedy_cover(covers)] = True
    found = search_cover(incidence(covers), first, 0, 50)
    assert covers[:, found].any(axis=1).all()
    assert fewest(covers) <= found.sum() <= first.sum()


def test_equal_sets_are_found_wherever_they_stand():
    first, group = distinct(np.array([[1, 0], [0, 1], [1, 0], [1, 1], [0, 1]], dtype=bool))
    assert first.tolist() == [0, 1, 3]
    assert group.tolist() == [0, 1, 0, 2, 1]


def test_a_longer_table_than_a_word_of_bits_is_compared_to_its_end():
    covers = np.ones((2, 200), dtype=bool)
    covers[0, 199] = False
    assert smallest_rows(covers).tolist() == [0]
    assert smallest_rows(covers[::-1]).tolist() == [1]
