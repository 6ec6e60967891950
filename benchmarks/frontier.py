"""A frontier of nine points beside one proven solve of the same problem, in one run.

``python -m benchmarks.frontier [--cases pau:poles pau:free 124x25x12] [--points 9] [--limit 60] [--equity]``
from the root of the repository. ``pau`` is the demonstration territory, with
the fronts of scenario SC2 at the poles or free; a size is communes x
candidate sites x services of a modelled territory, as in
``benchmarks.organisation``. The goal is a frontier in less than six times one
solve on two free cores. On a machine that does other work the ratio of the
clocks says little: half the ratio of the processor's seconds is what two free
cores would give, starting two processes apart.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.organisation import GAP, SEED, problem_of
from benchmarks.tables import row

if TYPE_CHECKING:
    from territo.model.problem import Problem

ROOT = Path(__file__).parents[1]
CASES = ("pau:poles", "pau:free", "124x25x12")
EUR_PER_HOUR = 8.6
CORES = 2
HEAD = (
    "case", "one solve s", "CPU s", "gap", "frontier s", "CPU s", "answers", "points", "proven", "complete",
    "ratio of clocks", "ratio of CPU / 2",
)  # fmt: skip


def territory(folder: Path, *words: str) -> Path:
    """Make a territory with the command line, unless it is there."""
    if not folder.exists():
        command = [sys.executable, "-m", "territo", "territory", *words, "--out", str(folder)]
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return folder


def demonstration(folder: Path, fronts: str) -> Problem:
    """Write scenario SC2 on the demonstration territory, its fronts at the poles or free."""
    from territo.scenario.catalogue import load_catalogue
    from territo.scenario.loading import load_scenario
    from territo.scenario.patching import patched
    from territo.studies.build import load_territory
    from territo.studies.prepare import prepare, services_of, today
    from territo.studies.workspace import default_workspace

    spec = ROOT / "data" / "pau_bearn_pyrenees" / "territory.yaml"
    loaded = load_territory(territory(folder / "pau", "build", str(spec)))
    catalogue = load_catalogue(default_workspace().catalogue)
    scenario = patched(load_scenario(ROOT / "scenarios" / "sc2_poles_territoriaux.yaml"), {"modalities.front": fronts})
    now = today(loaded, catalogue, services_of(scenario, catalogue))
    return prepare(scenario, loaded, now).formulation.problem


def problem_named(folder: Path, case: str) -> Problem:
    """Make the problem of a case."""
    if case.startswith("pau:"):
        return demonstration(folder, case.removeprefix("pau:"))
    communes, sites, services = case.split("x")
    place = territory(folder / communes, "model", "--communes", communes, "--seed", str(SEED))
    return problem_of(place, int(sites), int(services))


def timed(work: Any) -> tuple[Any, float, float]:
    """Do some work; return what it gives, the seconds of the clock and those of the processors, children included."""
    before, began = cpu_s(), time.perf_counter()
    found = work()
    return found, time.perf_counter() - began, cpu_s() - before


def cpu_s() -> float:
    """Seconds of the processors so far, of this process and of its children that ended."""
    use = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in use)


def line(folder: Path, case: str, points: int, limit: float, *, equity: bool) -> str:
    """Solve once, then find the frontier, and write one line of the table."""
    from territo.explore.pareto import Search, explore
    from territo.locate.highs import Options
    from territo.model.solve import solve
    from territo.progress import Silent

    problem, options = problem_named(folder, case), Options(limit, GAP, SEED, threads=CORES)
    alone, one_s, one_cpu = timed(lambda: solve(problem, options))
    search = Search(problem, points, options, equity=equity, price=EUR_PER_HOUR)
    found, all_s, all_cpu = timed(lambda: list(explore(search, Silent())))
    proven = sum(each.gap <= GAP for each in found)
    seconds = (f"{one_s:.1f}", f"{one_cpu:.1f}", f"{alone.proofs[-1].gap:.3%}", f"{all_s:.1f}", f"{all_cpu:.1f}")
    counts = (str(len(search.found)), str(len(found)), str(proven), "yes" if search.complete else "no")
    return row([case, *seconds, *counts, f"{all_s / one_s:.1f}", f"{all_cpu / one_cpu / CORES:.1f}"])


def main() -> None:
    """Print a line for each case."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cases", nargs="+", default=CASES, metavar="CASE", help="pau:poles, pau:free or CxSxV")
    options.add_argument("--points", type=int, default=9, help="points wanted")
    options.add_argument("--limit", type=float, default=60.0, help="seconds of the solver for each solve")
    options.add_argument("--equity", action="store_true", help="with equity as a third term")
    given = options.parse_args()
    print(row(HEAD) + "\n" + row("---" for _ in HEAD), flush=True)
    with tempfile.TemporaryDirectory() as temporary:
        for case in given.cases:
            print(line(Path(temporary), case, given.points, given.limit, equity=given.equity), flush=True)


if __name__ == "__main__":
    main()
