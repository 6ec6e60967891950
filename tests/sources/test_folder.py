"""The folder of a territory: read back as it was, written whole or not at all."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import numpy as np
import pytest

from territo.domain.roads import RoadNetwork
from territo.domain.travel import LoadedTerritory, MatrixHealth, Notice
from territo.errors import InputError
from territo.sources import folder
from territo.sources.folder import load_territory, save_territory
from tests.factories import line_travel, tiny_territory

FILES = {
    "territory.json", "communes.parquet", "cells.parquet", "sites.parquet",
    "adjacency.parquet", "roads.npz", "travel_car.npz",
}  # fmt: skip


@pytest.fixture
def loaded():
    territory = tiny_territory()
    staff = {"voirie": np.array([np.nan, 2.5])}
    spending = {"voirie": np.array([np.nan, 110_000.0])}
    poverty = {"poverty_rate": np.array([12.5, np.nan])}
    communes = replace(territory.communes, staff=staff, spending=spending, attributes=poverty)
    travel = line_travel()
    minutes = np.array(travel.minutes)
    minutes[2, 0] = np.inf
    health = MatrixHealth(
        3, 3, 2, 2, 1, 10.0, 20.0, 0.0, 5.0, (("A1", 20.0),), (("B1", 5.0),), 0, 0.0, (), 1, 3, np.nan, 1.1, 1.9,
        (Notice("communes-joined", {"one": "A1", "other": "B1", "km": 1.5}),),
    )  # fmt: skip
    roads = RoadNetwork(np.zeros((2, 2)), [0, 1], [1, 0], [10.0, 10.0], [0, 1], ("primary", "été"))
    return LoadedTerritory(replace(territory, communes=communes), replace(travel, minutes=minutes), health, roads)


def same(one, other):
    """Whether two nouns hold the same values, NaN equal to NaN."""
    if isinstance(one, np.ndarray):
        return np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, tuple | list):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other or (one != one and other != other)  # noqa: PLR0124  # NaN alone differs from itself


def test_a_territory_is_read_back_as_it_was(loaded, tmp_path):
    save_territory(tmp_path / "out", loaded)
    again = load_territory(tmp_path / "out")
    assert {path.name for path in (tmp_path / "out").iterdir()} == FILES | {"health.geojson"}
    assert same(asdict(again), asdict(loaded))


def test_the_passport_holds_sources_health_digest_and_version_as_strict_json(loaded, tmp_path):
    save_territory(tmp_path / "out", loaded)
    passport = json.loads((tmp_path / "out" / "territory.json").read_text(encoding="utf-8"), parse_constant=pytest.fail)
    assert passport["digest"] == "tiny"
    assert passport["crs"] == "EPSG:2154"
    assert passport["sources"][0]["modelled"] is True
    assert passport["health"]["detour_median"] is None
    assert passport["version"]


def test_outlines_and_cells_open_as_geoparquet_with_their_reference_system(loaded, tmp_path):
    import geopandas as gpd

    save_territory(tmp_path / "out", loaded)
    for name, count in (("communes", 2), ("cells", 3)):
        frame = gpd.read_parquet(tmp_path / "out" / f"{name}.parquet")
        assert (len(frame), frame.crs.to_epsg()) == (count, 2154)


def test_a_territory_replaces_the_one_that_stood_there(loaded, tmp_path):
    save_territory(tmp_path / "out", loaded)
    save_territory(tmp_path / "out", replace(loaded, territory=replace(loaded.territory, name="Autre")))
    assert load_territory(tmp_path / "out").territory.name == "Autre"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_folder_of_other_things_is_refused_and_left_alone(loaded, tmp_path):
    (tmp_path / "photo.jpg").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="holds something else than a territory"):
        save_territory(tmp_path, loaded)
    assert [path.name for path in tmp_path.iterdir()] == ["photo.jpg"]


def test_nothing_is_left_where_writing_fails(loaded, tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folder.np, "savez_compressed", full)
    with pytest.raises(InputError, match=r"cannot be written \(No space left on device\)"):
        save_territory(tmp_path / "out", loaded)
    assert list(tmp_path.iterdir()) == []


def test_the_former_territory_comes_back_where_the_new_one_cannot_take_its_place(loaded, tmp_path, monkeypatch):
    save_territory(tmp_path / "out", loaded)
    rename = folder.Path.rename

    def refuse(self, target):
        if self.name.startswith(".out-") and not self.name.endswith("-former"):
            raise PermissionError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(folder.Path, "rename", refuse)
    with pytest.raises(InputError, match="cannot be written"):
        save_territory(tmp_path / "out", loaded)
    assert load_territory(tmp_path / "out").territory.name == "Deux communes"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_missing_territory_is_said_with_the_command_that_builds_it(tmp_path):
    with pytest.raises(InputError, match="there is no territory here: build it with « territo territory build »"):
        load_territory(tmp_path / "nowhere")


@pytest.mark.parametrize("name", sorted(FILES - {"territory.json"}))
def test_a_missing_or_damaged_file_gives_one_sentence(loaded, tmp_path, name):
    path = tmp_path / "out"
    save_territory(path, loaded)
    whole = (path / name).read_bytes()
    for content in (None, b"", whole[: len(whole) // 2]):
        (path / name).unlink(missing_ok=True)
        if content is not None:
            (path / name).write_bytes(content)
        with pytest.raises(InputError, match="the territory is damaged") as caught:
            load_territory(path)
        assert len(caught.value.faults) == 1


@pytest.mark.parametrize("passport", ["", "{}", '{"format": 99}', "[]", '{"format": 1, "name": 3}'])
def test_a_passport_that_cannot_be_read_gives_one_sentence(loaded, tmp_path, passport):
    save_territory(tmp_path / "out", loaded)
    (tmp_path / "out" / "territory.json").write_text(passport, encoding="utf-8")
    with pytest.raises(InputError, match="the territory is damaged or comes from another version"):
        load_territory(tmp_path / "out")


def test_travel_times_of_another_territory_are_refused(loaded, tmp_path):
    save_territory(tmp_path / "out", loaded)
    np.savez_compressed(tmp_path / "out" / "travel_car.npz", minutes=np.ones((1, 1)), km=np.ones((1, 1)))
    with pytest.raises(InputError, match="the territory is damaged"):
        load_territory(tmp_path / "out")
