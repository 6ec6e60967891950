"""The page that builds a territory: recognises files, says what is lacking, asks a job, and opens a study on it."""

import io

import pytest

from territo.studies import construction as works
from territo.studies import jobs
from territo.studies.looking import look_here
from territo.studies.reception import receive
from territo.studies.study import decisions, open_study, scenarios
from territo.ui.access import ONLINE
from territo.ui.visitor import sign
from tests.sources.small import write_small
from tests.studies.at_once import build_at_once
from tests.ui.conftest import ANNE, BRUNO
from tests.ui.test_pages import html, texts

FILES = ("communes.geojson", "communes.csv", "roads.graphml")


def shown(page):
    """Return what is written, without the marks that keep it from being Markdown."""
    return texts(page).replace("\\", "")


@pytest.fixture
def at_once(monkeypatch):
    """Build where a job would: tests/browser/test_building.py starts a real one."""
    monkeypatch.setattr(jobs, "start", build_at_once)


@pytest.fixture
def raw(tmp_path):
    write_small(tmp_path / "raw")
    return tmp_path / "raw"


@pytest.fixture
def begun(home, raw):
    construction = works.begin(home / "constructions", "Anne", sign("browser", ANNE))
    sent = [(name, io.BytesIO((raw / name).read_bytes())) for name in FILES]
    receive(construction.files, sent, look=lambda paths: [*map(look_here, paths)])
    return construction


def send(page, *files):
    page.file_uploader[0].set_value([(path.name, path.read_bytes(), "") for path in files])
    return page.run()


def test_an_empty_page_says_what_is_needed_and_begins_nothing(app, home):
    page = app("building", etude=None)
    assert "Contours des communes\u202f: à déposer" in shown(page)
    assert not (home / "constructions").exists()


def test_files_sent_are_recognised_and_the_address_keeps_them(app, raw):
    (raw / "<b>notes.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    page = send(app("building"), raw / "communes.geojson", raw / "<b>notes.csv")
    assert not page.exception
    said = shown(page)
    assert "contours simplifiés" in said
    assert "les colonnes ne sont celles d’aucun fichier connu" in said
    assert "Habitants par commune" in said
    assert page.button(key="building.build").disabled
    assert page.file_uploader[0].value == []
    again = app("building", chantier=page.query_params["chantier"])
    assert "contours simplifiés" in shown(again)


def test_what_somebody_else_builds_is_not_opened(app, begun):
    assert "building.build" not in {button.key for button in app("building", browser=BRUNO, chantier=begun.id).button}
    assert "building.build" in {button.key for button in app("building", chantier=begun.id).button}


def test_a_file_is_removed_by_its_button(app, begun):
    page = app("building", chantier=begun.id)
    first = works.composition(begun).used["roads"]
    page.button(key=f"building.remove.{first.id}").click().run()
    assert "roads" not in works.composition(begun).used
    assert "Routes\u202f: sans fichier, modélisé" in shown(page)


def test_the_source_of_a_file_is_said_by_its_sender(app, begun):
    page = app("building", chantier=begun.id)
    assert "source non précisée" in shown(page)
    table = works.composition(begun).used["population"].id
    for part, text in (("producer", "<b>INSEE</b>"), ("licence", "Licence Ouverte 2.0"), ("vintage", "2023")):
        page.text_input(key=f"building.{part}.{table}").set_value(text)
    page.button(key=f"building.origin.{table}").click().run()
    assert not page.exception
    assert "<b>INSEE</b>, Licence Ouverte 2.0, 2023" in shown(page)
    assert works.composition(begun).used["population"].origin.vintage == "2023"


def test_the_communes_and_the_name_chosen_are_kept(app, begun):
    page = app("building", chantier=begun.id)
    assert page.button(key="building.build").disabled
    outlines = works.composition(begun).used["communes"].id
    page.selectbox(key=f"building.{outlines}.group").select("B1").run()
    page.text_input(key=f"building.{outlines}.name").set_value("Bourg seul").run()
    assert works.choice(begun) == works.Choice("Bourg seul", ("B1",))
    assert not page.button(key="building.build").disabled
    assert app("building", chantier=begun.id).selectbox(key=f"building.{outlines}.group").value == "B1"


@pytest.mark.usefixtures("at_once")
def test_a_territory_is_built_and_a_study_opened_on_it(app, begun, home):
    page = app("building", chantier=begun.id)
    outlines = works.composition(begun).used["communes"].id
    page.text_input(key=f"building.{outlines}.name").set_value("Trois <b>communes</b>").run()
    page.button(key="building.build").click().run()
    assert not page.exception
    assert "Trois <b>communes</b> est construit" in shown(page)
    assert "Réseau de 11 nœuds de route" in shown(page)
    assert "communes.geojson est lu comme" in shown(page)
    (built,) = (begun.folder / works.BUILT).iterdir()
    page.text_input(key=f"building.study.{built.name}").set_value("Notre étude").run()
    page.button(key="building.use").click().run()
    study = open_study(home / "studies" / "notre-etude")
    assert (study.name, study.communes, study.inhabitants) == ("Notre étude", 3, 1_600)
    assert len(scenarios(study)) >= 4
    assert decisions(study)[-1].what == "created"


@pytest.mark.usefixtures("at_once")
def test_a_build_that_fails_says_why_and_keeps_the_files(app, begun, raw):
    spoilt = (raw / "roads.graphml").read_text(encoding="utf-8").replace("500.0", "-1")
    receive(begun.files, [("roads.graphml", io.BytesIO(spoilt.encode()))])
    works.choose(begun, "Trois", ["A1", "B1", "C1"])
    page = app("building", chantier=begun.id)
    page.button(key="building.build").click().run()
    assert "n’a pas pu être construit" in shown(page)
    assert page.text[0].value.startswith("roads.graphml")
    assert not page.button(key="building.build").disabled


def test_giving_up_removes_everything(app, begun):
    page = app("building", chantier=begun.id)
    page.button(key="building.give_up").click().run()
    assert not begun.folder.exists()
    assert "chantier" not in page.query_params


@pytest.mark.parametrize("name", ["../constructions", "absent", "/etc", "x" * 4000])
def test_an_address_that_names_nothing_begun_shows_an_empty_page(app, name):
    page = app("building", chantier=name)
    assert not page.exception
    assert "à déposer" in shown(page)


def test_without_leave_a_siren_is_told_how_to_be_allowed(app):
    page = app("building")
    page.button_group(key="building.way").set_value("siren").run()
    assert "territo app --online" in page.info[0].value.replace("\\", "")
    assert not page.text_input(key="who").disabled
    assert "building.siren" not in page.session_state


def test_with_leave_a_wrong_siren_is_one_sentence(app, monkeypatch):
    monkeypatch.setenv(ONLINE, "1")
    page = app("building")
    page.button_group(key="building.way").set_value("siren").run()
    page.text_input(key="building.siren").set_value("123456789")
    page.button(key="building.online").click().run()
    assert "123456789 n’est pas un SIREN" in page.error[0].value
    assert "<b>" not in html(page)


def test_the_home_page_leads_to_it(app):
    page = app(etude=None)
    page.button(key="make").click().run()
    assert page.title[0].value == "Nouveau territoire"
