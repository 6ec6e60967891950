"""``territo territory access`` as a user types it."""

from __future__ import annotations

import json

import pytest

from territo.cli import main
from territo.studies.build import build_territory
from tests.sources.small import write_small


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    folder = tmp_path_factory.mktemp("access")
    build_territory(write_small(folder), folder / "territory")
    return folder / "territory"


def ends(*arguments):
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    return ended.value.code


def test_the_table_names_the_commune_with_the_least_and_the_maps_are_written(small, tmp_path, capsys):
    assert ends("territory", "access", small, "--service", "france_services", "--out", tmp_path / "out") == 0
    printed = capsys.readouterr().out
    assert "Accès aux services aujourd’hui" in printed
    assert "30 min" in printed
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["acces_france_services.gpkg", "acces_france_services.tif"]


def test_json_is_one_document_with_the_offer_of_each_commune(small, tmp_path, capsys):
    words = ("--service", "france_services,mediatheque", "--zones", "15:1", "--bands", "5,15", "--json")
    assert ends("territory", "access", small, *words, "--out", tmp_path) == 0
    document = json.loads(capsys.readouterr().out)
    first = document["services"][0]
    assert [each["service"] for each in document["services"]] == ["france_services", "mediatheque"]
    assert first["zones"] == {"15.0": 1.0}
    assert list(first["inhabitants_by_band"]) == ["5", "15", "beyond"]
    assert sum(first["inhabitants_by_band"].values()) == pytest.approx(1_600)
    assert set(first["index_by_commune"]) == {"A1", "B1", "C1"}
    assert len(document["files"]) == 4


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--zones", "10,20"), "les zones s’écrivent 10:1,20:0.68"),
        (("--zones", "20:1,10:0.5"), "ne sont pas dans l’ordre"),
        (("--bands", "5,x"), "5,x n’est pas un nombre"),
        (("--bands", "5,inf"), "5,inf n’est pas un nombre"),
        (("--bands", "10,5"), "doivent croître"),
        (("--service", "voirie"), "on ne se déplace pas pour voirie"),
    ],
)
def test_bad_options_end_with_2_and_one_sentence_and_write_nothing(small, tmp_path, capsys, words, sentence):
    assert ends("territory", "access", small, *words, "--out", tmp_path / "out") == 2
    said = capsys.readouterr().err
    assert sentence in said
    assert said.count("\n") == 1
    assert not (tmp_path / "out").exists()
