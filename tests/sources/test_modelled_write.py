"""The files of a modelled territory: complete, deterministic, all or nothing."""

from __future__ import annotations

import csv
from pathlib import Path

import geopandas
import numpy as np
import pytest
import rasterio
import yaml

from territo.domain.territory import Source
from territo.errors import InputError
from territo.sources.modelled import draw_table, read_table, write_modelled_territory

FILES = [
    "communes.csv",
    "communes.geojson",
    "equipment.csv",
    "france_services.csv",
    "population.tif",
    "roads.graphml.gz",
    "territory.yaml",
]


def digests(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def table():
    return draw_table(12, 2)


@pytest.fixture(scope="module")
def written(table, tmp_path_factory):
    return write_modelled_territory(table, tmp_path_factory.mktemp("made") / "drawn", seed=4, name="Pays fictif")


@pytest.fixture(scope="module")
def spec(written):
    return yaml.safe_load(written.read_text(encoding="utf-8"))


def test_all_files_are_written_and_nothing_beside_them(written):
    assert sorted(path.name for path in written.parent.iterdir()) == FILES
    assert [path.name for path in written.parent.parent.iterdir()] == ["drawn"]


def test_the_same_table_and_seed_give_the_same_bytes(table, written, tmp_path):
    again = write_modelled_territory(table, tmp_path / "again", seed=4, name="Pays fictif")
    assert digests(again.parent) == digests(written.parent)


def test_another_seed_gives_other_roads(table, written, tmp_path):
    other = write_modelled_territory(table, tmp_path / "other", seed=5, name="Pays fictif")
    assert digests(other.parent)["roads.graphml.gz"] != digests(written.parent)["roads.graphml.gz"]


def test_every_file_that_the_specification_names_is_there(spec):
    assert spec["name"] == "Pays fictif"
    assert spec["crs"] == "EPSG:2154"
    named = [spec[key]["file"] for key in ("communes", "attributes", "roads", "grid")] + [*spec["facilities"].values()]
    assert sorted([*named, "territory.yaml"]) == FILES


def test_every_layer_of_a_drawn_territory_is_labelled_as_modelled(spec):
    layers = {entry["layer"]: entry for entry in spec["sources"]}
    wanted = {"centres", "population", "attributes", "communes", "roads", "grid", "equipment", "france_services"}
    assert set(layers) == wanted
    assert all(entry["modelled"] is True for entry in layers.values())
    assert {entry["producer"] for entry in layers.values()} == {"territo (modélisé)"}


def test_a_table_of_facts_keeps_its_own_source(table, tmp_path):
    given = (Source("population", "INSEE", "Licence Ouverte 2.0", "2023"),)
    made = write_modelled_territory(table, tmp_path / "facts", seed=4, name="x", sources=given)
    entries = yaml.safe_load(made.read_text(encoding="utf-8"))["sources"]
    assert entries[0] == {
        "layer": "population",
        "producer": "INSEE",
        "licence": "Licence Ouverte 2.0",
        "vintage": "2023",
    }
    assert [entry["layer"] for entry in entries if entry.get("modelled")] == [
        "communes",
        "roads",
        "grid",
        "equipment",
        "france_services",
    ]


def test_the_columns_named_in_the_specification_are_in_the_table(written, spec, table):
    attributes = spec["attributes"]
    named = [attributes["code"], attributes["population"], attributes["area"], *attributes["centre"]]
    with (written.parent / attributes["file"]).open(encoding="utf-8") as file:
        rows = [*csv.DictReader(file)]
    assert {*named, *attributes["columns"].values()} <= set(rows[0])
    assert [row["nom"] for row in rows] == [*table.names]
    assert read_table(written.parent / "communes.csv").csv() == table.csv()


def test_the_raster_summed_by_outline_gives_the_population_of_each_commune(written, table):
    outlines = geopandas.read_file(written.parent / "communes.geojson").to_crs(2154)
    assert outlines.code.tolist() == [*table.codes]
    with rasterio.open(written.parent / "population.tif") as raster:
        band = raster.read(1)
        rows, columns = np.nonzero(band != raster.nodata)
        x, y = rasterio.transform.xy(raster.transform, rows, columns)
    cells = geopandas.GeoDataFrame({"people": band[rows, columns]}, geometry=geopandas.points_from_xy(x, y), crs=2154)
    joined = cells.sjoin(outlines, predicate="within")
    assert len(joined) == len(cells)
    assert joined.groupby("code").people.sum().reindex(table.codes).tolist() == table.population.tolist()


def test_larger_communes_hold_more_equipment(written, table):
    counts = dict.fromkeys(table.codes, 0)
    with (written.parent / "equipment.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter=";"):
            counts[row["DEPCOM"]] += int(row["NB_EQUIP"])
    rank = np.argsort(-table.population)
    ordered = np.array([counts[table.codes[commune]] for commune in rank])
    assert ordered[0] == ordered.max()
    assert ordered[:6].sum() > 2 * ordered[6:].sum()


def test_france_services_stand_at_the_largest_communes_and_one_is_a_bus(written, table):
    with (written.parent / "france_services.csv").open(encoding="utf-8") as file:
        rows = [*csv.DictReader(file)]
    largest = [table.codes[commune] for commune in np.argsort(-table.population)[:2]]
    assert [row["insee_com"] for row in rows] == [*largest, largest[0]]
    assert [row["format_fs"] for row in rows] == ["Fixe", "Fixe", "Bus_équivalent"]
    assert len({row["id_fs"] for row in rows}) == 3


def test_observed_facilities_replace_modelled_ones(table, tmp_path):
    facts = tmp_path / "facts.csv"
    facts.write_text("DEPCOM;TYPEQU;NB_EQUIP\n99001;D502;2\n", encoding="utf-8")
    made = write_modelled_territory(table, tmp_path / "out", seed=4, name="x", facts={"equipment.csv": facts})
    assert (made.parent / "equipment.csv").read_bytes() == facts.read_bytes()


def test_a_folder_that_holds_something_is_left_alone(table, tmp_path):
    (tmp_path / "kept.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="is not empty: choose another one or empty it"):
        write_modelled_territory(table, tmp_path, seed=4, name="x")
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]


def test_an_empty_folder_is_filled(table, tmp_path):
    (tmp_path / "out").mkdir()
    made = write_modelled_territory(table, tmp_path / "out", seed=4, name="x")
    assert sorted(path.name for path in made.parent.iterdir()) == FILES


def test_nothing_stays_when_the_writing_fails(table, tmp_path):
    with pytest.raises(FileNotFoundError):
        write_modelled_territory(
            table, tmp_path / "out", seed=4, name="x", facts={"equipment.csv": tmp_path / "absent.csv"}
        )
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("area", [0.3, 12, 400])
def test_a_table_of_three_communes_on_one_line_makes_a_territory(tmp_path, area):
    rows = "".join(f"9900{n},Rang {n},{200 * n},{46 + n / 20},3.0,{area}\n" for n in (1, 2, 3))
    path = tmp_path / "row.csv"
    path.write_text("code_insee,nom,pmun_2023,lat,lng,superficie_km2\n" + rows, encoding="utf-8")
    made = write_modelled_territory(read_table(path), tmp_path / "row", seed=1, name="Rang")
    with rasterio.open(made.parent / "population.tif") as raster:
        band = raster.read(1)
    assert band[band > 0].sum() == 1_200
