"""Itinerant stops are on every map that shows their organisation, beside it in a table, and in no other."""

import re

import pytest

from territo.report import drawing
from territo.report.layers import site_layer
from territo.report.material import prepare
from territo.report.note import note_facts
from territo.report.offline_map import map_page
from territo.report.page import comparison_page
from territo.report.palette import STOP, SYMBOLS
from territo.report.stops import signs_of, stop_table, stops_of
from territo.report.story import tell
from territo.report.views import access_views
from tests.report.fixtures import catalogue, comparison, territory, travel, with_stops

PLACE = territory()
PLAIN = comparison(PLACE)
STUDY = with_stops(PLAIN)
ITINERANT = 4
SIGN = SYMBOLS[STOP][1]


def views(study, lang="fr"):
    return access_views(study, PLACE, catalogue(), lang)


def test_each_stop_has_its_place_its_half_days_its_parent_and_its_services():
    found = stops_of(STUDY.runs[3], PLACE, catalogue())
    assert [(stop.site, stop.half_days, stop.parent) for stop in found] == [
        (3, 2.0, "Mairie de Saint-Exemple-07"),
        (11, 1.0, "Mairie de Grandville"),
    ]
    assert found[0].services == ("Accueil France services", "Médiathèque")
    assert stops_of(STUDY.runs[2], PLACE, catalogue()) == []


def test_only_the_map_of_their_run_has_stops_and_its_words_count_them():
    shown = views(STUDY)
    assert [len(view.stops) for view in shown] == [0, 0, 0, 0, 2, 0]
    assert shown[ITINERANT].label.endswith(", permanences\u202f: 2")
    assert shown[ITINERANT].stops[0].lines == (
        "demi-journées par semaine\u202f: 2",
        "tenue par les agents de\u202f: Mairie de Saint-Exemple-07",
        "Accueil France services, Médiathèque",
    )
    assert views(STUDY, "en")[ITINERANT].stops[0].lines[0] == "half-days a week: 2"


def test_the_table_has_a_row_a_stop_and_none_without():
    head, rows = stop_table(STUDY, PLACE, catalogue(), "fr")
    assert [len(row) for row in rows] == [len(head)] * 2
    assert rows[0][:3] == ["Mairie de Saint-Exemple-03", "Pôles et itinérance", "2"]
    assert stop_table(PLAIN, PLACE, catalogue(), "fr")[1] == []


def test_a_legend_explains_the_sign_only_where_it_is_drawn():
    assert STOP in signs_of(STUDY)
    assert STOP not in signs_of(PLAIN)


@pytest.mark.parametrize("study", [PLAIN, STUDY])
def test_a_drawing_on_paper_has_one_sign_a_stop(study):
    base = drawing.ground(PLACE)
    drawn = [drawing.drawing(base, view, "fr").count(f'd="{SIGN}" fill="#111111"') for view in views(study)]
    assert drawn == [len(view.stops) for view in views(study)]


def test_on_paper_a_stop_stands_above_an_antenna_and_in_the_place_of_a_town_hall():
    base, view = drawing.ground(PLACE), views(STUDY)[ITINERANT]
    assert (view.levels[3], view.levels[11]) == ("m", "a")
    placed = re.findall(rf'translate\(([\d.]+) ([\d.]+)\)[^>]*><path d="{re.escape(SIGN)}"', svg(base, view))
    half = SYMBOLS[STOP][0] / 2
    risen = [base.places[stop.site][1] - half - float(y) for stop, (_, y) in zip(view.stops, placed, strict=True)]
    assert risen == pytest.approx([0.0, drawing.ABOVE * 2 * half], abs=0.1)


def svg(base, view):
    return drawing.drawing(base, view, "fr")


@pytest.mark.parametrize(("study", "shown"), [(PLAIN, False), (STUDY, True)])
def test_the_pages_and_the_note_say_the_stops_where_there_are_some(study, shown):
    made = prepare(study, PLACE, catalogue(), travel(PLACE))
    for text in (comparison_page(study, PLACE, catalogue(), travel(PLACE)), map_page(made)):
        assert ("Permanences itinérantes</summary>" in text) is shown
        assert ("<td>2</td><td>Mairie de Saint-Exemple-07</td>" in text) is shown
    story = tell(study, PLACE, catalogue(), travel(PLACE), "fr")
    legend = [each["text"] for each in note_facts(story, study, PLACE, catalogue())["levels"]]
    assert ("permanence itinérante" in legend) is shown


def test_a_geographic_file_has_the_half_days_of_each_site():
    layer = site_layer(STUDY.runs[3], PLACE, catalogue(), teams=True)
    assert layer["demi_journees"].tolist()[:4] == [0.0, 0.0, 0.0, 2.0]
    assert layer["demi_journees"].sum() == 3.0
