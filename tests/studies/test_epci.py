"""A territory from the official services, replayed here: whole and said, or one sentence and nothing written."""

from __future__ import annotations

import dataclasses
import json
import socket

import numpy as np
import pytest

from territo.errors import InputError, SourceUnavailableError, TerritoError
from territo.progress import Silent
from territo.sources.bodies import sha256
from territo.studies.build import build_territory, load_territory
from territo.studies.epci import build_epci
from territo.studies.workspace import default_workspace
from tests.sources.replay import SIREN, body, communes_json, cut, loop, osm_xml, page, replaying, status, zipped
from tests.sources.small import POPULATION, centres


@pytest.fixture
def replay():
    with replaying() as server:
        yield server


@pytest.fixture
def place(tmp_path, replay, monkeypatch):
    """A folder whose cache is its own, and services that are replayed."""
    monkeypatch.setenv("TERRITO_SERVICES", str(replay.services(tmp_path / "services", attempts=2)))
    return tmp_path


def build(place, *, online=True, **named):
    workspace = dataclasses.replace(default_workspace(), cache=place / "cache")
    return build_epci(SIREN, place / "out", online=online, workspace=workspace, **named)


def refusal(place, kind=SourceUnavailableError, **named):
    """Faults of a build that leaves nothing beside its cache."""
    with pytest.raises(kind) as caught:
        build(place, **named)
    assert {each.name for each in place.iterdir()} <= {"cache", "services"}
    return [str(each) for each in caught.value.faults]


def test_a_siren_is_enough_for_a_whole_territory(place, replay):
    loaded = build(place)
    territory = loaded.territory
    assert (territory.name, territory.crs) == ("CC des Trois Communes", "EPSG:2154")
    assert territory.communes.population.tolist() == list(POPULATION)
    assert territory.sites.xy[:3] == pytest.approx(centres(), abs=0.2)
    assert territory.sites.ids == ("A1", "B1", "C1", "FS7")
    assert territory.communes.equipment["F307"].tolist() == [1, 3, 0]
    people = np.bincount(territory.cells.commune, weights=territory.cells.population)
    assert people == pytest.approx(POPULATION, rel=1e-9)
    assert set(replay.asked.values()) == {1}
    assert sorted(each.name for each in place.iterdir()) == ["cache", "out", "services"]


def test_each_layer_says_who_made_it_of_what_year_and_under_which_licence(place):
    build(place)
    sources = {source.layer: source for source in load_territory(place / "out").territory.sources}
    assert (sources["roads"].producer, sources["roads"].licence, sources["roads"].vintage) == (
        "OpenStreetMap contributors",
        "ODbL-1.0",
        "2026-11-20",
    )
    assert sources["communes"].vintage == "COG 2026"
    assert sources["population"].vintage == "non dit par le service"
    assert all(len(sources[layer].sha256) == 64 for layer in ("communes", "population", "roads", "grid", "equipment"))


def test_the_manifest_says_what_was_asked_when_and_what_came(place, replay):
    build(place)
    raw = place / "out" / "sources"
    layers = {
        layer["layer"]: layer for layer in json.loads((raw / "manifest.json").read_text(encoding="utf-8"))["layers"]
    }
    assert set(layers) == {"epci", "communes", "roads", "grid", "equipment", "france_services", "movements"}
    for name, layer in layers.items():
        assert layer["address"].startswith(replay.base)
        assert layer["bytes"] == len(replay.answers[name])
        assert layer["retrieved"].startswith("20")
        assert layer["licence"] in {"ODbL-1.0", "Licence Ouverte 2.0"}
        if layer["file"]:
            assert layer["file_sha256"] == sha256(raw / layer["file"])
    assert (layers["equipment"]["cog"], layers["grid"]["cog"]) == (2025, None)
    assert {name: layer["form"] for name, layer in layers.items() if layer["form"]} == {"roads": replay.forms[0]}


def test_the_spec_that_was_filled_builds_the_same_territory_from_files(place):
    filled = build(place)
    again = build_territory(place / "out" / "sources" / "territory.yaml", place / "again")
    assert again.territory.digest == filled.territory.digest
    assert np.array_equal(again.travel.minutes, filled.travel.minutes)


def test_communes_that_merged_since_the_facilities_were_listed_are_said(place):
    (notice, *_) = build(place).health.notices
    assert (notice.code, notice.params) == ("communes-merged", {"layer": "equipment", "names": "B9 → B1"})


def test_a_list_of_communes_older_than_its_year_is_said(place, replay):
    replay.answers["movements"] += b'\n"32","2026-01-01","COM","C1","0","X","X","X","COM","D1","0","X","X","X"'
    notices = {notice.code: notice.params for notice in build(place).health.notices}
    assert notices["communes-outdated"] == {"year": 2026, "names": "C1 → D1"}


def test_offline_builds_the_same_territory_without_a_socket(place, monkeypatch):
    online = build(place)

    def refuse(*_arguments, **_named):
        pytest.fail("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert build(place, online=False).territory.digest == online.territory.digest


def test_offline_names_every_layer_that_the_cache_lacks(place, replay):
    assert [each.split(": ")[1] for each in refusal(place, online=False)] == [
        "the cache has no layer epci of this territory"
    ]
    replay.always |= dict.fromkeys(("grid", "roads"), status(404))
    refusal(place)
    assert [each.split(": ")[1] for each in refusal(place, online=False)] == [
        f"the cache has no layer {layer} of this territory" for layer in ("roads", "grid")
    ]


def test_a_modelled_grid_asks_for_no_square(place, replay):
    loaded = build(place, grid="modelled")
    assert "grid" in loaded.territory.modelled_layers
    assert replay.asked["grid"] == 0


def test_a_layer_that_has_nothing_there_is_left_out_and_said(place, replay):
    replay.answers["equipment"] = zipped(BPE25__csv="DEPCOM;TYPEQU\n75056;F307\n")
    loaded = build(place)
    assert ("layer-empty", {"layer": "equipment"}) in [(each.code, each.params) for each in loaded.health.notices]
    assert loaded.territory.communes.equipment == {}
    assert not (place / "out" / "sources" / "equipment.csv").exists()


def test_services_that_fail_once_do_no_harm(place, replay):
    replay.troubles = {
        "epci": [status(429, Retry_After="0")],
        "communes": [page],
        "movements": [status(500)],
        "france_services": [cut],
        "roads": [cut],
        "equipment": [body(lambda content: content[:99])],
        "grid": [cut],
    }
    assert build(place).territory.communes.population.sum() == sum(POPULATION)
    assert set(replay.asked.values()) == {2}


@pytest.mark.parametrize("layer", ["epci", "communes", "movements", "france_services", "roads", "equipment", "grid"])
@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (status(500), "the service answered 500"),
        (page, "the service answered a web page"),
        (cut, "the answer stopped before its end"),
        (loop, "the service sends from one address to another without end"),
        (body(lambda _: b""), "damaged or of another format"),
    ],
)
def test_a_service_that_fails_is_one_sentence(place, replay, layer, trouble, said):
    replay.always[layer] = trouble
    (sentence,) = refusal(place)
    assert sentence.startswith(f"127.0.0.1: {said}") or said in sentence


def test_all_the_services_that_fail_are_told_at_once(place, replay):
    replay.always |= dict.fromkeys(("movements", "roads", "grid"), status(403))
    assert len(refusal(place)) == 3


def test_a_file_that_is_not_the_published_one_is_refused(place, replay, monkeypatch):
    path = replay.services(place / "services", grid={"sha256": "f" * 64})
    monkeypatch.setenv("TERRITO_SERVICES", str(path))
    (sentence,) = refusal(place)
    assert "SHA-256" in sentence


def test_a_siren_of_no_epci_is_a_fault_of_the_user(place, replay):
    replay.always["epci"] = status(404)
    assert refusal(place, InputError) == [f"no EPCI has the SIREN {SIREN}: check it, it may have merged into another"]


@pytest.mark.parametrize(
    ("layer", "content", "said"),
    [
        ("communes", b"{}", "communes: the answer has no []"),
        ("communes", communes_json(population=None), "communes.csv:2: population: the value is missing or secret"),
        ("roads", osm_xml(nodes=()), "roads: the answer has no road"),
        ("grid", zipped(met__csv="idcar_200m,ind\nx,1\n"), "grid: the grid has no square"),
        ("grid", zipped(met__csv="id,people\nx,1\n"), "grid: the answer has no idcar_200m, ind"),
        ("equipment", zipped(BPE25__csv="DEPCOM;TYPEQU\nA1\n"), "equipment: the tables of the archive cannot be read"),
        ("france_services", b"id_fs;lib_fs\n1;2\n", "damaged or of another format (insee_com, latitude"),
        ("movements", b"MOD;COM_AV\n32;1\n", "damaged or of another format (DATE_EFF"),
    ],
)
def test_an_answer_that_has_changed_is_said_and_nothing_is_written(place, replay, layer, content, said):
    replay.answers[layer] = content
    assert said in refusal(place, TerritoError)[0]


def test_a_territory_that_stands_is_replaced_only_by_a_whole_one(place, replay):
    first = build(place)
    replay.always["grid"] = status(500)
    (place / "cache" / "downloads" / "objects").rename(place / "cache" / "downloads" / "lost")
    with pytest.raises(SourceUnavailableError):
        build(place)
    assert load_territory(place / "out").territory.digest == first.territory.digest


def test_a_folder_of_other_things_is_refused_before_any_service_is_asked(place, replay):
    (place / "out").mkdir()
    (place / "out" / "letter.txt").write_text("Bonjour", encoding="utf-8")
    with pytest.raises(InputError, match="something else than a territory"):
        build(place)
    assert not replay.asked


def test_a_request_to_stop_leaves_nothing(place):
    class Stopping(Silent):
        def cancelled(self):
            return True

    with pytest.raises(KeyboardInterrupt):
        build(place, progress=Stopping())
    assert not (place / "out").exists()
