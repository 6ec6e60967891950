"""A study is made, shown, put in one file and opened elsewhere by commands."""

import json

import pytest

from territo.cli import main
from territo.studies.build import model_territory


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("place") / "territoire"
    model_territory(folder, communes=6, seed=3)
    return folder


def run(*words):
    with pytest.raises(SystemExit) as ended:
        main([str(word) for word in words])
    return ended.value.code


def test_a_study_travels_by_commands(place, tmp_path, capsys):
    assert run("study", "new", "--territory", place, "--out", tmp_path / "a", "--name", "Vallée") == 0
    assert run("study", "zip", tmp_path / "a", "--out", tmp_path / "a.zip") == 0
    assert run("study", "open", tmp_path / "a.zip", "--out", tmp_path / "b") == 0
    capsys.readouterr()
    assert run("study", "show", tmp_path / "b", "--json") == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["name"] == "Vallée"
    assert [scenario["scenario_id"] for scenario in shown["scenarios"]] == ["SC1", "SC2", "SC3", "SC4", "SC5", "SC6"]
    assert len(shown["decisions"]) == 7


def test_a_scenario_of_a_study_is_a_file_that_other_commands_read(place, tmp_path, capsys):
    run("study", "new", "--territory", place, "--out", tmp_path / "a")
    assert run("validate", tmp_path / "a" / "scenarios" / "SC5" / "0001" / "scenario.yaml") == 0
    assert run("study", "show", tmp_path / "a") == 0
    assert "6 communes (modélisé)" in capsys.readouterr().out


def test_what_is_no_study_is_said_in_one_sentence(tmp_path, capsys):
    assert run("study", "show", tmp_path) == 2
    assert run("study", "new", "--territory", tmp_path, "--out", tmp_path / "a") == 2
    error = capsys.readouterr().err.splitlines()
    assert len(error) == 2
    assert "il n’y a pas d’étude ici" in error[0]
