"""`territo territory build --epci` as a user types it: what it prints, how it ends, and what a kill leaves."""

from __future__ import annotations

import json
import os
import threading
import time

import pytest

from territo.cli import main
from territo.studies.build import load_territory
from tests.cli.building import building
from tests.sources.replay import SIREN, replaying, status


@pytest.fixture
def replay():
    with replaying() as server:
        yield server


@pytest.fixture
def place(tmp_path, replay, monkeypatch):
    monkeypatch.setenv("TERRITO_SERVICES", str(replay.services(tmp_path / "services", attempts=2)))
    monkeypatch.setenv("TERRITO_CACHE", str(tmp_path / "cache"))
    return tmp_path


def ends(*arguments):
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    return ended.value.code


def test_a_siren_gives_a_territory(place, capsys):
    assert ends("territory", "build", "--epci", SIREN, "--online", "--out", place / "out", "--json") == 0
    assert json.loads(capsys.readouterr().out)["name"] == "CC des Trois Communes"
    assert load_territory(place / "out").territory.name == "CC des Trois Communes"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--epci", SIREN), 2, "dites --online pour interroger"),
        (("--epci", SIREN, "--online", "--offline"), 2, "dites --online pour interroger"),
        ((), 2, "donnez soit la spécification d’un territoire, soit --epci SIREN"),
        (("spec.yaml", "--epci", SIREN), 2, "donnez soit la spécification"),
        (("spec.yaml", "--online"), 2, "--online et --grid vont avec --epci"),
        (("--epci", "64445", "--online"), 2, "64445 n’est pas un SIREN"),
        (("--epci", SIREN, "--online", "--grid", "200m"), 2, "la grille est insee ou modelled\u202f: lu 200m"),
        (("--epci", SIREN, "--offline"), 5, "le cache n’a pas la couche epci de ce territoire"),
    ],
)
def test_a_fault_is_one_sentence_and_its_code(place, replay, capsys, arguments, code, said):
    assert ends("territory", "build", *arguments, "--out", place / "out") == code
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line
    assert not replay.asked
    assert not (place / "out").exists()


def test_a_source_that_is_unavailable_ends_with_5_in_one_sentence(place, replay, capsys):
    replay.always["grid"] = status(503)
    assert ends("territory", "build", "--epci", SIREN, "--online", "--out", place / "out") == 5
    assert capsys.readouterr().err.startswith("127.0.0.1: le service a répondu 503\u202f: réessayez plus tard")


def test_progress_json_tells_the_bytes_of_each_layer(place, replay, capsys):
    arguments = ("--epci", SIREN, "--online", "--out", place / "out", "--progress", "json")
    assert ends("territory", "build", *arguments) == 0
    events = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    told = {event["stage"]: event for event in events if event["done"] is not None}
    assert told["download_grid"]["done"] == told["download_grid"]["total"] == len(replay.answers["grid"])
    assert len(told) == 7


@pytest.fixture
def start(tmp_path, place):
    environment = {name: os.environ[name] for name in ("TERRITO_SERVICES", "TERRITO_CACHE")}
    with building(tmp_path / "logs", environment) as site:

        def started(out="out"):
            arguments = ("--epci", SIREN, "--online", "--out", str(place / out), "--progress", "json")
            return site.start("territory", "build", *arguments)

        yield started


def left(place):
    return {each.name for each in place.iterdir() if not each.name.startswith(".")} - {"logs", "services"}


@pytest.mark.parametrize("stage", ["download_equipment", "roads", "travel"])
def test_a_build_killed_at_a_stage_leaves_no_half_territory_and_the_next_one_asks_nothing_twice(
    place, replay, start, stage
):
    build = start()
    assert build.reached(stage), build.said()
    build.kill()
    assert left(place) == {"cache"}
    asked = dict(replay.asked)
    build = start()
    assert build.ended() == 0, build.said()
    assert load_territory(place / "out").territory.communes.codes == ("A1", "B1", "C1")
    # only the layer on its way when the build was killed may not have been kept yet
    again = [layer for layer, count in asked.items() if replay.asked[layer] > count]
    assert len(again) <= 1
    assert {each.name for each in place.iterdir()} == {"cache", "logs", "out", "services"}


def test_an_archive_cut_by_a_kill_is_completed_from_where_it_stopped(place, replay, start):
    half_sent, hold = threading.Event(), threading.Event()

    def stall(handler, content):
        """Send half of the archive, then nothing."""
        handler.send_response(200)
        handler.send_header("ETag", f'"{len(content)}"')
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content[: len(content) // 2])
        handler.wfile.flush()
        half_sent.set()
        hold.wait(30)
        handler.close_connection = True

    replay.troubles["grid"] = [stall]
    build = start()
    assert half_sent.wait(60)
    parts = place / "cache" / "downloads" / "parts"
    while not any(part.stat().st_size for part in parts.glob("*") if not part.suffix):
        assert build.process.is_alive(), build.said()
        time.sleep(0.005)
    build.kill()
    hold.set()
    assert left(place) == {"cache"}
    build = start()
    assert build.ended() == 0, build.said()
    assert replay.ranges == [f"grid bytes={len(replay.answers['grid']) // 2}-"]


def test_two_builds_at_once_on_one_cache_give_the_same_territory(place, replay, start):
    builds = [start("one"), start("two")]
    assert [build.ended() for build in builds] == [0, 0], [build.said() for build in builds]
    one, two = (load_territory(place / name).territory.digest for name in ("one", "two"))
    assert one == two
    assert set(replay.asked.values()) == {1}
