"""The first seats that the optimiser starts from."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from territo.model.build import build
from territo.model.solve import solve
from territo.model.start import first_seats, from_solution, near_only
from tests.model.problems import line, problem, services, sites, territories
from tests.properties.test_model_laws import best, random_case

TIMES = line(0, 2, 4, 30, 33, 60)
EDGES = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)]


def case(count=2, limits=None, **values):
    plan = territories(TIMES, np.ones(6), EDGES, count=count, **values)
    offer = services(1, choices=(("poles",),))
    people = np.array([9.0, 9, 9, 1, 5, 1])
    return problem(TIMES, people, population=people, offer=offer, territories=plan, limits=limits or {})


def test_the_first_seats_are_those_of_the_p_median():
    program, _ = build(case())
    start = first_seats(program, case())
    seats = sorted(variable.name for variable, value in start.items() if value)
    assert seats == ["member(2,B)", "member(5,E)"]
    assert len(start) == 6


def test_they_change_nothing_to_the_answer(monkeypatch):
    started = solve(case())
    monkeypatch.setattr("territo.model.solve.first_seats", lambda *_: {})
    alone = solve(case())
    assert started.proofs[0].status == alone.proofs[0].status == "optimal"
    assert started.proofs[0].objective == pytest.approx(alone.proofs[0].objective)


def test_without_poles_there_is_nothing_to_start_from():
    plain = problem(TIMES, np.ones(6))
    program, _ = build(plain)
    assert first_seats(program, plain) == {}


def test_a_commune_out_of_reach_does_not_matter():
    far = TIMES.copy()
    far[5] = np.inf
    plan = territories(far, np.ones(6), EDGES, count=2, seats=range(5))
    apart = problem(TIMES, np.ones(6), offer=services(1, choices=(("poles",),)), territories=plan)
    program, _ = build(apart)
    assert sum(first_seats(program, apart).values()) == 2


def test_a_start_from_an_answer_gives_its_seats_its_points_and_who_goes_where():
    answer = solve(case())
    program, _ = build(case())
    start = from_solution(program, case(), answer)
    seats = {(c, k) for (c, k), variable in program.member.items() if start[variable]}
    assert seats == {(c, int(site)) for c, site in enumerate(answer.seat_of)}
    assert {int(j) for (j, _), point in program.offered.items() if start[point]} == set(answer.seat_of.tolist())
    assert {j for j, opened in program.opened.items() if start[opened]} == set(answer.seat_of.tolist())


def test_an_answer_is_a_start_for_the_same_problem_under_a_ceiling_it_keeps():
    answer = solve(case())
    again = solve(case(limits={"travel": answer.terms["travel"]}), start=answer)
    assert again.terms["travel"] <= answer.terms["travel"] + 1e-6
    assert again.proofs[0].objective == pytest.approx(answer.proofs[0].objective)


@pytest.fixture
def _few(monkeypatch):
    monkeypatch.setattr("territo.model.start.NEAREST", 1)
    monkeypatch.setattr("territo.model.start.LARGE", 1)
    monkeypatch.setattr("territo.model.start.WORTHWHILE", 0.9)


@pytest.mark.usefixtures("_few")
def test_a_smaller_problem_keeps_the_nearest_sites_and_what_is_always_there():
    required = np.zeros((6, 1), dtype=bool)
    required[5, 0] = True
    smaller = near_only(problem(TIMES, np.ones(6), required=required))
    kept = np.eye(6, dtype=bool)
    kept[:, [0, 5]] = True
    assert (smaller.allowed[:, :, 0] == kept).all()


@pytest.mark.usefixtures("_few")
def test_nothing_is_left_out_where_the_territory_decides_or_little_would_be_spared(monkeypatch):
    assert near_only(case()) is None
    monkeypatch.setattr("territo.model.start.NEAREST", 6)
    assert near_only(problem(TIMES, np.ones(6))) is None


@pytest.mark.usefixtures("_few")
@settings(max_examples=10, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10_000))
def test_starting_from_a_smaller_problem_changes_nothing_to_the_optimum(seed):
    started = random_case(seed)
    assert near_only(started) is not None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("territo.model.solve.near_only", lambda _: None)
        alone = best(started)
    assert best(started) == pytest.approx(alone, rel=1e-6)


@pytest.mark.usefixtures("_few")
def test_a_smaller_problem_without_an_answer_is_no_obstacle():
    # the two ends of the line go to the middle, which is not the nearest of either
    closed = sites(3, closed=[True, False, True])
    away = problem(line(0, 10, 20), np.ones(3), places=closed)
    assert solve(away).offered[:, 0].tolist() == [False, True, False]
