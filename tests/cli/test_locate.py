"""``territo locate`` as a user types it: every model from files, what is printed, and the code it ends with."""

from __future__ import annotations

import json
import signal
from dataclasses import replace

import numpy as np
import pytest

from territo.cli import main
from territo.i18n import t
from territo.locate.location import Location, nowhere
from territo.studies.locate import MODELS

COSTS = """\
id;Nord;Sud;Est
A;1;6;4
B;2;5;
C;9;1;2
D;8;2;3
"""
WEIGHTS = "id;habitants\nD;10\nC;20\nB;30\nA;40\n"


pytestmark = pytest.mark.usefixtures("files")


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    texts = {
        "costs": COSTS,
        "weights": WEIGHTS,
        "opening": "100\n100\n10\n",
        "capacities": "id;places\nNord;70\nSud;30\nEst;80\n",
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def ends(*arguments):
    with pytest.raises(SystemExit) as ended:
        main(["locate", *map(str, arguments)])
    return ended.value.code


ANSWERS = {
    "p-median": (("--weights", "weights.csv", "-p", 2), 140.0, ["Nord", "Sud"]),
    "p-center": (("-p", 2), 2.0, ["Nord", "Sud"]),
    "set-cover": (("--radius", 3), 2, None),
    "max-cover": (("--weights", "weights.csv", "--radius", 1, "-p", 1), 40, ["Nord"]),
    "fixed-charge": (("--weights", "weights.csv", "--opening-costs", "opening.csv"), 280.0, ["Est", "Nord"]),
    "capacitated-p-median": (
        ("--demands", "weights.csv", "--capacities", "capacities.csv", "-p", 2),
        6.0,
        ["Nord", "Sud"],
    ),
    "equitable": (("--weights", "weights.csv", "-p", 2, "--worst-share", 0.1), 2.0, ["Nord", "Sud"]),
}


@pytest.mark.parametrize("model", ANSWERS)
def test_each_model_gives_its_proven_answer_as_json(model, capsys):
    options, objective, open_sites = ANSWERS[model]
    assert ends(model, "costs.csv", *options, "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["status"] == "optimal"
    assert answer["objective"] == pytest.approx(objective)
    assert answer["points"] == ["A", "B", "C", "D"]
    assert set(answer["assignment"]) <= {*answer["open_sites"], None}
    if open_sites:
        assert sorted(answer["open_sites"]) == open_sites


def test_every_model_of_the_command_is_tried_here_and_has_its_words():
    assert ANSWERS.keys() == MODELS.keys()
    for lang in ("fr", "en"):
        assert all(t(f"cli.locate.{model}.{part}", lang) for model in MODELS for part in ("title", "value"))
        assert all(model in t("cli.arg.locate_model", lang) for model in MODELS)


def test_the_table_says_the_value_the_proof_and_the_sites_in_french(capsys):
    assert ends("p-median", "costs.csv", "--weights", "weights.csv", "-p", 2) == 0
    printed = capsys.readouterr().out
    for words in ("p-médiane", "prouvé à 0,00\u202f% près", "140", "Sites ouverts (2)", "Nord, Sud"):
        assert words in printed
    assert "optimal" not in printed


def test_points_out_of_reach_are_counted(capsys):
    assert ends("max-cover", "costs.csv", "--weights", "weights.csv", "--radius", 1, "-p", 1) == 0
    printed = capsys.readouterr().out
    assert "Poids couvert" in printed
    assert "Points hors de portée" in printed


def test_split_demand_gives_the_share_of_each_site(capsys):
    options = ("--weights", "weights.csv", "--opening-costs", "opening.csv", "--capacities", "capacities.csv")
    assert ends("fixed-charge", "costs.csv", *options, "--json") == 0
    shares = json.loads(capsys.readouterr().out)["shares"]
    served = {point: sum(share for name, _, share in shares if name == point) for point in "ABCD"}
    assert served == pytest.approx(dict.fromkeys("ABCD", 1.0))


def test_sites_are_forced_and_forbidden_by_their_names(capsys):
    options = ("--fixed-open", "Est", "--forbidden", "Sud")
    assert ends("p-median", "costs.csv", "--weights", "weights.csv", "-p", 2, *options, "--json") == 0
    assert json.loads(capsys.readouterr().out)["open_sites"] == ["Nord", "Est"]


def test_several_sites_are_given_with_commas_or_by_repeating_the_option(capsys):
    for options in (("--fixed-open", "Est, Sud"), ("--fixed-open", "Est", "--fixed-open", "Sud")):
        assert ends("p-center", "costs.csv", "-p", 3, *options, "--json") == 0
        assert json.loads(capsys.readouterr().out)["objective"] == 2


def test_npz_files_are_numbered_from_0(files, capsys):
    np.savez(files / "all.npz", costs=np.array([[1.0, 5.0], [4.0, 1.0]]), weights=np.array([1.0, 3.0]))
    assert ends("p-median", "all.npz", "--weights", "all.npz", "-p", 1, "--forbidden", "0", "--json") == 0
    assert json.loads(capsys.readouterr().out)["open_sites"] == ["1"]


def test_all_that_is_wrong_with_options_and_files_is_said_at_once(files, capsys):
    (files / "costs.csv").write_text(COSTS.replace("9", "neuf"), encoding="utf-8")
    (files / "weights.csv").write_text(WEIGHTS.replace("30", "-30"), encoding="utf-8")
    assert ends("p-median", "costs.csv", "--weights", "weights.csv", "--radius", 3) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    starts = (
        "-p: p-median demande",
        "--radius: p-median n’utilise pas",
        "costs.csv:4: Nord: neuf",
        "weights.csv:4: -30",
    )
    assert [line.startswith(start) for line, start in zip(shown.err.splitlines(), starts, strict=True)] == [True] * 4


def test_an_unknown_site_and_a_file_that_does_not_fit_are_said_at_once(capsys):
    assert ends("p-median", "costs.csv", "--weights", "opening.csv", "-p", 1, "--fixed-open", "nord") == 2
    said = capsys.readouterr().err.splitlines()
    assert said[0] == "opening.csv: le fichier a 3 valeurs\u202f; les coûts en demandent 4"
    assert said[1] == "--fixed-open: nord n’est pas un site des coûts\u202f: vouliez-vous dire Nord\u202f?"


def test_an_unknown_model_suggests_the_nearest(capsys):
    assert ends("pmedian", "costs.csv") == 2
    assert "vouliez-vous dire p-median" in capsys.readouterr().err


def test_points_without_a_site_in_reach_are_named_with_their_line(capsys):
    assert ends("set-cover", "costs.csv", "--radius", 1) == 2
    assert capsys.readouterr().err.startswith("costs.csv:3: aucun site permis n’est à la portée de B, D")


def test_points_that_fit_nowhere_are_named_and_so_is_the_file_of_the_capacities(files, capsys):
    (files / "capacities.csv").write_text("35\n35\n35\n", encoding="utf-8")
    options = ("--demands", "weights.csv", "--capacities", "capacities.csv", "-p", 3)
    assert ends("capacitated-p-median", "costs.csv", *options) == 2
    assert capsys.readouterr().err.startswith("capacities.csv: A demandent plus")


def test_values_that_are_wrong_in_an_array_are_named_by_their_site(files, capsys):
    np.savez(files / "opening.npz", np.array([1.0, -2.0, np.nan]))
    assert ends("fixed-charge", "costs.csv", "--weights", "weights.csv", "--opening-costs", "opening.npz") == 2
    assert capsys.readouterr().err.startswith("opening.npz: Sud, Est\u202f: ce ne sont pas des nombres")


def test_a_number_of_sites_out_of_range_and_a_site_in_both_lists_are_said_at_once(capsys):
    options = ("-p", 5, "--fixed-open", "Nord", "--forbidden", "Nord", "--gap", -1)
    assert ends("p-center", "costs.csv", *options) == 2
    said = capsys.readouterr().err
    assert "--forbidden: Nord\u202f: à ouvrir et à garder fermés à la fois" in said
    assert "-p: lu 5" in said
    assert "--gap: il faut un nombre positif ou nul" in said


def test_faults_are_in_english_for_who_asks(capsys, monkeypatch):
    monkeypatch.setenv("TERRITO_LANG", "en")
    assert ends("set-cover", "costs.csv", "--radius", 1) == 2
    assert capsys.readouterr().err.startswith("costs.csv:3: rows B, D have no allowed site within 1")


def answering(monkeypatch, answer):
    model = replace(MODELS["p-center"], solve=lambda *_, progress, **__: answer(progress))
    monkeypatch.setitem(MODELS, "p-center", model)


def test_what_no_choice_can_serve_ends_with_3(capsys, monkeypatch):
    answering(monkeypatch, lambda _: nowhere("infeasible", 4, 0.1, "test", np.inf))
    assert ends("p-center", "costs.csv", "-p", 1) == 3
    assert "aucun choix de sites ne sert tous les points" in capsys.readouterr().err


def test_no_answer_in_time_ends_with_4(capsys, monkeypatch):
    answering(monkeypatch, lambda _: nowhere("unknown", 4, 12.3, "test", 1.0))
    assert ends("p-center", "costs.csv", "-p", 1) == 4
    assert "aucune réponse trouvée en 12 s" in capsys.readouterr().err


def test_an_answer_that_is_not_proven_is_said_so_and_ends_with_0(capsys, monkeypatch):
    found = Location("feasible", np.array([0]), np.zeros(4, np.int64), 10.0, 8.0, 0.2, 1.0, "test")
    answering(monkeypatch, lambda _: found)
    assert ends("p-center", "costs.csv", "-p", 1) == 0
    assert "non prouvé\u202f: à 20,00\u202f% près" in capsys.readouterr().out


def test_ctrl_c_keeps_the_best_answer_and_ends_with_130(capsys, monkeypatch):
    def interrupted(progress):
        signal.raise_signal(signal.SIGINT)
        assert progress.cancelled()
        return Location("feasible", np.array([0]), np.zeros(4, np.int64), 10.0, -np.inf, np.inf, 1.0, "test")

    answering(monkeypatch, interrupted)
    assert ends("p-center", "costs.csv", "-p", 1, "--json") == 130
    shown = capsys.readouterr()
    assert json.loads(shown.out)["bound"] is None
    assert "la meilleure réponse trouvée est gardée" in shown.err


def test_progress_json_writes_events(capsys):
    options = ("--weights", "weights.csv", "-p", 2, "--progress", "json")
    assert ends("p-median", "costs.csv", *options) == 0
    events = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert {event["stage"] for event in events} <= {"locate"}
