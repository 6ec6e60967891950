"""Figures in words: the right unit, as many digits as a reader needs, a sign where it is a change."""

from __future__ import annotations

import datetime as dt
import math

from territo.domain.travel import Notice
from territo.i18n import numbers, t

MILLION, THOUSAND = 1e6, 1e3
PERCENT = 100.0
MISSING = "—"

# unit of an indicator -> (divisor, digits after the comma, key of the sentence)
SCALES = {
    "min": (1.0, 1, "min"),
    "fte": (1.0, 1, "plain"),
    "share": (1.0 / PERCENT, 0, "percent"),
    "hours_per_year": (THOUSAND, 1, "plain"),
    "hours_per_week": (1.0, 0, "hours"),
    "tco2e_per_year": (1.0, 0, "tonnes"),
    "inhabitants": (1.0, 0, "plain"),
    "count": (1.0, 0, "plain"),
    "index": (1.0, 2, "plain"),
    "km_per_year": (1.0, 0, "plain"),
    "m2": (1.0, 0, "m2"),
}


def amount(unit: str, value: float, lang: str) -> str:
    """Write a value with its unit; a long dash where it is unknown."""
    if math.isnan(value):
        return MISSING
    divisor, digits, key = scale(unit, value)
    return t(f"page.unit.{key}", lang, value=numbers.number(value / divisor, digits, lang))


def interval(unit: str, values: tuple[float, float, float], lang: str) -> str:
    """Write low end, value and high end, in one unit said once."""
    divisor, digits, key = scale(unit, max(values, key=abs))
    low, value, high = (numbers.number(end / divisor, digits if end else 0, lang) for end in values)
    return t(f"page.unit.{key}", lang, value=t("page.interval", lang, low=low, value=value, high=high))


def change_words(unit: str, before: float, after: float, lang: str) -> str:
    """Write a change with its sign, in the unit of the value beside it; empty if it rounds to nothing."""
    divisor, digits, key = scale(unit, after)
    text = numbers.signed((after - before) / divisor, digits, lang)
    if text == numbers.number(0.0, digits, lang):
        return ""
    return t("page.unit.points", lang, value=text) if key == "percent" else text


def signed(unit: str, change: float, lang: str) -> str:
    """Write a change with its sign and its unit."""
    if math.isnan(change):
        return MISSING
    divisor, digits, key = scale(unit, change)
    return t(f"page.unit.{key}", lang, value=numbers.signed(change / divisor, digits, lang))


def scale(unit: str, value: float) -> tuple[float, int, str]:
    """Choose how a value is shown: divisor, digits after the comma, key of the unit."""
    if unit != "eur_per_year":
        return SCALES[unit]
    if abs(value) >= MILLION:
        return MILLION, 2, "meur"
    if abs(value) >= THOUSAND:
        return THOUSAND, 0, "keur"
    return 1.0, 0, "eur"


def percent(share: float, lang: str) -> str:
    """Write a share as a percentage with one digit after the comma, rounded up, at least 0.1."""
    tenths = max(1, math.ceil(round(share * PERCENT * 10.0, 6)))
    return t("page.unit.percent", lang, value=numbers.number(tenths / 10.0, 1, lang))


def plain(value: float, digits: int, lang: str) -> str:
    """Write a number without a unit; a long dash where it is unknown."""
    return MISSING if math.isnan(value) else numbers.number(value, digits, lang)


def day(date: str, lang: str) -> str:
    """Write an ISO date as people do: 22/11/2026 in French, unchanged in English or where it is not a date."""
    try:
        found = dt.date.fromisoformat(date[:10])
    except ValueError:
        return date
    return f"{found:%d/%m/%Y}" if lang == "fr" else found.isoformat()


def notice_sentence(notice: Notice, lang: str) -> str:
    """Say a notice on a territory."""
    parameters = {
        name: numbers.number(value, 2, lang) if isinstance(value, float) else value
        for name, value in notice.params.items()
    }
    return t(f"notice.{notice.code}", lang, **parameters)
