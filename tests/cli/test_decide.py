"""The commands that weigh, as a user types them: what they print, write, and end with."""

from __future__ import annotations

import json

import pytest

from territo.studies.build import model_territory
from tests.cli.test_commands import SCENARIO, ends

POOR = SCENARIO + "budget: {running_cost_change_pct: -90}\n"


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    folder = tmp_path_factory.mktemp("decide") / "territory"
    model_territory(folder, communes=8, seed=2)
    return folder


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "scenario.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_explain_says_what_an_impossible_budget_lacks_and_ends_with_3(small, written, capsys):
    assert ends("explain", written(POOR), "--territory", small) == 3
    said = capsys.readouterr().out
    assert "le budget de" in said.lower()
    assert "ne suffit pas" in said
    assert "budget.running_cost_change_pct" in said
    assert "les équipes que demandent les habitants" in said


def test_explain_with_json_prints_one_document_and_keeps_it_with_out(small, written, tmp_path, capsys):
    assert ends("explain", written(POOR), "--territory", small, "--json", "--out", tmp_path / "out") == 3
    document = json.loads(capsys.readouterr().out)
    assert document == json.loads((tmp_path / "out" / "explanation.json").read_text(encoding="utf-8"))
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["explanation.json"]
    (repair,) = document["repairs"]
    assert repair["patch"][0]["path"] == "budget.running_cost_change_pct"


def test_the_repair_of_an_impossible_budget_can_be_run(small, written, tmp_path, capsys):
    ends("explain", written(POOR), "--territory", small, "--json")
    value = json.loads(capsys.readouterr().out)["repairs"][0]["patch"][0]["value"]
    repaired = written(POOR.replace("-90", str(value)))
    assert ends("run", repaired, "--territory", small, "--out", tmp_path / "run") == 0


def test_explain_says_what_the_promises_of_a_feasible_scenario_cost_and_ends_with_0(small, written, capsys):
    assert ends("explain", written(SCENARIO), "--territory", small) == 0
    assert "promesses peuvent être tenues" in capsys.readouterr().out


def test_explain_with_verdicts_says_where_each_service_is_better(small, written, capsys):
    one = written(SCENARIO.replace("[mediatheque, voirie, finances]", "[mediatheque]"))
    assert ends("explain", one, "--territory", small, "--verdicts", "--json") == 0
    (verdict,) = json.loads(capsys.readouterr().out)["verdicts"]
    assert verdict["service"] == "mediatheque"
    assert verdict["choice"] in {"pool", "territorialise", "indifferent"}
    assert verdict["words"]["fr"].startswith("Médiathèque")


def test_verdicts_without_territories_end_with_2(small, written, capsys):
    plain = "id: c\nname: C\nservices: [mediatheque]\n"
    assert ends("explain", written(plain), "--territory", small, "--verdicts") == 2
    assert "territories.count" in capsys.readouterr().err


def test_pareto_prints_the_compromises_writes_them_and_ends_with_0(small, written, tmp_path, capsys):
    arguments = ("pareto", written(SCENARIO), "--territory", small, "--out", tmp_path / "out", "--points", "3")
    assert ends(*arguments) == 0
    assert "Compromis entre coût et trajets" in capsys.readouterr().out
    content = json.loads((tmp_path / "out" / "frontier.json").read_text(encoding="utf-8"))
    assert content["complete"] is True
    assert ends(*arguments, "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert document["points"] == content["points"]


def test_pareto_with_equity_says_its_minutes_in_the_table_and_the_file(small, written, tmp_path, capsys):
    arguments = ("pareto", written(SCENARIO), "--territory", small, "--out", tmp_path / "out", "--points", "3")
    assert ends(*arguments, "--equity", "cvar") == 0
    said = capsys.readouterr().out
    assert "Compromis entre coût, trajets et équité" in said
    content = json.loads((tmp_path / "out" / "frontier.json").read_text(encoding="utf-8"))
    assert (content["terms"], content["measure"]) == (["cost", "travel", "equity"], "cvar")
    for point in content["points"]:
        assert f" {point['equity']:.1f}".replace(".", ",") in said


def test_pareto_of_a_way_over_years_says_that_it_looks_at_the_target_alone(small, written, tmp_path, capsys):
    way = written(SCENARIO + "transition: {phasing: {years: [0, 5]}}\n")
    assert ends("pareto", way, "--territory", small, "--out", tmp_path / "out", "--points", "3") == 0
    assert "d’année en année" in " ".join(capsys.readouterr().out.split())


def test_pareto_with_a_measure_that_does_not_exist_ends_with_2(small, written, tmp_path, capsys):
    arguments = ("pareto", written(SCENARIO), "--territory", small, "--out", tmp_path / "out")
    assert ends(*arguments, "--equity", "gini") == 2
    assert "kolm_pollak" in capsys.readouterr().err


def test_pareto_on_promises_that_conflict_ends_with_3_and_writes_nothing(small, written, tmp_path, capsys):
    assert ends("pareto", written(POOR), "--territory", small, "--out", tmp_path / "out") == 3
    assert "le budget et les autres plafonds" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
