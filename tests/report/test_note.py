"""The note is two tagged pages that say the figures, whatever the number of scenarios and the names."""

from dataclasses import replace

import pytest

from territo.domain.indicators import Comparison
from territo.report.material import prepare
from territo.report.note import note
from tests.report.fixtures import HOSTILE, catalogue, comparison, territory, travel
from tests.report.papers import facts_of, fonts_of, text_of

PLACE = territory(hostile=True)
STUDY = comparison(PLACE)


def written(tmp_path, study=STUDY, lang="fr"):
    material = prepare(study, PLACE, catalogue(), travel(PLACE), lang=lang)
    path = tmp_path / "note.pdf"
    path.write_bytes(note(material.story, material.comparison, material.territory, material.catalogue))
    return path


def some(count):
    runs = [replace(STUDY.runs[number % 5], scenario_id=f"s{number}") for number in range(count)]
    return Comparison(STUDY.reference, tuple(runs))


@pytest.mark.parametrize("count", [1, 2, 3, 5, 9])
def test_it_has_two_pages_of_a4_for_any_number_of_scenarios(tmp_path, count):
    facts = facts_of(written(tmp_path, some(count)))
    assert facts["Pages"] == "2"
    assert facts["Page size"].endswith("(A4)")


def test_it_is_tagged_with_a_title_and_a_language(tmp_path):
    path = written(tmp_path)
    assert facts_of(path)["Tagged"] == "yes"
    assert facts_of(path)["Title"] == "Comparer 6 organisations"
    content = path.read_bytes()
    assert b"/Lang" in content
    assert b"pdfuaid" in content


def test_its_maps_are_drawn_and_its_fonts_are_its_own(tmp_path):
    fonts = fonts_of(written(tmp_path))
    assert fonts
    assert all(name.startswith(("SourceSansPro", "DejaVuSansMono")) for name in fonts)


def test_it_says_the_figures_with_french_typography(tmp_path):
    text = text_of(written(tmp_path))
    assert "L’essentiel" in text
    assert "Le trajet moyen passe de" in text
    assert "Document d’aide à la décision" in text
    assert "\u2212" in text


def test_scenarios_that_do_not_fit_are_named(tmp_path):
    names = [replace(run, scenario_name=f"Variante {number}") for number, run in enumerate(some(7).runs)]
    text = text_of(written(tmp_path, Comparison(STUDY.reference, tuple(names))))
    assert "Variante 5, Variante 6" in text


@pytest.mark.parametrize("name", [HOSTILE[0], '#import "/etc/passwd": *', "$x$ _a_ *b*", "=CMD()", "\u202etrebor"])
def test_a_hostile_name_is_a_text(tmp_path, name):
    hostile = Comparison(STUDY.reference, (replace(STUDY.runs[0], scenario_name=name),))
    assert name.replace("\u202e", "") in text_of(written(tmp_path, hostile), "-layout")


def test_a_name_of_four_thousand_letters_is_cut_and_the_note_keeps_its_two_pages(tmp_path):
    hostile = Comparison(STUDY.reference, (replace(STUDY.runs[0], scenario_name="mot " * 1_000),))
    path = written(tmp_path, hostile)
    assert facts_of(path)["Pages"] == "2"
    assert "…" in text_of(path)


def test_it_speaks_english(tmp_path):
    text = text_of(written(tmp_path, lang="en"))
    assert "The mean trip goes from" in text
    assert "Le trajet" not in text


def test_the_same_results_give_the_same_bytes(tmp_path):
    assert written(tmp_path).read_bytes() == written(tmp_path).read_bytes()
