"""Numbers as people read them, in French (1 234,5) and in English (1,234.5), without the system's locale."""

from __future__ import annotations

import math

NARROW_SPACE = "\u202f"
MINUS = "\u2212"
_SEPARATORS = {"fr": (NARROW_SPACE, ","), "en": (",", ".")}
_MISSING = {"fr": "n.\u00a0d.", "en": "n/a"}
_INFINITE = "∞"


def number(value: float, decimals: int = 0, lang: str = "fr") -> str:
    """Write a number with its thousands apart: ``1 234,5``.

    Parameters
    ----------
    value
        NaN is written ``n. d.`` (n/a in English), infinity ``∞``. A value
        that rounds to zero has no sign.
    decimals
        Digits after the decimal comma.
    lang
        ``fr`` or ``en``.
    """
    if math.isnan(value):
        return _MISSING[lang]
    thousands, decimal = _SEPARATORS[lang]
    digits = _INFINITE if math.isinf(value) else f"{abs(value):,.{decimals}f}"
    negative = value < 0 and any(digit not in "0.," for digit in digits)
    written = digits.replace(",", "\0").replace(".", decimal).replace("\0", thousands)
    return MINUS + written if negative else written


def signed(value: float, decimals: int = 0, lang: str = "fr") -> str:
    """Write a change with its sign: ``+3``, ``−3``; a change that rounds to zero has none."""
    written = number(value, decimals, lang)
    rises = value > 0 and written != number(0.0, decimals, lang)
    return f"+{written}" if rises else written


def euros(value: float, decimals: int = 0, lang: str = "fr") -> str:
    """Write an amount in euros: ``1 234 €``, ``€1,234``."""
    if lang == "fr":
        return _with_unit(value, decimals, lang, "€")
    written = number(value, decimals, lang)
    if math.isnan(value):
        return written
    return f"{MINUS}€{written[1:]}" if written.startswith(MINUS) else f"€{written}"


def percent(share: float, decimals: int = 0, lang: str = "fr") -> str:
    """Write a share from 0 to 1 as a percentage: ``12,5 %``."""
    return _with_unit(100.0 * share, decimals, lang, "%")


def minutes(value: float, decimals: int = 0, lang: str = "fr") -> str:
    """Write a time in minutes: ``12 min``."""
    return _with_unit(value, decimals, lang, "min")


def _with_unit(value: float, decimals: int, lang: str, unit: str) -> str:
    written = number(value, decimals, lang)
    if math.isnan(value):
        return written
    glue = "" if lang == "en" and unit == "%" else NARROW_SPACE
    return f"{written}{glue}{unit}"
