"""What people do with the application, in a browser without any network."""

import re

import pytest

from territo.scenario.loading import load_scenario
from territo.studies import jobs
from territo.studies.disk import entries
from territo.studies.study import open_study, scenarios, versions
from tests.browser.conftest import NARROW, frame, settled, until
from tests.conftest import CHROMIUM
from tests.ui.place import HOSTILE

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium in /usr/bin/chromium")

SLOW = "# lentement\n"
POOR = "id: SC2\nname: Un seul service\nservices: [france_services]\nbudget: {running_cost_change_pct: -60}\n"


def maps_shown(tab, count):
    frame(tab).locator(f"article:nth-of-type({count}) path.commune").first.wait_for()
    return frame(tab).locator("article").count()


def write(tab, text):
    """Put a text in the editor of the scenario, as fast typing would."""
    area = tab.get_by_label("Texte du scénario (YAML)")
    area.wait_for()
    area.fill(text)


def test_five_clicks_from_a_territory_to_a_file(visit):
    tab = visit(etude=None)
    tab.get_by_role("button", name="Ouvrir", exact=True).first.click()
    tab.get_by_role("button", name="Étude ouverte").wait_for()
    tab.get_by_role("link", name="Comparer").last.click()
    tab.wait_for_selector("table.figures")
    assert maps_shown(tab, 4) == 4
    tab.get_by_role("radio", name="Écart avec aujourd’hui").click()
    frame(tab).locator("path.change2, path.change3, path.change4").first.wait_for()
    tab.get_by_role("link", name="Exporter").click()
    with tab.expect_download() as found:
        tab.get_by_test_id("stDownloadButton").get_by_role("button").first.click()
    assert found.value.suggested_filename.endswith((".zip", ".pdf"))


def test_the_figures_and_the_maps_stand_above_the_fold(visit):
    tab = visit("comparer")
    table = tab.locator("table.figures").bounding_box()
    box = frame(tab).locator(".map").first.bounding_box()
    assert table["y"] < 200
    assert box["y"] + 0.9 * box["height"] < 900


def test_a_click_on_a_commune_closes_its_site_and_another_answer_comes(visit, study):
    tab = visit("comparer", scenarios="SC2")
    inside = frame(tab)
    inside.locator("article:nth-of-type(1) path.commune").nth(5).click(force=True)
    tab.wait_for_function("new URLSearchParams(location.search).get('commune')")
    tab.get_by_role("radio", name="Fermer").first.scroll_into_view_if_needed()
    settled(tab)  # a click must not land on the map that moves under it
    tab.get_by_role("radio", name="Fermer").first.click()
    inside.locator(".lock-close").first.wait_for()
    tab.get_by_role("button", name=re.compile("^Recalculer avec ces choix")).click()
    tab.get_by_role("button", name="Avant / après").click()
    tab.get_by_role("option", name="Pôles territoriaux (version 1)").or_(
        tab.get_by_text("Pôles territoriaux (version 1)")
    ).first.wait_for()
    assert maps_shown(tab, 3) == 3
    closed = versions(open_study(study), "SC2")
    assert [version.number for version in closed] == [1, 2]
    assert "close:" in closed[1].file.read_text(encoding="utf-8")


def test_maps_move_together_and_the_keyboard_chooses_a_commune(visit):
    tab = visit("comparer", scenarios="SC2")
    inside = frame(tab)
    inside.locator(".map").first.focus()
    start, _ = _centres(tab)
    tab.keyboard.press("ArrowRight")
    until(tab, lambda: _together(*_centres(tab), start))
    tab.keyboard.press("Enter")
    tab.wait_for_function("new URLSearchParams(location.search).get('commune')")
    inside.locator("path.selected").nth(1).wait_for()
    assert inside.locator("path.selected").count() == 2


def _centres(tab):
    """Longitudes of the centres of the maps; the frame is looked for again, since a page may draw it anew."""
    inner = next(found for found in tab.frames if found.parent_frame)
    return inner.evaluate("territo.maps.map(map => map.getCenter().lng)")


def _together(one, other, start):
    """Whether both maps have moved to one place."""
    return one != start and abs(one - other) < 1e-4


def test_a_page_loaded_again_in_mid_solve_still_follows_it_and_stops_it(visit, home):
    tab = visit("scenario", scenario="SC2")
    tab.get_by_text("Prêt à calculer").wait_for()
    area = tab.get_by_label("Texte du scénario (YAML)")
    write(tab, area.input_value() + SLOW)
    tab.get_by_text("modifié, pas encore enregistré").wait_for()
    tab.get_by_role("button", name="Calculer", exact=True).click()
    tab.get_by_role("button", name="Arrêter et garder la meilleure solution").wait_for()
    tab.goto(tab.url.replace("/scenario?", "/calculs?"))
    tab.get_by_role("progressbar").wait_for()
    tab.get_by_role("button", name="Arrêter et garder la meilleure solution").click()
    tab.get_by_text("arrêté à votre demande").wait_for()
    (folder,) = entries(home / "jobs")
    assert jobs.read_job(folder).state == "stopped"


def test_two_people_on_one_study_both_keep_their_version(visit, study):
    tabs = [visit("scenario", scenario="SC2", lang="fr") for _ in range(2)]
    for number, tab in enumerate(tabs):
        tab.get_by_text("Prêt à calculer").wait_for()
        write(tab, tab.get_by_label("Texte du scénario (YAML)").input_value() + f"# {number}\n")
        tab.get_by_text("modifié, pas encore enregistré").wait_for()
    for tab in tabs:
        tab.get_by_role("button", name="Enregistrer", exact=True).click()
        tab.get_by_role("button", name="Enregistrer une version").click()
        tab.get_by_text(re.compile("^Version [23],")).wait_for()
    kept = versions(open_study(study), "SC2")
    assert [version.file.read_text(encoding="utf-8")[-4:] for version in kept[1:]] == ["# 0\n", "# 1\n"]


def test_a_broken_text_says_where_and_keeps_what_was_typed(visit):
    tab = visit("scenario", scenario="SC2")
    tab.get_by_text("Prêt à calculer").wait_for()
    write(tab, "id: SC2\nname: [\n")
    tab.get_by_text("scenario.yaml:3").wait_for()
    assert tab.get_by_role("button", name="Calculer", exact=True).is_disabled()
    write(tab, "id: SC2\nname: X\nservices: [france_services]\nbudgett: 3\n")
    tab.get_by_text("vouliez-vous dire budget").wait_for()
    assert tab.get_by_label("Texte du scénario (YAML)").input_value().endswith("budgett: 3\n")
    assert tab.locator(".editor .fault").text_content() == "4\n"


def test_an_infeasible_scenario_is_repaired_by_one_click(visit, study):
    tab = visit("scenario", scenario="SC2")
    tab.get_by_text("Prêt à calculer").wait_for()
    write(tab, POOR)
    tab.get_by_text("modifié, pas encore enregistré").wait_for()
    tab.get_by_role("button", name="Calculer", exact=True).click()
    tab.get_by_text("promesses impossibles à tenir ensemble").wait_for()
    tab.get_by_text("ne suffit pas").first.wait_for()
    tab.get_by_role("button", name=re.compile("^Réparer et recalculer.*€")).click()
    tab.get_by_role("link", name="Voir le résultat").wait_for()
    *_, asked, repaired = versions(open_study(study), "SC2")
    before, after = (load_scenario(version.file).budget.running_cost_change_pct for version in (asked, repaired))
    assert before == -60 < after
    assert repaired.why == "réparation proposée, acceptée en un clic"


def test_a_click_on_a_point_of_the_frontier_loads_its_maps(visit):
    tab = visit("arbitrages")
    tab.get_by_role("combobox", name="Scénario").click()
    tab.get_by_role("option", name="Pôles territoriaux").click()
    tab.get_by_role("button", name="Calculer", exact=True).click()
    points = tab.locator(".curve [role=button]")
    points.first.wait_for()
    last = points.count() - 1
    assert last >= 2
    knee = next(place for place in range(last + 1) if points.nth(place).get_attribute("aria-pressed") == "true")
    assert 0 < knee < last
    for place, choose in ((knee, None), (last, "click"), (0, "Enter"), (1, "Space")):
        if choose == "click":
            points.nth(place).click()
        elif choose:
            points.nth(place + 1).focus()
            tab.keyboard.press("Shift+Tab")
            tab.keyboard.press(choose)
        frame(tab).get_by_role("heading", name=f"Pôles territoriaux, point {place + 1}", exact=True).wait_for()
        tab.wait_for_function(f"new URLSearchParams(location.search).get('point') === '{place}'")


def test_itinerant_stops_are_on_the_map_of_their_scenario_and_in_the_table(visit):
    tab = visit("comparer", scenarios="SC4")
    stop = frame(tab).locator("article:nth-of-type(2) .site-i").first
    stop.hover()
    frame(tab).get_by_text(re.compile("^demi-journées par semaine")).wait_for()
    assert frame(tab).locator("article:nth-of-type(1) .site-i").count() == 0
    frame(tab).get_by_text("permanence itinérante", exact=True).first.wait_for()
    tab.get_by_role("radio", name="Tableau").click()
    tab.get_by_role("heading", name="Permanences itinérantes").wait_for()


def test_a_run_in_english(visit):
    tab = visit("comparer")
    tab.get_by_role("radio", name="English").click()
    tab.get_by_role("heading", name="Compare the scenarios").wait_for()
    tab.get_by_role("columnheader", name="Current situation").wait_for()
    tab.get_by_role("radio", name="Change from today").click()
    frame(tab).get_by_text("gain of 5 min or more").first.wait_for()
    tab.get_by_role("link", name="Who gains, who loses").click()
    tab.get_by_role("heading", name="Who gains, who loses").wait_for()
    assert "lang=en" in tab.url
    assert tab.locator("html").get_attribute("lang") == "en"


def test_an_address_shows_the_same_view_to_somebody_else(visit):
    tab = visit("comparer", scenarios="SC2")
    tab.get_by_role("radio", name="Tableau").click()
    tab.wait_for_function("location.search.includes('vue=tableau')")
    other = visit("comparer", **dict(part.split("=") for part in tab.url.partition("?")[2].split("&")))
    other.get_by_role("columnheader", name="Pôles territoriaux").last.wait_for()
    assert other.get_by_role("radio", name="Tableau").get_attribute("aria-checked") == "true"


@pytest.mark.parametrize("path", ["", "comparer", "territoire", "gains-et-pertes", "commune", "scenario"])
def test_a_telephone_shows_every_page_without_scrolling_sideways(visit, path):
    tab = visit(path, size=NARROW, commune="99002")
    settled(tab)
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")


@pytest.mark.parametrize("path", ["", "territoire", "comparer", "gains-et-pertes", "commune"])
def test_hostile_names_are_text_everywhere(visit, path):
    tab = visit(path, commune="99001")
    if path:
        named = "path.commune.selected" if path in {"comparer", "gains-et-pertes", "commune"} else "path.commune"
        frame(tab).locator(named).first.dispatch_event("mouseover")
        frame(tab).locator(".leaflet-tooltip", has_text=HOSTILE[0]).first.wait_for()
    else:
        tab.locator(".territo-card", has_text="Vallée <b>d’essai</b>").wait_for()
    assert tab.locator("img[src='x']").count() == 0
    assert "pris" not in tab.title()


def test_the_study_and_its_scenarios_stay_the_same_when_people_only_look(visit, study):
    before = [version.number for version in scenarios(open_study(study))]
    visit("comparer").wait_for_selector("table.figures")
    assert [version.number for version in scenarios(open_study(study))] == before
