"""A scenario explained: the hand-solved case in its sentence, repairs that repair, prices of promises."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from territo.errors import NoSolutionError, fault
from territo.i18n.numbers import minutes, number
from territo.model.elastic import Elastic
from territo.report.promises import document, money, price_words, repair_words, sentence
from territo.scenario.patching import patched
from territo.scenario.schema import Scenario
from territo.studies.build import build_territory
from territo.studies.compare import run
from territo.studies.explain import explain
from territo.studies.workspace import default_workspace
from tests.studies import line

LINE = line.territory()


def explained(**values):
    return explain(line.scenario(**values), LINE, catalogue=line.catalogue())


@pytest.fixture(scope="module")
def demo():
    return build_territory(default_workspace().embedded_spec, None)


@pytest.fixture(scope="module")
def mc2():
    return explained()


def test_mc2_is_said_in_the_sentence_of_the_specification(mc2):
    assert sentence(mc2, "fr") == (
        "Avec un accueil à 10\u202fmin partout, le budget de 200\u202fk€ ne suffit pas\u202f: "
        "il faut soit +100\u202fk€, soit accepter 15\u202fmin."
    )
    assert sentence(mc2, "en") == (
        "With a desk within 10\u202fmin everywhere, the budget of €200k is not enough: "
        "it takes either +€100k, either accept 15\u202fmin."
    )


def test_mc2_names_its_conflict_and_the_repairs_with_their_values(mc2):
    content = document(mc2)
    assert content["feasible"] is False
    assert content["complete"] is True
    assert content["conflicts"] == [["limits.cost", "norm.accueil"]]
    values = {(each["promise"], each["unit"]): (each["from"], each["to"]) for each in content["repairs"]}
    assert values["limits.cost", "eur_per_year"] == (200_000, 300_000)
    assert values["norm.accueil", "min"] == (10, 15)
    # the budget pays for two sites, which keep the promise in the two largest communes: 1,900 of 2,600 inhabitants
    assert values["norm.accueil", "share"] == (1.0, 0.730)
    assert len(content["smallest_set"]) == 1


def test_each_repair_accepted_gives_a_scenario_that_can_be_run(mc2):
    assert mc2.repairs
    for repair in mc2.repairs:
        repaired = patched(line.scenario(), repair.patch)
        assert run(repaired, LINE, catalogue=line.catalogue()).status == "optimal"


def test_a_little_less_than_the_repair_is_not_enough(mc2):
    (minutes,) = [each for each in mc2.repairs if each.unit == "min"]
    (path,) = minutes.patch
    assert explain(patched(line.scenario(), {path: 14.0}), LINE, catalogue=line.catalogue()).feasible is False


def test_a_kept_site_has_its_price_and_says_who_gains_what():
    # the middle alone costs 100,000; Amont kept besides costs as much again and brings its people 15 minutes
    objective = {"kind": "weighted", "value_of_time_eur_h": 8.6}
    found = explained(norms={"accueil": {"within_minutes": 15.0}}, objective=objective, sites={"keep": ["L1"]})
    (price,) = [each for each in found.prices if each.asked.id == "keep.L1"]
    assert found.feasible is True
    assert price.cost == pytest.approx(100_000, rel=1e-4)
    assert (price.people, price.minutes) == (1_000, pytest.approx(15))
    assert price.value == pytest.approx(100_000 - 1_000 * 0.5 * 8.6, rel=1e-4)
    binding = {each["promise"]: each for each in document(found)["binding"]}["keep.L1"]
    assert binding["words"]["fr"] == (
        "Mairie d’Amont gardé ouvert\u202f: coûte 100\u202fk€ par an "
        "et fait gagner 15,0\u202fmin à 1\u202f000 habitants"
    )


def test_the_price_of_a_kept_site_is_what_the_independent_figures_of_both_organisations_say(demo):
    asked = {
        "id": "kept",
        "name": "Un lieu gardé",
        "services": ["mediatheque", "finances"],
        "modalities": {"front": "free", "back": "central"},
        "objective": {"kind": "weighted", "value_of_time_eur_h": 8.6},
        "solver": {"gap": 1e-5, "time_limit_s": 60.0},
    }
    free = run(Scenario.model_validate(asked), demo)
    ids, opened = demo.territory.sites.ids, free.organisation.offered.any(axis=1)
    closed = int(np.flatnonzero(~opened)[0])
    kept = ids[closed]
    scenario = Scenario.model_validate(asked | {"sites": {"keep": [kept, *(ids[j] for j in np.flatnonzero(opened))]}})
    (price,) = [each for each in explain(scenario, demo).prices if each.asked.id == f"keep.{kept}"]
    held = run(scenario, demo)

    def more(indicator):
        """What the kept site changes in an independent figure."""
        return held.assessment[indicator].value - free.assessment[indicator].value

    assert price.cost == pytest.approx(more("COST"), abs=1.0)
    assert price.hours == pytest.approx(more("PRX6"), abs=0.1)
    cells = np.arange(len(demo.territory.cells))
    there, before = (
        demo.travel.minutes[cells, each.organisation.assignment[:, 0]].astype(float) for each in (held, free)
    )
    nearer = before - there > 0.05
    people = demo.territory.cells.population[nearer]
    assert price.people == pytest.approx(people.sum())
    assert price.minutes == pytest.approx(np.average((before - there)[nearer], weights=people))
    name = demo.territory.sites.names[closed]
    for lang, start in (("fr", f"{name} gardé ouvert\u202f: coûte "), ("en", f"{name} kept open: costs ")):
        words = price_words(price, lang)
        assert words.startswith(start)
        assert number(price.people, 0, lang) in words
        assert minutes(price.minutes, 1, lang) in words
        assert money(price.cost, lang) in words


def test_promises_that_cost_nothing_are_not_binding():
    found = explained(norms={}, objective={"kind": "weighted", "value_of_time_eur_h": 8.6}, sites={"max_open": 3})
    assert found.feasible is True
    assert document(found)["binding"] == []
    assert sentence(found, "fr") == "Toutes les promesses peuvent être tenues, et aucune ne coûte."


def test_what_the_data_alone_show_is_said_before_any_solve():
    found = explained(
        norms={"accueil": {"within_minutes": 10.0, "share": 1.0}}, sites={"candidates": ["L1"], "close": ["L2"]}
    )
    assert found.feasible is False
    poor = explained(objective={"kind": "epsilon", "minimise": "travel", "limits": {"cost_eur_per_year": 50_000.0}})
    assert [each.code for each in poor.screen] == ["screen-budget-under-teams"]


@pytest.mark.parametrize(
    ("equity", "figure", "words"),
    [
        ({"measure": "kolm_pollak"}, "EQU2", "accepter un temps d’accès équitable de"),
        ({"measure": "cvar"}, "EQU1.groups", "en moyenne pour les moins bien servis"),
    ],
)
def test_a_ceiling_of_unequal_access_gives_way_by_the_least_tenth_of_a_minute(equity, figure, words):
    # the budget pays for two sites of three: people of the third one travel a quarter of an hour
    asked = {"norms": {}, "equity": {**equity, "max_minutes": 1.0}}
    found = explained(**asked)
    (repair,) = [each for each in found.repairs if each.asked.id == "equity"]
    assert (repair.before, repair.unit, repair.least) == (1.0, "min", True)
    assert repair.patch == {"equity.max_minutes": repair.to}
    assert words in document(found)["repairs"][-1]["words"]["fr"]
    kept = run(patched(line.scenario(**asked), repair.patch), LINE, catalogue=line.catalogue())
    assert repair.to - 0.1 < kept.assessment[figure].value <= repair.to + 1e-6
    less = {"equity.max_minutes": round(repair.to - 0.1, 1)}
    assert explain(patched(line.scenario(**asked), less), LINE, catalogue=line.catalogue()).feasible is False


def test_two_promises_that_must_both_give_way_are_said_together():
    # three sites are needed and one is allowed, on a budget that pays for one
    found = explained(sites={"max_open": 1, "keep": ["L1", "L2"]})
    assert found.feasible is False
    assert found.repairs == ()
    assert found.smallest_set
    patch = {key: value for repair in found.smallest_set for key, value in repair.patch.items()}
    assert run(
        patched(line.scenario(sites={"max_open": 1, "keep": ["L1", "L2"]}), patch), LINE, catalogue=line.catalogue()
    )
    assert sentence(found, "fr").startswith("Impossible de tenir toutes les promesses")


def test_sets_that_conflict_are_listed_only_in_the_time_of_the_scenario(monkeypatch):
    asked = {"sites": {"max_open": 1, "keep": ["L1", "L2"]}}
    every = explained(**asked)
    assert every.every_conflict
    monkeypatch.setattr("territo.studies.explain._Search._over", lambda _: True)
    some = explained(**asked)
    assert not some.every_conflict
    assert set(some.conflicts) < set(every.conflicts)
    assert (some.complete, some.repairs, some.smallest_set) == (every.complete, every.repairs, every.smallest_set)


def test_a_change_that_may_not_be_the_least_is_said_with_what_is_not_enough(monkeypatch, mc2):
    kept = Elastic._relaxation

    def unproven(self, promise, dropped):
        """Say that the search of a budget was cut short at 290,000 euros."""
        found = kept(self, promise, dropped)
        return replace(found, proven=False, beyond=290_000.0) if found and promise.kind == "limits" else found

    monkeypatch.setattr(Elastic, "_relaxation", unproven)
    (found,) = [each for each in explained().repairs if each.unit == "eur_per_year"]
    assert (found.to, found.least) == (300_000, False)
    assert 289_900 < found.not_enough.to <= 290_000
    assert repair_words(found.not_enough, "fr") == "+90\u202fk€"
    assert all(each.not_enough is None for each in mc2.repairs)


def test_a_stop_leaves_what_is_known_and_says_that_it_is_not_all():
    class Stopped:
        def report(self, event):
            """Ignore the event."""

        def cancelled(self):
            return True

    found = explain(line.scenario(), LINE, catalogue=line.catalogue(), progress=Stopped())
    assert found.feasible is None
    assert found.complete is False
    assert "On ne sait pas" in sentence(found, "fr")


def test_a_scenario_whose_prices_were_not_found_in_time_is_said_to_be_possible_and_no_more(monkeypatch):
    def too_long(*_):
        """End before the first price, as the prices do where the scenario itself is not solved in time."""
        raise NoSolutionError(fault("stopped-before-any", "stopped"))
        yield

    monkeypatch.setattr("territo.studies.explain.prices", too_long)
    found = explained(norms={}, budget={})
    assert (found.feasible, found.prices, found.complete) == (True, (), False)
    assert "n’a pas été trouvé à temps" in sentence(found, "fr")
