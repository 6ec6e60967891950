"""A search that begins with its relaxation and with parts of the program, against every plan written out."""

from __future__ import annotations

import dataclasses
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territo.locate.highs import Options
from territo.model import narrow
from territo.model.build import build
from territo.model.neighbours import near
from territo.model.program import AT_LEAST, Program
from territo.model.solve import solve
from territo.model.start import from_solution
from territo.progress import Silent
from tests.model.problems import problem, services, sites

SITES, NODES = 5, 8


def case(seed, price):
    """A fixed charge with two services, and the value of every plan at a price of the hour."""
    rng = np.random.default_rng(seed)
    at = rng.uniform(0, 40, (NODES, 2))
    minutes = np.hypot(*(at[:, None, :] - at[None, :SITES, :]).transpose(2, 0, 1))
    opening, points = rng.uniform(500, 9_000, SITES), rng.uniform(100, 3_000, 2)
    visits = rng.integers(50, 900, (NODES, 2)).astype(float)
    p = problem(
        minutes,
        visits,
        offer=services(2, point_eur=points),
        places=sites(SITES, 2, opening_eur=opening),
        goals=({"cost": 1.0, "travel": price},),
    )
    hours = visits[:, :, None] * minutes[:, None, :] * 2.0 / 60.0
    values = []
    for opened in product([False, True], repeat=2 * SITES):
        offered = np.array(opened).reshape(SITES, 2)
        if offered.any(axis=0).all():
            cost = opening[offered.any(axis=1)].sum() + (offered.sum(axis=0) * points).sum()
            travel = sum(hours[:, s, offered[:, s]].min(axis=1).sum() for s in range(2))
            values.append(cost + price * travel)
    return p, min(values)


def program_of(p):
    program, terms = build(p)
    program.minimise(p.goals[0], terms)
    return program


def answers_at(p, program, prices):
    """Answers of the same promises at other prices, as they are known."""
    for price in prices:
        other = solve(dataclasses.replace(p, goals=({"cost": 1.0, "travel": price},)))
        yield program.named(from_solution(p, other))


@given(st.integers(0, 10_000), st.floats(0.5, 80.0), st.sampled_from([0.0, 1e-3, 2e-2]), st.booleans())
@settings(max_examples=12, deadline=None, derandomize=True)
def test_the_answer_is_within_the_gap_of_the_best_plan_and_the_bound_never_above_it(seed, price, gap, true_neighbours):
    p, best = case(seed, price)
    program = program_of(p)
    rng = np.random.default_rng(seed)
    known = (
        list(answers_at(p, program, (price / 3.0, price * 3.0)))
        if true_neighbours
        else [{each: float(rng.integers(2)) for each in program.decisions if each.whole} for _ in range(2)]
    )
    limits = [(each.low, each.high) for each in program.decisions]
    outcome = near(program, Options(20.0, gap), Silent(), stage="x", known=known)
    assert outcome.status == "optimal"
    assert best * (1 - 1e-7) <= outcome.objective <= best / (1.0 - gap) * (1 + 1e-7)
    assert outcome.bound <= best * (1 + 1e-7)
    assert outcome.objective == pytest.approx(sum(w * outcome.values[each] for each, w in program.objective.items()))
    assert limits == [(each.low, each.high) for each in program.decisions]


def test_a_relaxation_without_an_answer_is_infeasible():
    program = Program()
    choice = program.choice("x")
    program.row("more than there is", [(choice, 1.0)], AT_LEAST, 2.0)
    assert near(program, Options(), Silent(), stage="x", known=[{choice: 1.0}]).status == "infeasible"


def test_without_time_nothing_is_called_proven():
    p, _ = case(1, 8.0)
    program = program_of(p)
    known = list(answers_at(p, program, (2.0, 30.0)))
    outcome = near(program, Options(0.0, 0.0), Silent(), stage="x", known=known)
    assert outcome.status in {"unknown", "feasible"}


def test_a_stop_ends_the_search_and_keeps_what_is_true():
    class Stopped(Silent):
        def cancelled(self):
            return True

    p, best = case(2, 8.0)
    program = program_of(p)
    known = list(answers_at(p, program, (2.0, 30.0)))
    outcome = near(program, Options(20.0, 0.0), Stopped(), stage="x", known=known)
    assert outcome.bound <= best * (1 + 1e-7)
    assert not outcome.values or outcome.objective >= best * (1 - 1e-7)


def test_the_whole_solve_with_neighbours_finds_what_it_finds_alone():
    p, best = case(4, 12.0)
    neighbours = [solve(dataclasses.replace(p, goals=({"cost": 1.0, "travel": price},))) for price in (3.0, 40.0)]
    answer = solve(p, Options(20.0, 1e-6), start=neighbours[0], neighbours=neighbours)
    assert answer.proofs[-1].status == "optimal"
    assert answer.proofs[-1].objective == pytest.approx(best, rel=2e-6)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("price", [0.4, 12.0, 90.0])
def test_a_large_problem_near_answers_of_other_prices_is_proven_as_it_is_alone(seed, price, monkeypatch):
    monkeypatch.setattr(narrow, "LARGE", 0)
    p, best = case(seed, price)
    at = {other: dataclasses.replace(p, goals=({"cost": 1.0, "travel": other},)) for other in (price / 4, price * 4)}
    neighbours = [solve(other, Options(20.0, 1e-4)) for other in at.values()]
    answer = solve(p, Options(20.0, 1e-4), start=neighbours[0], neighbours=neighbours)
    (proof,) = answer.proofs
    assert proof.status == "optimal"
    assert proof.bound <= best * (1 + 1e-7)
    assert best * (1 - 1e-7) <= proof.objective <= best / (1 - 1e-4) * (1 + 1e-7)
    value = answer.terms["cost"] + price * answer.terms["travel"]
    assert value == pytest.approx(proof.objective, rel=1e-6)


def test_the_stages_of_a_large_problem_near_known_answers_are_those_of_the_whole(monkeypatch):
    p, _ = case(5, 12.0)
    staged = dataclasses.replace(p, goals=({"travel": 1.0}, {"cost": 1.0}))
    alone = solve(staged, Options(20.0, 1e-4))
    monkeypatch.setattr(narrow, "LARGE", 0)
    known = solve(p, Options(20.0, 1e-4))
    near_it = solve(staged, Options(20.0, 1e-4), start=known, neighbours=[known])
    assert near_it.terms["travel"] == pytest.approx(alone.terms["travel"], rel=2e-4)
    assert near_it.terms["cost"] == pytest.approx(alone.terms["cost"], rel=2e-4)
