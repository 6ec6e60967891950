"""Leaflet is read from what is installed, and asks for nothing."""

import pytest

from territo.errors import SourceUnavailableError
from territo.report import leaflet as module
from territo.report.leaflet import leaflet


def test_the_script_is_leaflet_1_9_with_its_licence_notice():
    assert "Leaflet 1.9" in leaflet().script[:200]


def test_neither_file_links_to_another_file():
    assert "sourceMappingURL" not in leaflet().script
    assert 'href="http' not in leaflet().script
    assert "url(" not in leaflet().style


def test_the_style_keeps_the_rules_that_have_no_picture():
    assert ".leaflet-container" in leaflet().style


def test_a_missing_distribution_is_said_with_what_to_do(monkeypatch):
    monkeypatch.setattr(module, "DISTRIBUTION", "a-distribution-that-nobody-made")
    leaflet.cache_clear()
    with pytest.raises(SourceUnavailableError, match=r"leaflet\.js of a-distribution-that-nobody-made"):
        leaflet()
