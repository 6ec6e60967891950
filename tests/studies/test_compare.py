"""The use cases on a small modelled territory: compare, keep, publish, demonstrate."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from territo.domain.itinerance import Itinerance
from territo.errors import InfeasibleError, InputError
from territo.progress import Silent
from territo.scenario.schema import Scenario
from territo.studies.build import model_territory
from territo.studies.compare import compare, run
from territo.studies.publish import keep
from territo.studies.store import load_comparison, save_comparison
from territo.studies.workspace import default_workspace

SERVICES = ("mediatheque", "voirie", "finances")


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return model_territory(tmp_path_factory.mktemp("small") / "territory", communes=10, seed=1)


def scenario(name="poles", **values):
    defaults = {
        "id": name,
        "name": name,
        "services": SERVICES,
        "modalities": {"front": "poles", "field": "poles", "back": "central"},
        "territories": {"count": [2, 3]},
    }
    return Scenario.model_validate(defaults | values)


@pytest.fixture(scope="module")
def comparison(small):
    plain = scenario("central", modalities={"front": "central", "field": "central"}, territories=None)
    return compare([scenario(), plain], small)


def test_runs_come_in_the_order_asked_with_their_proof_and_passport(comparison):
    assert [each.scenario_id for each in comparison.runs] == ["poles", "central"]
    first = comparison.runs[0]
    assert first.status == "optimal"
    assert first.proofs[0].gap <= 1e-3
    assert first.passport["territory_digest"]
    assert first.passport["seed"] == "0"
    assert comparison.reference.status == "evaluated"


def test_scenarios_on_other_services_are_refused(small):
    other = scenario("other", services=("mediatheque",), modalities={"front": "free"}, territories=None)
    with pytest.raises(InputError, match="compare scenarios on the same services"):
        compare([scenario(), other], small)


def test_an_impossible_budget_names_the_scenario_and_what_blocks(small):
    with pytest.raises(InfeasibleError) as caught:
        run(scenario(budget={"running_cost_change_pct": -90}), small)
    assert caught.value.faults[0].where == "poles"
    assert [fault.code for fault in caught.value.faults[1:]] == ["blocks-limits"]


def test_a_wish_said_twice_is_the_wish_said_once(small):
    first, second, third = small.territory.communes.codes[:3]
    wishes = [
        {"communes": [first, second], "together": True},
        {"communes": [first, second], "together": True},
        {"commune": third, "seat": first, "inside": False},
        {"commune": third, "seat": first, "inside": False},
    ]
    once, twice = (
        run(scenario(territories={"count": [2, 3], "locks": locks}), small) for locks in (wishes[::2], wishes)
    )
    assert once.terms["cost"] == pytest.approx(twice.terms["cost"], rel=1e-3)


def test_a_maximum_time_that_no_candidate_meets_is_said(small):
    far = scenario(norms={"mediatheque": {"max_minutes": 3}})
    warnings = run(far, small).warnings
    assert any(warning.startswith("out_of_reach:mediatheque:") for warning in warnings)


def test_a_comparison_read_back_is_the_one_written(comparison, tmp_path):
    save_comparison(comparison, tmp_path / "kept")
    again = load_comparison(tmp_path / "kept")
    for before, after in zip((comparison.reference, *comparison.runs), (again.reference, *again.runs), strict=True):
        assert (before.scenario_id, before.status, before.warnings) == (after.scenario_id, after.status, after.warnings)
        assert before.proofs == after.proofs
        assert (before.organisation.assignment == after.organisation.assignment).all()
        assert before.assessment.alarms == after.assessment.alarms
        for name, figure in before.assessment.indicators.items():
            read = after.assessment[name]
            assert np.array_equal([figure.value], [read.value], equal_nan=True)
            assert dataclasses.astuple(figure)[:2] == dataclasses.astuple(read)[:2]
            assert figure.by_service.keys() == read.by_service.keys()


def test_itinerant_stops_are_kept_with_the_organisation(comparison, tmp_path):
    plan = comparison.runs[0].organisation
    half_days, parent = np.zeros(len(plan.offered)), np.full(len(plan.offered), -1)
    half_days[2], parent[2] = 3, 0
    offered, users = np.zeros(plan.offered.shape, dtype=bool), np.full(plan.assignment.shape, -1)
    offered[2, 1], users[:4, 1] = True, 2
    stops = Itinerance(0.6, half_days, parent, offered, users)
    moved = dataclasses.replace(comparison.runs[0], organisation=dataclasses.replace(plan, itinerance=stops))
    save_comparison(dataclasses.replace(comparison, runs=(moved,)), tmp_path / "kept")
    again = load_comparison(tmp_path / "kept").runs[0].organisation.itinerance
    assert again.credit == 0.6
    for name in ("half_days", "parent", "offered", "assignment"):
        assert (getattr(again, name) == getattr(stops, name)).all()


def test_a_folder_that_is_not_a_comparison_is_refused(tmp_path):
    (tmp_path / "00").mkdir()
    (tmp_path / "00" / "run.json").write_text("{")
    with pytest.raises(InputError, match="is not a comparison written by territo"):
        load_comparison(tmp_path)


def test_keeping_writes_the_page_first_and_leaves_no_draft(comparison, small, tmp_path):
    from territo.scenario.catalogue import load_catalogue

    catalogue = load_catalogue(default_workspace().catalogue)
    written = keep(comparison, small, catalogue, tmp_path / "out")
    assert written[0].name == "comparaison.html"
    assert (tmp_path / "out" / "runs" / "01" / "run.json").is_file()
    assert not list((tmp_path / "out").rglob(".*"))


def test_an_interrupted_comparison_keeps_the_runs_it_has(small):
    class AfterOne(Silent):
        def __init__(self):
            self.subjects = 0

        def report(self, event):
            self.subjects += event.stage == "scenario"

        def cancelled(self):
            return self.subjects > 1

    evaluated = Scenario(id="now", name="now", mode="evaluate", services=SERVICES)
    again = evaluated.model_copy(update={"id": "again"})
    third = evaluated.model_copy(update={"id": "third"})
    kept = compare([evaluated, again, third], small, progress=AfterOne())
    assert [each.scenario_id for each in kept.runs] == ["now", "again"]
