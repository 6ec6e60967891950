"""Figures carry the unit a reader expects."""

import math

import pytest

from territo.report.wording import amount, change_words, day, interval, percent, plain, signed

N = "\u202f"


@pytest.mark.parametrize(
    ("unit", "value", "written"),
    [
        ("min", 12.34, f"12,3{N}min"),
        ("eur_per_year", 4_214_000.0, f"4,21{N}M€"),
        ("eur_per_year", -570_400.0, f"−570{N}k€"),
        ("eur_per_year", 940.0, f"940{N}€"),
        ("share", 0.583, f"58{N}%"),
        ("inhabitants", 144_215.0, f"144{N}215"),
        ("hours_per_year", 59_464.0, "59,5"),
        ("min", math.nan, "—"),
    ],
)
def test_amounts_in_french(unit, value, written):
    assert amount(unit, value, "fr") == written


def test_an_interval_says_its_unit_once():
    assert interval("eur_per_year", (0.0, 414_000.0, 828_000.0), "fr") == f"0{N}; 414{N}; 828{N}k€"


def test_a_change_keeps_the_unit_of_the_value_beside_it():
    assert change_words("eur_per_year", 4_140_000.0, 5_088_000.0, "fr") == "+0,95"


def test_a_share_changes_in_points():
    assert change_words("share", 0.90, 0.75, "fr") == f"−15{N}pt"


def test_a_change_that_rounds_to_nothing_is_not_said():
    assert change_words("min", 12.30, 12.34, "fr") == ""


def test_a_change_alone_has_its_sign_and_its_unit():
    assert signed("min", -2.5, "fr") == f"−2,5{N}min"
    assert signed("min", math.nan, "fr") == "—"


@pytest.mark.parametrize(("gap", "written"), [(0.0, "0,1"), (0.0004, "0,1"), (0.001, "0,1"), (0.0011, "0,2")])
def test_a_gap_is_rounded_up_and_never_zero(gap, written):
    assert percent(gap, "fr") == f"{written}{N}%"


def test_a_plain_number_that_is_unknown_is_a_dash():
    assert plain(math.nan, 1, "fr") == "—"


def test_a_date_is_written_as_people_do():
    assert day("2026-11-22T03:04:05+00:00", "fr") == "22/11/2026"
    assert day("2026-11-22", "en") == "2026-11-22"
    assert day("unknown", "fr") == "unknown"
