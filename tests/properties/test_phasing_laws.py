"""Laws of the way to the target, on random organisations of six communes with all families at once."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territo.locate.highs import Options
from territo.model.build import build, over_the_years
from territo.model.families import Phasing
from territo.model.solve import solve
from territo.model.solver import solve as solve_program
from territo.progress import Silent
from tests.properties.test_full_model_laws import laws, never_better, random_case, seeds

EXACT = Options(gap=0.0, time_limit_s=30)
SERVICES = 3
few = settings(laws, max_examples=2)


def phased(seed, *, years=(0, 2, 5), **values):
    """Today: the front service at two places, an own team and an own office at every site."""
    case = random_case(seed, stops=None, moves=None)
    places = case.minutes.shape[1]
    offered = np.ones((places, SERVICES), dtype=bool)
    offered[[1, 3], 0] = False
    site_of = np.column_stack(
        [np.argmin(np.where(offered[:, s], case.minutes, np.inf), axis=1) for s in range(SERVICES)]
    )
    staff = np.zeros((places, SERVICES))
    for s in range(SERVICES):
        np.add.at(staff[:, s], site_of[:, s], 1.1 * case.units[:, s] / case.services.productivity[s])
    steps = len(years)
    defaults = {
        "weights": (1.0 / steps,) * steps,
        "staying": (0.9,) * steps,
        "most_changes": (None,) * steps,
        "most_services": (None,) * steps,
        "capital_eur": (None,) * steps,
    } | values
    way = Phasing(years, offered=offered, staff=staff, site_of=site_of, **defaults)
    return dataclasses.replace(case, phasing=way)


def best(case):
    program, terms = build(case)
    program.minimise(case.goals[0], over_the_years(program, case, terms))
    outcome = solve_program(program, EXACT, Silent())
    if outcome.status == "infeasible":
        return np.inf
    assert outcome.status == "optimal"
    return outcome.objective


@few
@given(seeds)
def test_a_single_step_from_which_everybody_may_leave_is_the_problem_without_steps(seed):
    alone = dataclasses.replace(phased(seed), phasing=None)
    assert best(phased(seed, years=(5,), staying=(0.0,))) == pytest.approx(best(alone), rel=1e-6)


@few
@given(seeds, st.integers(1, 2), st.integers(1, 2))
def test_more_changes_more_services_or_more_departures_never_cost_more(seed, changes, services):
    slow = phased(seed, most_changes=(changes,) * 3, most_services=(services,) * 3, staying=(1.0, 0.95, 0.9))
    never_better(best(slow), best(phased(seed, staying=(1.0, 0.95, 0.9))))
    quick = dataclasses.replace(slow.phasing, most_changes=(changes + 2,) * 3, most_services=(services + 1,) * 3)
    never_better(best(slow), best(dataclasses.replace(slow, phasing=quick)))
    leaving = dataclasses.replace(slow.phasing, staying=(0.9, 0.8, 0.7))
    never_better(best(slow), best(dataclasses.replace(slow, phasing=leaving)))


@few
@given(seeds)
def test_a_path_is_never_better_than_each_of_its_steps_alone(seed):
    case = phased(seed, most_changes=(1, 2, 3))
    program, _ = build(case)
    alone = [best(step.problem) for step in program.steps] + [best(dataclasses.replace(case, phasing=None))]
    never_better(best(case), float(np.dot(case.phasing.weights, alone)))


@few
@given(seeds)
def test_nothing_that_opened_closes_and_nothing_that_closed_opens_again(seed):
    case = phased(seed, most_changes=(2, 2, 2), most_services=(1, 1, 1))
    solution = solve(case, EXACT)
    points = np.array([case.phasing.offered, *(step.offered for step in solution.steps), solution.offered])
    rises = np.diff(points.astype(int), axis=0)
    assert (rises[:, case.phasing.offered] <= 0).all()
    assert (rises[:, ~case.phasing.offered] >= 0).all()
    assert (np.abs(rises[:, :, 0]).sum(axis=1) <= 2).all()
    totals = np.array([case.phasing.staff.sum(axis=0), *(step.staff.sum(axis=0) for step in solution.steps)])
    assert (totals[1:] >= 0.9 * totals[:-1] - 1e-6).all()
    begun = np.array([[name != "existing" for name in step.modality] for step in solution.steps])
    assert (begun[1:] >= begun[:-1]).all()
    assert begun[0].sum() <= 1
