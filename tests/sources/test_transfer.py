"""Downloads from a server that is busy, cuts, lies, loops or dawdles: whole and checked, or refused in one sentence."""

from __future__ import annotations

import gzip
import hashlib
import socket
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace

import pytest

from territo.errors import SourceUnavailableError
from territo.progress import Silent
from territo.sources.request import Manners, Request
from territo.sources.transfer import Transfer, retry_after
from tests.sources.replay import body, cut, drip, loop, page, respond, status

MANNERS = Manners(attempts=3, first_wait_s=0.01, longest_wait_s=2.0, interval_s=0.0)


class Listening(Silent):
    """A progress that remembers, and stops after some events."""

    def __init__(self, stop_after=10_000):
        self.events, self.stop_after = [], stop_after

    def report(self, event):
        self.events.append(event)

    def cancelled(self):
        return len(self.events) >= self.stop_after


@pytest.fixture
def part(tmp_path):
    return tmp_path / "part"


def fetch(replay, layer, part, *, transfer=None, progress=None, **changed):
    kinds = {"grid": "zip", "equipment": "zip", "roads": "osm", "movements": "csv", "france_services": "csv"}
    request = Request(layer, replay.address(layer), kinds.get(layer, "json"), **changed)
    (transfer or Transfer(MANNERS)).fetch(request, part, progress or Silent())
    return part.read_bytes()


def refusal(replay, layer, part, **changed):
    with pytest.raises(SourceUnavailableError) as caught:
        fetch(replay, layer, part, **changed)
    (found,) = caught.value.faults
    assert found.where == "127.0.0.1"
    return found


def test_what_was_asked_arrives_and_its_bytes_are_told(replay, part):
    listening = Listening()
    assert fetch(replay, "grid", part, progress=listening) == replay.answers["grid"]
    size = len(replay.answers["grid"])
    assert (listening.events[-1].stage, listening.events[-1].done, listening.events[-1].total) == (
        "download_grid",
        size,
        size,
    )


@pytest.mark.parametrize("code", [408, 429, 500, 502, 503, 504])
def test_a_service_that_is_busy_once_is_asked_again(replay, part, code):
    replay.troubles["epci"] = [status(code)]
    assert fetch(replay, "epci", part) == replay.answers["epci"]
    assert replay.asked["epci"] == 2


def test_the_wait_is_at_least_what_the_service_asks(replay, part):
    replay.troubles["epci"] = [status(429, Retry_After="2")]
    waits = []
    fetch(replay, "epci", part, transfer=Transfer(MANNERS, waits.append))
    assert sum(waits) == pytest.approx(2.0)


def test_the_waits_grow_and_have_a_limit(replay, part):
    replay.always["epci"] = status(503)
    waits = []
    manners = Manners(attempts=8, first_wait_s=0.05, longest_wait_s=0.4, interval_s=0.0)
    refusal(replay, "epci", part, transfer=Transfer(manners, waits.append))
    assert len(waits) == 7
    assert all(0.05 * 2**rank <= wait <= 0.05 * 2**rank + 0.05 for rank, wait in enumerate(waits[:3]))
    assert waits[3:] == [0.4] * 4
    assert len(set(waits[:3])) == 3


def test_a_service_that_asks_for_an_hour_is_left_alone(replay, part):
    replay.always["epci"] = status(429, Retry_After="3600")
    found = refusal(replay, "epci", part)
    assert (found.code, found.context["minutes"], replay.asked["epci"]) == ("source-busy", 60, 1)


@pytest.mark.parametrize(
    ("value", "seconds"), [("7", 7.0), ("", 0.0), ("soon", 0.0), ("-3", 0.0), ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0)]
)
def test_a_wait_is_read_in_seconds_or_as_a_date_and_is_never_negative(value, seconds):
    assert retry_after(value) == seconds


def test_a_wait_until_a_date_to_come_is_the_time_until_then():
    assert retry_after(format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)) == pytest.approx(
        90, abs=3
    )


@pytest.mark.parametrize(
    ("code", "said"), [(500, "source-status"), (403, "source-status"), (404, "source-absent"), (410, "source-absent")]
)
def test_a_refusal_that_lasts_is_said_and_only_what_may_pass_is_asked_again(replay, part, code, said):
    replay.always["epci"] = status(code)
    assert refusal(replay, "epci", part).code == said
    assert replay.asked["epci"] == (3 if code == 500 else 1)


def test_a_cut_answer_is_completed_from_where_it_stopped(replay, part):
    replay.troubles["grid"] = [cut]
    assert fetch(replay, "grid", part) == replay.answers["grid"]
    half = len(replay.answers["grid"]) // 2
    assert replay.ranges == [f"grid bytes={half}-"]


def test_another_version_is_not_glued_to_what_was_received(replay, part):
    replay.troubles["grid"] = [cut, *[status(503)] * 2]
    refusal(replay, "grid", part)
    half = part.stat().st_size
    replay.answers["grid"] = replay.answers["grid"] + b"\0" * 3  # the archive still opens; its ETag has changed
    assert half > 0
    assert fetch(replay, "grid", part) == replay.answers["grid"]
    assert replay.ranges == [f"grid bytes={half}-"]


def test_without_a_version_the_download_begins_again(replay, part):
    replay.troubles["equipment"] = [cut]
    fetch(replay, "equipment", part)
    replay.ranges.clear()
    part.with_name("part.json").write_text('{"validator": ""}', encoding="utf-8")
    part.write_bytes(b"half")
    assert fetch(replay, "equipment", part) == replay.answers["equipment"]
    assert replay.ranges == []


def test_without_a_version_a_published_digest_vouches_for_both_halves(replay, part):
    replay.etags = False
    content = replay.answers["grid"]
    part.write_bytes(content[:100])
    part.with_name("part.json").write_text('{"validator": ""}', encoding="utf-8")
    assert fetch(replay, "grid", part, sha256=hashlib.sha256(content).hexdigest()) == content
    assert replay.ranges == ["grid bytes=100-"]


@pytest.mark.parametrize("version", ["", "{", "[]", "{}", "3"])
def test_a_version_that_cannot_be_read_begins_again(replay, part, version):
    part.write_bytes(b"half")
    part.with_name("part.json").write_text(version, encoding="utf-8")
    assert fetch(replay, "grid", part) == replay.answers["grid"]
    assert replay.ranges == []


def test_a_part_that_is_longer_than_the_file_begins_again(replay, part):
    fetch(replay, "grid", part)
    part.write_bytes(replay.answers["grid"] + b"too much")
    replay.troubles["grid"] = [status(416)]
    assert fetch(replay, "grid", part) == replay.answers["grid"]


def test_an_answer_that_is_always_cut_is_refused_and_what_came_is_kept(replay, part):
    replay.always["grid"] = cut
    assert refusal(replay, "grid", part).code == "source-cut"
    assert part.stat().st_size == len(replay.answers["grid"]) // 2


@pytest.mark.parametrize(
    ("layer", "trouble", "said"),
    [
        ("communes", page, "source-page"),
        ("grid", page, "source-page"),
        ("communes", body(lambda content: content[:-20]), "source-damaged"),
        ("communes", body(lambda _: b""), "source-damaged"),
        ("grid", body(lambda content: content[: len(content) // 2]), "source-damaged"),
        ("roads", body(lambda content: content[: len(content) // 2]), "source-damaged"),
        ("grid", body(lambda content: content[:60] + bytes(8) + content[68:]), "source-damaged"),
    ],
)
def test_a_body_that_is_not_what_was_asked_is_asked_again_then_refused(replay, part, layer, trouble, said):
    replay.always[layer] = trouble
    assert refusal(replay, layer, part).code == said
    assert replay.asked[layer] == 3
    assert not part.exists()


def test_a_maintenance_page_that_goes_away_does_no_harm(replay, part):
    replay.troubles["communes"] = [page]
    assert fetch(replay, "communes", part) == replay.answers["communes"]


def test_a_maintenance_page_does_not_take_the_place_of_what_is_kept(replay, part):
    replay.troubles["grid"] = [cut, page]
    assert fetch(replay, "grid", part) == replay.answers["grid"]
    assert replay.ranges == [f"grid bytes={len(replay.answers['grid']) // 2}-"]


def test_a_file_whose_digest_is_not_the_published_one_is_refused(replay, part):
    assert refusal(replay, "grid", part, sha256="0" * 64).code == "source-checksum"
    assert not part.exists()


def test_a_loop_of_redirections_ends(replay, part):
    replay.always["grid"] = loop
    assert refusal(replay, "grid", part).code == "source-redirects"
    assert replay.asked["grid"] <= 7


def test_a_redirection_that_leads_somewhere_is_followed(replay, part):
    there = {"Location": "/carreaux.zip"}
    replay.always["france_services"] = lambda handler, _: respond(handler, 302, b"", there)
    request = Request("grid", replay.address("france_services"), "zip")
    Transfer(MANNERS).fetch(request, part, Silent())
    assert part.read_bytes() == replay.answers["grid"]


def test_a_redirection_out_of_encryption_is_refused(part):
    answer = SimpleNamespace(url="http://www.insee.fr/file", status_code=200, headers={})
    request = Request("grid", "https://www.insee.fr/file", "zip")
    with pytest.raises(SourceUnavailableError, match="without encryption"):
        Transfer(MANNERS)._check_status(request, answer, part)


def test_a_body_that_is_packed_all_the_same_is_unpacked(replay, part):
    packed = {"Content-Encoding": "gzip"}
    replay.always["communes"] = lambda handler, content: respond(handler, 200, gzip.compress(content), packed)
    assert fetch(replay, "communes", part) == replay.answers["communes"]


def test_a_piece_that_is_not_the_one_asked_for_is_not_glued(replay, part):
    wrong = {"Content-Range": "bytes 0-9/581"}
    replay.troubles["grid"] = [cut, lambda handler, content: respond(handler, 206, content[:10], wrong)]
    assert fetch(replay, "grid", part) == replay.answers["grid"]
    assert replay.asked["grid"] == 3


def test_a_body_of_unknown_length_that_stops_is_told_by_its_content(replay, part):
    def hang_up(handler, content):
        handler.send_response(200)
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.wfile.write(content[: len(content) // 2])
        handler.close_connection = True

    replay.troubles["communes"] = [hang_up]
    assert fetch(replay, "communes", part) == replay.answers["communes"]
    replay.always["communes"] = hang_up
    assert refusal(replay, "communes", part).code == "source-damaged"


def test_an_answer_longer_than_allowed_is_refused_before_it_is_received(replay, part):
    assert refusal(replay, "grid", part, most_bytes=100).context["most"] == 0
    assert not part.exists()


def test_an_answer_that_comes_too_slowly_is_refused(replay, part):
    pause = threading.Event()
    replay.always["grid"] = drip(pause, 0.02)
    manners = Manners(attempts=1, first_wait_s=0.01, longest_wait_s=1.0, interval_s=0.0)
    found = refusal(replay, "grid", part, transfer=Transfer(manners), patience_s=0.2)
    pause.set()
    assert found.code == "source-too-slow"


def test_a_silent_service_is_unreachable(part):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        transfer = Transfer(Manners(attempts=1, first_wait_s=0.01, longest_wait_s=1.0, interval_s=0.0))
        with pytest.raises(
            SourceUnavailableError, match=r"127\.0\.0\.1: the service cannot be reached \(ReadTimeout\)"
        ):
            transfer.fetch(Request("epci", address, "json", patience_s=0.2), part, Silent())


def test_a_closed_port_is_unreachable(part):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        address = f"http://127.0.0.1:{closed.getsockname()[1]}/"
    with pytest.raises(SourceUnavailableError, match="cannot be reached"):
        Transfer(MANNERS).fetch(Request("epci", address, "json"), part, Silent())


def test_a_request_to_stop_is_heeded_within_a_body_and_what_came_is_kept(replay, part):
    replay.answers["grid"] = replay.answers["grid"] + bytes(1 << 21)
    with pytest.raises(KeyboardInterrupt):
        fetch(replay, "grid", part, progress=Listening(stop_after=1))
    assert 0 < part.stat().st_size < len(replay.answers["grid"])


def test_a_request_to_stop_is_heeded_within_a_wait(replay, part):
    replay.always["grid"] = status(503)
    listening = Listening(stop_after=0)
    with pytest.raises(KeyboardInterrupt):
        fetch(replay, "grid", part, progress=listening)


def test_two_requests_to_one_host_keep_their_distance(replay, part):
    waits = []
    transfer = Transfer(Manners(attempts=1, first_wait_s=0.01, longest_wait_s=1.0, interval_s=30.0), waits.append)
    fetch(replay, "epci", part, transfer=transfer)
    assert waits == []
    fetch(replay, "communes", part, transfer=transfer)
    assert sum(waits) == pytest.approx(30.0, abs=1.0)


def test_proxies_of_the_environment_are_used(replay, part, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", replay.base)
    monkeypatch.setenv("NO_PROXY", "")
    replay.answers["epci"] = b"{}"
    request = Request("epci", "http://nowhere.invalid/epci", "json")
    with pytest.raises(SourceUnavailableError):
        Transfer(MANNERS).fetch(request, part, Silent())
    assert replay.asked["http://nowhere.invalid/epci"] == 1


def test_a_form_is_posted_and_not_resumed(replay, part):
    replay.troubles["roads"] = [cut]
    assert fetch(replay, "roads", part, body="data=way") == replay.answers["roads"]
    assert replay.forms == ["data=way", "data=way"]
    assert replay.ranges == []
