"""What the data alone contradict is said before any solve, and nothing else is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territo.errors import InfeasibleError
from territo.locate.highs import Options
from territo.model.families import Norm, Stops
from territo.model.screen import screen
from territo.model.solve import solve
from tests.model.problems import line, problem, services, sites, territories

TIMES = line(0, 10, 20, 30)


def codes(case):
    return [found.code for found in screen(case)]


def promised(share, **values):
    """Four communes ten minutes apart, a service within ten minutes."""
    return problem(TIMES, np.ones(4), covered_within=10, norms=(Norm(0, share),), **values)


@pytest.mark.parametrize(("share", "most", "said"), [(0.75, 1, False), (0.76, 1, True), (1.0, 2, False)])
def test_a_norm_is_compared_with_the_best_that_so_many_points_can_do(share, most, said):
    found = screen(promised(share, most_open=most))
    assert [each.code for each in found] == ["screen-norm-out-of-reach"] * said
    if said:
        assert found[0].context["share"] == "75.0"
        assert found[0].context["most"] == 1


def test_a_service_in_poles_has_no_more_points_than_territories():
    plan = territories(TIMES, np.ones(4), [(0, 1), (1, 2), (2, 3)], count=1, seats=[0, 3])
    offer = services(1, choices=(("poles",),))
    case = promised(0.6, offer=offer, territories=plan)
    assert codes(case) == ["screen-norm-out-of-reach"]
    assert codes(promised(0.5, offer=offer, territories=plan)) == []


def test_a_group_counts_for_itself():
    poor = Norm(0, 0.5, "poor", np.array([0.0, 0.0, 0.0, 8.0]))
    case = problem(
        TIMES, np.ones(4), covered_within=10, norms=(poor,), free_at=np.array([[True], [True], [False], [False]])
    )
    assert codes(case) == ["screen-norm-out-of-reach"]


@settings(max_examples=15, deadline=None, derandomize=True)
@given(st.integers(0, 10_000))
def test_what_is_said_to_be_impossible_is(seed):
    draw = np.random.default_rng(seed)
    at = draw.uniform(0, 30, (5, 2))
    times = np.hypot(*(at[:, None, :] - at[None, :, :]).transpose(2, 0, 1))
    norm = (Norm(0, draw.uniform(0.5, 1)),)
    case = problem(
        times,
        np.ones(5),
        covered_within=8,
        norms=norm,
        most_open=int(draw.integers(1, 4)),
        population=draw.uniform(1, 9, 5),
    )
    try:
        solve(case, Options(gap=1.0))
    except InfeasibleError:
        assert codes(case) == ["screen-norm-out-of-reach"]
    else:
        assert codes(case) == []


def test_what_the_law_keeps_cannot_be_closed():
    closed = sites(4, closed=[True, False, False, False])
    required = np.array([[True], [False], [False], [False]])
    assert codes(problem(TIMES, np.ones(4), places=closed, required=required)) == ["screen-law-and-closed"]


def test_stops_reach_people_beyond_the_points():
    usable = np.ones((4, 3, 1), dtype=bool)
    stops = Stops(np.array([1, 2, 3]), np.array([0]), np.ones((3, 1)), usable, 1, 4, 0.6, 188.0, np.ones(1))
    assert codes(promised(0.8, most_open=1, stops=stops)) == []
    assert codes(promised(0.8, most_open=1)) == ["screen-norm-out-of-reach"]


def test_a_group_without_members_is_promised_nothing():
    nobody = Norm(0, 0.5, "poor", np.zeros(4))
    assert codes(problem(TIMES, np.ones(4), covered_within=0, norms=(nobody,))) == []
