"""What may be asked of any location model, and the clock that holds it to it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypedDict

from territo.progress import Event, Progress, Silent


class Keywords(TypedDict, total=False):
    """The keywords that every location model takes.

    Parameters
    ----------
    fixed_open, forbidden
        Columns that must open, and that must not.
    time_limit
        Seconds; None waits for the proof.
    gap
        Relative gap below which an answer counts as proven.
    seed, threads
        The same two give the same answer, where no time limit cuts it short.
    progress
        Receives incumbents and bounds; may ask for a stop, which keeps the
        best answer.
    """

    fixed_open: Sequence[int]
    forbidden: Sequence[int]
    time_limit: float | None
    gap: float
    seed: int
    threads: int
    progress: Progress


@dataclass(frozen=True, slots=True)
class Limits:
    """The keywords, with their defaults; see :class:`Keywords`."""

    fixed_open: Sequence[int] = ()
    forbidden: Sequence[int] = ()
    time_limit: float | None = None
    gap: float = 0.0
    seed: int = 0
    threads: int = 1
    progress: Progress = field(default_factory=Silent)


class Clock:
    """Time since the start of a model, and whether it has to stop.

    Parameters
    ----------
    limits
        Its time limit and its progress count.
    """

    def __init__(self, limits: Limits) -> None:
        self._began = time.perf_counter()
        self._limit = limits.time_limit
        self._progress = limits.progress

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return time.perf_counter() - self._began

    @property
    def left(self) -> float:
        """Seconds that are left; inf without a limit."""
        return float("inf") if self._limit is None else max(self._limit - self.seconds, 0.0)

    def over(self) -> bool:
        """Whether the time is spent or somebody asked for a stop."""
        return self.left <= 0 or self._progress.cancelled()

    def report(self, stage: str, incumbent: float | None, bound: float | None) -> None:
        """Tell whoever watches the best value and the bound."""
        self._progress.report(Event(stage, self.seconds, incumbent, bound))
