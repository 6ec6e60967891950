"""The way to the target, step by step: cases solved by hand, and what a step may not do."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from territo.errors import InfeasibleError
from territo.model import solver
from territo.model.families import Coordination, Phasing
from territo.model.solve import solve
from tests.model.problems import line, problem, services, sites, territories

YEARS = (0, 2, 5)
WEIGHTS = (0.2, 0.3, 0.5)


def way(case, offered, staff, site_of, **values):
    """Three steps from a situation of today; nothing limits them unless said."""
    steps = len(values.get("years", YEARS))
    defaults = {
        "years": YEARS,
        "weights": WEIGHTS,
        "staying": (0.0,) * steps,
        "most_changes": (None,) * steps,
        "most_services": (None,) * steps,
        "capital_eur": (None,) * steps,
    }
    size = (len(case.sites.codes), len(case.services.codes))
    today = Phasing(
        offered=np.array(offered, dtype=bool).reshape(size),
        staff=np.array(staff, dtype=float).reshape(size),
        site_of=np.array(site_of).reshape(-1, size[1]),
        **(defaults | values),
    )
    return dataclasses.replace(case, phasing=today)


def two_desks(**values):
    """Two communes, a desk of one agent in each; one agent is enough for both."""
    offer = services(productivity=1_000.0, least_team=1.0, fte_eur=40_000.0)
    case = problem(line(0, 20), [0, 0], [500, 500], offer=offer)
    return way(case, [True, True], [1.0, 1.0], [0, 1], **values)


def costs(solution):
    return [*(step.terms["cost"] for step in solution.steps), solution.terms["cost"]]


def mean(solution, weights=WEIGHTS):
    return float(np.dot(weights, costs(solution)))


def test_staff_shrinks_as_agents_leave():
    solution = solve(two_desks(staying=(1.0, 0.8, 0.5)))
    assert costs(solution) == pytest.approx([80_000, 64_000, 40_000])
    assert [step.offered.sum() for step in solution.steps][1] == 1
    assert solution.proofs[0].objective == pytest.approx(55_200)
    assert solution.proofs[0].status == "optimal"


def test_a_desk_that_may_not_close_yet_keeps_its_agent():
    solution = solve(two_desks(staying=(1.0, 0.8, 0.5), most_changes=(0, 0, 1)))
    assert costs(solution) == pytest.approx([80_000, 80_000, 40_000])


def test_changes_that_are_too_few_leave_no_way_to_the_target():
    closed = dataclasses.replace(two_desks().sites, closed=np.array([False, True]))
    case = dataclasses.replace(two_desks(most_changes=(0, 0, 0)), sites=closed)
    with pytest.raises(InfeasibleError):
        solve(case)


def test_a_service_that_has_not_begun_is_as_today():
    solution = solve(two_desks(most_services=(0, 0, 1), staying=(0.0, 0.0, 0.0)))
    for step in solution.steps:
        assert step.modality == ("existing",)
        assert step.offered.all()
        assert step.staff.ravel() == pytest.approx([1, 1])
        assert step.site_of.ravel().tolist() == [0, 1]
    assert costs(solution) == pytest.approx([80_000, 80_000, 40_000])


def test_a_new_point_stays_and_a_closed_one_does_not_come_back():
    """Three desks in a line; the middle is the best single place, and opens only when it may."""
    offer = services(productivity=1_000.0, least_team=1.0, fte_eur=40_000.0)
    case = problem(line(0, 20, 40), [1_000, 0, 1_000], [300, 0, 300], offer=offer)
    case = dataclasses.replace(case, goals=({"cost": 1.0, "travel": 6.0},), most_open=1)
    # one site: 40,000 EUR, and 1,333 hours in the middle or at an end; two: 80,000 EUR and no hour
    solution = solve(way(case, [True, False, True], [1, 0, 1], [0, 0, 2], most_changes=(1, 1, 1)))
    opened = np.array([*(step.offered[:, 0] for step in solution.steps), solution.offered[:, 0]])
    assert opened[-1].sum() == 1
    changes = np.abs(np.diff(np.vstack([[True, False, True], opened]).astype(int), axis=0)).sum(axis=1)
    assert (changes <= 1).all()
    rises = np.diff(opened.astype(int), axis=0)
    assert (rises[:, 1] >= 0).all()
    assert (rises[:, [0, 2]] <= 0).all()


def test_capital_is_spent_within_what_each_step_has():
    """A new place of 10 m² at 90 EUR/m² waits for the step that can pay for it."""
    places = sites(2, fitout_eur_m2=[0.0, 90.0])
    offer = services(reception_m2=10.0)
    case = problem(line(0, 60), [100, 1_000], [0, 0], offer=offer, places=places)
    case = dataclasses.replace(case, goals=({"travel": 1.0},))
    free = solve(way(case, [True, False], [0, 0], [0, 0]))
    poor = solve(way(case, [True, False], [0, 0], [0, 0], capital_eur=(0.0, 899.0, 900.0)))
    assert free.steps[0].offered[1, 0]
    assert [bool(step.offered[1, 0]) for step in poor.steps] == [False, False]
    assert poor.offered[1, 0]


def test_a_commune_joins_its_pole_when_its_own_team_closes_and_the_pole_has_a_manager_from_then():
    """Field teams of two communes become one pole: half a manager and a tenth of liaison once the service begins."""
    times = line(0, 10)
    offer = services(choices=(("poles",),), nearest=False, sector=True, productivity=100.0, fte_eur=40.0)
    plan = territories(times, [1, 1], [(0, 1)], count=1, seats=[0])
    price = Coordination(manager_eur=20.0, seat_fte=1.0, liaison_fte=0.1, branch_fte=0.05)
    agent = np.zeros((2, 2, 1))
    agent[1, 0, 0] = 7.0  # from the pole to the other commune
    case = problem(times, [0, 0], [100, 100], offer=offer, territories=plan, coordination=price, agent_eur=agent)
    today = {"offered": [True, True], "staff": [1.5, 1.5], "site_of": [0, 1], "staying": (1.0, 0.8, 0.5)}
    solution = solve(way(case, **today, most_services=(0, 1, 1)))
    first, second = solution.steps
    assert first.modality == ("existing",)
    assert first.seat_of.tolist() == [-1, -1]
    assert first.terms["cost"] == pytest.approx(3.0 * 40)
    # 2.4 agents stay and go to both communes, 2 are enough in the end
    assert second.terms["cost"] == pytest.approx(2.4 * 40 + 20 * 0.6 + 7)
    assert second.site_of.ravel().tolist() == [0, 0]
    assert second.modality == ("poles",)
    assert second.seat_of.tolist() == [0, 0]
    assert solution.terms["cost"] == pytest.approx(2 * 40 + 20 * 0.6 + 7)


def test_a_way_that_is_in_hand_is_kept_when_the_search_is_stopped(monkeypatch):
    whole = solver.solve

    def stopped(program, options, progress, *, stage="siting", start=None):
        outcome = whole(program, options, progress, stage=stage, start=start)
        if not stage.startswith("optimise") or not program.steps:
            return outcome
        return dataclasses.replace(outcome, status="unknown", values={}, objective=np.nan, bound=-np.inf, gap=np.inf)

    monkeypatch.setattr("territo.model.stages.solver.solve", stopped)
    solution = solve(two_desks(staying=(1.0, 0.8, 0.5)))
    assert costs(solution) == pytest.approx([80_000, 64_000, 40_000])
    assert solution.proofs[0].status == "feasible"
    assert solution.proofs[0].objective == pytest.approx(55_200)
    assert solution.proofs[0].gap == np.inf
