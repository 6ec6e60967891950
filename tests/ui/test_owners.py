"""What belongs to one person is seen by nobody else: jobs, drafts, and studies kept private."""

import pytest

from territo.studies import jobs, turns
from territo.studies.disk import read_json
from territo.studies.privacy import MARK, is_private, made_by
from territo.studies.study import open_study
from territo.ui import visitor
from territo.ui.access import OIDC, OIDC_KEYS
from tests.ui.conftest import ANNE, BRUNO


@pytest.fixture
def asked(monkeypatch):
    """Jobs are asked and never begun: their runners are held back."""
    folders = []
    monkeypatch.setattr(jobs, "start", folders.append)
    return folders


@pytest.fixture
def private(home):
    study = open_study(home / "studies" / "vallee")
    made_by(study, visitor.sign("browser", ANNE))
    return study


def cards(page):
    return [button.key for button in page.button if str(button.key).startswith("stop.")]


def test_a_person_sees_and_stops_her_own_job_and_another_does_not_even_with_its_address(app, asked):
    page = app("scenario", scenario="SC2")
    page.button(key="solve").click().run()
    assert not page.exception
    (folder,) = asked
    assert page.query_params["calcul"] == folder.name
    assert cards(page) == [f"stop.{folder.name}"]
    for name in ("jobs", "scenario"):
        other = app(name, BRUNO, scenario="SC2", calcul=folder.name)
        assert not other.exception
        assert cards(other) == [], name
    assert "calcul" not in app("scenario", BRUNO, calcul=folder.name).query_params
    mine = app("jobs")
    mine.button(key=f"stop.{folder.name}").click().run()
    assert (folder / turns.STOP).exists()


@pytest.mark.parametrize("name", ["../../x", "x" * 4000])
def test_an_address_that_names_no_job_shows_none(app, name):
    page = app("scenario", scenario="SC2", calcul=name)
    assert not page.exception
    assert cards(page) == []


def test_the_study_stays_shared_so_that_two_people_work_on_it(app):
    for token in (ANNE, BRUNO):
        assert app("compare", token).title[0].value == "Comparer les scénarios"
    assert not [toggle for toggle in app().toggle if str(toggle.key).startswith("private.")]


def test_a_private_study_is_seen_by_its_maker_alone_and_can_be_shared_again(app, private):
    page = app()
    page.toggle(key="private.vallee").set_value(True).run()
    assert is_private(private)
    assert app("compare").title[0].value == "Comparer les scénarios"
    for name in ("compare", "jobs"):
        hidden = app(name, BRUNO)
        assert hidden.info[0].value == "Ouvrez d’abord une étude.", name
        assert not hidden.exception
    assert not [button for button in app(browser=BRUNO).button if button.key == "open.vallee"]
    app().toggle(key="private.vallee").set_value(False).run()
    assert not is_private(private)
    assert app("compare", BRUNO).title[0].value == "Comparer les scénarios"


def test_a_study_whose_mark_cannot_be_read_is_shown_to_nobody(app, private):
    (private.folder / MARK).write_text("{")
    for token in (ANNE, BRUNO):
        assert app("compare", token).info[0].value == "Ouvrez d’abord une étude."


def test_a_browser_without_cookies_is_a_person_as_long_as_its_tab(app, asked):
    page = app("scenario", browser=None, scenario="SC2")
    page.button(key="solve").click().run()
    (folder,) = asked
    assert cards(page) == [f"stop.{folder.name}"]
    assert cards(app("jobs", browser=None)) == []


@pytest.fixture
def login(monkeypatch):
    for key in OIDC_KEYS:
        monkeypatch.setenv(OIDC + key, f"https://id.example/{key}")


@pytest.mark.parametrize("subject", ["../../x", "x" * 4000 + "\u202e<b>"])
def test_an_account_keeps_its_jobs_whatever_its_name_holds(app, asked, login, subject, home):  # noqa: ARG001 - settings
    account = {"is_logged_in": True, "iss": "https://id.example", "email": "a@x.fr", "name": subject, "sub": subject}
    page = app("scenario", account=account, scenario="SC2")
    page.button(key="solve").click().run()
    assert not page.exception
    (folder,) = asked
    assert folder.parent == home / "jobs"
    content = read_json(folder / turns.JOB)
    assert content["owner"] == visitor.sign("account", "https://id.example", subject)
    assert cards(app("jobs", account=account)) == [f"stop.{folder.name}"]
    assert cards(app("jobs", account=account | {"email": "new@x.fr", "name": "Anne"})) == [f"stop.{folder.name}"]
    assert cards(app("jobs", account=account | {"sub": "other"})) == []
    assert cards(app("jobs", account=account | {"iss": "https://elsewhere.example"})) == []


def test_a_text_not_yet_kept_is_found_again_by_its_author_and_by_nobody_else(app, home):
    typed = "id: SC2\nname: Les pôles d’Anne\nservices: [france_services]\n"
    page = app("scenario", scenario="SC2")
    page.session_state["draft.vallee.SC2"] = (typed, 2)
    page.run()
    assert app("scenario", BRUNO, scenario="SC2").session_state["draft.vallee.SC2"][0] != typed
    again = app("scenario", scenario="SC2")
    assert again.session_state["draft.vallee.SC2"][0] == typed
    assert any("modifié, pas encore enregistré" in caption.value for caption in again.caption)
    again.button(key="discard").click().run()
    assert again.session_state["draft.vallee.SC2"][0] != typed
    assert not [path for path in (home / "drafts").rglob("*") if path.is_file()]
    assert not again.exception
