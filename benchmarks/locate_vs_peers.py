"""Location models against their peers: same machine, same run, one thread, each solve in its own process.

``python -m benchmarks.locate_vs_peers --help``
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.measure import Run, in_turn, solve
from benchmarks.tables import head, lines, means, row

OUT = Path("outputs/benchmarks")
INSTANCES = [f"pmed{number}" for number in (1, 3, 5, 6, 8, 10, 11, 13, 15, 20)]
GOALS_S = {"p-median": 5.0, "p-center": 10.0}
LIBRARIES = ("territo", "numpy", "scipy", "numba", "highspy", "pulp", "spopt")
PEERS = ("spopt+HiGHS", "spopt+CBC", "PuLP+HiGHS", "highspy")
CHARGES = ["charge-cheap", "charge-middling", "charge-dear"]
# problem, instances, who can solve it
TABLES = {
    "p-median": [("p-median", INSTANCES, PEERS)],
    "fixed-charge": [("fixed-charge", CHARGES, ("PuLP+HiGHS", "highspy"))],
    "covering": [("set-cover", ["cover"], PEERS[:2]), ("max-cover", ["cover"], PEERS[:2])],
}
TOTALS = "totals"


def main() -> None:
    """Measure, print and keep the figures."""
    asked = arguments()
    record = Record(asked)
    if TOTALS in asked.tables:
        totals(record)
    for table, rows in TABLES.items():
        for problem, names, able in rows if table in asked.tables else ():
            instances = asked.instances if table == "p-median" else names
            compare(record, problem, instances, [peer for peer in able if peer in asked.peers])
    print(f"\nRaw figures: {record.path}")


def arguments() -> argparse.Namespace:
    """Read what is asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--instances", nargs="+", default=INSTANCES, help="p-median instances, pmed1 to pmed20")
    parser.add_argument("--peers", nargs="*", choices=PEERS, default=PEERS)
    parser.add_argument("--tables", nargs="+", choices=[TOTALS, *TABLES], default=[TOTALS, *TABLES])
    parser.add_argument("--time-limit", type=float, default=300.0, help="seconds a solve")
    parser.add_argument("--repeat", type=int, default=1, help="solves of each peer; twice as many ratios")
    return parser.parse_args()


class Record:
    """The raw figures, written after every instance."""

    def __init__(self, asked: argparse.Namespace) -> None:
        self.asked = asked
        now = datetime.now(UTC)
        self.path = OUT / f"locate_vs_peers-{now:%Y%m%dT%H%M%SZ}.json"
        self.content: dict[str, object] = {
            "date": now.isoformat(timespec="seconds"),
            "machine": {"cpu": cpu(), "cores": os.cpu_count(), "system": platform.platform()},
            "python": platform.python_version(),
            "versions": {name: installed(name) for name in LIBRARIES},
            "asked": {**vars(asked), "threads": 1, "gap": 0},
        }
        self.runs: list[Run] = []
        print(f"{cpu()}, {os.cpu_count()} cores; Python {platform.python_version()}; ", end="")
        print(", ".join(f"{name} {installed(name)}" for name in LIBRARIES), flush=True)

    def add(self, runs: Sequence[Run]) -> None:
        """Keep runs; a number that is missing is null."""
        self.runs += runs
        rows = [{k: None if _missing(v) else v for k, v in run.as_dict().items()} for run in self.runs]
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(json.dumps({**self.content, "runs": rows}, indent=1), encoding="utf-8")


def _missing(value: object) -> bool:
    """Whether a value is not a number, which JSON cannot write."""
    return isinstance(value, float) and math.isnan(value)


def compare(record: Record, problem: str, instances: Sequence[str], peers: Sequence[str]) -> None:
    """Print one table, a line as soon as it is known."""
    print(f"\n## {problem}: seconds to build and to prove\n\n{head()}", flush=True)
    solved = []
    for name in instances:
        runs = in_turn(problem, peers, name, record.asked.time_limit, record.asked.repeat)
        solved.append(runs)
        record.add(runs)
        print(*lines(name, runs), sep="\n", flush=True)
    found = means(solved, peers)
    if found:
        print("", *found, sep="\n", flush=True)


def totals(record: Record) -> None:
    """Print how long territo takes for the twenty graphs, in one process."""
    names = [f"pmed{number}" for number in range(1, 21)]
    columns = ("problem", "instances", "proven", "wall s", "CPU s", "slowest", "goal", "peak MB", "warm-up s")
    print(f"\n## territo on pmed1 to pmed20, one process\n\n{head(columns)}", flush=True)
    for problem, goal in GOALS_S.items():
        runs = solve(problem, "territo", names, record.asked.time_limit)
        record.add(runs)
        slowest = max(runs, key=lambda run: 0.0 if math.isnan(run.seconds) else run.seconds)
        wall, cpu_s = sum(run.seconds for run in runs), sum(run.cpu_s for run in runs)
        verdict = "kept" if wall < goal else "missed"
        cells = [
            problem,
            str(len(runs)),
            str(sum(run.proven for run in runs)),
            f"{wall:.2f}",
            f"{cpu_s:.2f}",
            f"{slowest.instance} {slowest.seconds:.2f} s",
            f"under {goal:g} s: {verdict}",
            f"{slowest.rss_mb:.0f}",
            f"{slowest.warm_up_s:.1f}",
        ]
        print(row(cells), flush=True)
        for run in runs:
            if not run.proven:
                print(f"{run.instance}: {run.status}")


def installed(name: str) -> str:
    """Give the version of a library."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "from its folder" if name == "territo" else "absent"


def cpu() -> str:
    """Name the processor."""
    info = Path("/proc/cpuinfo")
    text = info.read_text(encoding="utf-8") if info.is_file() else ""
    return next((line.partition(":")[2].strip() for line in text.splitlines() if line.startswith("model name")), "CPU")


if __name__ == "__main__":
    main()
