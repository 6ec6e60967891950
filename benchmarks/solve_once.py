"""One process that solves some instances with one peer and prints what happened, as JSON.

``python -m benchmarks.solve_once PROBLEM PEER SECONDS INSTANCE...``
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
import warnings

import numpy as np

from benchmarks.instances import Instance, load
from benchmarks.peers import PEERS


def main(problem: str, peer: str, limit: float, names: list[str]) -> None:
    """Solve each instance in turn; building the model counts, reading the instance does not."""
    warnings.simplefilter("ignore")
    began = time.perf_counter()
    warm_up(problem, peer)
    report: dict[str, object] = {"warm_up_s": time.perf_counter() - began}
    solves = []
    for name in names:
        instance = load(name)
        wall, cpu = time.perf_counter(), processor_time()
        outcome = PEERS[peer](problem, instance, limit)
        wall, cpu = time.perf_counter() - wall, processor_time() - cpu
        solves.append({"instance": name, "seconds": wall, "cpu_s": cpu, **outcome._asdict()})
    report["solves"] = solves
    # the solver of CBC is a process of its own; kilobytes, on Linux
    family = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    report["rss_mb"] = max(resource.getrusage(who).ru_maxrss for who in family) / 1024
    sys.stdout.write(json.dumps(report) + "\n")


def processor_time() -> float:
    """Give the processor seconds of this process and of the solvers that it has run."""
    return sum(os.times()[:4])


def warm_up(problem: str, peer: str) -> None:
    """Import what a peer needs and load compiled kernels, on a small instance that asks for all their steps."""
    draw = np.random.default_rng(0)
    costs = draw.integers(1, 100, (40, 40)).astype(np.float64)
    PEERS[peer](problem, Instance(costs, np.ones(40), 5, radius=30.0, opening_costs=np.full(40, 100.0)), 60.0)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]), sys.argv[4:])
