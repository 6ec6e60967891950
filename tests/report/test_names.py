"""Names from data reach paper without a control sign, a mark that turns the text around, or an endless line."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from territo.report.names import UNPRINTABLE, printable, printable_territory, short
from tests.report.fixtures import HOSTILE, territory


@given(st.text())
def test_nothing_unprintable_is_left_and_nothing_printable_is_lost(text):
    written = printable(text)
    assert not [sign for sign in written if unicodedata.category(sign) in UNPRINTABLE]
    kept = [sign for sign in text if unicodedata.category(sign) not in UNPRINTABLE and not sign.isspace()]
    assert [sign for sign in written if not sign.isspace()] == kept
    assert printable(written) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Pau\u202egnol\u202c", "Paugnol"),
        ("\u200fPau", "Pau"),
        ("Pau\x00\x08", "Pau"),
        ("Saint-\nJean", "Saint- Jean"),
        (HOSTILE[0], HOSTILE[0]),
    ],
)
def test_marks_and_controls_go_and_words_stay(text, written):
    assert printable(text) == written


@given(st.text(), st.integers(min_value=1, max_value=80))
def test_a_short_text_is_never_longer_than_asked_and_a_text_that_fits_is_whole(text, longest):
    cut = short(text, longest)
    assert len(cut) <= longest
    assert cut == text or (len(text) > longest and cut.endswith("…"))


def test_a_commune_without_a_printable_name_has_its_code():
    place = territory()
    names = ("\u202e\x00", *place.communes.names[1:])
    object.__setattr__(place.communes, "names", names)
    assert printable_territory(place).communes.names[0] == "64001"
