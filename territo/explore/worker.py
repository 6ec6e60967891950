"""A process that solves the tasks it reads until its input ends: ``python -m territo.explore.worker``."""

from __future__ import annotations

import signal
import sys
from types import FrameType
from typing import IO

from territo.explore.tasks import answer, read_frame, write_frame
from territo.progress import Event


class Reporter:
    """Sends events to the parent; an interruption asks for a stop that keeps the best answer."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._stopped = False

    def report(self, event: Event) -> None:
        """Send the event."""
        write_frame(self._pipe, event)

    def cancelled(self) -> bool:
        """Whether the parent, or the user, asked to stop."""
        return self._stopped

    def stop(self, _signal: int, _frame: FrameType | None) -> None:
        """Remember that a stop was asked."""
        self._stopped = True


def main() -> None:
    """Read a problem, then tasks; answer each."""
    incoming, outgoing = sys.stdin.buffer, sys.stdout.buffer
    reporter = Reporter(outgoing)
    signal.signal(signal.SIGINT, reporter.stop)
    problem = read_frame(incoming)
    while (task := read_frame(incoming)) is not None:
        write_frame(outgoing, answer(problem, task, reporter))


if __name__ == "__main__":
    main()
