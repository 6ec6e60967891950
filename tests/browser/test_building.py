"""A territory made in the browser, from files to a study on it, in a browser without any network."""

import shutil

import pytest

from territo.i18n import t
from tests.browser.conftest import NARROW
from tests.browser.test_application import frame
from tests.conftest import CHROMIUM
from tests.sources.small import write_small

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium in /usr/bin/chromium")


@pytest.fixture
def raw(tmp_path, home):
    write_small(tmp_path)
    (tmp_path / "<img src=x onerror=alert(1)>.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    yield tmp_path
    shutil.rmtree(home / "constructions", ignore_errors=True)
    shutil.rmtree(home / "studies" / "ma-vallee", ignore_errors=True)


def test_files_become_a_territory_then_a_study_and_a_reload_in_between_loses_nothing(visit, raw):
    tab = visit("nouveau-territoire", etude=None)
    tab.get_by_text("Contours des communes : à déposer").wait_for()
    names = ("communes.geojson", "communes.csv", "roads.graphml", "bpe.csv", "<img src=x onerror=alert(1)>.csv")
    tab.locator("input[type=file]").set_input_files([str(raw / name) for name in names])
    tab.get_by_text("les colonnes ne sont celles d’aucun fichier connu").wait_for()
    tab.get_by_text("Routes : roads.graphml").wait_for()
    assert tab.get_by_text("_img src_x onerror_alert(1)_.csv").count() >= 1
    tab.get_by_label("Nom du territoire").fill("Ma vallée")
    tab.get_by_label("Nom du territoire").press("Enter")
    tab.get_by_role("button", name="Construire le territoire").click()
    tab.get_by_text("construction en cours").or_(tab.get_by_text("attend son tour")).or_(
        tab.get_by_text("est construit")
    ).first.wait_for()
    tab.reload()
    tab.get_by_role("heading", name="Ma vallée est construit").wait_for()
    frame(tab).locator("path.commune").nth(2).wait_for()
    tab.get_by_role("button", name="Ouvrir une étude sur ce territoire").click()
    tab.get_by_role("heading", name="Ma vallée", exact=True).wait_for()
    assert "etude=ma-vallee" in tab.url
    assert "chantier" not in tab.url


def test_the_page_fits_a_telephone(visit):
    tab = visit("nouveau-territoire", size=NARROW)
    tab.get_by_text("Comptes des communes : facultatif").wait_for()
    tab.get_by_text(t("app.streamlit.limit", "fr")).wait_for()
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")
