"""One browser without a network, and one server of the application on a study of its own."""

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from territo.ui.visitor import COOKIE
from tests.ui.place import solved_study

PATIENCE_S = 40.0
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def home(tmp_path_factory):
    root = tmp_path_factory.mktemp("home")
    solved_study(root)
    return root


@pytest.fixture(scope="session")
def server(home):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "TERRITO_HOME": str(home), "TERRITO_SOLVED": str(home / "raw" / "solved")}
    environment["PYTHONPATH"] = str(Path(__file__).resolve().parents[2])
    words = [sys.executable, str(Path(__file__).with_name("serve.py")), str(port)]
    log = home / "server.log"
    with log.open("w") as said, subprocess.Popen(words, env=environment, stdout=said, stderr=said) as process:
        address = f"http://127.0.0.1:{port}"
        started(address, process, log)
        yield address
        process.terminate()
        process.wait()


def started(address, process, log):
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end and process.poll() is None:
        try:
            urlopen(f"{address}/_stcore/health", timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"the server did not start: {log.read_text()}")


@pytest.fixture
def study(home):
    """Put the study back as it was solved, before each test."""
    folder, kept = home / "studies" / "vallee", home / "kept"
    if not kept.exists():
        shutil.copytree(folder, kept)
    yield folder
    shutil.rmtree(folder)
    shutil.copytree(kept, folder)
    shutil.rmtree(home / "jobs", ignore_errors=True)


@pytest.fixture
def visit(browser, server, study):  # noqa: ARG001 - a visit needs the study in its place
    """Open a page of the study as a new visitor; requests to other hosts fail the test."""
    contexts, outside, alerts = [], [], []

    def block(route):
        if route.request.url.startswith((server, "data:", "blob:")):
            route.continue_()
        else:
            outside.append(route.request.url)
            route.abort()

    def opened(path="", *, size=WIDE, **address):
        context = browser.new_context(viewport=size, locale="fr-FR")
        contexts.append(context)
        context.route("**/*", block)
        context.add_cookies([{"name": COOKIE, "value": f"{len(contexts):043}", "url": server}])
        tab = context.new_page()
        tab.set_default_timeout(PATIENCE_S * 1000)
        tab.on("dialog", lambda dialog: alerts.append(dialog.message) or dialog.dismiss())
        words = "&".join(f"{key}={value}" for key, value in {"etude": "vallee", **address}.items() if value)
        tab.goto(f"{server}/{path}?{words}")
        tab.wait_for_selector("h1")
        return tab

    yield opened
    for context in contexts:
        context.close()
    assert outside == []
    assert alerts == []
