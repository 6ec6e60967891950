"""``territo robustness`` as a user types it."""

from __future__ import annotations

import json
import signal

import pytest

from territo.cli import main
from territo.explore import tornado
from territo.studies.build import model_territory

SCENARIO = """\
id: libre
name: Libre
services: [mediatheque, finances]
norms: {mediatheque: {within_minutes: 20, share: 0.8}}
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cli") / "territory"
    model_territory(folder, communes=5, seed=1)
    return folder


@pytest.fixture
def asked(tmp_path):
    path = tmp_path / "libre.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    return path


def ends(*arguments):
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    return ended.value.code


def test_the_tables_name_numbers_sites_and_plans_in_words(place, asked, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    assert ends("robustness", asked, "--territory", place, "--out", tmp_path / "out", "--alternatives", 1) == 0
    printed = " ".join(capsys.readouterr().out.split())
    for words in ("Part réalisable des gains", "Demande : −10 %", "La plus sûre", "Mairie", "robustesse.html"):
        assert words in printed
    assert (tmp_path / "out" / "robustness.json").is_file()


def test_json_is_one_document_and_nothing_else(place, asked, tmp_path, capsys):
    words = ("--out", tmp_path / "out", "--alternatives", 0, "--json")
    assert ends("robustness", asked, "--territory", place, *words) == 0
    printed = capsys.readouterr().out
    assert json.loads(printed)["alternatives"] == []
    assert printed == (tmp_path / "out" / "robustness.json").read_text(encoding="utf-8")


def test_ctrl_c_keeps_the_trials_made_and_ends_with_130(place, asked, tmp_path, capsys, monkeypatch):
    def interrupted(catalogue, scenario, _end):
        signal.raise_signal(signal.SIGINT)
        return catalogue, scenario

    third = tornado.FACTORS[2]._replace(change=interrupted)
    monkeypatch.setattr("territo.studies.robustness.FACTORS", (*tornado.FACTORS[:2], third, *tornado.FACTORS[3:]))
    words = ("--out", tmp_path / "out", "--json")
    assert ends("robustness", asked, "--territory", place, *words) == 130
    document = json.loads(capsys.readouterr().out)
    assert not document["complete"]
    assert sorted(bar["factor"] for bar in document["tornado"]) == ["productivity", "wage"]


def test_a_scenario_that_is_only_evaluated_ends_with_2(place, tmp_path, capsys):
    path = tmp_path / "now.yaml"
    path.write_text("id: now\nname: Aujourd’hui\nmode: evaluate\nservices: [voirie]\n", encoding="utf-8")
    assert ends("robustness", path, "--territory", place, "--out", tmp_path / "out") == 2
    assert "seulement évaluée" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
