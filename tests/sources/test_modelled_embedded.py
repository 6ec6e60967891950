"""The embedded territory: its files are those that its facts and the generator give."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
import rasterio
import yaml

from territo.sources.modelled import read_table
from territo.sources.modelled.embedded import model_embedded, rebuild

DATA = Path(__file__).parents[2] / "data"
FOLDER = DATA / "pau_bearn_pyrenees"
PUBLISHED = DATA.parents[1] / "shared" / "data" / "pau_bearn_pyrenees"
with_published = pytest.mark.skipif(not PUBLISHED.is_dir(), reason="the published files are not on this machine")


@pytest.fixture(scope="module")
def manifest():
    return yaml.safe_load((DATA / "manifest.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def made(manifest, tmp_path_factory):
    return model_embedded(DATA, manifest, tmp_path_factory.mktemp("again") / "pau")


def test_the_manifest_lists_every_file_with_its_digest_source_and_licence(manifest):
    listed = {entry["file"]: entry for entry in manifest["files"]}
    assert set(listed) == {f"{FOLDER.name}/{path.name}" for path in FOLDER.iterdir()}
    for name, entry in listed.items():
        assert hashlib.sha256((DATA / name).read_bytes()).hexdigest() == entry["sha256"], name
        assert entry["source"]
        assert entry["licence"] == "Licence Ouverte 2.0"
        assert entry["vintage"]
        assert entry["modelled"] is (entry["source"] == "territo (modélisé)")


@pytest.mark.parametrize("name", ["communes.csv", "equipment.csv", "france_services.csv", "territory.yaml"])
def test_a_text_file_made_again_has_the_same_bytes(made, name):
    assert (made / name).read_bytes() == (FOLDER / name).read_bytes()


def test_outlines_made_again_are_the_same(made):
    assert json.loads((made / "communes.geojson").read_text()) == json.loads((FOLDER / "communes.geojson").read_text())


def test_roads_made_again_are_the_same_whatever_the_compression(made):
    roads = [gzip.decompress((folder / "roads.graphml.gz").read_bytes()) for folder in (made, FOLDER)]
    assert roads[0] == roads[1]


def test_the_grid_made_again_is_the_same_whatever_the_compression(made):
    with rasterio.open(made / "population.tif") as new, rasterio.open(FOLDER / "population.tif") as kept:
        assert new.transform == kept.transform
        assert (new.read(1) == kept.read(1)).all()


def test_the_grid_holds_the_169255_inhabitants():
    with rasterio.open(FOLDER / "population.tif") as raster:
        band = raster.read(1)
    assert band[band > 0].sum() == 169_255


def test_the_folder_stays_small():
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 1_500_000


def test_only_what_cannot_be_published_is_labelled_as_modelled(manifest):
    spec = yaml.safe_load((FOLDER / "territory.yaml").read_text(encoding="utf-8"))
    assert [entry["layer"] for entry in spec["sources"] if entry.get("modelled")] == ["communes", "roads", "grid"]
    assert [entry["layer"] for entry in manifest["territory"]["sources"]] == [
        "centres",
        "population",
        "attributes",
        "equipment",
        "france_services",
    ]


def test_rebuilding_changes_nothing_and_mends_what_was_changed(tmp_path):
    data = tmp_path / "data"
    (data / FOLDER.name).mkdir(parents=True)
    for name in ("manifest.yaml", *(f"{FOLDER.name}/{file.name}" for file in FOLDER.iterdir())):
        (data / name).write_bytes((DATA / name).read_bytes())
    (data / FOLDER.name / "communes.geojson").write_text("{}", encoding="utf-8")
    rebuild(data)
    for name in ("manifest.yaml", f"{FOLDER.name}/communes.geojson", f"{FOLDER.name}/territory.yaml"):
        assert (data / name).read_bytes() == (DATA / name).read_bytes()


def test_the_31_communes_have_169255_inhabitants():
    table = read_table(FOLDER / "table.csv")
    assert len(table) == 31
    assert table.population.sum() == 169_255
    assert table.area_km2.sum() == pytest.approx(343.61)


@with_published
def test_the_facts_are_the_published_ones():
    with (PUBLISHED / "communes.csv").open(encoding="utf-8") as file:
        published = {row["code_insee"]: row for row in csv.DictReader(file)}
    with (FOLDER / "table.csv").open(encoding="utf-8") as file:
        rows = [*csv.DictReader(file)]
    assert len(rows) == len(published)
    for row in rows:
        theirs = published[row["code_insee"]]
        assert row["nom"] == theirs["nom"]
        numbers = [name for name in row if name not in {"code_insee", "nom"}]
        for name in numbers:
            assert (row[name] and float(row[name])) == (theirs[name] and float(theirs[name])), name


@with_published
def test_the_equipment_counts_are_the_published_ones():
    published: dict[tuple[str, str], int] = {}
    with (PUBLISHED / "bpe_2019.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter=";"):
            for kind in ("TOTAL", row["TYPEQU"]):
                key = (row["DEPCOM"], kind)
                published[key] = published.get(key, 0) + int(row["NB_EQUIP"])
    wanted = {key: count for key, count in published.items() if key[1] in {"D502", "F101", "F305", "F307", "TOTAL"}}
    with (FOLDER / "equipment.csv").open(encoding="utf-8") as file:
        ours = {(row["DEPCOM"], row["TYPEQU"]): int(row["NB_EQUIP"]) for row in csv.DictReader(file, delimiter=";")}
    assert ours == wanted


@with_published
def test_the_france_services_points_are_the_published_ones():
    with (PUBLISHED / "france_services_20240801.csv").open(encoding="utf-8") as file:
        published = {row["id_fs"]: row for row in csv.DictReader(file)}
    with (FOLDER / "france_services.csv").open(encoding="utf-8") as file:
        ours = {row["id_fs"]: row for row in csv.DictReader(file)}
    assert set(ours) == set(published)
    for number, row in ours.items():
        for name in ("insee_com", "h_lundi", "h_samedi", "format_fs"):
            assert row[name] == published[number][name]
        for name in ("latitude", "longitude"):
            assert float(row[name]) == pytest.approx(float(published[number][name]), abs=1e-5)


def test_the_grid_is_a_few_thousand_cells():
    with rasterio.open(FOLDER / "population.tif") as raster:
        cells = np.count_nonzero(raster.read(1) > 0)
    assert 2_000 < cells < 6_000
