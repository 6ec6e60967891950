"""The command line as a user types it: what it prints, and the code it ends with."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from territo.cli import main
from territo.model.solver import Outcome
from territo.studies.build import model_territory

SCENARIO = """\
id: poles
name: Pôles
services: [mediatheque, voirie, finances]
modalities: {front: poles, field: poles, back: central}
territories: {count: [2, 3]}
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cli") / "territory"
    model_territory(folder, communes=8, seed=2)
    return folder


@pytest.fixture
def poles(tmp_path):
    path = tmp_path / "poles.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    return path


def ends(*arguments):
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    return ended.value.code


def test_compare_prints_the_table_and_writes_the_page(small, poles, tmp_path, capsys):
    assert ends("compare", poles, "--territory", small, "--out", tmp_path / "out") == 0
    printed = capsys.readouterr().out
    assert "Comparaison avec la situation actuelle" in printed
    assert (tmp_path / "out" / "comparaison.html").is_file()


def test_run_with_json_prints_one_document_and_nothing_else(small, poles, tmp_path, capsys):
    assert ends("run", poles, "--territory", small, "--out", tmp_path / "out", "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert document["runs"][0]["id"] == "poles"


def test_run_starts_from_an_answer_and_refuses_what_is_none(small, poles, tmp_path, capsys):
    assert ends("run", poles, "--territory", small, "--out", tmp_path / "first") == 0
    again = ("run", poles, "--territory", small, "--out", tmp_path / "again", "--start")
    assert ends(*again, tmp_path / "first", "--json") == 0
    capsys.readouterr()
    assert ends(*again, tmp_path / "missing") == 2
    assert "missing" in capsys.readouterr().err


def test_progress_json_writes_one_event_a_line(small, poles, tmp_path, capsys):
    assert ends("run", poles, "--territory", small, "--out", tmp_path / "out", "--progress", "json") == 0
    events = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert events[0]["stage"] == "scenario"


def test_an_unknown_key_ends_with_2_and_says_the_nearest(small, tmp_path, capsys):
    path = tmp_path / "typo.yaml"
    path.write_text(SCENARIO.replace("modalities", "modalitys"), encoding="utf-8")
    assert ends("run", path, "--territory", small, "--out", tmp_path / "out") == 2
    said = capsys.readouterr().err
    assert "typo.yaml:4: modalitys" in said
    assert "modalities" in said
    assert not (tmp_path / "out").exists()


def test_an_impossible_budget_ends_with_3_and_names_the_family(small, tmp_path, capsys):
    path = tmp_path / "poor.yaml"
    path.write_text(SCENARIO + "budget: {running_cost_change_pct: -90}\n", encoding="utf-8")
    assert ends("run", path, "--territory", small, "--out", tmp_path / "out") == 3
    said = capsys.readouterr().err
    assert "Pôles" in said
    assert "le budget et les autres plafonds" in said
    assert not (tmp_path / "out").exists()


def test_no_answer_within_the_limits_ends_with_4(small, poles, tmp_path, capsys, monkeypatch):
    def too_slow(*_arguments, **_options):
        return Outcome("unknown", {}, np.nan, -np.inf, np.inf, 60.0, 10, 10, 5)

    monkeypatch.setattr("territo.model.solver.solve", too_slow)
    assert ends("run", poles, "--territory", small, "--out", tmp_path / "out") == 4
    assert "solver.time_limit_s" in capsys.readouterr().err


def test_ctrl_c_before_any_answer_ends_with_4_and_does_not_blame_the_time_limit(
    small, poles, tmp_path, capsys, monkeypatch
):
    def interrupted(*_arguments, **_options):
        signal.raise_signal(signal.SIGINT)
        return Outcome("unknown", {}, np.nan, -np.inf, np.inf, 1.0, 10, 10, 5)

    monkeypatch.setattr("territo.model.solver.solve", interrupted)
    assert ends("run", poles, "--territory", small, "--out", tmp_path / "out") == 4
    said = capsys.readouterr().err
    assert "Pôles: arrêt demandé avant qu’une organisation soit trouvée" in said
    assert "time_limit_s" not in said
    assert not (tmp_path / "out").exists()


def test_validate_says_all_faults_of_all_files(poles, tmp_path, capsys):
    assert ends("validate", poles) == 0
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(SCENARIO.replace("voirie", "voiri") + "budgt: {}\n", encoding="utf-8")
    assert ends("validate", poles, wrong) == 2
    said = capsys.readouterr().err
    assert "voiri" in said
    assert "budgt" in said


def test_territory_show_prints_numbers_and_sources(small, capsys):
    assert ends("territory", "show", small) == 0
    assert "modélisé" in capsys.readouterr().out
    assert ends("territory", "show", small, "--json") == 0
    summary = json.loads(capsys.readouterr().out)
    assert summary["communes"] == 8
    assert summary["cell_population"] == pytest.approx(summary["population"])


def test_a_folder_that_is_no_territory_ends_with_2(tmp_path, capsys):
    assert ends("territory", "show", tmp_path) == 2
    assert capsys.readouterr().err.strip()


def test_model_needs_a_table_or_a_number(tmp_path, capsys):
    assert ends("territory", "model", "--out", tmp_path / "t") == 2
    assert "--communes N" in capsys.readouterr().err


def test_model_then_build_from_its_raw_files(tmp_path, capsys):
    assert ends("territory", "model", "--communes", 5, "--out", tmp_path / "t") == 0
    spec = tmp_path / "t" / "sources" / "territory.yaml"
    assert ends("territory", "build", spec, "--out", tmp_path / "again", "--json") == 0
    capsys.readouterr()


@pytest.mark.parametrize("kind", ["scenario", "territory", "catalogue"])
def test_schema_prints_a_json_schema(kind, capsys):
    assert ends("schema", kind) == 0
    assert json.loads(capsys.readouterr().out)["$schema"].startswith("https://json-schema.org")


def test_an_unknown_schema_suggests_the_nearest(capsys):
    assert ends("schema", "scenarios") == 2
    assert "scenario" in capsys.readouterr().err


def test_doctor_finds_what_it_needs(capsys):
    assert ends("doctor", "--json") == 0
    findings = {finding["subject"]: finding for finding in json.loads(capsys.readouterr().out)}
    assert findings["solver"]["seen"].startswith("HiGHS: optimal")
    assert {"typst", "openpyxl", "python-docx", "python-pptx"} <= {*findings}  # what writes the papers
    assert ends("doctor") == 0


def test_an_unknown_command_suggests_and_ends_with_2(capsys):
    assert ends("comparer") == 2
    assert "territo --help" in capsys.readouterr().err


def test_help_is_french_and_english_on_demand():
    def help_of(*words):
        command = [sys.executable, "-m", "territo", *words, "--help"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert "Résout un scénario" in help_of()
    assert "Solve one scenario" in help_of("--lang", "en")


def test_demo_solves_the_archetypes_and_takes_them_from_the_cache_the_second_time(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("TERRITO_CACHE", str(tmp_path / "cache"))
    assert ends("demo", "--out", tmp_path / "one") == 0
    first = capsys.readouterr().out
    assert "Proximité" in first
    assert ends("demo", "--out", tmp_path / "two") == 0
    assert capsys.readouterr().out.replace("two", "one") == first
    page = (tmp_path / "one" / "comparaison.html").read_text(encoding="utf-8")
    assert page == (tmp_path / "two" / "comparaison.html").read_text(encoding="utf-8")


def test_ctrl_c_keeps_the_best_answer_and_ends_with_130(tmp_path):
    services = "[france_services, action_sociale, eaje, mediatheque, jeunesse, rpe]"
    path = tmp_path / "long.yaml"
    path.write_text(
        f"id: long\nname: Long\nservices: {services}\nmodalities: {{front: free}}\n"
        "solver: {gap: 0.0, time_limit_s: 120}\n",
        encoding="utf-8",
    )
    big = tmp_path / "big"
    model_territory(big, communes=60, seed=3)
    command = [sys.executable, "-m", "territo", "run", str(path), "--territory", str(big)]
    command += ["--out", str(tmp_path / "out"), "--progress", "json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        for line in running.stderr:
            if '"incumbent": null' not in line and "incumbent" in line:
                running.send_signal(signal.SIGINT)
                break
        rest = running.communicate(timeout=100)[1]
    assert running.returncode == 130, rest
    assert Path(tmp_path / "out" / "comparaison.html").is_file()
