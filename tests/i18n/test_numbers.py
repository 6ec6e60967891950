import math

import pytest

from territo.i18n.numbers import euros, minutes, number, percent, signed


@pytest.mark.parametrize(
    ("value", "decimals", "french", "english"),
    [
        (1234567.891, 2, "1\u202f234\u202f567,89", "1,234,567.89"),
        (999.5, 1, "999,5", "999.5"),
        (-1234.0, 0, "\u22121\u202f234", "\u22121,234"),
        (-0.04, 1, "0,0", "0.0"),
        (0.0, 0, "0", "0"),
        (math.nan, 2, "n.\u00a0d.", "n/a"),
        (math.inf, 0, "∞", "∞"),
        (-math.inf, 0, "\u2212∞", "\u2212∞"),
    ],
)
def test_numbers_have_the_separators_of_their_language(value: float, decimals: int, french: str, english: str) -> None:
    assert number(value, decimals) == french
    assert number(value, decimals, "en") == english


def test_a_change_has_its_sign_unless_it_rounds_to_nothing() -> None:
    assert signed(3.2) == "+3"
    assert signed(-3.2, 1) == "\u22123,2"
    assert signed(0.4) == "0"
    assert signed(-0.4) == "0"
    assert signed(math.nan) == "n.\u00a0d."


def test_euros_stand_after_in_french_and_before_in_english() -> None:
    assert euros(-12_500) == "\u221212\u202f500\u202f€"
    assert euros(12_500.5, 2, "en") == "€12,500.50"
    assert euros(-12_500, 0, "en") == "\u2212€12,500"
    assert euros(math.nan, 0, "en") == "n/a"


def test_percentages_and_minutes_keep_their_unit_on_the_line() -> None:
    assert percent(0.125, 1) == "12,5\u202f%"
    assert percent(0.125, 1, "en") == "12.5%"
    assert minutes(7.25, 1) == "7,2\u202fmin"
    assert minutes(math.nan) == "n.\u00a0d."
