"""Verdicts on services in sentences, and as a document for other programs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from territo.domain.catalogue import Catalogue
from territo.domain.verdict import Flip, Verdict
from territo.i18n import LANGUAGES, t
from territo.i18n.numbers import NARROW_SPACE, euros, number, signed
from territo.report.promises import money

# a regret that is known to this part of itself is said without its margin, a turn as one number
SURE, NARROW = 0.02, 0.06


def verdict_words(verdict: Verdict, catalogue: Catalogue, lang: str) -> str:
    """Say what is better, what the other choice would change, and what turns the answer round."""
    label = catalogue[verdict.service].label
    if verdict.choice == "undecided":
        if verdict.regret is None:
            return t("verdict.unknown", lang, service=label)
        return t("verdict.undecided", lang, service=label, most=money(verdict.regret + verdict.margin, lang))
    words = [t(f"verdict.{verdict.choice}", lang, service=label), _other(verdict, lang)]
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
    regret = money(verdict.regret, lang)
    if verdict.margin > SURE * verdict.regret:
        regret = t("verdict.margin", lang, regret=regret, margin=money(verdict.margin, lang))
    return t("verdict.other", lang, cost=cost, minutes=minutes, regret=regret)


def _flips(verdict: Verdict, lang: str) -> list[str]:
    kinds: tuple[tuple[str, Flip | None, Callable[[float], str]], ...] = (
        ("hour", verdict.value_of_time, lambda value: euros(value, 2, lang)),
        ("volume", verdict.volume, lambda value: number(value, 2, lang)),
        ("team", verdict.least_team, lambda value: number(value, 1, lang)),
    )
    return [_turn(kind, flip, said, lang) for kind, flip, said in kinds if flip is not None]


def _turn(kind: str, flip: Flip, said: Callable[[float], str], lang: str) -> str:
    """Say a number, or between which two it is where what is known is wide."""
    if flip.most - flip.least <= NARROW * flip.at:
        return t(f"verdict.{kind}", lang, value=said(flip.at))
    return t(f"verdict.{kind}_between", lang, least=said(flip.least), most=said(flip.most))
