"""What axe-core finds on every page of the application, a study open, in both languages, on a desk and on a telephone.

``python -m benchmarks.axe axe.min.js`` takes the script of axe-core, which the project does not contain
(``npm install axe-core`` in a folder elsewhere). It makes a small modelled territory with results, a frontier and an
infeasible scenario, opens each page in the Chromium of the machine and prints what breaks a rule, in the page and in
the frame of its maps, and where a page is wider than its window. It ends with 1 where something serious or critical
is left.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Frame, Page, ViewportSize, sync_playwright

from benchmarks.pages import served
from territo.i18n import LANGUAGES, t
from territo.scenario.loading import load_scenario
from territo.studies import jobs
from territo.studies.build import load_territory
from territo.studies.disk import write_json
from territo.studies.pareto import pareto
from territo.studies.study import StudyFolder, open_study, save_version, scenarios
from territo.ui.navigation import PATHS
from territo.ui.visitor import COOKIE, sign
from tests.ui.place import solved_study

BROWSER = "A" * 43
GRAVE = {"serious", "critical"}
SETTLED_MS = 700
# states of pages that their address alone does not show: page, key of the words that are clicked
STATES = (
    ("compare", "compare.view_ecart"),
    ("compare", "compare.view_tableau"),
    ("scenario", "scenario.tab_norms"),
    ("scenario", "scenario.tab_money"),
)


def main() -> int:
    """Print what is found; 1 where something is serious."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("script", type=Path, help="axe.min.js")
    parser.add_argument("--lang", choices=LANGUAGES, nargs="+", default=LANGUAGES)
    parser.add_argument("--size", nargs="+", default=["1440x900", "390x844"], metavar="WIDTHxHEIGHT")
    parser.add_argument("--pictures", type=Path, help="folder for a picture of every page")
    options = parser.parse_args()
    axe = options.script.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        _prepare(home)
        with served(home) as server, sync_playwright() as driver:
            browser = driver.chromium.launch(
                executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
            )
            tours = [
                _tour(browser, server.address, lang, size, axe, options.pictures)
                for lang in options.lang
                for size in options.size
            ]
            browser.close()
    print(f"serious or critical: {sum(tours)}")
    return 1 if sum(tours) else 0


def _tour(browser: Browser, address: str, lang: str, size: str, axe: str, pictures: Path | None) -> int:
    """Open every page in one language at one size, and count what is serious."""
    width, _, height = size.partition("x")
    visitor = browser.new_context(viewport=ViewportSize(width=int(width), height=int(height)), locale="fr-FR")
    visitor.add_cookies([{"name": COOKIE, "value": BROWSER, "url": address}])
    tab, grave = visitor.new_page(), 0
    for name in _opened(tab, address, lang):
        words = f"{name}, {lang}, {size}"
        if pictures is not None:
            tab.screenshot(path=pictures / f"{words.replace(', ', '-').replace(' ', '_')}.png")
        grave += sum(_told(words, frame, axe) for frame in tab.frames)
        wider = tab.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wider > 0:
            print(f"  the page is {wider} px wider than the window")
    visitor.close()
    return grave


def _prepare(home: Path) -> None:
    study = open_study(solved_study(home))
    version = next(each for each in scenarios(study) if each.scenario_id == "SC2")
    found = study.runs / "99990101T000000"
    pareto(load_scenario(version.file), load_territory(study.territory), points=5, out=found)
    origin = {"kind": "pareto", "who": "Anne", "when": "2026-01-01T10:00", "scenarios": {"SC2": 1}}
    write_json(found / "origin.json", origin)
    _infeasible(home, study, version.file.read_text(encoding="utf-8"))


def _infeasible(home: Path, study: StudyFolder, text: str) -> None:
    poor = text.replace("id: SC2", "id: SC9", 1) + "budget: {running_cost_change_pct: -60}\n"
    version = save_version(study, "SC9", "Trop peu", poor, who="Anne", why="")
    job = jobs.ask(home / "jobs", study, [version], kind="run", who="Anne", owner=sign("browser", BROWSER), lang="fr")
    while jobs.read_job(job).repairs is None:
        time.sleep(0.2)


def _opened(tab: Page, address: str, lang: str) -> Iterator[str]:
    """Open each page in turn, and give its name."""
    for page, path in PATHS.items():
        _open(tab, f"{address}/{path}", lang)
        yield page
    for page, key in STATES:
        _open(tab, f"{address}/{PATHS[page]}", lang)
        tab.get_by_text(t(f"app.{key}", lang), exact=True).first.click()
        _settle(tab)
        yield f"{page} {key.partition('.')[2]}"


def _open(tab: Page, address: str, lang: str) -> None:
    tab.goto(f"{address}?etude=vallee&commune=99003&lang={lang}")
    tab.wait_for_selector("h1")
    _settle(tab)


def _settle(tab: Page) -> None:
    """Wait until the page has run to its end, and its maps have drawn."""
    tab.wait_for_timeout(SETTLED_MS)
    tab.wait_for_selector(".stApp[data-test-script-state='notRunning']")
    tab.wait_for_timeout(SETTLED_MS)


def _told(name: str, frame: Frame, axe: str) -> int:
    """Print what breaks a rule in one frame, and count what is serious."""
    frame.evaluate(axe)
    found: list[dict[str, Any]] = frame.evaluate("axe.run({iframes: false}).then(found => found.violations)")
    place = "frame" if frame.parent_frame else "page"
    print(f"{name}, {place}: {len(found)} rules broken")
    for rule in found:
        nodes = [" ".join(map(str, node["target"])) for node in rule["nodes"]]
        print(f"  {rule['impact']}: {rule['id']} x {len(nodes)}: {' | '.join(nodes[:3])}")
    return sum(len(rule["nodes"]) for rule in found if rule["impact"] in GRAVE)


if __name__ == "__main__":
    sys.exit(main())
