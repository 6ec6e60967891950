"""Options and folders that all tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync"
# names of hosts lead nowhere: pages are shown without a network, and keep what they have read
OFFLINE = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


def pytest_addoption(parser):
    parser.addoption("--bless", action="store_true", help="write the golden files again")


@pytest.fixture
def shared_data():
    if not SHARED.is_dir():
        pytest.skip("needs the real data in ../shared/data")
    return SHARED


@pytest.fixture(scope="session")
def solved_home(tmp_path_factory):
    """Solve one study for all the tests of the application in a process; they work on copies of this home folder."""
    from tests.ui.place import solved_study

    home = tmp_path_factory.mktemp("solved")
    solved_study(home)
    return home


@pytest.fixture(scope="session")
def browser():
    """Open one browser for all the tests of a process: there cannot be two."""
    if not CHROMIUM.exists():
        pytest.skip("needs Chromium in /usr/bin/chromium")
    api = pytest.importorskip("playwright.sync_api", reason="needs the package playwright")
    with api.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=str(CHROMIUM), args=[*ARGUMENTS.split(), OFFLINE])
        yield opened
        opened.close()
