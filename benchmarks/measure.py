"""Solves in processes of their own: how long, how large, how proven.

This side imports nothing large: on Linux the peak memory of a process starts
at that of its parent.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass

PROVEN = "proven"
# reading, building and a solver that is slow to stop, on top of the time limit of the solver
PATIENCE_S = 300
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


@dataclass(frozen=True, slots=True)
class Run:
    """One solve.

    Parameters
    ----------
    problem, peer, instance
        What was solved, and by whom.
    status
        ``proven``, the words of the solver, or why there is no answer.
    objective, bound
        As the solver said them.
    seconds, cpu_s
        To build the model and to solve it, on the clock and of the processor.
    rss_mb
        Peak memory of the process.
    warm_up_s
        Imports and kernels, which are not in the seconds.
    """

    problem: str
    peer: str
    instance: str
    status: str
    objective: float
    bound: float
    seconds: float
    cpu_s: float
    rss_mb: float
    warm_up_s: float

    @property
    def proven(self) -> bool:
        """Whether the solver said that it proved its answer."""
        return self.status == PROVEN

    def as_dict(self) -> dict[str, object]:
        """Return plain values."""
        return asdict(self)


def solve(problem: str, peer: str, instances: Sequence[str], limit: float) -> list[Run]:
    """Solve instances one after the other in a new process."""
    words = [sys.executable, "-m", "benchmarks.solve_once", problem, peer, str(limit), *instances]
    environment = os.environ | dict.fromkeys(ONE_THREAD, "1")
    patience = (limit + PATIENCE_S) * len(instances)
    child = subprocess.Popen(
        words,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        start_new_session=True,
    )
    try:
        out, said = child.communicate(timeout=patience)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()
        return [_nothing(problem, peer, name, "no answer in time", patience) for name in instances]
    if child.returncode:
        reason = (said.strip().splitlines() or [f"ended with {child.returncode}"])[-1]
        return [_nothing(problem, peer, name, f"failed: {reason}", float("nan")) for name in instances]
    report = json.loads(out.splitlines()[-1])
    common = {"rss_mb": report["rss_mb"], "warm_up_s": report["warm_up_s"]}
    return [Run(problem=problem, peer=peer, **one, **common) for one in report["solves"]]


def _nothing(problem: str, peer: str, instance: str, status: str, seconds: float) -> Run:
    nan = float("nan")
    return Run(problem, peer, instance, status, nan, nan, seconds, nan, nan, nan)


def in_turn(problem: str, peers: Sequence[str], instance: str, limit: float, repeat: int) -> list[Run]:
    """Solve one instance by territo before and after each solve of a peer, as many times as asked.

    The machine may be faster at one moment than at another: the runs on either
    side of a peer's are the ones it is compared with (:func:`ratios`).
    """
    runs = solve(problem, "territo", [instance], limit)
    for _ in range(repeat):
        for peer in peers:
            runs += solve(problem, peer, [instance], limit)
            runs += solve(problem, "territo", [instance], limit)
    return runs


def ratios(runs: Sequence[Run], peer: str) -> list[float]:
    """Divide each time of a peer by that of the territo runs right before and right after it."""
    found = []
    for before, one, after in zip(runs, runs[1:], runs[2:], strict=False):
        if one.peer == peer:
            found += [one.seconds / ours.seconds for ours in (before, after)]
    return found
