"""Services taken apart: their sum is a bound of the whole, whatever the prices of what they share."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from territo.locate.highs import Options
from territo.model.build import build
from territo.model.families import Norm
from territo.model.parts import SHARED, Parts, _owners, _ties
from territo.model.solver import solve
from territo.progress import Silent
from tests.properties import test_full_model_laws as full
from tests.properties.test_model_laws import random_case

EXACT = Options(gap=0.0, time_limit_s=30)
laws = settings(max_examples=10, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
seeds = st.integers(0, 10_000)
goals = st.sampled_from([{"cost": 1.0, "travel": 10.0}, {"travel": 1.0}, {"equity": 1.0, "cost": 1e-3}])
families = st.sampled_from(
    [
        {},
        {"limits": {"travel": 1e6}},
        {"worst_share": 0.2},
        {"norms": (Norm(0, 0.5), Norm(1, 0.4))},
    ]
)


def built(case):
    program, terms = build(case)
    program.minimise(case.goals[0], terms)
    return program


def optimum(case, *, relaxed=False):
    return solve(built(case), EXACT, Silent(), relaxed=relaxed)


def apart(case, relaxed):
    program = built(case)
    found = Parts(program, relaxed)
    found.solve(program, case, EXACT, Silent())
    return found


@laws
@given(seeds, goals, families)
def test_the_bound_is_between_the_relaxation_and_the_optimum(seed, goal, family):
    case = random_case(seed, goals=(goal,), **family)
    relaxed, known = optimum(case, relaxed=True), optimum(case)
    bound = apart(case, relaxed).bound
    assert relaxed.objective - 1e-6 * abs(relaxed.objective) <= bound <= known.objective * (1 + 1e-9)


@laws
@given(seeds)
def test_so_is_that_of_the_full_model(seed):
    case = full.random_case(seed)
    relaxed, known = optimum(case, relaxed=True), optimum(case)
    bound = apart(case, relaxed).bound
    assert relaxed.objective - 1e-6 * abs(relaxed.objective) <= bound <= known.objective * (1 + 1e-9)


@laws
@given(seeds)
def test_teams_left_with_the_territories_prove_no_less_and_never_more_than_the_optimum(seed):
    case = full.random_case(seed)
    relaxed, known, program = optimum(case, relaxed=True), optimum(case), built(case)
    found = apart(case, relaxed)
    for only in (frozenset({SHARED}), None):
        joined = found.with_teams_in_poles(program, relaxed)
        assert joined.bound == -np.inf
        joined.solve(program, case, EXACT, Silent(), only=only, finely=True)
        least = found.bound - 1e-6 * abs(found.bound)
        assert least <= joined.bound <= known.objective * (1 + 1e-9)


def test_teams_left_with_the_territories_prove_more_where_each_pole_needs_a_smallest_team():
    case = full.random_case(0)
    relaxed, program = optimum(case, relaxed=True), built(case)
    found = apart(case, relaxed)
    joined = found.with_teams_in_poles(program, relaxed)
    joined.solve(program, case, EXACT, Silent(), only=frozenset({SHARED}), finely=True)
    assert joined.bound > found.bound * (1 + 1e-6)
    assert found.loose(1e-3) == frozenset()


@laws
@given(seeds, st.floats(0.0, 3.0))
def test_other_prices_bound_it_too(seed, factor):
    case = random_case(seed, goals=({"cost": 1.0, "travel": 10.0},), limits={"travel": 1e6})
    relaxed, known = optimum(case, relaxed=True), optimum(case)
    wrong = np.random.default_rng(seed).uniform(-factor, factor, relaxed.prices.size)
    assert apart(case, dataclasses.replace(relaxed, prices=relaxed.prices * wrong)).bound <= known.objective * (
        1 + 1e-9
    )


@laws
@given(seeds)
def test_whole_decisions_of_the_parts_lift_the_bound_over_the_relaxation(seed):
    case = full.random_case(seed)
    relaxed = optimum(case, relaxed=True)
    assert apart(case, relaxed).bound > relaxed.objective * (1 + 1e-5)


def test_no_row_that_is_kept_ties_points_of_two_services():
    program = built(full.random_case(3))
    rows, alone = program.as_arrays().rows, frozenset(s for *_, s in program.share)
    kept = np.flatnonzero(~_ties(rows, _owners(program, rows, alone)))
    at_seats = {decision.index for decision in program.member.values()}
    service = {point.index: s for (_, s), point in program.offered.items() if point.index not in at_seats}
    tied = [rows.indices[rows.indptr[row] : rows.indptr[row + 1]].tolist() for row in kept]
    counts = [len({service[column] for column in columns if column in service}) for columns in tied]
    assert max(counts) == 1


def test_territories_of_the_parts_put_each_commune_in_one():
    case = full.random_case(5, stops=None)
    found = apart(case, optimum(case, relaxed=True))
    homes = {}
    for name, value in found.territories.items():
        homes.setdefault(name[len("member(") :].split(",")[0], []).append(value)
    assert homes
    assert all(sum(values) == pytest.approx(1.0) for values in homes.values())
    decided = found.points.items() - found.territories.items()
    assert found.closed.items() <= found.agreed.items() <= decided <= found.values.items()
