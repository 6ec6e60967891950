"""One protocol for progress that goes up and cancellation that comes down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Event:
    """A step of a long work.

    Parameters
    ----------
    stage
        Identifier of the step (``roads``, ``travel``, ``districting``, ...);
        ``stage.<stage>`` in ``i18n`` is its name for people.
    seconds
        Seconds since the stage began.
    incumbent, bound
        Best value found and proven bound, in the unit of the objective;
        None as long as there is none.
    subject
        What the step is about, for example the name of a scenario.
    """

    stage: str
    seconds: float = 0.0
    incumbent: float | None = None
    bound: float | None = None
    subject: str = ""


class Progress(Protocol):
    """Receives events; says whether the work should stop."""

    def report(self, event: Event) -> None:
        """Receive an event."""

    def cancelled(self) -> bool:
        """Whether the work should stop now and keep its best answer."""


class Unheard:
    """Passes requests to stop down to a part of a work, but not its events up.

    Parameters
    ----------
    progress
        Of the whole: the values of the part would mean nothing to it.
    """

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def report(self, event: Event) -> None:
        """Ignore the event."""

    def cancelled(self) -> bool:
        """Whether the whole should stop."""
        return self._progress.cancelled()


class Silent:
    """The progress of a work that nobody watches."""

    def report(self, event: Event) -> None:
        """Ignore the event."""

    def cancelled(self) -> bool:
        """Never ask for a stop."""
        return False
