"""What axe-core finds on every page of the application, a study open and in both languages where it matters.

``python -m benchmarks.axe axe.min.js`` takes the script of axe-core, which the project does not contain
(``npm install axe-core`` in a folder elsewhere). It makes a small modelled territory with results, a frontier and an
infeasible scenario, opens each page at 1440 x 900 in the Chromium of the machine and prints what breaks a rule,
in the page and in the frame of its maps. It ends with 1 where something serious or critical is left.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Frame, Page, sync_playwright

from benchmarks.pages import served
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
SETTLED_MS = 1500
# states of pages that their address alone does not show: page, what is clicked
STATES = (
    ("comparer", "Écart avec aujourd’hui"),
    ("comparer", "Tableau"),
    ("scenario", "Promesses"),
    ("scenario", "Budget"),
)


def main(script: Path) -> int:
    """Print what is found; 1 where something is serious."""
    axe = script.read_text(encoding="utf-8")
    grave = 0
    with tempfile.TemporaryDirectory() as folder:
        _prepare(Path(folder))
        with served(Path(folder)) as address, sync_playwright() as driver:
            browser = driver.chromium.launch(
                executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
            )
            context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="fr-FR")
            context.add_cookies([{"name": COOKIE, "value": BROWSER, "url": address}])
            tab = context.new_page()
            for name in _opened(tab, address):
                for frame in tab.frames:
                    grave += _told(name, frame, axe)
            browser.close()
    print(f"serious or critical: {grave}")
    return 1 if grave else 0


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


def _opened(tab: Page, address: str) -> Iterator[str]:
    """Open each page in turn, and give its name."""
    for name in PATHS.values():
        _open(tab, address, name)
        yield name or "accueil"
    for name, click in STATES:
        _open(tab, address, name)
        tab.get_by_text(click, exact=True).first.click()
        tab.wait_for_timeout(SETTLED_MS)
        yield f"{name} ({click})"
    _open(tab, address, "comparer", "&lang=en")
    yield "comparer (English)"


def _open(tab: Page, address: str, name: str, more: str = "") -> None:
    tab.goto(f"{address}/{name}?etude=vallee&commune=01003{more}")
    tab.wait_for_selector("h1")
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
    sys.exit(main(Path(sys.argv[1])))
