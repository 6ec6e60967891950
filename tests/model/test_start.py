"""The first seats that the optimiser starts from."""

from __future__ import annotations

import numpy as np
import pytest

from territo.model.build import build
from territo.model.solve import solve
from territo.model.start import first_seats, from_solution
from tests.model.problems import line, problem, services, territories

TIMES = line(0, 2, 4, 30, 33, 60)
EDGES = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)]


def case(count=2, limits=None, **values):
    plan = territories(TIMES, np.ones(6), EDGES, count=count, **values)
    offer = services(1, choices=(("poles",),))
    people = np.array([9.0, 9, 9, 1, 5, 1])
    return problem(TIMES, people, population=people, offer=offer, territories=plan, limits=limits or {})


def test_the_first_seats_are_those_of_the_p_median():
    start = first_seats(case())
    assert sorted(name for name, value in start.items() if value) == ["member(2,B)", "member(5,E)"]
    assert len(start) == 6


def test_they_change_nothing_to_the_answer(monkeypatch):
    started = solve(case())
    monkeypatch.setattr("territo.model.solve.first_seats", lambda *_: {})
    alone = solve(case())
    assert started.proofs[0].status == alone.proofs[0].status == "optimal"
    assert started.proofs[0].objective == pytest.approx(alone.proofs[0].objective)


def test_without_poles_there_is_nothing_to_start_from():
    plain = problem(TIMES, np.ones(6))
    assert first_seats(plain) == {}


def test_a_commune_out_of_reach_does_not_matter():
    far = TIMES.copy()
    far[5] = np.inf
    plan = territories(far, np.ones(6), EDGES, count=2, seats=range(5))
    apart = problem(TIMES, np.ones(6), offer=services(1, choices=(("poles",),)), territories=plan)
    assert sum(first_seats(apart).values()) == 2


def test_a_start_from_an_answer_gives_its_seats_its_points_and_who_goes_where():
    answer = solve(case())
    program, _ = build(case())
    start = from_solution(case(), answer)
    seats = {(c, k) for (c, k), variable in program.member.items() if start[variable.name]}
    assert seats == {(c, int(site)) for c, site in enumerate(answer.seat_of)}
    assert {int(j) for (j, _), point in program.offered.items() if start[point.name]} == set(answer.seat_of.tolist())
    assert {j for j, opened in program.opened.items() if start[opened.name]} == set(answer.seat_of.tolist())


def test_an_answer_is_a_start_for_the_same_problem_under_a_ceiling_it_keeps():
    answer = solve(case())
    again = solve(case(limits={"travel": answer.terms["travel"]}), start=answer)
    assert again.terms["travel"] <= answer.terms["travel"] + 1e-6
    assert again.proofs[0].objective == pytest.approx(answer.proofs[0].objective)
