"""The application opens on its comparison, and each page shows what its study holds."""

import io
import zipfile
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from territo.errors import InputError, fault
from territo.report.exports import KINDS
from territo.ui import session
from territo.ui.pages.exports import file_of
from territo.ui.session import Study
from tests.report.fixtures import catalogue, comparison, territory, travel

APP = Path(__file__).resolve().parents[2] / "app.py"


@pytest.fixture
def study():
    place = territory(hostile=True)
    return Study(comparison(place), place, catalogue(), travel(place))


@pytest.fixture
def app(monkeypatch, study):
    st.cache_data.clear()
    monkeypatch.setattr(session, "_demo", lambda: study)
    return AppTest.from_file(str(APP), default_timeout=60)


def territory_page():
    from territo.ui.pages import territory

    territory.show()


def exports_page():
    from territo.ui.pages import exports

    exports.show()


@pytest.fixture
def opened(monkeypatch, study):
    st.cache_data.clear()
    monkeypatch.setattr(session, "_demo", lambda: study)
    return lambda page: AppTest.from_function(page, default_timeout=60).run()


def test_the_application_opens_on_the_comparison_of_the_first_two_scenarios(app):
    app.run()
    assert not app.exception
    assert app.title[0].value == "Comparer les scénarios"
    assert app.session_state["scenarios"] == ["sc1", "sc2"]


def test_choosing_no_scenario_says_what_to_do(app):
    app.run()
    app.session_state["scenarios"] = []
    app.run()
    assert not app.exception
    assert app.info[0].value.startswith("Choisissez au moins un scénario")


def test_an_unusable_study_is_said_in_french_without_a_traceback(app, monkeypatch):
    def fail():
        raise InputError(fault("no-commune", "the territory has no commune: check the file of communes"))

    monkeypatch.setattr(session, "_demo", fail)
    app.run()
    assert not app.exception
    assert "commune" in app.error[0].value
    assert "the territory" not in app.error[0].value


def test_the_territory_page_counts_and_labels_what_is_modelled(opened):
    page = opened(territory_page)
    assert not page.exception
    assert [metric.value for metric in page.metric] == ["31", "144\u202f215", "31", "31"]
    assert page.info[0].value.endswith("communes.")
    assert list(page.dataframe[1].value["Nature"]) == ["modélisé", "observé", "observé"]


def test_a_hostile_name_is_a_text_in_the_table_of_communes(opened):
    assert opened(territory_page).dataframe[0].value["Nom"][1] == "<img src=x onerror=alert(1)>"


def test_the_exports_page_offers_the_note_first_then_everything_then_each_kind(opened):
    page = opened(exports_page)
    assert not page.exception
    labels = [button.proto.label for button in page.get("download_button")]
    assert labels[:2] == ["Télécharger la note (PDF)", "Tout télécharger (ZIP)"]
    assert len(labels) == len(KINDS)
    assert page.radio[0].value == "internal"


def test_a_kind_of_several_files_comes_in_an_archive(study):
    with zipfile.ZipFile(io.BytesIO(file_of(study, "public", "csv"))) as folder:
        assert folder.namelist() == ["chiffres_cles.csv", "communes.csv", "services.csv"]


def test_a_kind_of_one_file_comes_as_it_is(study):
    assert file_of(study, "internal", "json").startswith(b"{")


LOGIN = {f"TERRITO_OIDC_{key}": "https://id.example/x" for key in ("METADATA_URL", "CLIENT_ID", "CLIENT_SECRET")} | {
    "TERRITO_OIDC_REDIRECT_URI": "https://territo.example/oauth2callback",
    "TERRITO_OIDC_COOKIE_SECRET": "0" * 32,
}


class Visitor(dict):
    """A visitor, as Streamlit shows one."""

    @property
    def is_logged_in(self):
        return bool(self)


@pytest.mark.parametrize(
    ("account", "said"),
    [
        ({}, "Cette application demande un compte."),
        ({"email": "a@other.fr"}, "Le compte a@other.fr n’a pas accès"),
        ({"email": "a@agglo.fr", "email_verified": False}, "Le compte a@agglo.fr n’a pas accès"),
    ],
)
def test_a_visitor_without_an_admitted_account_sees_only_the_door(app, monkeypatch, account, said):
    for name, value in {**LOGIN, "TERRITO_ADMITTED": "@agglo.fr"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(st, "user", Visitor(account))
    app.run()
    assert not app.exception
    assert app.text[0].value.startswith(said)
    assert not app.get("download_button")
    assert "scenarios" not in app.session_state


def test_an_admitted_account_comes_in(app, monkeypatch):
    for name, value in {**LOGIN, "TERRITO_ADMITTED": "@agglo.fr"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(st, "user", Visitor(email="a@agglo.fr", email_verified=True))
    app.run()
    assert app.title[0].value == "Comparer les scénarios"
