"""What the terminal shows: progress, errors, tables; and how an interruption is asked."""

from __future__ import annotations

import json
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from types import FrameType

from rich.console import Console
from rich.progress import Progress as Bar
from rich.progress import ProgressColumn, SpinnerColumn, Task, TaskID, TextColumn, TimeElapsedColumn
from rich.progress_bar import ProgressBar
from rich.text import Text

from territo.errors import TerritoError
from territo.i18n import explain, t
from territo.i18n.numbers import number, percent
from territo.progress import Event

INTERRUPTED = 130
BAR_WIDTH = 24
MEGABYTE = 1_000_000
MIN_SECONDS_BETWEEN_EVENTS = 0.2


class _Part(ProgressColumn):
    """A bar, for steps that can be measured."""

    def render(self, task: Task) -> ProgressBar | Text:
        """Draw the bar of a step."""
        if not task.fields.get("measured"):
            return Text()
        return ProgressBar(total=task.total, completed=task.completed, width=BAR_WIDTH, pulse=task.total is None)


class _Received(ProgressColumn):
    """Megabytes received, for steps that are downloads."""

    def __init__(self, lang: str) -> None:
        """Write figures in a language."""
        super().__init__()
        self.lang = lang

    def render(self, task: Task) -> Text:
        """Write the megabytes of a step."""
        if not task.fields.get("measured"):
            return Text()
        done, total = (
            number(size / MEGABYTE, 1, self.lang) if size is not None else "?" for size in (task.completed, task.total)
        )
        return Text(t("cli.received", self.lang, done=done, total=total))


class Watch:
    """Shows events, and turns the first Ctrl+C into a request to stop and keep the best answer."""

    def __init__(self, lang: str, kind: str) -> None:
        """Show events in a language: ``bar`` on a terminal, ``json`` lines, or ``none``."""
        self.lang = lang
        self.kind = kind
        self.interrupted = False
        self._subject = ""
        self._bar = Bar(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            _Part(),
            _Received(lang),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._bar.add_task("", total=None)
        self._layers: dict[str, TaskID] = {}
        self._last = 0.0

    def report(self, event: Event) -> None:
        """Show an event."""
        self._subject = event.subject or self._subject
        if self.kind == "json":
            self._write_line(event)
        elif self.kind == "bar" and event.done is not None:
            self._measure(event, event.done)
        elif self.kind == "bar":
            self._bar.update(self._task, description=self._sentence(event))

    def _measure(self, event: Event, done: int) -> None:
        """Give a measurable step a bar of its own, which stays once it is full."""
        if event.stage not in self._layers:
            name = t(f"stage.{event.stage}", self.lang)
            self._layers[event.stage] = self._bar.add_task(name, total=None, measured=True)
        self._bar.update(self._layers[event.stage], completed=done, total=event.total)

    def cancelled(self) -> bool:
        """Whether the user asked to stop."""
        return self.interrupted

    def _write_line(self, event: Event) -> None:
        frequent = event.incumbent is not None or (event.done is not None and event.done != event.total)
        if frequent and time.monotonic() - self._last < MIN_SECONDS_BETWEEN_EVENTS:
            return
        self._last = time.monotonic()
        sys.stderr.write(json.dumps(asdict(event), ensure_ascii=False) + "\n")
        sys.stderr.flush()

    def _sentence(self, event: Event) -> str:
        words = [self._subject, t(f"stage.{event.stage}", self.lang)]
        if event.incumbent is not None and event.bound is not None and event.incumbent:
            gap = abs(event.incumbent - event.bound) / abs(event.incumbent)
            words.append(t("cli.margin", self.lang, margin=percent(gap, 2, self.lang)))
        return " · ".join(word for word in words if word)

    @contextmanager
    def watching(self) -> Iterator[Watch]:
        """Show progress and catch Ctrl+C while the block runs."""
        before = signal.signal(signal.SIGINT, self._ask_to_stop)
        try:
            if self.kind == "bar":
                with self._bar:
                    yield self
            else:
                yield self
        finally:
            signal.signal(signal.SIGINT, before)

    def _ask_to_stop(self, _signal: int, _frame: FrameType | None) -> None:
        if self.interrupted:
            raise KeyboardInterrupt
        self.interrupted = True
        sys.stderr.write(t("cli.stopping", self.lang) + "\n")


def watch(lang: str, progress: str) -> Watch:
    """Make the watch asked for: ``auto`` is a bar on a terminal and silence elsewhere."""
    if progress == "json":
        return Watch(lang, "json")
    return Watch(lang, "bar" if sys.stderr.isatty() else "none")


def show_error(error: TerritoError, lang: str) -> None:
    """Write each fault as one sentence on the error output."""
    for fault in error.faults:
        sys.stderr.write(explain(fault, lang) + "\n")


def show_json(document: object) -> None:
    """Write one JSON document on the standard output."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n")


def seconds(value: float, lang: str) -> str:
    """Write a duration in seconds."""
    return f"{number(value, 1, lang)} s"
