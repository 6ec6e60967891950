"""How long the application takes to answer in a browser: first page, change of page, slider to repaint.

``python -m benchmarks.pages`` makes a modelled territory of about 5,000 inhabited cells, solves one scenario on it,
serves the application on this machine and drives the Chromium of the machine without a network.
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
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Page, ViewportSize, sync_playwright

from territo.scenario.loading import load_scenarios
from territo.studies.build import load_territory, model_territory
from territo.studies.compare import compare
from territo.studies.drafts import new_study
from territo.studies.results import bring
from territo.studies.store import save_comparison
from territo.studies.study import scenarios

ROOT = Path(__file__).resolve().parents[1]
COMMUNES, SCENARIO, TURNS = 75, "SC1", 8


def main() -> None:
    """Measure, and print seconds."""
    with tempfile.TemporaryDirectory() as folder:
        cells = _prepare(Path(folder))
        began = time.perf_counter()
        with served(Path(folder)) as address:
            print(f"server ready                 {time.perf_counter() - began:6.2f} s")
            _measure(address, cells)


@contextmanager
def served(home: Path) -> Iterator[str]:
    """Serve the application on this machine, and give its address once it answers.

    Parameters
    ----------
    home
        Folder of its studies and jobs.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--server.headless", "true", "--server.address", "127.0.0.1", "--server.port", str(port)]
    words = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), *options]
    environment = {**os.environ, "TERRITO_HOME": str(home), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL) as server:
        try:
            _wait(f"http://127.0.0.1:{port}/_stcore/health")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


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
            time.sleep(0.05)
        else:
            return


def _measure(address: str, cells: int) -> None:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        size = ViewportSize(width=1440, height=900)
        tab = browser.new_context(viewport=size).new_page()
        newcomer = browser.new_context(viewport=size).new_page()
        visits = {"first visit of the server": tab, "next visit": tab, "first visit of a newcomer": newcomer}
        for visit, visitor in visits.items():
            print(f"home, {visit:25s} {_timed(visitor, address):6.2f} s")
        tab.goto(f"{address}/comparer?etude=banc&carreaux=1")
        tab.wait_for_selector(".territo-maps[data-painted]:not([data-painted='1'])", timeout=60_000)
        print(f"slider to repaint, 2 maps of {cells} cells: {_slider(tab)}")
        changes = [
            _change(tab, name) for name in ("Qui y gagne, qui y perd", "Fiche commune", "Méthode et limites") * 2
        ]
        print(f"change of page: {_summary(changes)}")
        browser.close()


def _timed(tab: Page, address: str) -> float:
    began = time.perf_counter()
    tab.goto(address)
    tab.wait_for_selector("h1", timeout=60_000)
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
