"""The page works in a browser without any network, and on A3 paper."""

import shutil
import subprocess
from dataclasses import replace

import pytest

from territo.report.page import comparison_page
from tests.conftest import CHROMIUM
from tests.report.fixtures import HOSTILE, catalogue, comparison, territory, travel

MAPS = 6 + 5

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium in /usr/bin/chromium")


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    place = territory(hostile=True)
    path = tmp_path_factory.mktemp("page") / "comparaison.html"
    path.write_text(comparison_page(comparison(place), place, catalogue(), travel(place)), encoding="utf-8")
    return path


@pytest.fixture
def page(browser, file):
    context = browser.new_context(viewport={"width": 1440, "height": 900}, offline=True)
    tab = context.new_page()
    tab.requests, tab.errors = [], []
    tab.on("request", lambda request: tab.requests.append(request.url))
    tab.on("console", lambda message: tab.errors.append(message.text) if message.type == "error" else None)
    tab.on("pageerror", lambda error: tab.errors.append(str(error)))
    tab.goto(file.as_uri())
    yield tab
    context.close()


def centres(tab):
    return tab.evaluate("territo.maps.map(map => [map.getCenter().lat, map.getCenter().lng, map.getZoom()])")


def test_the_page_asks_for_nothing_and_raises_no_error(page, file):
    assert page.requests == [file.as_uri()]
    assert page.errors == []


def test_every_map_draws_every_commune(page):
    assert page.locator("path.commune").count() == MAPS * 31
    assert page.locator(".maps .border").count() == 6


def test_the_borders_of_the_territories_are_inside_only_where_there_are_territories(page):
    lengths = page.evaluate(
        "Array.from(document.querySelectorAll('.maps path.border')).map(path => path.getTotalLength())"
    )
    assert min(lengths[2:]) > 1.2 * max(lengths[:2])


def test_levels_have_different_shapes(page):
    third = page.locator(".maps .card").nth(3)
    assert third.locator(".leaflet-marker-pane .site-h").count() == 1
    assert third.locator(".leaflet-marker-pane .site-p").count() == 3
    assert third.locator(".leaflet-marker-pane .site-a").count() == 6


def test_moving_one_map_moves_the_others_of_its_kind(page):
    before = centres(page)
    page.evaluate("territo.maps[0].panBy([60, 30], {animate: false})")
    after = centres(page)
    assert all(after[number] != before[number] for number in range(6))
    assert all(after[number] == pytest.approx(after[0], abs=1e-4) for number in range(6))
    assert after[6:] == before[6:]


def test_the_keyboard_moves_a_map(page):
    before = centres(page)[0]
    page.locator("#map_access0").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(f"territo.maps[0].getCenter().lng > {before[1]}")


def test_the_table_and_the_first_maps_stand_above_the_fold(page):
    assert page.locator(".figures").bounding_box()["y"] < 100
    first = page.locator("#map_access0").bounding_box()
    assert first["y"] + first["height"] < 900


def test_hostile_names_are_shown_as_text(page):
    page.locator("summary").click()
    shown = page.locator("table.communes tbody th").all_text_contents()
    assert shown[1:4] == list(HOSTILE)
    page.evaluate("territo.maps[0].eachLayer(layer => layer.getTooltip && layer.getTooltip() && layer.openTooltip())")
    assert any(HOSTILE[0] in text for text in page.locator(".leaflet-tooltip").all_text_contents())
    assert page.locator("img").count() == 0
    assert page.title().startswith("Comparer")


def test_the_zoom_buttons_speak_french(page):
    assert page.locator(".leaflet-control-zoom-in").first.get_attribute("title") == "Zoomer"


@pytest.mark.parametrize("width", [1440, 1100])
@pytest.mark.parametrize("more", [0, 1])
def test_no_text_of_the_table_is_cut_or_overflows(page, tmp_path, width, more):
    place = territory(hostile=True)
    found = comparison(place)
    added = tuple(replace(run, scenario_id=f"{run.scenario_id}-bis") for run in found.runs[:more])
    path = tmp_path / "comparaison.html"
    wider = replace(found, runs=(*found.runs, *added))
    path.write_text(comparison_page(wider, place, catalogue(), travel(place)), encoding="utf-8")
    page.goto(path.as_uri())
    page.set_viewport_size({"width": width, "height": 900})
    cut = page.evaluate(
        "Array.from(document.querySelectorAll('.figures th, .figures .cell, .figures .change'))"
        ".filter(box => box.scrollWidth > box.clientWidth + 1 && box.clientWidth > 1).map(box => box.textContent)"
    )
    assert page.locator(".figures thead th").count() == len(found.runs) + more + 2
    assert cut == []


def test_it_prints_on_two_a3_sheets_with_its_maps(page, tmp_path):
    if shutil.which("pdfinfo") is None:
        pytest.skip("needs pdfinfo, of poppler-utils")
    paper = tmp_path / "page.pdf"
    page.pdf(path=str(paper), prefer_css_page_size=True, print_background=True)
    said = subprocess.run(["pdfinfo", str(paper)], capture_output=True, text=True, check=True).stdout
    fields = dict(line.split(":", 1) for line in said.splitlines() if ":" in line)
    assert int(fields["Pages"]) == 2
    width, height = (float(part) for part in fields["Page size"].split("pts")[0].split("x"))
    assert (width, height) == pytest.approx((420 / 25.4 * 72, 297 / 25.4 * 72), abs=1.5)


def test_printing_gives_the_view_back(page, tmp_path):
    page.evaluate("territo.maps[0].panBy([60, 30], {animate: false})")
    before = centres(page)
    page.pdf(path=str(tmp_path / "page.pdf"), prefer_css_page_size=True)
    assert centres(page)[0] == pytest.approx(before[0], abs=1e-3)
