"""What is kept of many points: none dominated, prices and knee between cost and travel."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from territo.domain.frontier import Frontier, Point, arranged, undominated

THREE = ("cost", "travel", "equity")
FEW = st.integers(0, 6)


def point(cost, travel, equity=None):
    return Point(cost, travel, equity, "optimal", 0.0, 0, 0.0)


def values(points):
    return [(each.cost, each.travel, each.equity) for each in points]


def test_dominated_and_repeated_points_are_left_out_and_the_knee_is_the_deepest():
    points = [point(10, 100), point(20, 40), point(20, 60), point(25, 40), point(60, 10), point(10, 100), point(10, 90)]
    kept = arranged(points, 1e-4)
    assert [(each.cost, each.travel) for each in kept] == [(10, 90), (20, 40), (60, 10)]
    assert [each.knee for each in kept] == [False, True, False]
    assert kept[0].price_to_next == pytest.approx(10 / 50)


def test_of_two_points_that_are_alike_the_proven_one_stays():
    doubted = replace(point(10, 100), status="feasible", gap=0.1)
    proven = point(10.0001, 100)
    assert undominated([doubted, proven, point(60, 10)], 1e-3) == (proven, point(60, 10))
    assert undominated([proven, doubted, point(60, 10)], 1e-3) == (proven, point(60, 10))
    better = replace(doubted, cost=9.0)
    assert undominated([proven, better], 1e-3) == (better,)


def test_points_on_a_line_have_no_knee():
    assert not any(each.knee for each in arranged([point(0, 10), point(5, 5), point(10, 0)], 1e-4))


@given(st.lists(st.tuples(FEW, FEW, FEW), min_size=1, max_size=12))
def test_what_is_kept_is_what_no_other_equals_or_beats(triples):
    true = {
        one
        for one in triples
        if not any(other != one and all(a <= b for a, b in zip(other, one, strict=True)) for other in triples)
    }
    kept = values(undominated([point(*map(float, each)) for each in triples], 0.0, THREE))
    assert sorted(kept) == sorted(true)
    assert len(kept) == len(set(kept))


def test_a_point_that_stands_out_by_its_equity_only_has_no_price_and_its_neighbours_keep_theirs():
    points = [point(10, 100, 9), point(20, 40, 8), point(30, 60, 5), point(60, 10, 7)]
    kept = arranged(points, 1e-4, THREE)
    assert values(kept) == values(points)
    assert [each.price_to_next for each in kept] == [pytest.approx(10 / 60), pytest.approx(40 / 30), None, None]
    assert [each.knee for each in kept] == [False, True, False, False]
    frontier = Frontier(kept, {}, complete=True, terms=THREE)
    assert values(frontier.on_travel) == values([points[0], points[1], points[3]])
    assert all(one.travel > other.travel for one, other in pairwise(frontier.on_travel))


def test_equity_is_no_reason_to_keep_a_point_where_it_is_not_compared():
    assert values(arranged([point(10, 100, 9), point(20, 100, 1)], 1e-4)) == [(10, 100, 9)]


def test_a_point_without_a_measure_of_equity_is_the_least_equal():
    assert values(undominated([point(10, 10, 5), point(11, 11), point(9, 9)], 0.0, THREE)) == [
        (9, 9, None),
        (10, 10, 5),
    ]


def test_a_frontier_is_read_back_as_it_was_written():
    kept = arranged([point(10, 100, 9), point(20, 40, None)], 1e-4, THREE)
    frontier = Frontier(kept, {"cost": (10, 20)}, complete=False, scenario={"name": "X"}, terms=THREE, measure="cvar")
    frontier = replace(frontier, target_only=True)
    assert Frontier.from_dict(json.loads(json.dumps(frontier.as_dict()))) == frontier


def test_a_frontier_in_other_units_is_refused():
    content = Frontier((point(1, 1, 1),), {}, complete=True).as_dict()
    with pytest.raises(ValueError, match="weighted_visits"):
        Frontier.from_dict(content | {"units": {"equity": "weighted_visits"}})
