"""A study on observed staff: the fitted numbers, the part that stays the same, and what people are told of both."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

import territo
from territo.cli import main
from territo.domain.demand import yearly_demand
from territo.errors import InputError
from territo.report.notices import notices
from territo.scenario.catalogue import load_catalogue
from territo.scenario.schema import Scenario
from territo.sources.folder import save_territory
from territo.studies.build import model_territory
from territo.studies.workspace import default_workspace

SERVICES = ("voirie", "finances")
ASKED = {
    "id": "central",
    "name": "Central",
    "services": list(SERVICES),
    "modalities": {"field": "central", "back": "central"},
    "solver": {"gap": 0.0},
}
# productivity that the staff below shows, as a share of the catalogue's
SEEN = {"voirie": 1.25, "finances": 1.43}


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue(default_workspace().catalogue)


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    return model_territory(tmp_path_factory.mktemp("calibrated") / "territory", communes=6, seed=3)


def with_staff(loaded, catalogue, shares):
    """Staff of each commune for its demand, at a share of the productivity of the catalogue."""
    place = loaded.territory
    demand = yearly_demand(place, catalogue, SERVICES)
    staff = {}
    for column, code in enumerate(SERVICES):
        work = np.bincount(place.cells.commune, weights=demand.units[:, column], minlength=len(place.communes))
        staff[code] = work / (catalogue[code].prod_per_fte * shares[code])
    communes = dataclasses.replace(place.communes, staff=staff)
    return dataclasses.replace(loaded, territory=dataclasses.replace(place, communes=communes))


@pytest.fixture(scope="module")
def seen(plain, catalogue):
    return with_staff(plain, catalogue, SEEN)


@pytest.fixture(scope="module")
def comparison(seen):
    now = {"id": "now", "name": "Aujourd’hui", "services": list(SERVICES), "mode": "evaluate"}
    return territo.compare([Scenario.model_validate(ASKED), Scenario.model_validate(now)], seen)


def test_the_current_situation_has_the_staff_that_was_seen(comparison, seen):
    staff = comparison.reference.assessment["ECO4"]
    for code in SERVICES:
        assert staff.by_service[code] == pytest.approx(seen.territory.communes.staff[code].sum())
    assert staff.by_commune == pytest.approx(sum(seen.territory.communes.staff.values()))


def test_the_part_that_is_not_explained_is_the_same_in_every_scenario(comparison, catalogue):
    # 43 % more than the catalogue is seen, 40 % can be fitted: 2 % of the staff of finances is not explained
    parts = [run.assessment["ECO4.residual"] for run in (comparison.reference, *comparison.runs)]
    assert parts[0].by_service["voirie"] == pytest.approx(0.0, abs=1e-9)
    finances = comparison.reference.assessment["ECO4"].by_service["finances"]
    assert parts[0].by_service["finances"] == pytest.approx(finances * (1 - 1.43 / 1.40))
    for figure in ("ECO4.residual", "COST.residual"):
        values = {run.assessment[figure].value for run in (comparison.reference, *comparison.runs)}
        assert len(values) == 1
    wage = catalogue.constants.fte_cost_eur
    assert comparison.reference.assessment["COST.residual"].value == pytest.approx(parts[0].value * wage)


def test_the_scenario_works_with_the_fitted_numbers_and_books_nothing_else(comparison, catalogue):
    run, now = comparison.runs
    staff = run.assessment["ECO4"].by_service["voirie"]
    assert staff == pytest.approx(comparison.reference.assessment["ECO4"].by_service["voirie"])
    assert run.assessment["COST.staff"].by_service["voirie"] == pytest.approx(staff * catalogue.constants.fte_cost_eur)
    assert now.assessment["ECO1"].value == 0.0
    assert now.assessment["COST"].value == comparison.reference.assessment["COST"].value


def test_the_model_sees_the_cost_without_the_part_that_is_not_explained(comparison):
    run = comparison.runs[0]
    explained = run.assessment["COST"].value - run.assessment["COST.residual"].value
    assert run.terms["cost"] == pytest.approx(explained, rel=1e-6)


@pytest.mark.parametrize("key", ["budget", "objective"])
def test_a_ceiling_of_cost_counts_the_whole_cost(comparison, seen, key):
    run, before = comparison.runs[0], comparison.reference.assessment["COST"].value
    cost = run.assessment["COST"].value
    asked = {
        "budget": lambda most: {"budget": {"running_cost_change_pct": 100 * (most / before - 1)}},
        "objective": lambda most: {
            "objective": {"kind": "epsilon", "minimise": "travel", "limits": {"cost_eur_per_year": most}}
        },
    }[key]
    enough = Scenario.model_validate(ASKED | asked(cost + 1))
    assert territo.run(enough, seen).assessment["COST"].value == pytest.approx(cost, abs=2)
    with pytest.raises(territo.InfeasibleError):
        territo.run(Scenario.model_validate(ASKED | asked(cost - 100)), seen)


def test_the_passport_and_the_notices_say_it(comparison, seen, catalogue):
    assert comparison.runs[0].passport["calibration_voirie"].startswith("20 units per FTE and year (16 in")
    said = [text for _, text in notices(comparison, seen.territory, catalogue, "fr")]
    fitted = next(text for text in said if text.startswith("productivité calée"))
    assert f"{catalogue['voirie'].label} (+25), {catalogue['finances'].label} (+40)" in fitted
    assert not any("effectifs d’aujourd’hui estimés" in text for text in said)


def test_a_service_that_does_not_fit_is_refused_by_name(plain, catalogue, tmp_path, capsys):
    loaded = with_staff(plain, catalogue, SEEN | {"finances": 2.0})
    with pytest.raises(InputError, match="finances"):
        territo.run(Scenario.model_validate(ASKED), loaded)
    save_territory(tmp_path / "territory", loaded)
    scenario = tmp_path / "central.yaml"
    scenario.write_text("id: a\nname: A\nservices: [voirie, finances]\n", encoding="utf-8")
    words = ["run", scenario, "--territory", tmp_path / "territory", "--out", tmp_path / "out"]
    with pytest.raises(SystemExit) as ended:
        main([str(word) for word in words])
    assert ended.value.code == 2
    assert "finances\u202f: " in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_robustness_keeps_the_fit_while_a_number_varies(seen):
    from territo.studies.robustness import robustness

    result = robustness(Scenario.model_validate(ASKED), seen, number=0)
    bars = {bar.factor: bar for bar in result.tornado}
    assert bars["small_units"].swing("saving") == 0.0
    assert bars["productivity"].low.kept.outcome.cost > result.trial.outcome.cost
    assert all(trial.kept.broken == () for trial in result.demands)
