"""One solve of many: what is asked, what came out, and who does it, this process or two others."""

from __future__ import annotations

import dataclasses
import pickle
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import IO, Any, Protocol, Self

from territo.errors import TerritoError
from territo.locate.highs import Options
from territo.model.problem import Problem
from territo.model.solution import Solution
from territo.model.solve import solve
from territo.progress import Event, Progress

SECONDS_BETWEEN_LOOKS = 0.2
LENGTH_BYTES = 8


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """A variant of one problem to solve.

    Parameters
    ----------
    number
        Which one, to know the answer by.
    goals, limits
        What replaces the same fields of the problem.
    options
        Limits of the solve.
    starts
        Answers of neighbours, the one to start from first.
    """

    number: int
    goals: tuple[Mapping[str, float], ...]
    limits: Mapping[str, float]
    options: Options
    starts: tuple[Solution, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What came out of a task: a solution, or why there is none."""

    number: int
    solution: Solution | None
    error: TerritoError | None = None


def answer(problem: Problem, task: Task, progress: Progress) -> Answer:
    """Solve a task."""
    varied = dataclasses.replace(problem, goals=task.goals, limits=task.limits)
    try:
        start = next(iter(task.starts), None)
        return Answer(task.number, solve(varied, task.options, progress, start=start, neighbours=task.starts))
    except TerritoError as error:
        return Answer(task.number, None, error)


class Crew(Protocol):
    """Those who solve tasks."""

    size: int

    def submit(self, task: Task) -> None:
        """Give a task to one who is free."""

    def next(self, progress: Progress) -> Answer:
        """Wait for an answer."""


class Alone:
    """The process itself, one task at a time."""

    size = 1

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._tasks: list[Task] = []

    def submit(self, task: Task) -> None:
        """Keep the task for later."""
        self._tasks.append(task)

    def next(self, progress: Progress) -> Answer:
        """Solve the task kept."""
        return answer(self._problem, self._tasks.pop(0), progress)


class Processes:
    """Other processes, one thread each; they are gone when the block ends.

    A child is ``python -m territo.explore.worker``: it knows nothing of the
    program that started it, so that this works under Streamlit too. Tasks and
    answers are pickled between the two, never kept.
    """

    def __init__(self, problem: Problem, size: int) -> None:
        self.size = size
        self._problem = problem
        self._idle: list[subprocess.Popen[bytes]] = []
        self._busy: dict[int, subprocess.Popen[bytes]] = {}
        self._listeners: list[threading.Thread] = []
        self._said: queue.Queue[tuple[subprocess.Popen[bytes], Any]] = queue.Queue()

    def __enter__(self) -> Self:
        """Start the children."""
        command = [sys.executable, "-m", "territo.explore.worker"]
        for _ in range(self.size):
            child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - ourselves
            write_frame(_pipe(child.stdin), self._problem)
            listener = threading.Thread(target=self._listen, args=(child,), daemon=True)
            listener.start()
            self._listeners.append(listener)
            self._idle.append(child)
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        """End the children."""
        for child in (*self._idle, *self._busy.values()):
            child.kill()
            child.wait()
        for listener in self._listeners:
            listener.join()
        for child in (*self._idle, *self._busy.values()):
            for pipe in (child.stdin, child.stdout):
                _pipe(pipe).close()

    def submit(self, task: Task) -> None:
        """Send the task to a child that is idle."""
        child = self._idle.pop()
        self._busy[child.pid] = child
        alone = dataclasses.replace(task, options=dataclasses.replace(task.options, threads=1))
        write_frame(_pipe(child.stdin), alone)

    def next(self, progress: Progress) -> Answer:
        """Wait for an answer; a stop asked meanwhile is passed on, and the best answers come back."""
        told = False
        while True:
            if progress.cancelled() and not told:
                told = True
                for child in self._busy.values():
                    child.send_signal(signal.SIGINT)
            try:
                child, content = self._said.get(timeout=SECONDS_BETWEEN_LOOKS)
            except queue.Empty:
                continue
            if isinstance(content, Event):
                progress.report(content)
                continue
            if content is None:
                message = f"a solving process ended with code {child.wait()}"
                raise RuntimeError(message)
            self._idle.append(self._busy.pop(child.pid))
            found: Answer = content
            return found

    def _listen(self, child: subprocess.Popen[bytes]) -> None:
        """Put what a child says in the queue, and None at its end."""
        while (content := read_frame(_pipe(child.stdout))) is not None:
            self._said.put((child, content))
        self._said.put((child, None))


def write_frame(pipe: IO[bytes], content: object) -> None:
    """Write an object and its length."""
    data = pickle.dumps(content)
    pipe.write(len(data).to_bytes(LENGTH_BYTES) + data)
    pipe.flush()


def read_frame(pipe: IO[bytes]) -> Any:
    """Read an object; None at the end of the pipe."""
    length = pipe.read(LENGTH_BYTES)
    if len(length) < LENGTH_BYTES:
        return None
    return pickle.loads(pipe.read(int.from_bytes(length)))  # noqa: S301 - written by our own child


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise RuntimeError("the process has no pipe")
    return pipe
