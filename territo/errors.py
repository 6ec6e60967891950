"""The tree of errors: each one says what is wrong, where, and what to do.

A message has two parts: a stable ``code``, which the edges translate
(``error.<code>`` in ``i18n``), and an English sentence with the same
parameters, which is what the Python API shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in an input.

    Parameters
    ----------
    code
        Stable identifier, for example ``unknown-key``; the key of the French
        sentence ``error.<code>``.
    text
        English sentence with ``{placeholders}`` taken from ``context``.
    where
        File and line, ``poles.yaml:12``, or the name of a file.
    key
        Dotted path of the value, ``territories.balance.tolerance``.
    context
        Parameters of the sentence.
    """

    code: str
    text: str
    where: str = ""
    key: str = ""
    context: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """One line: ``file:line: key: sentence``."""
        return located(self, self.text.format_map(self.context))


def located(fault: Fault, sentence: str) -> str:
    """Put the place of a fault before its sentence, in whichever language."""
    return ": ".join(part for part in (fault.where, fault.key, sentence) if part)


def fault(code: str, text: str, *, where: str = "", key: str = "", **context: object) -> Fault:
    """Make a :class:`Fault`; every further keyword is a parameter of the sentence."""
    return Fault(code, text, where, key, context)


class TerritoError(Exception):
    """Base of all errors that territo raises on purpose.

    Parameters
    ----------
    *faults
        What is wrong, at least one.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, *faults: Fault) -> None:
        self.faults: tuple[Fault, ...] = faults
        super().__init__("\n".join(map(str, faults)))

    def __reduce__(self) -> tuple[type[TerritoError], tuple[Fault, ...]]:
        """Keep the faults from one process to another."""
        return type(self), self.faults


class InputError(TerritoError, ValueError):
    """A file or an argument cannot be used; holds all the faults found."""

    exit_code: ClassVar[int] = 2


class InfeasibleError(TerritoError):
    """No organisation keeps all the promises of the scenario."""

    exit_code: ClassVar[int] = 3


class NoSolutionError(TerritoError):
    """The limits were reached before any organisation was found."""

    exit_code: ClassVar[int] = 4


class SourceUnavailableError(TerritoError, OSError):
    """A data source did not answer, or the network is closed on purpose."""

    exit_code: ClassVar[int] = 5


def raise_faults(faults: Iterable[Fault]) -> None:
    """Raise one :class:`InputError` with all the faults, if there are any."""
    found = tuple(faults)
    if found:
        raise InputError(*found)
