"""The offline map in a browser without network: it draws, it listens, and it prints on one page of A4 or A3."""

import subprocess
from pathlib import Path

import pytest

from territo.report.material import prepare
from territo.report.offline_map import map_page
from tests.report.fixtures import HOSTILE, catalogue, comparison, territory, travel

CHROMIUM = Path("/usr/bin/chromium")

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium in /usr/bin/chromium")


@pytest.fixture(scope="module")
def page(browser, tmp_path_factory):
    place = territory(hostile=True)
    path = tmp_path_factory.mktemp("map") / "carte.html"
    made = prepare(comparison(place), place, catalogue(), travel(place))
    path.write_text(map_page(made), encoding="utf-8")
    context = browser.new_context(viewport={"width": 1440, "height": 900}, offline=True)
    tab = context.new_page()
    tab.requests, tab.errors = [], []
    tab.on("request", lambda request: tab.requests.append(request.url))
    tab.on("console", lambda message: tab.errors.append(message.text) if message.type == "error" else None)
    tab.on("pageerror", lambda error: tab.errors.append(str(error)))
    tab.goto(path.as_uri())
    tab.uri = path.as_uri()
    yield tab
    context.close()


def test_it_asks_for_nothing_and_raises_no_error(page):
    assert page.requests == [page.uri]
    assert page.errors == []


def test_the_first_scenario_is_shown_with_its_figures_scale_and_north(page):
    assert page.locator("#montre").text_content() == "Tout centralisé · Temps de trajet moyen"
    assert page.locator(".panel:visible td").first.text_content()
    assert page.locator(".leaflet-control-scale-line").text_content().endswith("km")
    assert page.locator(".north").is_visible()
    assert page.locator("path.commune").count() == 31


def test_the_keyboard_chooses_a_scenario_and_its_change(page):
    page.locator('input[name="run"][value="1"]').focus()
    page.keyboard.press("ArrowRight")
    page.locator('input[value="change"]').focus()
    page.keyboard.press("Space")
    assert page.locator("#montre").text_content() == "Pôles territoriaux · Écart avec aujourd’hui"
    assert page.locator('.legend[data-what="change"]').is_visible()
    assert not page.locator('.legend[data-what="access"]').is_visible()
    assert page.locator(".site-p").count() == 2


def test_today_has_no_change_to_show(page):
    page.locator('input[name="run"][value="0"]').check()
    assert page.locator('input[value="change"]').is_disabled()
    assert page.locator("#montre").text_content() == "Situation actuelle · Temps de trajet moyen"
    page.locator('input[name="run"][value="1"]').check()


def test_hostile_names_are_shown_as_text(page):
    page.locator("summary").click()
    assert page.locator("table.communes tbody th").all_text_contents()[1:4] == list(HOSTILE)
    page.locator("summary").click()
    assert page.locator("img").count() == 0
    assert page.title() == "Carte des temps de trajet · Communauté d’essai"


@pytest.mark.parametrize("paper", ["A4", "A3"])
@pytest.mark.parametrize("landscape", [True, False])
def test_it_prints_on_exactly_one_page(page, tmp_path, paper, landscape):
    from tests.report.papers import facts_of

    path = tmp_path / "map.pdf"
    page.pdf(path=str(path), format=paper, landscape=landscape, print_background=True)
    facts = facts_of(path)
    assert facts["Pages"] == "1"
    assert facts["Page size"].endswith(f"({paper})")


def test_nothing_is_cut_on_paper_and_the_map_takes_most_of_it(page):
    page.emulate_media(media="print")
    for width, height in ((1062, 733), (1526, 1062), (733, 1062)):
        page.set_viewport_size({"width": width, "height": height})
        box = page.locator("#papier svg").bounding_box()
        assert box["width"] * box["height"] > 0.35 * width * height
        assert page.evaluate(
            "document.querySelector('aside').scrollHeight <= document.querySelector('aside').clientHeight + 1"
        )
        bottom = page.evaluate("document.querySelector('footer').getBoundingClientRect().bottom")
        assert bottom <= height
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1440, "height": 900})


def test_the_picture_of_the_paper_is_drawn_in_colours(page, tmp_path):
    path = tmp_path / "map.pdf"
    page.pdf(path=str(path), format="A4", landscape=True, print_background=True)
    subprocess.run(["pdftoppm", "-r", "40", "-singlefile", str(path), str(tmp_path / "map")], check=True)
    pixels = (tmp_path / "map.ppm").read_bytes()
    assert len({pixels[at : at + 3] for at in range(20, len(pixels) - 3, 3)}) > 30
