"""Two browsers on one server: each one's jobs are its own, also after the server is started again."""

import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from territo.studies import turns
from territo.studies.disk import entries, read_json
from territo.ui.visitor import COOKIE, sign
from tests.browser.conftest import PATIENCE_S, started
from tests.conftest import CHROMIUM

TITLE = "Suivi des calculs"

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium in /usr/bin/chromium")


@pytest.fixture
def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextmanager
def served(home, port):
    """Serve the application as `territo app` does."""
    environment = {**os.environ, "TERRITO_HOME": str(home), "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "territo", "app", "--port", str(port)]
    with (
        (home / "app.log").open("a") as said,
        subprocess.Popen(command, env=environment, stdout=said, stderr=said) as process,
    ):
        try:
            started(address, process, home / "app.log")
            yield address
        finally:
            process.terminate()


@pytest.fixture
def people(browser):
    contexts = [browser.new_context(locale="fr-FR") for _ in range(2)]
    yield contexts
    for context in contexts:
        context.close()


def opened(context, address):
    tab = context.new_page()
    tab.set_default_timeout(PATIENCE_S * 1000)
    tab.goto(address)
    tab.wait_for_selector("h1")
    return tab


def stops(tab):
    return tab.get_by_role("button", name="Arrêter et garder la meilleure solution")


def test_a_browser_finds_its_job_again_after_a_restart_and_another_never_sees_it(people, home, study, port):  # noqa: ARG001 - the study is put back
    anne, bruno = people
    jobs = home / "jobs"
    jobs.mkdir()
    busy = [(jobs / f".slot-{number}").open("a") for number in range(turns.SLOTS)]
    assert all(turns._taken(file) for file in busy)  # so that what is asked waits
    with served(home, port) as address:
        tab = opened(anne, f"{address}/scenario?etude=vallee&scenario=SC2")
        tab.get_by_role("button", name="Calculer", exact=True).click()
        stops(tab).wait_for()
        (folder,) = entries(jobs)
        followed = tab.url
        other = opened(bruno, followed.replace("/scenario?", "/calculs?"))
        other.get_by_text("Vous n’avez demandé aucun calcul").wait_for()
    with served(home, port):
        tab = opened(anne, followed)
        stops(tab).click()
        tab.get_by_text("arrêté à votre demande").wait_for()
    for file in busy:
        file.close()
    cookies = [{each["name"]: each for each in context.cookies()}[COOKIE] for context in people]
    assert cookies[0]["value"] != cookies[1]["value"]
    assert all(cookie["httpOnly"] and cookie["sameSite"] == "Lax" for cookie in cookies)
    assert read_json(folder / turns.JOB)["owner"] == sign("browser", cookies[0]["value"])
    assert cookies[0]["value"] not in (folder / turns.JOB).read_text()
