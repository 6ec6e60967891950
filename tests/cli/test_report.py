"""`territo report` from the folders that `territo run` writes to the files that people open."""

import json

import pytest

from territo.cli import main
from territo.studies.build import model_territory

SCENARIO = """\
id: pooled
name: Mise en commun
services: [mediatheque, finances]
modalities: {front: central, field: central}
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    model_territory(folder / "territory", communes=6, seed=2)
    (folder / "pooled.yaml").write_text(SCENARIO, encoding="utf-8")
    assert ends("run", folder / "pooled.yaml", "--territory", folder / "territory", "--out", folder / "out") == 0
    return folder / "out"


def ends(*arguments):
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    return ended.value.code


def test_the_kinds_asked_for_are_written_and_listed(made, tmp_path, capsys):
    assert ends("report", made, "--out", tmp_path, "--only", "note,csv") == 0
    printed = capsys.readouterr().out
    assert printed.endswith(f"4 fichiers écrits dans {tmp_path}\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "chiffres_cles.csv",
        "communes.csv",
        "note.pdf",
        "services.csv",
    ]


def test_json_lists_the_files_and_nothing_else(made, tmp_path, capsys):
    assert ends("report", made, "--out", tmp_path, "--only", "json", "--profile", "public", "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert document == {"profile": "public", "files": [str(tmp_path / "resultats.json")]}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--profile", "tous"), "tous n’est pas un profil\u202f: choisissez parmi internal, partners, public"),
        (("--only", "affiche"), "affiche n’est pas une sorte d’export\u202f: choisissez parmi"),
    ],
)
def test_a_wrong_choice_is_said_in_one_sentence(made, tmp_path, capsys, arguments, said):
    assert ends("report", made, "--out", tmp_path / "out", *arguments) == 2
    written = capsys.readouterr().err
    assert written.startswith(said)
    assert written.count("\n") == 1


def test_a_folder_that_is_no_comparison_is_said(tmp_path, capsys):
    assert ends("report", tmp_path, "--out", tmp_path / "out") == 2
    assert "n’est pas une comparaison" in capsys.readouterr().err
