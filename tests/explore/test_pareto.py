"""The frontier against every plan written out, alone and with two processes."""

from __future__ import annotations

import dataclasses
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territo.errors import InfeasibleError
from territo.explore.pareto import AUGMENTATION, PRICE, PROOF, Search, explore
from territo.explore.tasks import Alone, Answer, Processes, Task, answer
from territo.locate.highs import Options
from territo.progress import Silent
from tests.model.problems import problem, sites

OPTIONS = Options(time_limit_s=20)
KAPPA = 0.08
OPENING = np.array([3_000.0, 5_000.0, 7_000.0, 4_000.0, 6_500.0, 3_700.0])


def case(**values):
    rng = np.random.default_rng(3)
    at = rng.uniform(0, 40, (12, 2))
    minutes = np.hypot(*(at[:, None, :] - at[None, :6, :]).transpose(2, 0, 1))
    return problem(minutes, rng.integers(50, 900, 12), places=sites(6, opening_eur=OPENING), **values)


def every_plan(p):
    """Cost and travel of every set of open sites, users at the nearest."""
    hours = p.visits[:, 0, None] * p.minutes * 2 / 60
    for size in range(1, 7):
        for chosen in combinations(range(6), size):
            opened = list(chosen)
            nearest = np.array(opened)[p.minutes[:, opened].argmin(axis=1)]
            yield OPENING[opened].sum(), hours[np.arange(12), nearest].sum()


def true_frontier(p):
    plans = sorted(every_plan(p))
    kept = []
    for cost, travel in plans:
        if not kept or travel < kept[-1][1]:
            kept.append((cost, travel))
    return kept


def found_by(search, progress=None):
    points = list(explore(search, progress or Silent()))
    return sorted((point.cost, point.travel) for point in points)


def test_with_enough_points_the_frontier_is_that_of_all_plans_written_out():
    true = true_frontier(case())
    search = Search(case(), len(true), OPTIONS)
    assert found_by(search) == [pytest.approx(point) for point in true]
    assert search.complete


def test_fewer_points_than_exist_are_on_the_true_frontier_with_its_two_ends():
    true = true_frontier(case())
    search = Search(case(), 5, OPTIONS)
    points = found_by(search)
    assert len(points) == 5
    assert (points[0], points[-1]) == (pytest.approx(true[0]), pytest.approx(true[-1]))
    for point in points:
        assert any(point == pytest.approx(other) for other in true)


def test_more_points_than_exist_are_not_made_up():
    true = true_frontier(case())
    search = Search(case(), len(true) + 20, OPTIONS)
    assert len(found_by(search)) == len(true)
    assert search.complete


def test_every_point_keeps_the_promises_of_the_problem():
    capped = case(limits={"cost": 12_000.0}, most_open=2)
    points = found_by(Search(capped, 5, OPTIONS))
    assert max(cost for cost, _ in points) <= 12_000.0


def test_a_problem_with_one_best_plan_has_one_point():
    search = Search(problem([[5.0]], [100]), 5, OPTIONS)
    assert len(found_by(search)) == 1
    assert search.complete


def test_a_problem_that_nothing_keeps_has_no_frontier():
    with pytest.raises(InfeasibleError) as caught:
        found_by(Search(case(limits={"cost": 1.0}), 5, OPTIONS))
    assert caught.value.faults[0].code == "infeasible"


def test_what_is_known_is_not_solved_again():
    first = Search(case(), 5, OPTIONS)
    found_by(first)
    again = Search(case(), 5, OPTIONS, list(first.found.values()))
    assert again.complete
    assert found_by(again) == []


def test_what_is_not_proven_is_asked_again_from_its_answer_and_keeps_its_number():
    first = Search(case(), 5, OPTIONS)
    found_by(first)
    doubted = first.found[0]
    proven = [each for each in first.found.values() if each is not doubted]
    again = Search(case(), 5, OPTIONS, proven, [doubted])
    task = again.next()
    assert (task.number, task.starts[0]) == (0, doubted.solution)
    nothing_proven = Search(case(), 5, OPTIONS, [], list(first.found.values()))
    asked = nothing_proven.next()
    assert asked.number not in first.found
    assert asked.starts


@pytest.mark.parametrize(
    ("gaps", "expected"),
    [((0.1, 0.2, 0.0), [0.1, 0.0]), ((0.1, 0.0, 0.0), [0.1, 0.0]), ((0.2, 0.1, 0.1), [0.2, 0.1])],
)
def test_of_answers_alike_those_that_prove_more_are_told(gaps, expected):
    search = Search(case(), 5, OPTIONS)
    told = []
    for gap in gaps:
        task = search.next()
        solution = answer(search.problem, task, Silent()).solution
        first = solution if not told else told[0].solution
        proofs = tuple(dataclasses.replace(proof, gap=gap) for proof in first.proofs)
        found = search.learn(Answer(task.number, dataclasses.replace(first, proofs=proofs)))
        told += [found] if found else []
    assert [each.gap for each in told] == expected


def test_a_stop_keeps_the_points_found_and_says_that_there_may_be_more():
    class AfterTwo:
        def __init__(self):
            self.told = 0

        def report(self, event):
            self.told += event.stage == "pareto"

        def cancelled(self):
            return self.told > 2

    search = Search(case(), 9, OPTIONS)
    points = found_by(search, AfterTwo())
    assert len(points) >= 2
    assert not search.complete


def test_two_processes_answer_as_one_does():
    task = Task(4, ({"cost": 1.0, "travel": 8.0},), {}, OPTIONS)
    alone = Alone(case())
    alone.submit(task)
    expected = alone.next(Silent())
    with Processes(case(), 2) as crew:
        crew.submit(task)
        crew.submit(Task(5, ({"travel": 1.0},), {"cost": 1.0}, OPTIONS))
        answers = {answer.number: answer for answer in (crew.next(Silent()), crew.next(Silent()))}
        children = [child.pid for child in crew._idle]
    assert answers[4].solution.terms == pytest.approx(expected.solution.terms)
    assert [fault.code for fault in answers[5].error.faults] == ["infeasible", "blocks-limits"]
    assert len(set(children)) == 2


def test_a_process_that_dies_is_an_error_and_not_an_answer():
    with Processes(case(), 1) as crew:
        crew.submit(Task(0, ({"cost": 1.0},), {}, OPTIONS))
        crew._busy[next(iter(crew._busy))].kill()
        with pytest.raises(RuntimeError, match="ended"):
            crew.next(Silent())


def uneven(seed, sites_count=5, nodes=9, most_open=2):
    """A problem with a proxy of equity, and (plans, 3) cost, travel and equity of every set of sites it may open."""
    rng = np.random.default_rng(seed)
    at = rng.uniform(0, 40, (nodes, 2))
    minutes = np.hypot(*(at[:, None, :] - at[None, :sites_count, :]).transpose(2, 0, 1))
    opening = rng.uniform(2_000, 9_000, sites_count).round()
    visits = rng.integers(50, 900, nodes)
    need = (visits * rng.uniform(0.5, 3.0, nodes))[:, None]
    p = problem(
        minutes,
        visits,
        places=sites(sites_count, opening_eur=opening),
        unevenness=np.exp(KAPPA * minutes),
        need=need,
        most_open=most_open,
    )
    hours = p.visits[:, 0, None] * minutes * 2 / 60
    proxy = need * np.exp(KAPPA * minutes)
    plans = []
    for size in range(1, most_open + 1):
        for chosen in combinations(range(sites_count), size):
            opened = list(chosen)
            pairs = np.arange(nodes), np.array(opened)[minutes[:, opened].argmin(axis=1)]
            plans.append((opening[opened].sum(), hours[pairs].sum(), proxy[pairs].sum()))
    return p, np.array(plans)


def efficient(plans):
    return np.array([plan for plan in plans if not ((plans <= plan).all(axis=1) & (plans < plan).any(axis=1)).any()])


def three_terms(found):
    return np.array([(point.cost, point.travel, point.equity) for point in found])


@given(st.integers(0, 10_000))
@settings(max_examples=6, deadline=None, derandomize=True)
def test_with_equity_nothing_is_dominated_and_no_plan_under_a_ceiling_is_missing(seed):
    p, plans = uneven(seed)
    search = Search(p, 12, OPTIONS, equity=True)
    found = three_terms(explore(search, Silent()))
    assert search.complete
    true = efficient(plans)
    ranges = true.max(axis=0) - true.min(axis=0)
    for point in found:
        assert np.isclose(plans, point, rtol=1e-6).all(axis=1).any()
        better = (plans <= point + 1e-6).all(axis=1) & (plans[:, 0] < point[0] - PROOF * ranges[0] - 1e-6)
        assert not better.any()
    worst, best = max(found[found[:, k].argmin(), 2] for k in (0, 1)), plans[:, 2].min()
    # what a proof leaves open and the slight weights of the other terms move a cost by no more
    slack = np.array([PROOF + 2 * AUGMENTATION, 2e-3, 1e-3]) * ranges + 1e-6
    for most in (np.inf, np.sqrt(worst * best), best * (1 + 1e-9)):
        for plan in plans[plans[:, 2] <= most]:
            near = found[found[:, 2] <= min(most, 1e12) * (1 + 2e-4)]
            assert ((near[:, :2] <= plan[:2] + slack[:2]).all(axis=1)).any()


def test_equity_adds_points_that_cost_and_travel_alone_would_not_keep():
    p, plans = uneven(3, sites_count=6, nodes=10)
    plain = three_terms(explore(Search(p, 12, OPTIONS), Silent()))
    search = Search(p, 12, OPTIONS, equity=True)
    found = three_terms(explore(search, Silent()))
    assert search.complete
    assert found[:, 2].min() == pytest.approx(plans[:, 2].min(), rel=1e-4)
    assert plain[:, 2].min() > found[:, 2].min() * 1.001
    for point in plain:
        assert np.isclose(found, point, rtol=1e-6).all(axis=1).any()


def test_a_frontier_with_equity_goes_on_from_what_is_known():
    p, _ = uneven(12)
    first = Search(p, 6, OPTIONS, equity=True)
    whole = three_terms(explore(first, Silent()))
    half = [each for each in first.found.values() if each.number in {0, 2, 5}]
    again = Search(p, 6, OPTIONS, half, equity=True)
    more = three_terms(explore(again, Silent()))
    assert again.complete
    together = np.vstack([three_terms(half), more])
    for point in efficient(whole):
        assert ((together <= point * (1 + 1e-6)).all(axis=1)).any()
    assert Search(p, 6, OPTIONS, list(first.found.values()), equity=True).complete


def test_while_an_end_is_sought_a_chord_is_asked_between_what_is_known():
    whole, true = case(), true_frontier(case())
    search = Search(whole, len(true), OPTIONS)
    first = search.next()
    search.learn(answer(whole, first, Silent()))
    cost, travel = search.next(), search.next()
    assert first.goals == ({"cost": 1.0, "travel": PRICE},)
    assert (cost.number, travel.number) == (0, len(true) - 1)
    assert search.next() is None
    search.learn(answer(whole, travel, Silent()))
    chord = search.next()
    known = [*search.found.values()]
    dear, cheap = max(known, key=lambda each: each.cost), min(known, key=lambda each: each.cost)
    assert chord.goals[0]["travel"] == pytest.approx((dear.cost - cheap.cost) / (cheap.travel - dear.travel))
    assert not search.complete
    search.learn(answer(whole, cost, Silent()))
    search.learn(answer(whole, chord, Silent()))
    while (task := search.next()) is not None:
        search.learn(answer(whole, task, Silent()))
    assert search.complete
    assert [(each.cost, each.travel) for each in sorted(distinct(search), key=lambda each: each.cost)] == [
        pytest.approx(point) for point in true
    ]


def distinct(search):
    """Answers of a search, one of those that are alike."""
    return {round(each.travel, 3): each for each in search.found.values()}.values()
