"""The outline of a problem settles the same questions as the whole, and what it finds is an organisation."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from territo.locate.highs import Options, minimise
from territo.locate.highs import Program as Arrays
from territo.model.build import build
from territo.model.families import Norm
from territo.model.mending import mended
from territo.model.outline import outline
from territo.model.promises import promises, without
from territo.model.solve import elastic, solve
from territo.model.solver import solve as solve_program
from territo.progress import Silent
from tests.model.problems import line, problem, services, sites
from tests.properties.test_full_model_laws import SITES, offer, random_case

EXACT = Options(gap=0.0, time_limit_s=30)
LAWS = settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@pytest.fixture(autouse=True)
def _outline_of_small_problems(monkeypatch):
    monkeypatch.setattr("territo.model.finding.LARGE", 0)


def promised(seed):
    """Six communes with a budget, norms, sites kept and closed, and few places: some seeds cannot keep it all."""
    rng = np.random.default_rng(seed)
    wishes = rng.permutation(SITES)
    places = sites(
        SITES,
        3,
        opening_eur=rng.uniform(2_000, 9_000, SITES),
        reception_eur_m2=100.0,
        kept=np.arange(SITES) == wishes[0],
        closed=np.arange(SITES) == wishes[1],
        public=True,
    )
    case = random_case(
        seed,
        stops=None,
        moves=None,
        places=places,
        offer=offer(choices=(("free",), ("poles",), ("central",))),
        covered_within=12.0,
        norms=(Norm(0, rng.uniform(0.4, 1.0)),),
        most_open=int(rng.integers(1, SITES)),
        most_closures=int(rng.integers(0, SITES)),
        limits={"cost": float(rng.uniform(0.9e6, 1.8e6))},
    )
    tight = dataclasses.replace(case.territories, tolerance=float(rng.uniform(0.02, 0.6)))
    return dataclasses.replace(case, territories=tight)


def possible(case):
    """Whether the whole problem has an organisation, asked of HiGHS without detour."""
    program, terms = build(case)
    program.minimise({"cost": 1.0}, terms)
    return solve_program(program, EXACT, Silent()).status == "optimal"


def some_of(case, rng):
    return [promise for promise in promises(case) if rng.random() < 0.5]


@LAWS
@given(st.integers(0, 10_000))
def test_what_is_said_of_any_promises_dropped_is_what_the_whole_problem_says(seed):
    case, rng = promised(seed), np.random.default_rng(seed)
    examined = elastic(case, EXACT, Silent())
    for _ in range(6):  # later answers come from what earlier ones found
        dropped = some_of(case, rng)
        assert examined.enough(dropped) == possible(without(case, dropped))
    assert not examined.cut_short


@LAWS
@given(st.integers(0, 10_000))
def test_the_least_relaxation_is_the_same_with_and_without_an_outline(seed):
    case = promised(seed)
    through = elastic(case, EXACT, Silent())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("territo.model.finding.LARGE", np.inf)
        whole = elastic(case, EXACT, Silent())
        direct = {each.id: whole.least(each) for each in whole.promises}
    for each in through.promises:
        found, expected = through.least(each), direct[each.id]
        assert (found is None) == (expected is None)
        if each.kind == "norm":  # told to a hundredth by way of the outline
            assert found is None or expected.to - 0.01 - 1e-9 <= found.to <= expected.to + 1e-9
        elif found is not None:
            assert found.to == pytest.approx(expected.to, rel=1e-6, nan_ok=True)
            assert found.proven


@LAWS
@given(st.integers(0, 10_000))
def test_every_organisation_of_the_whole_satisfies_the_outline_at_no_greater_cost(seed):
    case = dataclasses.replace(promised(seed), limits={})
    whole, terms = build(case)
    whole.minimise({"cost": 1.0}, terms)
    answer = solve_program(whole, EXACT, Silent())
    part, terms = outline(case)
    part.minimise({"cost": 1.0}, terms)
    bound = solve_program(part, EXACT, Silent())
    if answer.status == "optimal":
        assert bound.objective <= answer.objective * (1 + 1e-9)


def test_an_outline_has_no_trip_that_no_promise_looks_at():
    times = line(*range(0, 120, 10))
    case = problem(times, [1] * 12, covered_within=15)
    assert not outline(case)[0].share
    asked = dataclasses.replace(case, norms=(Norm(0, 0.5),))
    assert all(times[i, j] <= 15 for i, j, _ in outline(asked)[0].share)


def test_a_point_is_added_where_users_of_the_nearest_one_are_too_far():
    # node 1 is nearer to A, where none of its people are in time, than to B, where half of them are
    case = problem(
        [[0.0, 50.0, 50.0], [10.0, 12.0, 2.0]],
        [1, 1],
        offer=services(1),
        covered=np.array([[[1.0], [0.0], [0.0]], [[0.0], [0.5], [1.0]]]),
        norms=(Norm(0, 0.75),),
    )
    plan = solve(dataclasses.replace(case, norms=(), most_open=1, goals=({"travel": 1.0},)), EXACT).plan
    assert plan.offered[:, 0].tolist() == [True, False, False]
    assert mended(case, plan).offered[:, 0].tolist() == [True, False, True]


def test_a_search_ends_as_soon_as_an_answer_or_the_bound_is_past_what_is_enough():
    rng = np.random.default_rng(0)
    case = problem(rng.uniform(5, 60, (30, 30)), np.ones(30), places=sites(30, opening_eur=rng.uniform(1, 9, 30)))
    program, terms = build(case)
    program.minimise({"cost": 1.0, "travel": 1.0}, terms)
    arrays: Arrays = program.as_arrays()
    proven = minimise(arrays, EXACT, Silent(), stage="siting").objective
    for enough in (proven * 2.0, proven * 0.5):
        answer = minimise(arrays, dataclasses.replace(EXACT, enough=enough), Silent(), stage="siting")
        assert answer.objective <= enough or answer.bound > enough
