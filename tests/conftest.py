"""Options and folders that all tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


def pytest_addoption(parser):
    parser.addoption("--bless", action="store_true", help="write the golden files again")


@pytest.fixture
def shared_data():
    if not SHARED.is_dir():
        pytest.skip("needs the real data in ../shared/data")
    return SHARED
