"""Large p-medians: how much is proven within a time limit, and with how much memory.

``python -m benchmarks.locate_scale`` from the root of the repository. Each
case runs in a process of its own, one thread, with a cost table in float32.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time

import numpy as np
from numpy.typing import NDArray

SIDE_M = 60_000
RURAL = 0.35
PROVEN = 1e-4
SMALL, LARGE = (20_000, 200), (100_000, 1_000)
SITES_OPEN = (10, 30, 50)
FRONTIER = range(4, 101, 4)
HEAD = ("points x sites", "places", "p", "gap", "seconds", "CPU s", "peak MB", "status", "algorithm")


def territory(points: int, sites: int, kind: str, seed: int = 1) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """Draw places and candidate sites, and measure the distances between them as the crow flies.

    ``clustered``: each site is the centre of a commune of Pareto size; people
    live around the centres, a third of them anywhere. ``uniform``: people and
    sites anywhere, the worst case.
    """
    random = np.random.default_rng(seed)
    centres = random.uniform(0, SIDE_M, (sites, 2))
    at = random.uniform(0, SIDE_M, (points, 2))
    if kind == "clustered":
        size = random.pareto(1.1, sites) + 0.05
        size /= size.sum()
        town = random.choice(sites, points, p=size)
        spread_m = (300 + 6_000 * np.sqrt(size))[town]
        urban = random.random(points) >= RURAL
        around = centres[town] + random.normal(0, 1, (points, 2)) * spread_m[:, None]
        at[urban] = around[urban]
    people = random.lognormal(2, 1, points).round() + 1
    distances = np.empty((points, sites), np.float32)
    for first in range(0, points, 5_000):
        rows = slice(first, first + 5_000)
        distances[rows] = np.hypot(*(at[rows, None, :] - centres[None, :, :]).transpose(2, 0, 1))
    return distances, people


def solve(points: int, sites: int, kind: str, chosen: list[int], limit: float) -> list[dict[str, object]]:
    """Solve for each number of sites, in this process."""
    from territo import locate

    locate.p_median(*territory(4_000, 20, "uniform"), 2, gap=0.01)  # kernels compiled or loaded
    distances, people = territory(points, sites, kind)
    found = []
    for p in chosen:
        began, cpu = time.perf_counter(), time.process_time()
        answer = locate.p_median(distances, people, p, gap=PROVEN, time_limit=limit)
        found.append(
            {
                "p": p,
                "gap": answer.gap,
                "seconds": time.perf_counter() - began,
                "cpu_s": time.process_time() - cpu,
                "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
                "status": answer.status,
                "algorithm": answer.algorithm,
            }
        )
    return found


def in_a_process(size: tuple[int, int], kind: str, chosen: list[int], limit: float) -> list[dict[str, object]]:
    """Solve in a new process, so that its memory is its own."""
    case = json.dumps([*size, kind, chosen, limit])
    child = subprocess.run(
        [sys.executable, "-m", "benchmarks.locate_scale", "--case", case], stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(child.stdout)


def row(size: tuple[int, int], kind: str, one: dict[str, object]) -> str:
    """Write one line of the table."""
    cells = (
        f"{size[0]:,} x {size[1]:,}",
        kind,
        one["p"],
        f"{one['gap']:.3%}",
        f"{one['seconds']:.1f}",
        f"{one['cpu_s']:.1f}",
        one["rss_mb"],
        one["status"],
        one["algorithm"],
    )
    return f"| {' | '.join(map(str, cells))} |"


def main() -> None:
    """Print the table, then the frontier."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--time-limit", type=float, default=60.0, help="seconds for each answer")
    options.add_argument("--case", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.case:
        print(json.dumps(solve(*json.loads(given.case))))
        return
    print(f"| {' | '.join(HEAD)} |\n|{' --- |' * len(HEAD)}")
    for size in (SMALL, LARGE):
        for kind in ("clustered", "uniform"):
            for p in SITES_OPEN:
                for one in in_a_process(size, kind, [p], given.time_limit):
                    print(row(size, kind, one), flush=True)
    frontier = in_a_process(SMALL, "clustered", [*FRONTIER], given.time_limit)
    seconds, cpu = (sum(one[key] for one in frontier) for key in ("seconds", "cpu_s"))
    worst = max(one["gap"] for one in frontier)
    print(
        f"\nFrontier of {len(frontier)} numbers of sites (p = {FRONTIER[0]} to {FRONTIER[-1]}) on "
        f"{SMALL[0]:,} x {SMALL[1]:,} clustered places: {seconds:.1f} s in all ({cpu:.1f} s of CPU), "
        f"largest gap {worst:.4%}."
    )


if __name__ == "__main__":
    main()
