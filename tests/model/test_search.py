"""What a search that goes through several solves may say of its best answer."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from territo.locate.highs import Options
from territo.locate.location import provable, relative_gap
from territo.model.search import Search
from territo.model.stages import stages
from territo.progress import Silent
from tests.model.problems import problem, services, sites

EXACT = Options(gap=0.0, time_limit_s=10)
COST, TRAVEL = {"cost": 1.0}, {"travel": 1.0}


def asked(*goals):
    """Two communes ten minutes apart; a site costs 5 in the one and 8 in the other."""
    places = sites(2, opening_eur=[5.0, 8.0])
    return problem([[0, 10], [10, 0]], [30, 30], offer=services(), places=places, goals=goals)


def answered(problem, options=EXACT):
    return stages(problem, options, Silent(), {})


def test_an_answer_that_reached_some_aims_only_is_not_the_best_however_well_they_are_proven():
    search = Search(asked(COST, TRAVEL), EXACT, Silent(), bound=5.0)
    search.keep(answered(asked(COST)))
    assert [proof.status for proof in search.dated(search.best).proofs] == ["feasible"]
    assert search.dated(search.best).proofs[0].gap == 0.0


def test_the_best_answer_is_the_one_that_reached_most_aims_then_the_least_of_them_in_order():
    search = Search(asked(TRAVEL, COST), EXACT, Silent())
    search.keep(answered(asked(TRAVEL, COST)))
    best = search.best
    search.keep(answered(asked(TRAVEL)))
    assert search.best is best
    assert [proof.objective for proof in best.proofs] == pytest.approx([0.0, 13.0])


def test_what_the_bound_proves_is_proven_and_what_is_more_is_not():
    search = Search(asked(COST), Options(gap=0.1, time_limit_s=10), Silent(), bound=4.6)
    assert search.enough == pytest.approx(4.6 / 0.9)
    search.keep(answered(asked(COST)))
    assert search.proven
    assert (search.best.proofs[0].bound, search.best.proofs[0].gap) == pytest.approx((4.6, 0.08))
    assert Search(asked(COST), EXACT, Silent()).enough is None


@given(st.floats(-1e6, 1e6, allow_subnormal=False), st.floats(0.0, 0.9))
def test_the_greatest_value_that_is_proven_is_at_the_gap_from_the_bound(bound, gap):
    most = provable(bound, gap)
    assert relative_gap(most, bound) == pytest.approx(gap if bound else 0.0, abs=1e-9)
    assert provable(-math.inf, gap) == -math.inf
    assert provable(1.0, 1.0) == math.inf
