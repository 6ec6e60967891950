"""Mistakes in the words of a command, as sentences: what is wrong, where, and what to do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from typer._click.exceptions import (
    BadOptionUsage,
    BadParameter,
    MissingParameter,
    NoArgsIsHelpError,
    NoSuchOption,
    UsageError,
)

from territo.errors import Fault, fault
from territo.i18n import explain, t
from territo.scenario.validation import LIMITS, unknown


def usage(error: UsageError, words: Sequence[str], lang: str) -> str:
    """Write the line that a mistake deserves; nothing where typer has shown the help already.

    Parameters
    ----------
    error
        What typer raised.
    words
        The words of the command.
    lang
        ``fr`` or ``en``.
    """
    if isinstance(error, NoArgsIsHelpError):
        return ""
    command = error.ctx.command_path if error.ctx else " ".join(["territo", *words[:1]])
    return t("cli.usage", lang, detail=explain(usage_fault(error, words), lang), command=command) + "\n"


def usage_fault(error: UsageError, words: Sequence[str]) -> Fault:
    """Make the fault of a mistake; parameters as :func:`usage`."""
    match error:
        case MissingParameter():
            name, what = _name(error), str(getattr(error.param, "help", None) or "").rstrip(".")
            return fault(
                "word-missing", "{name} is missing ({what}): add it", name=name, what=what[:1].lower() + what[1:]
            )
        case BadParameter():
            return _bad_value(error)
        case NoSuchOption():
            known = [name for each in _parameters(error) for name in each.opts if name.startswith("-")]
            return unknown("unknown-option", "there is no option {name}", error.option_name, known)
        case BadOptionUsage() if "does not take" in error.message:  # nothing else tells the two apart
            return fault("option-without-value", "this option takes no value: write it alone", key=error.option_name)
        case BadOptionUsage():
            return fault("option-needs-value", "a value is expected after it: add it", key=error.option_name)
        case _:
            return _unexpected(error, words)


def _bad_value(error: BadParameter) -> Fault:
    """Say what an option takes, from what pydantic found in its value."""
    name, cause = _name(error), error.__cause__
    if not isinstance(cause, ValidationError):
        return fault("bad-word", "{got} cannot be used here", key=name, got=error.message)
    detail: ErrorDetails = cause.errors(include_url=False)[0]
    kind, got, context = detail["type"], str(detail["input"]), detail.get("ctx", {})
    if kind in LIMITS:
        code, sentence, limit = LIMITS[kind]
        return fault(code, sentence, key=name, limit=f"{context[limit]:g}", got=got)
    choices = str(getattr(error.param, "metavar", None) or "").split("|")
    if len(choices) > 1:
        return unknown("unknown-choice", "{name} is not one of the choices", got, choices, key=name)
    if kind.startswith("int"):
        return fault("not-a-whole-number", "{value} is not a whole number: correct it", key=name, value=got)
    return fault("not-a-number", "{value} is not a number: correct it", key=name, value=got)


def _unexpected(error: UsageError, words: Sequence[str]) -> Fault:
    """Say which word is no command, or is one too many."""
    commands = getattr(error.ctx.command, "commands", None) if error.ctx else None
    if error.ctx and commands:
        word = words[len(error.ctx.command_path.split()) - 1]  # after the names of the commands that hold this one
        return unknown("unknown-command", "there is no command {name}", word, commands)
    found = re.search(r"\(s\) \((.*)\)$", error.message)
    return fault(
        "words-too-many", "nothing more is expected here: remove {words}", words=found.group(1) if found else ""
    )


def _name(error: BadParameter) -> str:
    """Name a parameter as it is written: an option by its name, an argument by what stands for it."""
    parameter: Any = error.param
    is_argument = parameter.param_type_name == "argument"
    return str(parameter.metavar or parameter.name.upper()) if is_argument else str(parameter.opts[0])


def _parameters(error: UsageError) -> list[Any]:
    return list(error.ctx.command.get_params(error.ctx)) if error.ctx else []
