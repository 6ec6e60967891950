"""The comparison page is whole, safe, small and readable by machines that read aloud."""

from html.parser import HTMLParser
from itertools import pairwise

import pytest

from territo.report import page as module
from territo.report.leaflet import Leaflet
from territo.report.offline import OutsideLinkError
from territo.report.page import comparison_page
from tests.report.fixtures import HOSTILE, catalogue, comparison, territory, travel


def made(*, hostile=False, lang="fr", embedded=False):
    place = territory(hostile=hostile)
    return comparison_page(comparison(place), place, catalogue(), travel(place), lang, embedded=embedded)


PAGE = made()


class Tags(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def named(self, name):
        return [attributes for tag, attributes in self.found if tag == name]


TAGS = Tags(PAGE)


def test_thirty_one_communes_and_six_scenarios_weigh_less_than_a_megabyte():
    assert len(PAGE.encode()) < 1_000_000


def test_the_same_inputs_give_the_same_bytes():
    assert made() == PAGE


def test_hostile_names_are_escaped_everywhere():
    page = made(hostile=True)
    tags = Tags(page)
    assert not [attributes for _, attributes in tags.found if "onerror" in attributes]
    assert len(tags.named("script")) == len(TAGS.named("script"))
    assert HOSTILE[0] not in page


def test_the_geometry_is_sent_once():
    assert PAGE.count('"outlines":') == 1


def test_there_is_one_map_a_scenario_and_one_map_of_changes_a_scenario():
    ids = [attributes["id"] for attributes in TAGS.named("div") if attributes.get("id", "").startswith("map_")]
    assert ids == [f"map_access{n}" for n in range(6)] + [f"map_change{n}" for n in range(1, 6)]


def test_the_page_says_its_language_and_every_header_cell_its_scope():
    assert TAGS.named("html")[0]["lang"] == "fr"
    assert all("scope" in attributes for attributes in TAGS.named("th"))


def test_headings_go_down_one_level_at_a_time():
    levels = [int(tag[1]) for tag, _ in TAGS.found if tag in ("h1", "h2", "h3")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_what_is_estimated_and_what_is_modelled_is_labelled():
    assert "référence estimée" in PAGE
    assert "modélisé\u202f: contours des communes" in PAGE


def test_paper_is_a3_landscape():
    assert "size: A3 landscape" in PAGE


def test_the_page_in_a_frame_has_no_title_of_its_own():
    assert not Tags(made(embedded=True)).named("h1")


def test_the_page_speaks_english_too():
    page = made(lang="en")
    assert Tags(page).named("html")[0]["lang"] == "en"
    assert "Compare 6 organisations" in page


def test_a_page_that_would_load_a_file_is_refused(monkeypatch):
    linked = Leaflet("", "p { background: url(https://example.org/a.png) }")
    monkeypatch.setattr(module, "leaflet", lambda: linked)
    with pytest.raises(OutsideLinkError, match=r"example\.org"):
        made()
