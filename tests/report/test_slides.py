"""Four slides open in a reader, with their figures, their pictures described, and names as text."""

import io
from dataclasses import replace

import pytest
from pptx import Presentation

from territo.domain.indicators import Comparison
from territo.report.material import prepare
from territo.report.slides import slides
from tests.report.fixtures import HOSTILE, catalogue, comparison, territory, travel

PLACE = territory(hostile=True)
STUDY = comparison(PLACE)


def opened(study=STUDY, **options):
    material = prepare(study, PLACE, catalogue(), travel(PLACE), **options)
    return Presentation(io.BytesIO(slides(material)))


@pytest.fixture(scope="module")
def deck():
    return opened()


def texts(deck):
    return [shape.text_frame.text for slide in deck.slides for shape in slide.shapes if shape.has_text_frame]


def pictures(slide):
    return [shape for shape in slide.shapes if shape.shape_type == 13]  # PICTURE


def test_there_are_four_slides_with_a_title_each(deck):
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert titles == [
        "Comparer 6 organisations",
        "Les cartes",
        "Qui y gagne, qui y perd",
        "Ce qui est sûr, et ce qui ne l’est pas",
    ]


def test_the_first_has_the_figures_as_a_table(deck):
    (table,) = [shape.table for shape in deck.slides[0].shapes if shape.has_table]
    cells = [[cell.text_frame.text for cell in row.cells] for row in table.rows]
    assert cells[0][1:3] == ["Situation actuelle", "Tout centralisé"]
    assert cells[5][0] == "Trajet moyen"
    assert "\u202fmin" in cells[5][1]


def test_every_picture_says_what_it_shows(deck):
    assert [len(pictures(slide)) for slide in deck.slides] == [0, 6 + 5, 5 + 5, 0]
    described = [picture._element.nvPicPr.cNvPr.get("descr") for slide in deck.slides for picture in pictures(slide)]
    assert all(described)
    assert described[0].startswith("Carte de Situation actuelle")


def test_nothing_stands_outside_the_slide(deck):
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= deck.slide_width
            assert shape.top + (0 if shape.has_text_frame else shape.height) <= deck.slide_height


@pytest.mark.parametrize("name", [*HOSTILE, "\u202eeslaf\x00", "x" * 4_000])
def test_hostile_names_are_text(name):
    deck = opened(Comparison(STUDY.reference, (replace(STUDY.runs[0], scenario_name=name),)))
    shown = {HOSTILE[1]: HOSTILE[1][:33] + "…", "\u202eeslaf\x00": "eslaf", "x" * 4_000: "x" * 33 + "…"}.get(name, name)
    assert shown in texts(deck)


def test_they_speak_english():
    assert "What is certain, and what is not" in texts(opened(lang="en"))
