"""Sentences for people, by key and language.

French is the reference; English has the same keys. The English sentence of a
fault stands in the fault itself, so the section ``error`` is French only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

from territo.errors import Fault, located

LANGUAGES = ("fr", "en")


def t(key: str, /, lang: str = "fr", **params: object) -> str:
    """Return the sentence of a key, its placeholders filled in.

    Parameters
    ----------
    key
        Dotted path in the file of the language, ``indicator.PRX2.label``.
    lang
        ``fr`` or ``en``.
    params
        Values of the placeholders.

    Raises
    ------
    KeyError
        If the key, the language or a parameter is missing: a defect of the
        program, never of its input.
    """
    return sentences(lang)[key].format_map(params)


def explain(fault: Fault, lang: str = "fr") -> str:
    """Return one line on a fault: ``file:line: key: sentence``, in the language."""
    if lang == "en":
        return str(fault)
    return located(fault, t(f"error.{fault.code}", lang, **fault.context))


@cache
def sentences(lang: str) -> Mapping[str, str]:
    """Return all the sentences of a language, by dotted key."""
    import yaml

    if lang not in LANGUAGES:
        raise KeyError(lang)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = resources.files(__package__).joinpath(f"{lang}.yaml").read_text(encoding="utf-8")
    return dict(_flat(yaml.load(text, loader), ""))  # noqa: S506 - one of the two safe loaders


def _flat(tree: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        elif value is not None:
            yield f"{prefix}{name}", str(value)
