"""How long the application takes to answer in a browser: first page, change of page, slider to repaint.

``python -m benchmarks.pages`` makes a modelled territory of about 5,000 inhabited cells, solves one scenario on it,
serves the application on this machine and drives the Chromium of the machine without a network. A cold start is
``territo app`` with an empty cache and a browser that has no file of it; only the Python modules are compiled, as an
installation leaves them. Its clock runs from the start of the command, without the start of the browser.
"""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from territo.scenario.loading import load_scenarios
from territo.studies.build import load_territory, model_territory
from territo.studies.compare import compare
from territo.studies.drafts import new_study
from territo.studies.results import bring
from territo.studies.store import save_comparison
from territo.studies.study import scenarios

ROOT = Path(__file__).resolve().parents[1]
COMMUNES, SCENARIO, TURNS, STARTS = 75, "SC1", 8, 5
SIZE = ViewportSize(width=1440, height=900)
PATIENCE_MS = 60_000


def main() -> None:
    """Measure, and print seconds."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        home, empty = Path(folder) / "home", Path(folder) / "empty"
        cells = _prepare(home)
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        _cold(browser, empty)  # compiles what is read, as an installation does
        for name, place in (("no study", empty), (f"a study of {cells} cells", home)):
            _tell_cold(name, [_cold(browser, place) for _ in range(STARTS)])
        with served(home) as server:
            _measure(browser, server.address, cells)
        browser.close()


@dataclass(frozen=True, slots=True)
class Server:
    """A server of the application on this machine.

    Parameters
    ----------
    address
        Where it answers.
    process
        Its number for the system.
    """

    address: str
    process: int

    def busy(self) -> float:
        """Seconds of processor that it took."""
        fields = Path(f"/proc/{self.process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def served(home: Path) -> Iterator[Server]:
    """Serve the application on this machine as ``territo app`` does, and give it once it answers.

    Parameters
    ----------
    home
        Folder of its studies and jobs; its cache is empty.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "territo", "app", "--port", str(port)]
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as cache:
        environment = {**kept, "TERRITO_HOME": str(home), "TERRITO_CACHE": cache, "PYTHONPATH": str(ROOT)}
        environment["PYTHONPYCACHEPREFIX"] = str(home.parent / "compiled")
        with subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL) as server:
            try:
                _wait(f"http://127.0.0.1:{port}/_stcore/health")
                yield Server(f"http://127.0.0.1:{port}", server.pid)
            finally:
                server.terminate()


def _cold(browser: Browser, home: Path) -> tuple[float, float, float]:
    """Start a server and see its first page: seconds until it answers, then until the page is painted, and of CPU."""
    began = time.perf_counter()
    with served(home) as server:
        ready = time.perf_counter() - began
        visitor = browser.new_context(viewport=SIZE)
        page = _first_page(visitor.new_page(), server.address)
        visitor.close()
        return ready, page, server.busy()


def _tell_cold(name: str, found: list[tuple[float, float, float]]) -> None:
    whole = [ready + page for ready, page, _ in found]
    ready, page, busy = (statistics.median(each) for each in zip(*found, strict=True))
    print(f"start to first page, {name}: median {statistics.median(whole):.2f} s, least {min(whole):.2f} s")
    print(f"    server ready {ready:.2f} s, then the page {page:.2f} s; the server took {busy:.2f} s of processor")


def _prepare(home: Path) -> int:
    loaded = model_territory(home / "raw", communes=COMMUNES, seed=1)
    study = new_study(home / "studies" / "banc", home / "raw", "Banc")
    versions = [version for version in scenarios(study) if version.scenario_id == SCENARIO]
    comparison = compare(load_scenarios([version.file for version in versions]), load_territory(study.territory))
    save_comparison(comparison, home / "solved")
    bring(study, home / "solved", {"kind": "run", "who": "", "when": "", "scenarios": {SCENARIO: 1}})
    return len(loaded.territory.cells)


def _wait(address: str) -> None:
    while True:
        try:
            urlopen(address, timeout=1).close()  # noqa: S310 - our own server on this machine
        except OSError:
            time.sleep(0.01)
        else:
            return


def _measure(browser: Browser, address: str, cells: int) -> None:
    tab = browser.new_context(viewport=SIZE).new_page()
    newcomer = browser.new_context(viewport=SIZE).new_page()
    visits = {"first visit of the server": tab, "next visit": tab, "first visit of a newcomer": newcomer}
    for visit, visitor in visits.items():
        print(f"home, {visit:25s} {_first_page(visitor, address):6.2f} s")
    tab.goto(f"{address}/comparer?etude=banc&carreaux=1")
    tab.wait_for_selector(".territo-maps[data-painted]:not([data-painted='1'])", timeout=PATIENCE_MS)
    print(f"slider to repaint, 2 maps of {cells} cells: {_slider(tab)}")
    changes = [_change(tab, name) for name in ("Qui y gagne, qui y perd", "Fiche commune", "Méthode et limites") * 2]
    print(f"change of page: {_summary(changes)}")


def _first_page(tab: Page, address: str) -> float:
    """Open the first page, and give the seconds until its title and its first study are painted."""
    began = time.perf_counter()
    tab.goto(address, wait_until="commit")
    tab.wait_for_selector("h1", timeout=PATIENCE_MS)
    tab.wait_for_selector(".territo-card", timeout=PATIENCE_MS)
    tab.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return time.perf_counter() - began


def _slider(tab: Page) -> str:
    tab.get_by_role("button", name="Services et carreaux").click()
    slider = tab.get_by_role("slider").first
    slider.focus()
    found = []
    for _ in range(TURNS):
        shown = tab.locator(".territo-maps").get_attribute("data-painted")
        began = time.perf_counter()
        tab.keyboard.press("ArrowRight")
        tab.locator(f".territo-maps[data-painted]:not([data-painted='{shown}'])").wait_for()
        found.append(time.perf_counter() - began)
        tab.wait_for_timeout(300)
    return _summary(found)


def _change(tab: Page, name: str) -> float:
    began = time.perf_counter()
    tab.get_by_role("link", name=name).click()
    tab.get_by_role("heading", name=name, level=1).wait_for()
    return time.perf_counter() - began


def _summary(found: list[float]) -> str:
    return f"median {statistics.median(found):.2f} s, most {max(found):.2f} s, {len(found)} times"


if __name__ == "__main__":
    main()
