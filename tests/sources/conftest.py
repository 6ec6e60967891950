"""The local server that replays the official services."""

from __future__ import annotations

import pytest

from tests.sources.replay import replaying


@pytest.fixture
def replay():
    with replaying() as server:
        yield server
