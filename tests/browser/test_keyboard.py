"""The application without a mouse, in a browser without any network."""

import pytest

from territo.i18n import t
from territo.ui.layout import STREAMLIT
from tests.browser.conftest import NARROW, frame, settled, until
from tests.conftest import CHROMIUM

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium in /usr/bin/chromium")

# the deepest element that has the focus of a document, and what a screen reader calls it
FOCUSED = """() => {
    let found = document.activeElement;
    while (found.shadowRoot && found.shadowRoot.activeElement) { found = found.shadowRoot.activeElement; }
    return [found.tagName, found.getAttribute("aria-label") || found.title || (found.innerText || "").slice(0, 60)];
}"""
NAMES = """() => [...document.querySelectorAll("[aria-label], [title], [placeholder]")].flatMap(
    (found) => ["aria-label", "title", "placeholder"].map((name) => found.getAttribute(name))
)"""


def focused(tab):
    """Return what has the focus, in the page or in the frame of its maps."""
    kind, name = tab.evaluate(FOCUSED)
    if kind != "IFRAME":
        return name
    inner = next(found for found in tab.frames if found.parent_frame)
    return inner.evaluate(FOCUSED)[1]


def press_until(tab, key, words, most):
    """Press a key until what has the focus is called so."""
    passed = []
    while len(passed) < most:
        tab.keyboard.press(key)
        passed.append(focused(tab))
        if words in passed[-1]:
            return
    pytest.fail(f"{words!r} was not reached: {passed}")


def test_a_map_is_one_stop_on_the_way_and_its_commune_can_be_closed(visit):
    tab = visit("comparer", scenarios="SC2")
    frame(tab)
    settled(tab)
    press_until(tab, "Tab", "Carte de Situation actuelle", 40)
    tab.keyboard.press("Enter")
    tab.wait_for_function("new URLSearchParams(location.search).get('commune')")
    settled(tab)
    assert "Carte de Situation actuelle" in focused(tab)
    press_until(tab, "Tab", "Carte de Pôles territoriaux", 3)
    press_until(tab, "Tab", "Garder", 4)
    press_until(tab, "ArrowRight", "Fermer", 3)
    tab.keyboard.press("Space")
    frame(tab).locator(".lock-close").first.wait_for()


def test_sliders_are_entered_moved_and_left_and_maps_follow(visit):
    tab = visit("comparer", scenarios="SC2")
    frame(tab)
    settled(tab)
    press_until(tab, "Tab", "Services et carreaux", 40)
    tab.keyboard.press("Enter")
    until(tab, lambda: "Carreaux habités" in focused(tab))
    tab.get_by_role("slider", name="Médiathèque").wait_for()
    press_until(tab, "Tab", "Médiathèque", 8)
    slider = tab.get_by_role("slider", name="Médiathèque")
    before, painted = float(slider.input_value()), tab.locator(".territo-maps").get_attribute("data-painted")
    tab.keyboard.press("ArrowRight")
    tab.locator(f".territo-maps[data-painted]:not([data-painted='{painted}'])").wait_for()
    assert float(slider.input_value()) > before
    tab.keyboard.press("Escape")
    until(tab, lambda: "Services et carreaux" in focused(tab))
    assert slider.count() == 0


@pytest.mark.parametrize("path", ["", "scenario"])
def test_the_words_of_streamlit_are_in_the_language_of_the_page(visit, path):
    tab = visit(path)
    settled(tab)
    english, french = ({t(f"app.streamlit.{key}", lang) for key in STREAMLIT} for lang in ("en", "fr"))
    until(tab, lambda: french & set(tab.evaluate(NAMES)) and not english & set(tab.evaluate(NAMES)))
    tab.get_by_label("Votre nom").fill("Anne")
    tab.get_by_text(t("app.streamlit.apply", "fr")).wait_for()
    tab.get_by_role("radio", name="English").click()
    tab.get_by_role("link", name="Home").wait_for()
    settled(tab)
    until(tab, lambda: english & set(tab.evaluate(NAMES)) and not french & set(tab.evaluate(NAMES)))


def test_the_menu_of_a_telephone_opens_and_says_its_name(visit):
    tab = visit("comparer", size=NARROW)
    settled(tab)
    tab.get_by_role("button", name="Déplier le menu").press("Enter")
    tab.get_by_role("link", name="Arbitrages").wait_for()
    tab.get_by_role("link", name="Arbitrages").press("Enter")
    tab.get_by_role("heading", name="Arbitrages", level=1).wait_for()
