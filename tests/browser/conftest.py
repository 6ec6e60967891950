"""One browser without a network, and one server of the application on a study of its own.

The programs are compiled once for the server and its jobs, the files of the application are read once by each size of
window, and every visit is a tab of its own: what belongs to a visitor belongs to its tab.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from itertools import count
from pathlib import Path
from urllib.request import urlopen

import pytest

from territo.ui.visitor import COOKIE

PATIENCE_S, TRIES = 90.0, 600
VISITORS = count(1)
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def home(solved_home, tmp_path_factory):
    return Path(shutil.copytree(solved_home, tmp_path_factory.mktemp("home"), dirs_exist_ok=True))


@pytest.fixture(scope="session")
def server(home, tmp_path_factory):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [sys.executable, str(Path(__file__).with_name("serve.py")), str(port)]
    log = home / "server.log"
    surroundings = _surroundings(home, tmp_path_factory.getbasetemp())
    with log.open("w") as said, subprocess.Popen(words, env=surroundings, stdout=said, stderr=said) as process:
        address = f"http://127.0.0.1:{port}"
        started(address, process, log)
        yield address
        process.terminate()
        process.wait()


def _surroundings(home, folder):
    together = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    ours = {
        "TERRITO_HOME": home,
        "TERRITO_SOLVED": home / "raw" / "solved",
        "PYTHONPYCACHEPREFIX": together / "compiled",
    }
    ours["PYTHONPATH"] = Path(__file__).resolve().parents[2]
    return {**kept, **{name: str(value) for name, value in ours.items()}}


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


@pytest.fixture(scope="session")
def windows(browser):
    """Open one window a size for all the visits of a process."""
    opened = [browser.new_context(viewport=size, locale="fr-FR") for size in (WIDE, NARROW)]
    yield opened
    for window in opened:
        window.close()


@pytest.fixture
def visit(windows, server, study):  # noqa: ARG001 - a visit needs the study in its place
    """Open a page of the study as a new visitor; requests to other hosts fail the test."""
    tabs, outside, alerts = [], [], []

    def watch(request):
        if not request.url.startswith((server, "data:", "blob:", "about:")):
            outside.append(request.url)

    def opened(path="", *, size=WIDE, **address):
        window = windows[(WIDE, NARROW).index(size)]
        window.clear_cookies()
        # a session reads the cookie when it connects: two tabs are two people
        window.add_cookies([{"name": COOKIE, "value": f"{next(VISITORS):043}", "url": server}])
        tab = window.new_page()
        tabs.append(tab)
        tab.set_default_timeout(PATIENCE_S * 1000)
        tab.on("request", watch)
        tab.on("dialog", lambda dialog: alerts.append(dialog.message) or dialog.dismiss())
        words = "&".join(f"{key}={value}" for key, value in {"etude": "vallee", **address}.items() if value)
        tab.goto(f"{server}/{path}?{words}", wait_until="commit")
        tab.wait_for_selector("h1")
        return tab

    yield opened
    for tab in tabs:
        tab.close()
    assert outside == []
    assert alerts == []


def settled(tab):
    """Wait until the page has run to its end."""
    tab.wait_for_selector(".stApp[data-test-script-state='notRunning']")


def frame(tab):
    """Return the frame of the maps, once the page knows that it is painted."""
    tab.wait_for_selector(".territo-maps[data-painted]:not([data-painted='1'])")
    return tab.frame_locator(".territo-maps iframe")


def until(tab, holds):
    """Wait until something holds."""
    for _ in range(TRIES):
        if holds():
            return
        tab.wait_for_timeout(100)
    pytest.fail("it did not come to hold")
