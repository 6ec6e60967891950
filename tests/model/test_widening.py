"""Large problems solved from their near sites outwards: the same answers, and never a bound above the optimum."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from territo.errors import InfeasibleError, NoSolutionError
from territo.locate.highs import Options
from territo.model.build import build
from territo.model.families import Norm
from territo.model.narrow import Width, is_large
from territo.model.plan import Plan
from territo.model.solve import solve
from territo.model.solver import solve as solve_program
from territo.model.stages import stages
from territo.model.start import given as given_plan
from territo.model.widening import Widening
from territo.progress import Silent
from tests.model.problems import line, problem, services, sites
from tests.properties import test_full_model_laws as full
from tests.properties.test_model_laws import random_case

EXACT = Options(gap=0.0, time_limit_s=30)
PATCHED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
laws = settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=PATCHED)
seeds = st.integers(0, 10_000)


@pytest.fixture
def _one_site(monkeypatch):
    """List one site more than the likely one at first, whatever the size."""
    monkeypatch.setattr("territo.model.narrow.LARGE", 1)
    monkeypatch.setattr("territo.model.narrow.FURTHER", 0.0)
    monkeypatch.setattr("territo.model.narrow.FEW", 1)


def whole(case, options=EXACT):
    """The same problem solved at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("territo.model.solve.is_large", lambda _: False)
        return solve(case, options, say_why=False)


def value(solution, case, stage=0):
    return sum(weight * solution.terms[name] for name, weight in case.goals[stage].items())


def promising(seed, **values):
    people = np.random.default_rng(seed).uniform(0.5, 1.0, 9)
    norms = (Norm(0, 0.5), Norm(1, 0.4, "alone", people))
    return random_case(seed, norms=norms, **values)


@pytest.mark.usefixtures("_one_site")
@laws
@given(seeds, st.sampled_from([{"cost": 1.0, "travel": 10.0}, {"travel": 1.0}, {"equity": 1.0}, {"coverage": 1.0}]))
def test_the_answer_is_that_of_the_whole(seed, goal):
    case = promising(seed, goals=(goal,))
    assert is_large(case)
    found = solve(case, EXACT, say_why=False)
    assert value(found, case) == pytest.approx(value(whole(case), case), rel=1e-6)
    assert found.proofs[-1].status == "optimal"


@pytest.mark.usefixtures("_one_site")
@laws
@given(seeds)
def test_so_is_that_of_stages_in_order_with_a_ceiling_and_the_worst_served(seed):
    free = whole(random_case(seed))
    limits = {"cost": 1.05 * free.terms["cost"]}
    case = random_case(seed, goals=({"equity": 1.0}, {"cost": 1.0}), limits=limits, worst_share=0.2)
    found, known = solve(case, EXACT, say_why=False), whole(case)
    for stage in (0, 1):
        assert value(found, case, stage) == pytest.approx(value(known, case, stage), rel=1e-5)


@pytest.mark.usefixtures("_one_site")
@settings(laws, max_examples=4)
@given(seeds)
def test_so_is_that_of_the_whole_model_with_modalities_territories_and_moves(seed):
    case = full.random_case(seed, stops=None)
    assert is_large(case)
    found = solve(case, EXACT, say_why=False)
    assert value(found, case) == pytest.approx(value(whole(case), case), rel=1e-6)


@pytest.mark.usefixtures("_one_site")
@laws
@given(seeds)
def test_a_narrow_problem_is_never_dearer_than_the_whole(seed):
    case = promising(seed)
    program, terms = build(Width(case).narrowed())
    assert program.farther
    program.minimise(case.goals[0], terms)
    narrow = solve_program(program, EXACT, Silent())
    known = value(whole(case), case)
    assert narrow.objective <= known * (1 + 1e-9)


@pytest.mark.usefixtures("_one_site")
@laws
@given(seeds)
def test_a_plan_is_completed_as_the_whole_would_complete_it(seed):
    case = promising(seed)
    known = whole(case)
    fixed = given_plan(case, known.plan)
    completed = stages(Width(case).completed(known.plan), EXACT, Silent(), {}, fixed=fixed).solution
    assert (completed.site_of == known.site_of).all()
    assert value(completed, case) == pytest.approx(value(known, case), rel=1e-9)


def test_a_node_that_no_point_of_a_plan_may_serve_is_not_sent_to_one_that_is_too_far():
    allowed = np.ones((3, 3, 1), dtype=bool)
    allowed[2, 0] = False
    case = problem(line(0, 9, 40), np.ones(3), allowed=allowed)
    plan = Plan(np.array([[True], [False], [False]]), ("free",), np.full(3, -1))
    completed = Width(case).completed(plan)
    assert completed.allowed[:, :, 0].tolist() == [[True, False, False], [True, False, False], [False] * 3]
    assert stages(completed, EXACT, Silent(), {}, fixed=given_plan(case, plan)).status == "infeasible"


@pytest.mark.usefixtures("_one_site")
def test_what_cannot_be_kept_is_infeasible_there_too():
    with pytest.raises(InfeasibleError):
        solve(random_case(1, limits={"cost": 1.0}), EXACT, say_why=False)


@pytest.mark.usefixtures("_one_site")
def test_an_answer_of_a_neighbour_tells_which_sites_to_list():
    case = random_case(3)
    neighbour = solve(case, EXACT)
    limits = {"travel": 1.01 * neighbour.terms["travel"]}
    changed = dataclasses.replace(case, limits=limits)
    again = solve(changed, EXACT, start=neighbour)
    assert value(again, changed) == pytest.approx(value(whole(changed), changed), rel=1e-6)


class Impatient:
    """Asks for a stop once an answer is known."""

    def __init__(self):
        self.seen = 0

    def report(self, event):
        self.seen += event.incumbent is not None

    def cancelled(self):
        return self.seen > 0


@pytest.mark.usefixtures("_one_site")
@laws
@given(seeds)
def test_a_stop_keeps_an_answer_of_the_whole_and_a_true_bound(seed):
    case = promising(seed)
    known = value(whole(case), case)
    stopped = solve(case, EXACT, Impatient(), say_why=False)
    proof = stopped.proofs[-1]
    assert proof.bound <= known * (1 + 1e-9) <= value(stopped, case) * (1 + 1e-6)
    assert proof.objective == pytest.approx(value(stopped, case), rel=1e-9)
    assert proof.status == "feasible" or proof.objective == pytest.approx(known, rel=1e-6)


@pytest.mark.usefixtures("_one_site")
def test_an_answer_found_before_any_bound_is_not_called_proven():
    case = random_case(1)
    search = Widening(case, EXACT, Silent())
    likely = {s: np.zeros(9, dtype=np.int64) for s, _ in Width(case).pairs_by_service()}
    search._place(likely)
    proof = search._search.best.proofs[-1]
    assert (proof.status, proof.bound, proof.gap) == ("feasible", -np.inf, np.inf)
    assert search._search.best.offered[:, 0].tolist() == [True, False, False, False]
    assert proof.objective == pytest.approx(value(search._search.best, case))


@pytest.mark.usefixtures("_one_site")
def test_without_time_for_anything_there_is_no_answer(monkeypatch):
    monkeypatch.setattr("territo.model.widening.Widening._place", lambda *_: None)
    with pytest.raises(NoSolutionError):
        solve(random_case(1), Options(time_limit_s=0.0), say_why=False)


def test_a_service_lists_twice_as_many_sites_once_it_is_doubled(monkeypatch):
    monkeypatch.setattr("territo.model.narrow.FURTHER", 0.0)
    monkeypatch.setattr("territo.model.narrow.FEW", 1)
    width = Width(problem(line(0, 1, 2, 3, 4), np.ones(5)))
    assert width.narrowed().allowed[0, :, 0].tolist() == [True, False, False, False, False]
    width.double(frozenset({0}))
    assert width.narrowed().allowed[0, :, 0].tolist() == [True, True, False, False, False]
    assert width.narrowed().beyond[0, :, 0].tolist() == [False, False, True, True, True]
    assert width.narrowed().allowed[4, :, 0].tolist() == [False, False, False, True, True]


def test_small_problems_and_given_plans_are_solved_as_they_are(monkeypatch):
    case = random_case(5)
    assert not is_large(case)
    monkeypatch.setattr("territo.model.narrow.LARGE", 1)
    assert is_large(case)
    assert not is_large(dataclasses.replace(case, frozen=whole(case).plan))


def test_services_bound_to_territories_gaining_from_size_or_with_stops_list_all_their_sites(monkeypatch):
    monkeypatch.setattr("territo.model.narrow.LARGE", 1)
    pieces = ((), ((1.0, 0.5), (2.0, 0.1)), ())
    offer = services(3, choices=(("free",), ("free",), ("central",)), nearest=[True, True, True], pieces=pieces)
    case = problem(line(0, 9, 20), np.ones((3, 3)), offer=offer, places=sites(3, 3))
    assert [s for s, _ in Width(case).pairs_by_service()] == [0]
    stops = full.random_case(1)
    assert not is_large(stops)
