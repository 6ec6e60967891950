"""The server answers with its headers, says whether it works, and asks nobody else."""

import asyncio
import gzip
import http.client
import os
import re
import socket
import subprocess
import sys
import time
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import streamlit

from territo.scenario.catalogue import load_catalogue
from territo.scenario.schema import Scenario
from territo.studies.build import model_territory
from territo.studies.compare import compare
from territo.studies.publish import keep
from territo.studies.workspace import default_workspace
from territo.ui import server
from territo.ui.access import PLAN_HOST, access

STARTING_S = 60
TILE = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    folder = tmp_path_factory.mktemp("published")
    loaded = model_territory(folder / "territory", communes=6, seed=2)
    scenario = Scenario.model_validate(
        {"id": "pooled", "name": "Mise en commun", "services": ("mediatheque", "finances")}
        | {"modalities": {"front": "central"}}
    )
    catalogue = load_catalogue(default_workspace().catalogue)
    keep(compare([scenario], loaded), loaded, catalogue, folder / "out", folder=folder / "territory")
    return folder / "out"


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """Return the file of what the server writes on its terminal."""
    return tmp_path_factory.mktemp("said") / "server.txt"


@pytest.fixture(scope="module")
def port(published, said, tmp_path_factory):
    with serving(published, tmp_path_factory.mktemp("cache"), said) as chosen:
        yield chosen


@contextmanager
def serving(published, cache, said, *words):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        chosen = free.getsockname()[1]
    environment = {**os.environ, "TERRITO_PUBLISHED": str(published), "TERRITO_CACHE": str(cache)}
    command = [sys.executable, "-m", "territo", "app", "--port", str(chosen), *words]
    with said.open("w") as file, subprocess.Popen(command, env=environment, stdout=file, stderr=file) as process:
        try:
            _wait(chosen, process)
            yield chosen
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait(port, process):
    deadline = time.monotonic() + STARTING_S
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server stopped"
        try:
            get(port, "/sante")
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail("the server did not start")


def get(port, path, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def test_it_says_that_it_works(port):
    status, headers, body = get(port, "/sante")
    assert status == 200
    assert b'"state":"ok"' in body
    assert headers["cache-control"] == "no-store"


def test_every_answer_has_the_headers_of_safety(port):
    for path in ("/", "/sante", "/_stcore/health", "/nowhere"):
        _, headers, _ = get(port, path, accept="text/html")
        assert {name: headers.get(name) for name in server.HEADERS} == server.HEADERS, path
        assert "server" not in headers


def test_the_page_says_that_it_is_french_and_its_length_is_right(port):
    for encoding in ("identity", "gzip"):
        _, headers, body = get(port, "/", accept="text/html", accept_encoding=encoding)
        page = gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body
        assert b'<html lang="fr">' in page
        assert int(headers["content-length"]) == len(body)


def test_it_writes_where_it_is_and_keeps_no_address_of_its_visitors(port, said):
    get(port, "/")
    written = said.read_text(encoding="utf-8")
    assert f"127.0.0.1:{port}" in written
    assert len(written.splitlines()) == 1


def test_what_is_no_page_is_left_as_it_is(port):
    _, _, page = get(port, "/", accept="text/html")
    script = re.search(r'src="\./(static/js/[^"]+)"', page.decode()).group(1)
    _, _, content = get(port, "/" + script, accept="text/html")
    assert content == (Path(streamlit.__file__).parent / "static" / script).read_bytes()


def test_who_reads_a_published_study_gets_no_cookie(port):
    _, headers, _ = get(port, "/", accept="text/html")
    assert "set-cookie" not in headers


def test_a_server_that_cannot_write_its_cache_says_so(monkeypatch, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("TERRITO_CACHE", str(blocked / "cache"))
    with ThreadPoolExecutor() as apart:  # a browser of another test may hold the loop of this thread
        answer = apart.submit(asyncio.run, server.health(None)).result()
    assert answer.status_code == 503
    assert b'"cache":false' in answer.body
    assert b'"data":true' in answer.body


def test_a_published_study_is_read_in_the_browser_without_an_outside_request(browser, port):
    address = f"http://127.0.0.1:{port}"
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    asked, errors = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(address)
    page.locator("table.figures td").first.wait_for(timeout=60_000)
    page.frame_locator("iframe").first.locator("path").first.wait_for(timeout=60_000)
    assert page.locator("html").get_attribute("lang") == "fr"
    names = page.locator("[data-testid=stPageLink]").all_text_contents()
    page.goto(address + "/exports")
    note = page.get_by_role("button", name="Télécharger la note (PDF)")
    note.wait_for(timeout=60_000)
    profiles = page.locator("[data-testid=stRadio] input").count()
    with page.expect_download(timeout=60_000) as download:
        note.click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    page.close()
    assert names
    assert not any(hidden in name for name in names for hidden in ("Territoire", "Construire", "Suivi", "Accueil"))
    assert profiles == 1
    assert [url for url in asked if not url.startswith((address, "data:", "blob:", "about:"))] == []
    assert [error for error in errors if "Content Security Policy" in error] == []


def test_only_pictures_of_ign_and_only_where_allowed_may_come_from_elsewhere():
    assert server.headers(access({})) == server.HEADERS
    allowed = server.headers(access({"TERRITO_BASE_MAP": "1"}))["content-security-policy"]
    assert allowed == server.POLICY.replace("img-src 'self'", f"img-src 'self' {PLAN_HOST}")
    assert allowed.count("https:") == 1


def test_the_plan_of_ign_is_asked_for_once_it_is_chosen_and_never_before(browser, published, tmp_path):
    with serving(published, tmp_path / "cache", tmp_path / "said.txt", "--base-map") as port:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        asked, errors = [], []
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.route(f"{PLAN_HOST}/**", lambda route: asked.append(route.request.url) or route.fulfill(body=TILE))
        page.goto(f"http://127.0.0.1:{port}")
        maps = page.frame_locator(".territo-maps iframe")
        maps.locator("path.commune").first.wait_for(timeout=60_000)
        before = len(asked)
        page.get_by_text("Plan IGN sous les cartes").click()
        maps.locator("img.leaflet-tile-loaded").first.wait_for(timeout=60_000)
        credit = maps.locator(".leaflet-control-attribution").first.text_content()
        page.get_by_text("Plan IGN sous les cartes").click()
        maps.locator(".over-plan").first.wait_for(state="detached", timeout=60_000)
        left = maps.locator("img.leaflet-tile").count()
        page.close()
    assert before == 0
    assert asked
    assert all("LAYER=GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2" in url and "{" not in url for url in asked)
    assert credit == "Plan IGN © IGN, Géoplateforme, Licence Ouverte 2.0"
    assert left == 0
    assert [error for error in errors if "Content Security Policy" in error] == []


def test_it_is_ready_before_it_reads_what_only_pages_need():
    read = subprocess.run(
        [sys.executable, "-c", "import sys, territo.cli.commands, territo.ui.server; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert "streamlit" in read
    assert {"numpy", "pandas", "pydantic", "territo.ui.pages.home"}.isdisjoint(read)


@pytest.mark.parametrize(("published", "page"), [("", "home"), ("somewhere", "compare")])
def test_it_reads_ahead_the_first_page_of_its_visitors(published, page):
    script = "import asyncio, sys, threading\nfrom territo.ui import server\n"
    script += "async def start():\n    async with server._readying(None):\n        threads = threading.enumerate()\n"
    script += "        [each.join() for each in threads if each.daemon]\nasyncio.run(start())\nprint(*sys.modules)"
    environment = {**os.environ, "TERRITO_PUBLISHED": published}
    words = [sys.executable, "-c", script]
    read = subprocess.run(words, env=environment, capture_output=True, text=True, check=True).stdout.split()
    assert f"territo.ui.pages.{page}" in read
