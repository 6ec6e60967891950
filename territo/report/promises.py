"""Promises, repairs and prices in sentences, and as a document for other programs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from territo.domain.explanation import Asked, Explanation, Price, Repair
from territo.i18n import LANGUAGES, explain, t
from territo.i18n.numbers import euros, minutes, number, percent

MILLION, THOUSAND = 1e6, 1e3
# a sentence with more choices than this is not read
MOST_CHOICES = 4
MONEY = {"limits_cost", "capital"}
SHARES = {"balance"}


def promise_words(asked: Asked, lang: str) -> str:
    """Say a promise as a noun phrase, without capital."""
    return t(f"promise.{asked.wording}", lang, **_params(asked, lang))


def repair_words(repair: Repair, lang: str, *, name_service: bool = False) -> str:
    """Say a repair as what one must do; ``name_service`` where several services give way."""
    asked = repair.asked
    params = _params(asked, lang)
    if repair.to is not None and repair.before is not None:
        more = repair.to - repair.before
        params |= {
            "before": _value(repair, repair.before, lang),
            "to": _value(repair, repair.to, lang),
            "more": money(more, lang) if asked.wording in MONEY else number(more, 0, lang),
        }
    wording = asked.wording.removesuffix("_alone").removesuffix("_everyone")
    words = t(f"repair.{wording}", lang, **params)
    if name_service and "service" in params:
        words = t("explain.for_service", lang, words=words, service=params["service"])
    return words


def price_words(price: Price, lang: str) -> str:
    """Say what a promise costs, and to whom it brings what; without capital."""
    params = {
        "promise": promise_words(price.asked, lang),
        "cost": money(price.cost, lang),
        "hours": number(price.hours, 0, lang),
        "minutes": minutes(price.minutes, 1, lang),
        "people": number(price.people, 0, lang),
    }
    if price.cost <= 0:
        return t("price.time", lang, **params)
    return t("price.gain" if round(price.people) else "price.plain", lang, **params)


def free_words(prices: Sequence[Price], lang: str) -> str:
    """Name the promises that cost nothing, in one sentence."""
    words = [promise_words(price.asked, lang) for price in prices if not costs(price)]
    return t("price.nothing", lang, promises=_listed(words, "explain.and", lang)) if words else ""


def costs(price: Price) -> bool:
    """Whether a promise costs more than the proofs leave open, to the euro."""
    return price.value > max(price.margin, 1.0)


def sentence(explanation: Explanation, lang: str) -> str:
    """Say the whole in one sentence."""
    if explanation.feasible is None:
        return t("explain.unknown", lang)
    if explanation.feasible:
        if not explanation.prices and not explanation.complete:
            return t("explain.unpriced", lang)
        binding = [price for price in explanation.prices if costs(price)]
        key = "explain.binding" if binding else "explain.free"
        return t(key, lang, price=price_words(binding[0], lang) if binding else "")
    asked = {each.id: each for each in explanation.asked}
    if len(explanation.conflicts) != 1:
        return t("explain.all", lang, remedy=_remedy(explanation, lang))
    blocking = [asked[each] for each in explanation.conflicts[0]]
    budget = next((each for each in blocking if each.wording == "limits_cost"), None)
    others = _listed([promise_words(each, lang) for each in blocking if each is not budget], "explain.and", lang)
    params = {"promises": others, "remedy": _remedy(explanation, lang)}
    if budget is not None:
        params["budget"] = _params(budget, lang)["amount"]
        return t("explain.budget" if others else "explain.budget_alone", lang, **params)
    return t("explain.together" if len(blocking) > 1 else "explain.one", lang, **params)


def document(explanation: Explanation) -> dict[str, Any]:
    """Return an explanation as plain values, with its sentences in every language."""
    return {
        "feasible": explanation.feasible,
        "complete": explanation.complete,
        "sentence": {lang: sentence(explanation, lang) for lang in LANGUAGES},
        "promises": [
            {
                "promise": each.id,
                "wording": each.wording,
                "label_params": dict(each.params),
                "words": {lang: promise_words(each, lang) for lang in LANGUAGES},
            }
            for each in explanation.asked
        ],
        "repairs": [_repair(each, explanation.repairs) for each in explanation.repairs],
        "smallest_set": [_repair(each, explanation.smallest_set) for each in explanation.smallest_set],
        "conflicts": [list(conflict) for conflict in explanation.conflicts],
        "every_conflict": explanation.every_conflict,
        "binding": [_price(price) for price in explanation.prices if costs(price)],
        "screen": [
            {"code": found.code, **{lang: explain(found, lang) for lang in LANGUAGES}} for found in explanation.screen
        ],
    }


def money(value: float, lang: str) -> str:
    """Write euros as people say them: 200 k€, 39,02 M€."""
    size = abs(value)
    scale, unit = (MILLION, "M") if size >= MILLION else (THOUSAND, "k") if size >= 10 * THOUSAND else (1.0, "")
    decimals = 2 if unit == "M" and not math.isclose(value / MILLION, round(value / MILLION), abs_tol=5e-3) else 0
    written = euros(value / scale, decimals, lang)
    return written.replace("€", f"{unit}€") if lang == "fr" else written + unit


def _repair(repair: Repair, all_of_them: Sequence[Repair]) -> dict[str, Any]:
    several = _several_services(all_of_them)
    return {
        "promise": repair.asked.id,
        "wording": repair.asked.wording,
        "label_params": dict(repair.asked.params),
        "words": {lang: repair_words(repair, lang, name_service=several) for lang in LANGUAGES},
        "from": repair.before,
        "to": repair.to,
        "unit": repair.unit,
        "least": repair.least,
        "not_enough": None if repair.not_enough is None else repair.not_enough.to,
        "patch": [{"path": path, "value": value} for path, value in repair.patch.items()],
    }


def _price(price: Price) -> dict[str, Any]:
    return {
        "promise": price.asked.id,
        "wording": price.asked.wording,
        "label_params": dict(price.asked.params),
        "words": {lang: price_words(price, lang) for lang in LANGUAGES},
        "price": price.value,
        "unit": "eur_per_year",
        "margin": price.margin,
        "cost": price.cost,
        "hours": price.hours,
        "people": price.people,
        "minutes": price.minutes,
    }


def _remedy(explanation: Explanation, lang: str) -> str:
    """Say what one must do: one of several changes, or several together."""
    single = _choices(explanation.repairs)
    if single:
        several = _several_services(single)
        words = [repair_words(each, lang, name_service=several) for each in single[:MOST_CHOICES]]
        if len(words) == 1:
            return t("explain.must", lang, change=words[0])
        either = [t("explain.either", lang, change=each) for each in words]
        return t("explain.must", lang, change=", ".join(either))
    if explanation.smallest_set:
        several = _several_services(explanation.smallest_set)
        words = [repair_words(each, lang, name_service=several) for each in explanation.smallest_set]
        if len(words) == 1:
            return t("explain.must", lang, change=words[0])
        return t("explain.must_all", lang, changes=_listed(words, "explain.and", lang))
    return t("explain.no_repair" if explanation.complete else "explain.cut_short", lang)


def _choices(repairs: Sequence[Repair]) -> list[Repair]:
    """Keep one repair a promise, the first: minutes come before shares. Money comes first of all."""
    first: dict[str, Repair] = {}
    for each in repairs:
        first.setdefault(each.asked.id, each)
    return sorted(first.values(), key=lambda each: each.asked.wording not in MONEY)


def _several_services(repairs: Sequence[Repair]) -> bool:
    return len({each.asked.params["service"] for each in repairs if "service" in each.asked.params}) > 1


def _params(asked: Asked, lang: str) -> dict[str, str]:
    written = {}
    for name, value in asked.params.items():
        if isinstance(value, str):
            written[name] = _without_capital(value) if name == "service" else value
        elif name == "minutes":
            written[name] = minutes(value, 0 if float(value).is_integer() else 1, lang)
        elif name == "share" or asked.wording in SHARES:
            written[name] = percent(value, 0 if math.isclose(value * 100, round(value * 100)) else 1, lang)
        else:
            written[name] = money(value, lang) if asked.wording in MONEY else number(value, 0, lang)
    return written


def _value(repair: Repair, value: float, lang: str) -> str:
    if repair.unit == "share":
        return percent(value, 0 if math.isclose(value * 100, round(value * 100)) else 1, lang)
    if repair.unit == "min":
        return minutes(value, 0 if float(value).is_integer() else 1, lang)
    return money(value, lang) if repair.asked.wording in MONEY else number(value, 0, lang)


def _listed(words: Sequence[str], key: str, lang: str) -> str:
    """Join words with commas and a last « et »."""
    if len(words) < 2:  # noqa: PLR2004 - one word has nothing to be joined to
        return "".join(words)
    return t(key, lang, first=", ".join(words[:-1]), last=words[-1])


def _without_capital(words: str) -> str:
    """Write a label inside a sentence; acronyms keep their capitals."""
    return words[0].lower() + words[1:] if words[1:2].islower() else words
