"""Verdicts on services in sentences, and as a document for other programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from territo.domain.catalogue import Catalogue
from territo.domain.verdict import Verdict
from territo.i18n import LANGUAGES, t
from territo.i18n.numbers import NARROW_SPACE, euros, number, signed
from territo.report.promises import money


def verdict_words(verdict: Verdict, catalogue: Catalogue, lang: str) -> str:
    """Say what is better, what the other choice would change, and what turns the answer round."""
    words = [t(f"verdict.{verdict.choice}", lang, service=catalogue[verdict.service].label), _other(verdict, lang)]
    flips = _flips(verdict, lang)
    if flips:
        words.append(t("verdict.flips", lang, cases=", ".join(flips)))
    return " ".join(words)


def verdict_document(verdict: Verdict, catalogue: Catalogue) -> dict[str, Any]:
    """Return a verdict as plain values, with its sentence in every language."""
    return {**asdict(verdict), "words": {lang: verdict_words(verdict, catalogue, lang) for lang in LANGUAGES}}


def _other(verdict: Verdict, lang: str) -> str:
    if verdict.regret is None or verdict.cost is None or verdict.minutes is None:
        return t("verdict.broken", lang)
    cost = ("+" if verdict.cost > 0 else "") + money(verdict.cost, lang)
    minutes = f"{signed(verdict.minutes, 1, lang)}{NARROW_SPACE}min"
    return t("verdict.other", lang, cost=cost, minutes=minutes, regret=money(verdict.regret, lang))


def _flips(verdict: Verdict, lang: str) -> list[str]:
    flips = []
    if verdict.value_of_time is not None:
        flips.append(t("verdict.hour", lang, value=euros(verdict.value_of_time, 2, lang)))
    if verdict.volume is not None:
        flips.append(t("verdict.volume", lang, value=number(verdict.volume, 2, lang)))
    if verdict.least_team is not None:
        flips.append(t("verdict.team", lang, value=number(verdict.least_team, 1, lang)))
    return flips
