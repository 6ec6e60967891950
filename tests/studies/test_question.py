"""A run may start from another: what was proven of it counts where only sites were kept or closed since."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from territo.errors import InputError
from territo.formulate import solution_of
from territo.progress import Silent
from territo.scenario.catalogue import load_catalogue
from territo.studies.build import model_territory
from territo.studies.compare import compare, run, run_of, solve_prepared
from territo.studies.prepare import prepare, today
from territo.studies.question import answered, bound_from
from territo.studies.store import RUNS, save_comparison
from territo.studies.workspace import default_workspace
from tests.studies.test_compare import SERVICES, scenario


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return model_territory(tmp_path_factory.mktemp("small") / "territory", communes=10, seed=1)


@pytest.fixture(scope="module")
def asked(small):
    """Write a scenario as a problem."""
    now = today(small, load_catalogue(default_workspace().catalogue), SERVICES)

    def write(**values):
        return prepare(scenario(**values), small, now)

    return write


@pytest.fixture(scope="module")
def first(asked):
    """The scenario as it stands, its solution and its run."""
    prepared = asked()
    solution = solve_prepared(prepared, prepared.formulation.problem, Silent())
    return prepared, solution, run_of(prepared, solution)


def site_open(first):
    """An id of a site that is open, and no siège."""
    prepared, solution, _ = first
    problem, ids = prepared.formulation.problem, prepared.territory.territory.sites.ids
    open_ones = np.flatnonzero(solution.offered.any(axis=1) & ~problem.required.any(axis=1))
    return next(ids[prepared.formulation.sites[j]] for j in open_ones if j != problem.headquarters)


def test_what_was_proven_counts_where_a_site_is_closed(first, asked):
    found = first[2]
    narrower = asked(sites={"close": [site_open(first)]}).formulation.problem
    assert bound_from(found, narrower) == found.proofs[0].bound
    assert bound_from(found, first[0].formulation.problem) == found.proofs[0].bound


def test_nothing_counts_where_a_site_is_no_longer_closed_or_anything_else_differs(first, asked):
    found = first[2]
    shut = asked(sites={"close": [site_open(first)]})
    closed = run_of(shut, solve_prepared(shut, shut.formulation.problem, Silent()))
    assert bound_from(closed, first[0].formulation.problem) == -math.inf
    for values in (
        {"territories": {"count": [2, 2]}},
        {"modalities": {"front": "free", "field": "poles"}},
        {"sites": {"max_open": 5}},
    ):
        assert bound_from(found, asked(**values).formulation.problem) == -math.inf


def test_an_organisation_goes_back_to_the_decisions_that_it_came_from(first):
    prepared, solution, found = first
    back = solution_of(prepared.formulation, found.organisation, found.terms)
    assert (back.offered == solution.offered).all()
    assert (back.site_of == solution.site_of).all()
    assert (back.seat_of == solution.seat_of).all()
    assert back.modality == solution.modality


def test_what_is_open_at_no_candidate_site_is_left_out(first):
    prepared, _, found = first
    fewer = dataclasses.replace(prepared.formulation, sites=prepared.formulation.sites[1:])
    gone = prepared.formulation.sites[0]
    back = solution_of(fewer, found.organisation, found.terms)
    assert back.offered.shape[0] == fewer.sites.size
    assert (back.seat_of[found.organisation.territory_of == gone] == -1).all()


def test_a_run_that_starts_from_another_is_as_good_as_one_that_does_not(first, small):
    closing = scenario(sites={"close": [site_open(first)]})
    cold, warm = run(closing, small), run(closing, small, start=first[2])
    assert warm.proofs[0].objective == pytest.approx(cold.proofs[0].objective, rel=2e-3)
    assert warm.status == "optimal"
    assert warm.passport["question_closed"]


def test_so_is_one_of_a_large_problem(small, monkeypatch):
    monkeypatch.setattr("territo.model.narrow.LARGE", 1)
    free = {"front": "free", "field": "poles"}
    known = run(scenario(modalities=free), small)
    shut = small.territory.sites.ids[int(np.flatnonzero(known.organisation.offered[:, 0])[-1])]
    closing = scenario(modalities=free, sites={"close": [shut]})
    cold, warm = run(closing, small), run(closing, small, start=known)
    assert warm.proofs[0].objective == pytest.approx(cold.proofs[0].objective, rel=2e-3)
    assert warm.status == "optimal"


def test_an_answer_about_other_services_starts_nothing(first, small):
    fewer = scenario(services=SERVICES[:2], modalities={"front": "poles", "field": "poles"})
    assert run(fewer, small, start=first[2]).status == "optimal"


def test_the_answer_of_the_same_scenario_is_taken_from_a_folder(small, tmp_path):
    central = scenario("central", modalities={"front": "central", "field": "central"}, territories=None)
    save_comparison(compare([central, scenario()], small), tmp_path / "two" / RUNS)
    assert answered(tmp_path / "two", scenario(), small).scenario_id == "poles"
    assert answered(tmp_path / "two", scenario("new"), small).scenario_id == "central"


def test_an_answer_found_elsewhere_or_none_at_all_is_refused(small, tmp_path):
    comparison = compare([scenario()], small)
    elsewhere = dataclasses.replace(comparison.runs[0], passport={"territory_digest": "0"})
    save_comparison(dataclasses.replace(comparison, runs=(elsewhere,)), tmp_path / "elsewhere")
    save_comparison(dataclasses.replace(comparison, runs=()), tmp_path / "none")
    with pytest.raises(InputError, match="another territory"):
        answered(tmp_path / "elsewhere", scenario(), small)
    with pytest.raises(InputError, match="holds no answer"):
        answered(tmp_path / "none", scenario(), small)
    with pytest.raises(InputError, match="not a comparison"):
        answered(tmp_path / "nothing", scenario(), small)
