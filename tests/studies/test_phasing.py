"""The way to an organisation, from the scenario file to its steps, on a small modelled territory."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from territo.errors import InfeasibleError
from territo.model.solve import solve
from territo.report.way import ways
from territo.scenario.catalogue import load_catalogue
from territo.scenario.schema import Scenario
from territo.studies.build import model_territory
from territo.studies.compare import compare, run_of
from territo.studies.phasing import on_the_way
from territo.studies.prepare import prepare, today
from territo.studies.store import load_comparison, save_comparison
from territo.studies.workspace import default_workspace

SERVICES = ("mediatheque", "voirie", "finances")


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return model_territory(tmp_path_factory.mktemp("small") / "territory", communes=8, seed=1)


def scenario(phasing, **values):
    content = {
        "id": "poles",
        "name": "Pôles",
        "services": SERVICES,
        "modalities": {"front": "poles", "field": "poles", "back": "central"},
        "territories": {"count": 2},
        "transition": {"years": 5, "phasing": phasing},
    }
    return Scenario.model_validate(content | values)


@pytest.fixture(scope="module")
def comparison(small):
    return compare([scenario({"max_services": 1})], small)


@pytest.fixture(scope="module")
def way(comparison):
    return comparison.runs[0].steps


def test_one_service_after_the_other_begins_to_change(comparison, way):
    assert [step.year for step in way] == [0, 2, 5]
    assert sum(step.weight for step in way) == pytest.approx(1)
    assert [len(step.changed) for step in way] == [1, 2, 3]
    assert comparison.runs[0].status == "optimal"


def test_the_points_that_open_and_close_lead_from_today_to_the_organisation(comparison, small, way):
    ids = small.territory.sites.ids
    points = lambda plan: {  # noqa: E731 - one line for two organisations
        (ids[site], SERVICES[column]) for site, column in zip(*np.nonzero(plan.offered), strict=True)
    }
    standing = points(comparison.reference.organisation)
    for step in way:
        assert not standing & set(step.opened)
        assert set(step.closed) <= standing
        standing = standing - set(step.closed) | set(step.opened)
    assert standing == points(comparison.runs[0].organisation)


def test_staff_does_not_shrink_faster_than_agents_leave(comparison, way):
    rate = load_catalogue(default_workspace().catalogue).constants.departure_rate
    before, year = comparison.reference.assessment["ECO4"].value, 0
    for step in way:
        assert step.staff_fte >= before * (1 - rate) ** (step.year - year) - 1e-6
        before, year = step.staff_fte, step.year


def test_the_last_step_is_the_organisation_and_no_other_order_is_said(comparison, way):
    run = comparison.runs[0]
    assert way[-1].cost_eur == pytest.approx(run.assessment["COST"].value - run.assessment["COST.moves"].value)
    assert way[-1].travel_hours == run.assessment["PRX6"].value
    assert "TRJ.year" not in run.assessment.indicators


WISHES = {
    "poles": {},
    "central": {"modalities": {"front": "central", "field": "central"}, "territories": None},
    "chosen": {"modalities": {"front": ["poles", "free"], "field": ["central", "poles"], "back": ["central", "poles"]}},
    "antennas": {"modalities": {"front": "poles_antennas", "field": "poles", "antenna_services": ["mediatheque"]}},
    "free": {"modalities": {"front": "free", "field": "free"}, "territories": None, "sites": {"candidates": "centres"}},
    "stops": {
        "services": ("france_services", "voirie"),
        "itinerant": {"services": ["france_services"], "communes_min_population": 500},
    },
    "lexicographic": {"objective": {"kind": "lexicographic", "order": ["equity", "cost"]}},
}


@pytest.mark.parametrize("wish", sorted(WISHES))
def test_each_step_costs_what_the_model_says_and_takes_the_hours_that_it_says(small, wish):
    asked = scenario({"max_services": 2, "max_changes": 6, "capital_eur": 400_000}, **WISHES[wish])
    catalogue = load_catalogue(default_workspace().catalogue)
    prepared = on_the_way(prepare(asked, small, today(small, catalogue, asked.services)))
    solution = solve(prepared.formulation.problem, prepared.options)
    steps = run_of(prepared, solution).steps
    for model, figure in zip(solution.steps, steps, strict=False):
        assert model.terms["cost"] == pytest.approx(figure.cost_eur, rel=1e-6)
        assert model.terms["travel"] == pytest.approx(figure.travel_hours, rel=1e-6)
        assert model.terms["coverage"] >= 0
    assert all(b.works_eur - a.works_eur <= 400_000 * (1 + 1e-6) for a, b in pairwise(steps))


def test_a_pace_that_is_too_slow_is_told_from_promises_that_conflict(small):
    with pytest.raises(InfeasibleError, match="not at this pace") as caught:
        compare([scenario({"max_services": 0})], small)
    assert "max_services" in str(caught.value)
    with pytest.raises(InfeasibleError, match="cannot all be kept"):
        compare([scenario({"max_services": 1}, budget={"running_cost_change_pct": -60})], small)


def test_the_steps_are_kept_on_disk_and_told_in_words(comparison, tmp_path):
    save_comparison(comparison, tmp_path / "runs")
    again = load_comparison(tmp_path / "runs")
    assert again.runs[0].steps == comparison.runs[0].steps
    assert again.reference.steps == ()
    (told,) = ways(again, load_catalogue(default_workspace().catalogue), "fr")
    assert [row[0] for row in told.rows] == [
        "Aujourd’hui",
        "Tout de suite",
        "Dans 2 ans",
        "Dans 5 ans (visée)",
    ]
    assert "aucun autre chemin" in told.said
    assert [text.split("\u202f")[0] for text in told.begins] == ["Tout de suite", "Dans 2 ans", "Dans 5 ans (visée)"]
