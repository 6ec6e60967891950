"""The application on a copy of a study that is solved once."""

import shutil
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from territo.ui.navigation import PATHS
from territo.ui.visitor import COOKIE

APP = Path(__file__).resolve().parents[2] / "app.py"
ANNE, BRUNO = "A" * 43, "B" * 43


@pytest.fixture
def home(solved_home, tmp_path, monkeypatch):
    shutil.copytree(solved_home / "studies", tmp_path / "studies")
    monkeypatch.setenv("TERRITO_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def app(home, monkeypatch):  # noqa: ARG001 - the application reads the folder that this fixture makes
    """Return the application at an address; the study is open unless told otherwise."""
    st.cache_data.clear()
    st.cache_resource.clear()

    def opened(page="", browser=ANNE, account=None, **address):
        # AppTest sends no cookies
        monkeypatch.setattr(type(st.context), "cookies", {COOKIE: browser} if browser else {})
        test = AppTest.from_file(str(APP), default_timeout=60)
        for key, value in {"etude": "vallee", **address}.items():
            if value is not None:
                test.query_params[key] = value
        if account:
            test.user = account
        test.run()
        if page:
            # AppTest changes pages by file only, and ours are functions
            test._page_hash = next(
                key for key, info in test._registered_pages.items() if info["url_pathname"] == PATHS[page]
            )
            test.run()
        return test

    return opened
