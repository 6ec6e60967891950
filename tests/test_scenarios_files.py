"""The archetype scenarios that ship with territo, and their JSON schema."""

import json
from pathlib import Path

import pytest

from territo.errors import InputError
from territo.scenario.catalogue import load_catalogue
from territo.scenario.loading import load_scenario, load_scenarios
from territo.scenario.objective import Lexicographic
from territo.scenario.schema import Scenario, schema_json

FOLDER = Path("scenarios")
FILES = sorted(FOLDER.glob("*.yaml"))


@pytest.fixture(scope="module")
def scenarios() -> dict[str, Scenario]:
    catalogue = load_catalogue("data/catalogue/services.yaml")
    return {scenario.id: scenario for scenario in load_scenarios(FILES, catalogue=catalogue)}


def test_the_seven_archetypes_load_against_the_default_catalogue(scenarios: dict[str, Scenario]) -> None:
    assert list(scenarios) == ["SC0", "SC1", "SC2", "SC3", "SC4", "SC5", "SC6"]


def test_all_archetypes_organise_the_same_services(scenarios: dict[str, Scenario]) -> None:
    assert len({scenario.services for scenario in scenarios.values()}) == 1
    assert len(scenarios["SC0"].services) == 8


def test_the_archetypes_say_what_the_domain_specification_says(scenarios: dict[str, Scenario]) -> None:
    assert scenarios["SC0"].mode == "evaluate"
    assert {scenarios["SC1"].modalities_of("eaje", kind) for kind in ("front", "field", "back")} == {("central",)}
    assert scenarios["SC2"].territories is not None
    assert scenarios["SC2"].territories.count == (3, 5)
    assert scenarios["SC2"].norms["france_services"].share == 0.9
    assert scenarios["SC3"].objective == Lexicographic(kind="lexicographic", order=("coverage", "equity", "cost"))
    assert scenarios["SC3"].budget.running_cost_change_pct == 5
    assert scenarios["SC4"].digital.take_up_scale == 1.2
    assert scenarios["SC4"].itinerant is not None
    assert scenarios["SC4"].itinerant.credit == 0.6
    assert scenarios["SC4"].norms["france_services"].max_minutes == 30
    assert scenarios["SC6"].budget == scenarios["SC3"].budget
    assert scenarios["SC6"].equity.least_means_ratio == 0.8
    assert scenarios["SC5"].budget.running_cost_change_pct == -3


def test_the_constrained_budget_is_the_poles_with_less_money(scenarios: dict[str, Scenario]) -> None:
    same = {"services", "modalities", "territories", "sites", "norms"}
    assert scenarios["SC5"].model_dump(include=same) == scenarios["SC2"].model_dump(include=same)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_file_names_its_schema_and_says_why_it_exists(path: Path) -> None:
    first, second, *_ = path.read_text(encoding="utf-8").splitlines()
    assert first == "# yaml-language-server: $schema=./scenario.schema.json"
    assert second.startswith("# ")


def test_the_json_schema_is_fresh() -> None:
    written = (FOLDER / "scenario.schema.json").read_text(encoding="utf-8")
    assert written == json.dumps(schema_json(), indent=2, ensure_ascii=False) + "\n", "run: territo schema scenario"


def test_the_json_schema_describes_every_key() -> None:
    schema = schema_json()
    parts = [schema, *schema["$defs"].values()]
    silent = [
        (part.get("title"), name)
        for part in parts
        for name, value in part.get("properties", {}).items()
        if not value.get("description") and "$ref" not in value
    ]
    assert silent == []
    assert all(part["additionalProperties"] is False for part in parts if "properties" in part)


def test_a_scenario_that_names_an_unknown_commune_is_refused_with_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "pau.yaml"
    path.write_text("extends: base.yaml\nsites: {keep: ['64446']}\n", encoding="utf-8")
    (tmp_path / "base.yaml").write_text((FOLDER / "sc1_tout_centralise.yaml").read_text(encoding="utf-8"), "utf-8")
    with pytest.raises(InputError, match=r"^pau\.yaml:2: sites\.keep\.0: 64446 is not the id of a site"):
        load_scenario(path, site_ids={"64445"})
