"""The store of downloads: by content, whole, fetched once, and silent when it must be."""

from __future__ import annotations

import json
import socket
import threading
from datetime import UTC, datetime, timedelta

import pytest

from territo.errors import SourceUnavailableError
from territo.progress import Silent
from territo.sources.bodies import sha256
from territo.sources.request import Manners, Request
from territo.sources.store import Store, write_whole
from territo.sources.transfer import Transfer
from tests.sources.replay import cut, status

MANNERS = Manners(attempts=2, first_wait_s=0.01, longest_wait_s=1.0, interval_s=0.0)


@pytest.fixture
def online(tmp_path):
    return Store(tmp_path / "downloads", Transfer(MANNERS))


@pytest.fixture
def offline(tmp_path):
    return Store(tmp_path / "downloads", None)


@pytest.fixture
def request_(replay):
    return Request("grid", replay.address("grid"), "zip", fresh_days=30.0)


def test_an_answer_is_kept_under_the_digest_of_its_content(online, request_, replay):
    got = online.get(request_, Silent())
    assert got.path.read_bytes() == replay.answers["grid"]
    assert got.path.name == got.sha256 == sha256(got.path)
    assert (got.layer, got.address, got.size) == ("grid", request_.address, len(replay.answers["grid"]))
    assert datetime.now(UTC) - datetime.fromisoformat(got.retrieved) < timedelta(minutes=1)
    assert list((online.root / "parts").iterdir()) == []


def test_a_fresh_answer_is_not_asked_for_again(online, request_, replay):
    assert online.get(request_, Silent()) == online.get(request_, Silent())
    assert replay.asked["grid"] == 1


def test_an_old_answer_is_asked_for_again_and_an_archive_never(online, request_, replay):
    online.get(request_, Silent())
    (answer,) = (online.root / "answers").iterdir()
    content = json.loads(answer.read_text(encoding="utf-8"))
    content["retrieved"] = (datetime.now(UTC) - timedelta(days=31)).isoformat()
    answer.write_text(json.dumps(content), encoding="utf-8")
    online.get(Request("grid", request_.address, "zip"), Silent())
    assert replay.asked["grid"] == 1
    online.get(request_, Silent())
    assert replay.asked["grid"] == 2


def test_offline_gives_what_is_kept_without_a_socket(online, offline, request_, monkeypatch):
    got = online.get(request_, Silent())

    def refuse(*_arguments, **_named):
        pytest.fail("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert offline.get(request_, Silent()) == got


def test_offline_says_which_layer_is_missing(offline, request_):
    with pytest.raises(SourceUnavailableError, match="the cache has no layer grid of this territory"):
        offline.get(request_, Silent())
    assert not offline.root.exists()


@pytest.mark.parametrize("harm", [b"", b"other content"])
def test_an_object_that_changed_on_disk_is_not_trusted(online, offline, request_, replay, harm):
    got = online.get(request_, Silent())
    got.path.write_bytes(harm)
    with pytest.raises(SourceUnavailableError):
        offline.get(request_, Silent())
    assert online.get(request_, Silent()).path.read_bytes() == replay.answers["grid"]
    assert replay.asked["grid"] == 2


@pytest.mark.parametrize("harm", ["", "{", "[]", '{"sha256": 3}', '{"sha256": "../../x", "size": 1}'])
def test_a_record_that_cannot_be_read_is_as_if_absent(online, request_, replay, harm):
    online.get(request_, Silent())
    (answer,) = (online.root / "answers").iterdir()
    answer.write_text(harm, encoding="utf-8")
    online.get(request_, Silent())
    assert replay.asked["grid"] == 2


def test_what_is_kept_must_have_the_published_digest(online, request_, replay):
    got = online.get(request_, Silent())
    stated = Request("grid", request_.address, "zip", sha256=got.sha256)
    assert online.get(stated, Silent()) == got
    with pytest.raises(SourceUnavailableError, match="SHA-256"):
        online.get(Request("grid", request_.address, "zip", sha256="1" * 64), Silent())
    assert replay.asked["grid"] == 3


def test_a_failure_leaves_what_was_kept(online, request_, replay):
    got = online.get(request_, Silent())
    replay.always["grid"] = status(500)
    with pytest.raises(SourceUnavailableError):
        online.get(Request("grid", request_.address, "zip", fresh_days=1e-9), Silent())
    assert got.path.read_bytes() == replay.answers["grid"]
    assert online.get(request_, Silent()) == got


def test_an_interrupted_download_goes_on_in_another_store(tmp_path, request_, replay):
    replay.troubles["grid"] = [cut, status(500)]
    with pytest.raises(SourceUnavailableError):
        Store(tmp_path / "downloads", Transfer(MANNERS)).get(request_, Silent())
    got = Store(tmp_path / "downloads", Transfer(MANNERS)).get(request_, Silent())
    assert got.path.read_bytes() == replay.answers["grid"]
    assert replay.ranges == [f"grid bytes={got.size // 2}-"]


def test_two_builds_that_want_the_same_file_fetch_it_once(tmp_path, request_, replay):
    slow = threading.Event()
    replay.troubles["grid"] = [lambda handler, content: (slow.wait(0.3), status(503)(handler, content))]
    got = []

    def build():
        got.append(Store(tmp_path / "downloads", Transfer(MANNERS)).get(request_, Silent()))

    builds = [threading.Thread(target=build) for _ in range(3)]
    for each in builds:
        each.start()
    for each in builds:
        each.join()
    assert got[0] == got[1] == got[2]
    assert replay.asked["grid"] == 2


def test_requests_with_other_forms_are_other_answers(online, replay):
    first, second = (
        online.get(Request("roads", replay.address("roads"), "osm", body=f"data={word}"), Silent()) for word in "ab"
    )
    assert replay.forms == ["data=a", "data=b"]
    assert first.sha256 == second.sha256


def test_a_text_is_written_whole_or_not_at_all(tmp_path):
    path = tmp_path / "answer.json"
    write_whole(path, "before")
    with pytest.raises(UnicodeEncodeError):
        write_whole(path, "\ud800")
    assert path.read_text(encoding="utf-8") == "before"
    assert [each.name for each in tmp_path.iterdir()] == ["answer.json"]
