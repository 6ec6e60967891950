"""Sentences for what pydantic finds: what is expected, what stands there, and on which line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Any, cast, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from territo.errors import Fault, InputError, fault
from territo.scenario.yaml_lines import LocatedYaml

LONGEST_QUOTE = 60

_EXPECTED = {
    "bool": ("true-or-false", "true or false is expected: got {got}"),
    "int": ("whole-number-expected", "a whole number is expected, the unit stands in the name of the key: got {got}"),
    "float": ("number-expected", "a plain number is expected, the unit stands in the name of the key: got {got}"),
    "finite": ("number-expected", "a plain number is expected, the unit stands in the name of the key: got {got}"),
    "string": ("text-expected", "a text is expected: got {got}"),
    "tuple": ("list-expected", "a list is expected, [a, b]: got {got}"),
    "list": ("list-expected", "a list is expected, [a, b]: got {got}"),
    "model": ("mapping-expected", "keys and values are expected below this key: got {got}"),
    "mapping": ("mapping-expected", "keys and values are expected below this key: got {got}"),
    "dict": ("mapping-expected", "keys and values are expected below this key: got {got}"),
}
# kind of limit, as pydantic names it -> code, sentence, and the name of the limit
LIMITS = {
    "greater_than_equal": ("at-least", "at least {limit} is expected: got {got}", "ge"),
    "greater_than": ("more-than", "more than {limit} is expected: got {got}", "gt"),
    "less_than_equal": ("at-most", "at most {limit} is expected: got {got}", "le"),
    "less_than": ("less-than", "less than {limit} is expected: got {got}", "lt"),
    "too_short": ("too-few", "the list needs at least {limit}: got {got}", "min_length"),
    "too_long": ("too-many", "the list takes at most {limit}: got {got}", "max_length"),
    "string_too_short": ("empty-text", "a text is expected here, it is empty", "min_length"),
    "string_too_long": ("long-text", "at most {limit} characters are expected", "max_length"),
}


def faults_from_validation(error: ValidationError, located: LocatedYaml, model: type[BaseModel]) -> list[Fault]:
    """Turn the findings of pydantic into faults with file, line, key and sentence.

    A validator that raises ``InputError`` gives its own faults; their keys are
    relative to the value that it checks.

    Parameters
    ----------
    error
        What ``model.model_validate(located.data)`` raised.
    located
        The content that was validated.
    model
        The model, for the nearest known key.
    """
    details = error.errors(include_url=False)
    return [
        replace(each, where=located.where(each.key))
        for detail in details
        if not _follows(detail, details)
        for each in _faults(detail, _path(detail, located.data), located, model)
    ]


def _follows(detail: ErrorDetails, details: Sequence[ErrorDetails]) -> bool:
    """Whether a list is too short only because its own elements are wrong, which is said of them."""
    place = detail["loc"]
    return detail["type"] == "too_short" and any(
        len(other["loc"]) > len(place) and other["loc"][: len(place)] == place for other in details
    )


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word that looks most like this one, or an empty text."""
    return next(iter(get_close_matches(word, sorted(known), n=1, cutoff=0.6)), "")


def unknown(code: str, what: str, word: str, known: Iterable[str], **context: object) -> Fault:
    """Make the fault of a word that is not known, with the nearest known one.

    Parameters
    ----------
    code
        Code of the fault; ``<code>-near`` where a known word looks like this one.
    what
        Beginning of the sentence, with ``{name}``.
    word, known
        The word, and the words that are known.
    context
        Further parameters of the fault (``key``, ``where``...).
    """
    known = tuple(known)
    close = nearest(word, known)
    parameters = cast("dict[str, Any]", {"name": _short(word), **context})
    if close:
        return fault(f"{code}-near", what + ": did you mean {nearest}?", nearest=close, **parameters)
    return fault(code, what + ": known here are {known}", known=_short(", ".join(known), 300), **parameters)


def _path(detail: ErrorDetails, data: Any) -> list[str | int]:
    """Location in the data, without the names of union branches that pydantic puts in between."""
    path: list[str | int] = []
    for part in detail["loc"]:
        inside = (isinstance(data, Mapping) and part in data) or (
            isinstance(data, Sequence) and not isinstance(data, str) and isinstance(part, int) and part < len(data)
        )
        if inside:
            data = data[part]
            path.append(part)
    if detail["type"] == "missing" and path[-1:] != [detail["loc"][-1]]:
        path.append(detail["loc"][-1])
    return path


def _faults(
    detail: ErrorDetails, path: list[str | int], located: LocatedYaml, model: type[BaseModel]
) -> Iterator[Fault]:
    key = ".".join(map(str, path))
    raised = detail.get("ctx", {}).get("error")
    if isinstance(raised, InputError):
        for each in raised.faults:
            yield replace(each, key=".".join(part for part in (key, each.key) if part))
        return
    if detail["loc"][-1:] == ("[key]",):
        known = re.findall(r"'([^']*)'", str(detail.get("ctx", {}).get("expected", "")))
        yield unknown("unknown-key", "unknown key {name}", str(path[-1]), known, key=key)
        return
    make = _SPECIAL.get(detail["type"])
    if make:
        yield make(detail, path, key, located, model)
    elif detail["type"] in LIMITS:
        yield _limit_fault(detail, key, located)
    else:
        yield _type_fault(detail, key, located)


def _unknown_key(_: ErrorDetails, path: list[str | int], key: str, __: LocatedYaml, model: type[BaseModel]) -> Fault:
    return unknown("unknown-key", "unknown key {name}", str(path[-1]), _known_keys(model, path[:-1]), key=key)


def _missing_key(_: ErrorDetails, path: list[str | int], key: str, __: LocatedYaml, ___: type[BaseModel]) -> Fault:
    return fault("missing-key", "the key {name} is required: add it", key=key, name=path[-1])


def _unknown_value(
    detail: ErrorDetails, _: list[str | int], key: str, located: LocatedYaml, __: type[BaseModel]
) -> Fault:
    context = detail.get("ctx", {})
    listed = str(context.get("expected", context.get("expected_tags", "")))
    known = [quoted or word.lower() for quoted, word in re.findall(r"'([^']*)'|\b(True|False)\b", listed)]
    if detail["type"] == "union_tag_invalid" and f"{key}.kind" in located.marks:
        key = f"{key}.kind"
    got = context.get("tag") or _got(detail["input"], key, located)
    if "<word>" in detail["loc"] and len(known) == 1:  # the key takes this word or a list
        sentence = "{name} is neither {word} nor a list: write {word}, or [a, b]"
        return fault("word-or-list", sentence, key=key, name=got, word=known[0])
    return unknown("unknown-value", "{name} is not a value of this key", str(got), known, key=key)


def _bad_identifier(
    detail: ErrorDetails, _: list[str | int], key: str, located: LocatedYaml, __: type[BaseModel]
) -> Fault:
    sentence = "only letters without accents, digits, - and _ make an identifier: got {got}"
    return fault("bad-identifier", sentence, key=key, got=_got(detail["input"], key, located))


_SPECIAL: dict[str, Callable[[ErrorDetails, list[str | int], str, LocatedYaml, type[BaseModel]], Fault]] = {
    "extra_forbidden": _unknown_key,
    "missing": _missing_key,
    "literal_error": _unknown_value,
    "union_tag_invalid": _unknown_value,
    "string_pattern_mismatch": _bad_identifier,
}


def _limit_fault(detail: ErrorDetails, key: str, located: LocatedYaml) -> Fault:
    code, sentence, name = LIMITS[detail["type"]]
    limit, value = detail.get("ctx", {})[name], detail["input"]
    if name == "le" and limit == 1 and isinstance(value, int | float) and value <= 100:  # noqa: PLR2004 - a percentage
        return fault(
            "share-not-percentage",
            "a share from 0 to 1 is expected: write {share} for {got} %",
            key=key,
            share=f"{value / 100:g}",
            got=f"{value:g}",
        )
    got = detail.get("ctx", {}).get("actual_length", _got(value, key, located))
    return fault(code, sentence, key=key, limit=f"{limit:g}", got=got)


def _type_fault(detail: ErrorDetails, key: str, located: LocatedYaml) -> Fault:
    family = detail["type"].partition("_")[0]
    got = _got(detail["input"], key, located)
    if family == "string" and isinstance(detail["input"], int | float):
        return fault("quote-text", 'a text or a code is expected: write it in quotes, "{got}"', key=key, got=got)
    code, sentence = _EXPECTED.get(family, ("bad-value", "this value cannot be used: got {got}"))
    return fault(code, sentence, key=key, got=got)


def _got(value: object, key: str, located: LocatedYaml) -> str:
    """Show a value as written, in any language."""
    if isinstance(value, Mapping):
        return "{…}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[…]"
    return _short(located.text(key) or ("null" if value is None else str(value)))


def _short(text: str, longest: int = LONGEST_QUOTE) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _known_keys(model: type[BaseModel], path: Sequence[str | int]) -> list[str]:
    """Keys that the models at a place of the data know."""
    models = [model]
    for part in path:
        inner = [field.annotation for each in models for name, field in each.model_fields.items() if name == part]
        if inner:
            models = [found for annotation in inner for found in _models(annotation)]
    return sorted({name for each in models for name in each.model_fields})


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """All models named anywhere in a type."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)
