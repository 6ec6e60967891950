"""A scenario put to the test on a modelled territory: what is tried, in which world, and what a stop leaves."""

from __future__ import annotations

import dataclasses
import json
from itertools import pairwise

import numpy as np
import pytest

import territo
from territo.errors import InputError
from territo.explore.tornado import FACTORS
from territo.progress import Silent
from territo.report.robustness import cost_range, robustness_json, widest_first
from territo.scenario.catalogue import load_catalogue
from territo.scenario.schema import Scenario
from territo.studies.build import model_territory
from territo.studies.prepare import prepare, today
from territo.studies.publish import publish_robustness
from territo.studies.robustness import robustness
from territo.studies.store import load_comparison
from territo.studies.workspace import default_workspace
from territo.studies.worlds import World, tried_kept

ASKED = {
    "id": "poles",
    "name": "Pôles",
    "services": ["mediatheque", "portage_repas", "finances"],
    "modalities": {"front": "free", "field": "poles", "back": "central"},
    "territories": {"count": [1, 2]},
    "norms": {"mediatheque": {"within_minutes": 15, "share": 0.5}},
    "solver": {"gap": 0.0},
}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return model_territory(tmp_path_factory.mktemp("robust") / "territory", communes=8, seed=2)


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue(default_workspace().catalogue)


@pytest.fixture(scope="module")
def result(place):
    return robustness(Scenario.model_validate(ASKED), place, number=2, within=0.05)


class StopsAt:
    """A progress that asks for a stop when a stage begins."""

    def __init__(self, stage):
        self.stage, self.seen = stage, False

    def report(self, event):
        self.seen |= event.stage == self.stage

    def cancelled(self):
        return self.seen


def test_every_number_and_every_demand_is_tried(result):
    assert [bar.factor for bar in result.tornado] == [factor.name for factor in FACTORS]
    assert [trial.case for trial in result.demands] == ["low", "central", "high", "ageing"]
    assert result.complete


def test_the_plan_under_study_is_the_answer_of_territo_run(result, place):
    run = territo.run(Scenario.model_validate(ASKED), place)
    assert result.trial.outcome.cost == pytest.approx(run.assessment["COST"].value, rel=1e-9)
    assert result.trial.outcome.saving == pytest.approx(run.assessment["ECO1"].value, rel=1e-9)
    assert result.run.assessment["PRX6"].value == pytest.approx(result.trial.outcome.travel)


def test_the_best_answer_of_a_world_is_never_worse_than_the_plan_kept_there(result):
    ends = [end for bar in result.tornado for end in (bar.low, bar.high) if end.free is not None]
    trials = [*((end.kept, end.free) for end in ends), *((trial.kept, trial.free) for trial in result.demands)]
    for kept, free in trials:
        if not kept.broken:
            assert free.outcome.total <= kept.outcome.total * (1 + 1e-6)


def test_wages_theta_and_visits_move_what_they_must_and_nothing_else(result):
    bars = {bar.factor: bar for bar in result.tornado}
    now = result.trial.outcome
    for end in (bars["theta"].low, bars["theta"].high):
        assert (end.kept.outcome.cost, end.kept.outcome.travel) == pytest.approx((now.cost, now.travel))
        assert end.free is None
    assert bars["visits"].low.kept.outcome.travel == pytest.approx(now.travel / 2)
    assert bars["visits"].low.kept.outcome.cost == pytest.approx(now.cost)
    assert bars["wage"].low.kept.outcome.cost < now.cost < bars["wage"].high.kept.outcome.cost
    assert bars["productivity"].low.kept.outcome.cost > now.cost > bars["productivity"].high.kept.outcome.cost


def test_bars_come_widest_first(result):
    swings = [bar.swing("saving") for bar in widest_first(result)]
    assert swings == sorted(swings, reverse=True)
    assert swings[0] > 0


def test_more_people_cost_more_and_other_demands_book_no_saving(result):
    costs = {trial.case: trial.kept.outcome.cost for trial in result.demands}
    assert costs["low"] < costs["central"] < costs["high"]
    assert costs["ageing"] > costs["central"]
    assert cost_range(result) == (costs["low"], costs["high"])
    assert np.isnan(result.demands[0].kept.outcome.saving)


def test_stability_counts_the_plan_itself_and_regret_has_no_negative(result):
    stability = result.stability
    assert stability.solves >= 4
    assert (stability.share[stability.in_plan] >= 1 / stability.solves).all()
    assert set(result.regret.plans) >= {"plan"}
    assert (result.regret.amount >= 0).all()
    assert result.regret.cases == ("low", "central", "high", "ageing")


def test_alternatives_open_other_sites_within_the_margin(result):
    assert result.alternatives
    for each in result.alternatives:
        assert len(each.trial.opened) + len(each.trial.closed) >= 2
        assert -1e-9 <= each.loss <= 0.05
        assert each.trial.broken == ()
    losses = [each.loss for each in result.alternatives]
    assert all(a <= b + 1e-9 for a, b in pairwise(losses))


@pytest.fixture(scope="module")
def world(place, catalogue):
    scenario = Scenario.model_validate(ASKED)
    return World(prepare(scenario, place, today(place, catalogue, scenario.services)))


def with_problem(world, **changes):
    prepared = world.prepared
    formulation = dataclasses.replace(
        prepared.formulation, problem=dataclasses.replace(prepared.formulation.problem, **changes)
    )
    return World(dataclasses.replace(prepared, formulation=formulation))


def test_a_plan_kept_in_its_own_world_gives_what_it_gave(place, catalogue):
    services = ["accueil_mairie", "mediatheque", "voirie"]
    overrides = {"accueil_mairie": "central"}
    asked = ASKED | {"services": services, "modalities": ASKED["modalities"] | {"overrides": overrides}}
    scenario = Scenario.model_validate(asked)
    world = World(prepare(scenario, place, today(place, catalogue, scenario.services)))
    solution = world.solve(world.problem, Silent())
    given, kept = world.trial(solution, solution.plan).outcome, tried_kept(world, solution.plan, Silent()).outcome
    assert kept.total == pytest.approx(given.total, rel=1e-6)
    assert kept.saving == pytest.approx(given.saving, rel=1e-6, abs=1.0)


def test_promises_that_a_plan_breaks_in_another_world_are_named(world):
    plan = world.solve(world.problem, Silent()).plan
    assert tried_kept(world, plan, Silent()).broken == ()
    strict = with_problem(
        world, covered=world.problem.covered * 0.4, limits={"cost": 1.0, "travel": 1.0, "equity": 1e99}
    )
    broken = tried_kept(strict, plan, Silent()).broken
    assert broken == ("norm:mediatheque", "cost", "travel")


def test_a_plan_without_room_has_no_outcome(world):
    plan = world.solve(world.problem, Silent()).plan
    cramped = dataclasses.replace(world.problem.sites, capacity_m2=np.full(len(world.site_ids), 1.0))
    trial = tried_kept(with_problem(world, sites=cramped), plan, Silent())
    assert (trial.status, trial.outcome) == ("infeasible", None)


def test_worlds_that_ask_the_same_have_one_answer(world):
    prepared = world.prepared
    other = World(prepare(prepared.scenario, prepared.territory, prepared.now))
    assert other.asks_as(world)
    assert not with_problem(other, limits={"cost": 1e9}).asks_as(world)
    assert not with_problem(other, units=other.problem.units * 1.01).asks_as(world)


@pytest.mark.parametrize(("stage", "bars", "demands"), [("tornado.wage", 1, 1), ("demand.high", 7, 2)])
def test_a_stop_keeps_what_was_tried_before_and_says_so(place, stage, bars, demands):
    stopped = robustness(Scenario.model_validate(ASKED), place, number=1, progress=StopsAt(stage))
    assert (len(stopped.tornado), len(stopped.demands)) == (bars, demands)
    assert not stopped.complete
    assert (stopped.regret, stopped.alternatives) == (None, ())
    json.loads(robustness_json(stopped, place.territory))


def test_the_current_situation_cannot_be_put_to_the_test(place):
    scenario = Scenario.model_validate({"id": "now", "name": "Aujourd’hui", "services": ["voirie"], "mode": "evaluate"})
    with pytest.raises(InputError, match="only evaluated"):
        robustness(scenario, place)


def test_the_folder_holds_the_trials_and_the_plans_as_a_comparison(result, place, catalogue, tmp_path):
    publish_robustness(result, place, catalogue, tmp_path / "out", 0.05)
    document = json.loads((tmp_path / "out" / "robustness.json").read_text(encoding="utf-8"))
    assert document["complete"]
    assert document["plan"]["outcome"]["cost"] == pytest.approx(result.trial.outcome.cost)
    assert document["demands"][0]["kept"]["outcome"]["saving"] is None
    assert [site["share"] for site in document["sites"]] == sorted(
        (site["share"] for site in document["sites"]), reverse=True
    )
    plans = load_comparison(tmp_path / "out" / "plans")
    assert plans.reference.scenario_id == "reference"
    assert [run.scenario_id for run in plans.runs] == ["poles", *(f"poles-variante-{k}" for k in (1, 2))]
    for entry, run in zip(document["alternatives"], plans.runs[1:], strict=True):
        assert entry["outcome"]["cost"] == pytest.approx(run.assessment["COST"].value)
        assert json.loads((tmp_path / "out" / entry["folder"] / "run.json").read_text())["scenario_id"] == entry["id"]
