"""Capacitated p-medians of the OR-Library, whole points, beside the textbook formulation in PuLP and HiGHS.

``python -m benchmarks.locate_capacitated`` from the root of the repository:
one process, one thread, both solvers one after the other on each instance.
"""

from __future__ import annotations

import resource
import time
from statistics import geometric_mean

import numpy as np
import pulp

from territo import locate
from tests.locate.instances import PMedCap, optimum, pmedcap

NAMES = [f"cpmp{number:02d}" for number in range(1, 11)]
LIMIT_S = 300.0
HEAD = ("instance", "territo s", "status", "PuLP+HiGHS s", "gap", "times", "optimum")


def textbook(instance: PMedCap) -> tuple[float, float, float]:
    """Build and solve with PuLP; give the seconds, the value and the gap that HiGHS itself reports."""
    began = time.perf_counter()
    points, sites = instance.costs.shape
    model = pulp.LpProblem("pmedcap", pulp.LpMinimize)
    opened = [model.add_variable(f"y{j}", cat="Binary") for j in range(sites)]
    served = [[model.add_variable(f"x{i}_{j}", cat="Binary") for j in range(sites)] for i in range(points)]
    model += pulp.lpSum(instance.costs[i, j] * served[i][j] for i in range(points) for j in range(sites))
    model += pulp.lpSum(opened) == instance.p
    for i in range(points):
        model += pulp.lpSum(served[i]) == 1
        for j in range(sites):
            model += served[i][j] <= opened[j]
    for j in range(sites):
        load = pulp.lpSum(instance.demands[i] * served[i][j] for i in range(points))
        model += load <= instance.capacities[j] * opened[j]
    solver = pulp.HiGHS(msg=False, threads=1, timeLimit=LIMIT_S, gapRel=0.0)
    model.solve(solver)
    info = model.solverModel.getInfo()
    return time.perf_counter() - began, float(info.objective_function_value), float(info.mip_gap)


def main() -> None:
    """Print the table, the mean ratio and the memory."""
    locate.capacitated_p_median(np.ones((5, 3)), np.ones(5), np.full(3, 4), 2)  # kernels compiled or loaded
    locate.capacitated_p_median(*pmedcap(NAMES[0]))
    print(f"| {' | '.join(HEAD)} |\n|{' --- |' * len(HEAD)}")
    ratios = []
    for name in NAMES:
        instance = pmedcap(name)
        answer = locate.capacitated_p_median(*instance, time_limit=LIMIT_S)
        seconds, value, gap = textbook(instance)
        ratios.append(seconds / answer.seconds)
        cells = (
            f"{name} ({instance.costs.shape[0]}, {instance.p})",
            f"{answer.seconds:.3f}",
            f"{answer.status} {answer.objective:g}",
            f"{seconds:.2f} ({value:g})",
            f"{gap:.2%}",
            f"{ratios[-1]:.1f}",
            f"{optimum('pmedcap', name):g}",
        )
        print(f"| {' | '.join(cells)} |", flush=True)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"\nGeometric mean of the ratios: {geometric_mean(ratios):.1f}; peak memory of both {peak_mb} MB.")


if __name__ == "__main__":
    main()
