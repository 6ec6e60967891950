"""The files of a comparison open as what they are, whole or not at all."""

import csv
import json
import zipfile
from dataclasses import replace

import geopandas
import numpy as np
import pytest

from territo.domain.indicators import Comparison, Indicator
from territo.errors import InputError
from territo.i18n import t
from territo.report import exports
from territo.report.exports import EVERYDAY, KINDS, file_names, write_exports
from territo.report.material import prepare
from territo.report.tables import Table, communes_table, csv_text, figures_table, results_json, services_table
from tests.report.fixtures import catalogue, comparison, territory, travel

PLACE = territory(hostile=True)
STUDY = comparison(PLACE)


def rows(table):
    return list(csv.DictReader(csv_text(table).removeprefix("\ufeff").splitlines(), delimiter=";"))


def material(study, profile="internal"):
    return prepare(study, PLACE, catalogue(), travel(PLACE), profile=profile)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("exports")
    return write_exports(material(STUDY), folder, EVERYDAY)


def test_tables_are_what_french_spreadsheets_read():
    assert csv_text(Table(["a", "b"], [[1.5, 2]])) == "\ufeffa;b\r\n1,5;2\r\n"


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t"])
def test_a_text_that_looks_like_a_formula_stays_a_text(sign):
    assert csv_text(Table(["a"], [[f"{sign}1+1"]])).endswith(f"'{sign}1+1\r\n")


def test_a_negative_number_is_not_a_formula():
    assert csv_text(Table(["a"], [[-1.5]])).endswith("\n-1,5\r\n")


def test_what_is_unknown_is_an_empty_cell():
    assert csv_text(Table(["a", "b", "c"], [[None, float("nan"), 0.0]])).endswith("\n;;0,0\r\n")


def test_the_table_of_communes_has_one_row_each_and_hostile_names_as_text():
    found = rows(communes_table(STUDY, PLACE))
    assert len(found) == 31
    assert found[3]["commune"] == "'=CMD|'/c calc'!A1"
    assert found[0]["Situation actuelle trajet moyen (min)"] == "2,0"
    assert found[7]["Pôles territoriaux territoire"] == "Saint-Exemple-07"


def test_the_table_of_figures_holds_the_interval():
    saving = next(row for row in rows(figures_table(STUDY)) if row["identifiant"] == "ECO1")
    assert (saving["Tout centralisé (au moins)"], saving["Tout centralisé"]) == ("0,0", "828000,0")
    assert saving["Tout centralisé (au plus)"] == "1656000,0"


def test_a_figure_of_one_run_alone_leaves_the_others_empty():
    figures = {"PRX2": Indicator("PRX2", "min", 12.0)}
    reference = replace(STUDY.reference, assessment=replace(STUDY.reference.assessment, indicators={}))
    run = replace(STUDY.runs[0], assessment=replace(STUDY.runs[0].assessment, indicators=figures))
    (row,) = rows(figures_table(Comparison(reference, (run,))))
    assert (row["Situation actuelle"], row["Tout centralisé"]) == ("", "12,0")


def test_the_table_of_services_has_one_row_a_service_and_scenario():
    found = rows(services_table(STUDY, catalogue()))
    assert len(found) == 6 * 6
    assert found[7]["organisation"] == "pôles"
    assert (found[1]["lieux"], found[1]["ETP"], found[1]["part dans la norme"]) == ("7", "10,5", "0,87")


def test_the_json_has_the_passport_and_null_for_what_is_unknown():
    document = json.loads(results_json(STUDY, PLACE))
    assert document["reference"]["passport"]["solver"] == "HiGHS 1.15"
    assert document["reference"]["indicators"]["EQU5"]["value"] is None
    assert document["runs"][1]["organisation"]["seats"] == ["64001", "64008", "64020"]
    assert document["runs"][1]["organisation"]["points"]["64008"]["eaje"] == {"fte": 1.5, "hours_week": 24.0}
    assert document["runs"][0]["organisation"]["territory"] == [None] * 31


def test_all_the_files_are_written_the_page_first_and_nothing_else(written):
    names = [path.name for path in written]
    assert names[0] == "comparaison.html"
    assert names[-6:] == [f"sc{n}.gpkg" for n in range(6)]
    assert {path.name for path in written[0].parent.iterdir()} == set(names)


def test_the_geopackage_opens_with_its_communes_and_sites(written):
    communes = geopandas.read_file(written[-4], layer="communes")
    sites = geopandas.read_file(written[-4], layer="sites")
    assert communes.crs == "EPSG:2154"
    assert list(communes["code"]) == list(PLACE.communes.codes)
    assert np.isclose(communes.area.sum(), 30_000 * 24_000)
    assert list(sites["niveau"][[0, 1, 7]]) == ["siege", "mairie", "pole"]


def test_files_are_replaced_when_they_are_written_again(tmp_path):
    for _ in range(2):
        paths = write_exports(material(Comparison(STUDY.reference, ())), tmp_path, EVERYDAY)
    assert len(list(tmp_path.iterdir())) == len(paths) == 6


def test_a_file_that_fails_leaves_nothing_behind(tmp_path, monkeypatch):
    def fail(_run, _territory, _catalogue, path, **_options):
        path.write_bytes(b"half")
        raise OSError("disk full")

    monkeypatch.setattr(exports.layers, "write_geopackage", fail)
    with pytest.raises(OSError, match="disk full"):
        write_exports(material(STUDY), tmp_path, EVERYDAY)
    assert not [path for path in tmp_path.iterdir() if "sc0" in path.name]


@pytest.mark.parametrize(
    ("ids", "names"),
    [
        (["../../x y"], ["_x_y"]),
        (["x" * 4_000, ""], ["x" * 60, "scenario"]),
        (["a b", "a/b", "A_B", "a_b-2"], ["a_b", "a_b-2", "A_B-3", "a_b-2-2"]),
    ],
)
def test_ids_give_safe_names_that_are_all_different(ids, names):
    assert file_names(ids) == names


def test_an_unknown_kind_is_refused_with_the_known_ones(tmp_path):
    with pytest.raises(InputError, match="poster is not a kind of export: choose among page"):
        write_exports(material(STUDY), tmp_path / "out", ("note", "poster"))
    assert not (tmp_path / "out").exists()


def test_the_archive_holds_the_files_asked_for_with_it(tmp_path):
    *files, archive = write_exports(material(STUDY), tmp_path, ("json", "csv", "zip"))
    with zipfile.ZipFile(archive) as packed:
        assert packed.namelist() == [path.name for path in files]
        assert packed.read("resultats.json") == (tmp_path / "resultats.json").read_bytes()


def test_every_kind_has_its_button_and_its_words():
    for kind in KINDS:
        if kind not in ("note", "zip"):
            assert t(f"app.exports.button_{kind}")
            assert t(f"app.exports.kind_{kind}")


def test_the_geoparquet_holds_every_commune_of_every_run_and_every_cell(tmp_path):
    communes, cells = write_exports(material(STUDY), tmp_path, ("geoparquet",))
    rows_of_runs = geopandas.read_parquet(communes)
    assert len(rows_of_runs) == 6 * 31
    assert rows_of_runs.crs == "EPSG:2154"
    assert set(rows_of_runs["scenario"]) == {run.scenario_name for run in (STUDY.reference, *STUDY.runs)}
    assert np.isclose(geopandas.read_parquet(cells)["population"].sum(), PLACE.cells.population.sum())


def test_the_public_does_not_read_the_teams_of_a_place(tmp_path):
    results, *layers = write_exports(material(STUDY, "public"), tmp_path, ("json", "gpkg"))
    document = json.loads(results.read_text(encoding="utf-8"))
    assert document["runs"][1]["organisation"]["points"]["64008"]["eaje"] == {"fte": None, "hours_week": 24.0}
    assert "etp" not in geopandas.read_file(layers[0], layer="sites").columns
