"""What the solver said, and nothing more: limits, stops, starts."""

from __future__ import annotations

import dataclasses
import time

import numpy as np
import pytest

from territo.errors import InfeasibleError, NoSolutionError
from territo.locate.highs import Options
from territo.model.build import build
from territo.model.program import AT_MOST, Program
from territo.model.solve import solve
from territo.model.solver import Outcome
from territo.model.solver import solve as solve_program
from territo.progress import Silent
from tests.model.problems import problem, services, sites

UNKNOWN = Outcome("unknown", {}, np.nan, -np.inf, np.inf, 60.0, 10, 10, 5)


class Impatient:
    """Asks for a stop as soon as an answer is known, or from the start."""

    def __init__(self, *, at_once: bool) -> None:
        self.asked, self.events = at_once, []

    def report(self, event):
        self.events.append(event)
        self.asked = self.asked or event.incumbent is not None

    def cancelled(self):
        return self.asked


def hard_case(nodes=90, count=60):
    """A case that, at its full size, takes far longer than the tests let it."""
    rng = np.random.default_rng(5)
    at = rng.uniform(0, 60, (nodes, 2))
    times = np.hypot(*(at[:, None, :] - at[None, :count, :]).transpose(2, 0, 1)) + 2.0
    people = rng.uniform(100, 3_000, (nodes, 1))
    return problem(
        times,
        people * [[0.4, 1.0, 0.7]],
        people * [[0.3, 0.8, 0.5]],
        offer=services(3, productivity=[900.0, 1_400.0, 1_100.0], least_team=[2.0, 1.5, 3.0], fte_eur=45_000.0),
        places=sites(count, 3, opening_eur=rng.uniform(5_000, 40_000, count)),
        goals=({"cost": 1.0, "travel": 12.0},),
    )


@pytest.fixture(scope="module")
def hard_program():
    case = hard_case()
    program, terms = build(case)
    program.minimise(case.goals[0], terms)
    return program


def test_a_time_limit_is_never_called_optimal(hard_program):
    outcome = solve_program(hard_program, Options(time_limit_s=3, gap=0.0), Silent())
    assert outcome.status in {"feasible", "unknown"}
    assert outcome.gap > 0
    if outcome.status == "feasible":
        assert outcome.bound <= outcome.objective


def test_a_stop_before_any_answer_gives_none_and_says_so(hard_program):
    outcome = solve_program(hard_program, Options(time_limit_s=60), Impatient(at_once=True))
    assert outcome.status in {"unknown", "feasible"}
    assert outcome.seconds < 20


def test_a_stop_keeps_the_best_answer_found_and_its_true_bound(hard_program):
    began = time.perf_counter()
    progress = Impatient(at_once=False)
    outcome = solve_program(hard_program, Options(time_limit_s=60, gap=0.0), progress)
    assert outcome.status == "feasible"
    assert outcome.values
    assert outcome.bound <= outcome.objective
    assert any(event.incumbent is not None for event in progress.events)
    assert time.perf_counter() - began < 50


def test_the_same_seed_gives_the_same_answer():
    case = hard_case(25, 12)
    first, second = (solve(case, Options(time_limit_s=60, gap=0.01, seed=3)) for _ in range(2))
    assert (first.offered == second.offered).all()
    assert first.terms == second.terms


def test_a_stage_stopped_before_it_has_an_answer_keeps_what_the_earlier_ones_reached():
    class AfterFirstStage:
        def __init__(self):
            self.stages = set()

        def report(self, event):
            self.stages.add(event.stage)

        def cancelled(self):
            return len(self.stages) > 1

    case = dataclasses.replace(hard_case(25, 12), goals=({"cost": 1.0}, {"travel": 1.0}))
    solution = solve(case, Options(time_limit_s=60, gap=0.01), AfterFirstStage())
    assert solution.offered.any()
    assert solution.proofs[0].status == "optimal"
    assert solution.proofs[1].status in {"feasible", "unknown"}


def test_no_answer_within_the_limits_is_not_called_infeasible(monkeypatch):
    monkeypatch.setattr("territo.model.solver.solve", lambda *_arguments, **_options: UNKNOWN)
    with pytest.raises(NoSolutionError, match="no organisation was found in 60 s"):
        solve(hard_case(4, 2), Options())


def test_two_promises_that_block_together_are_both_named():
    case = problem(
        [[0.0, 10.0], [10.0, 0.0]],
        [100, 100],
        [100, 100],
        offer=services(productivity=100.0, least_team=1.0, fte_eur=10.0),
        places=sites(2, kept=[True, False], closed=[False, True]),
        most_open=0,
        limits={"cost": 1.0},
    )
    with pytest.raises(InfeasibleError) as caught:
        solve(case, Options())
    assert [fault.code for fault in caught.value.faults] == ["infeasible-together", "blocks-limits", "blocks-existing"]


def test_a_linear_program_has_its_optimum_as_its_bound():
    program = Program()
    amount = program.variable("amount", low=2.5, high=4.0)
    program.minimise({"cost": 2.0}, {"cost": [(amount, 1.0)]})
    program.row("most", [(amount, 1.0)], AT_MOST, 9.0)
    outcome = solve_program(program, Options(), Silent())
    assert (outcome.status, outcome.objective, outcome.bound, outcome.gap) == ("optimal", 5.0, 5.0, 0.0)


def test_a_maximum_time_that_blocks_is_named_with_the_norms():
    case = problem(
        [[0.0, 10.0], [10.0, 0.0]],
        [100, 100],
        allowed=np.array([[[True], [False]], [[False], [True]]]),
        most_open=1,
    )
    with pytest.raises(InfeasibleError) as caught:
        solve(case, Options())
    assert [fault.code for fault in caught.value.faults] == ["infeasible", "blocks-norm", "blocks-existing"]


def test_what_no_promise_explains_is_said_to_be_impossible_in_itself():
    with pytest.raises(InfeasibleError, match="even without promises"):
        solve(problem([[np.inf]], [100]), Options())


def test_a_stop_before_any_organisation_is_not_called_a_time_limit(monkeypatch):
    monkeypatch.setattr("territo.model.solver.solve", lambda *_arguments, **_options: UNKNOWN)
    with pytest.raises(NoSolutionError) as caught:
        solve(hard_case(4, 2), Options(), Impatient(at_once=True))
    assert [fault.code for fault in caught.value.faults] == ["stopped-before-any"]
