"""The territory spec and its faults."""

from __future__ import annotations

import pytest

from territo.errors import InputError
from territo.scenario.yaml_lines import read_yaml
from territo.sources.spec import read_spec, schema_json, spec_faults
from tests.sources.small import SPEC, write_small

CHOOSE = "choose a projected system, EPSG:2154 in metropolitan France"
REMOVE = "remove it, or write kind: insee or kind: raster"


def faults_of(path):
    with pytest.raises(InputError) as caught:
        read_spec(path)
    return [str(each) for each in caught.value.faults]


def test_paths_are_relative_to_the_spec_and_a_modelled_grid_is_the_default(tmp_path):
    spec = read_spec(write_small(tmp_path))
    assert spec.roads.file == tmp_path / "roads.graphml"
    assert (spec.grid.kind, spec.grid.file) == ("modelled", None)
    assert list(spec.files()) == [
        "communes", "population", "roads", "equipment", "france_services", "sites", "staff",
    ]  # fmt: skip


def test_all_missing_files_and_the_reference_system_are_said_at_once_with_their_lines(tmp_path):
    text = SPEC.replace("EPSG:2154", "EPSG:4326") + "grid: {kind: insee, file: grid.csv}\n"
    assert faults_of(write_small(tmp_path, text, bpe_csv=None, roads_graphml=None)) == [
        "territory.yaml:10: roads.file: there is no file roads.graphml: check its path, from this spec",
        "territory.yaml:15: grid.file: there is no file grid.csv: check its path, from this spec",
        "territory.yaml:11: facilities.bpe: there is no file bpe.csv: check its path, from this spec",
        f"territory.yaml:2: crs: EPSG:4326 is not in metres: {CHOOSE}",
    ]


def test_an_unknown_key_is_said_with_the_nearest_known_one(tmp_path):
    path = write_small(tmp_path, SPEC.replace("population: pmun", "populatoin: pmun"))
    found = faults_of(path)
    assert len(found) == 1
    assert any("did you mean population?" in each for each in found)


@pytest.mark.parametrize(
    ("grid", "sentence"),
    [
        ("{kind: raster}", "territory.yaml:15: grid: the key file is required: add it"),
        (
            "{file: bpe.csv}",
            f"territory.yaml:15: grid.file: a modelled grid reads no file: {REMOVE}",
        ),
    ],
)
def test_a_grid_has_a_file_unless_it_is_modelled(tmp_path, grid, sentence):
    assert faults_of(write_small(tmp_path, SPEC + f"grid: {grid}\n")) == [sentence]


def test_a_spec_is_checked_without_being_built(tmp_path):
    good, bad = write_small(tmp_path / "a"), write_small(tmp_path / "b", SPEC.replace("crs:", "csr:"), bpe_csv=None)
    assert spec_faults(good, read_yaml(good)) == []
    assert [str(each) for each in spec_faults(bad, read_yaml(bad))] == [
        "territory.yaml:2: csr: unknown key csr: did you mean crs?",
    ]


def test_the_schema_names_the_keys_of_a_spec():
    assert {"name", "crs", "communes", "attributes", "roads", "grid", "facilities", "sources"} <= set(
        schema_json()["properties"]
    )
