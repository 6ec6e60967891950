"""The organisational model on modelled territories: its size, its time and its memory, beside plain PuLP and HiGHS.

``python -m benchmarks.organisation [--sizes 31x25x8 124x40x20] [--limit 60]``
from the root of the repository; a size is communes x candidate sites x
services. Each solve runs in a process of its own, one thread. This side
imports nothing large: on Linux the peak memory of a process starts at that of
its parent.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.measure import ONE_THREAD, PATIENCE_S
from benchmarks.tables import row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from territo.model.problem import Problem

SIZES = ("31x25x8", "124x40x20", "158x40x28", "360x60x28")
WAYS = ("territo", "plain PuLP + HiGHS")
GAP, SEED = 1e-3, 7
# communes over which a territory has no more than about 40 communes
LARGE, FEW_POLES, MANY_POLES = 200, (3, 5), (6, 10)
HEAD = (
    "communes x sites x services", "solved by", "rows", "columns", "binaries", "formulate s", "build s", "solve s",
    "status", "objective", "gap", "peak MB",
)  # fmt: skip


def problem_of(folder: Path, sites: int, services: int) -> Problem:
    """Write the scenario of the benchmark on a territory, with exactly so many candidate sites.

    Front services stand wherever they serve best, field services at three to
    five poles (six to ten over 200 communes) with balanced and contiguous
    territories, back offices at the siège; cost plus travel at 8.6 EUR an hour.
    """
    from territo.scenario.catalogue import load_catalogue
    from territo.scenario.schema import Scenario
    from territo.studies.build import load_territory
    from territo.studies.prepare import prepare, today
    from territo.studies.workspace import default_workspace

    loaded, catalogue = load_territory(folder), load_catalogue(default_workspace().catalogue)
    count = MANY_POLES if len(loaded.territory.communes) > LARGE else FEW_POLES
    asked = {
        "id": "benchmark",
        "name": "Benchmark",
        "services": catalogue.codes[:services],
        "modalities": {"front": "free", "field": "poles", "back": "central"},
        "territories": {"count": count, "balance": {"tolerance": 0.25}},
    }
    scenario = Scenario.model_validate(asked)
    prepared = prepare(scenario, loaded, today(loaded, catalogue, catalogue.codes[:services]))
    return largest_sites(prepared.formulation.problem, sites)


def largest_sites(problem: Problem, count: int) -> Problem:
    """Keep the siège and the candidate sites nearest to most inhabitants; nothing is kept by law or from today."""
    import dataclasses

    import numpy as np

    nearest = np.bincount(problem.minutes.argmin(axis=1), problem.population, minlength=len(problem.sites.codes))
    nearest[problem.headquarters] = np.inf
    kept = np.sort(np.argsort(-nearest, kind="stable")[:count])
    place = {int(site): index for index, site in enumerate(kept)}
    names = (field.name for field in dataclasses.fields(problem.sites))
    plan = problem.territories
    if plan is not None:
        seats = np.flatnonzero(np.isin(plan.seats, kept))
        plan = dataclasses.replace(
            plan,
            seats=np.array([place[int(site)] for site in plan.seats[seats]]),
            seat_commune=plan.seat_commune[seats],
            minutes=plan.minutes[:, seats],
        )
    return dataclasses.replace(
        problem,
        minutes=problem.minutes[:, kept],
        covered=problem.covered[:, kept],
        agent_eur=problem.agent_eur[:, kept],
        unevenness=problem.unevenness[:, kept],
        allowed=problem.allowed[:, kept],
        required=np.zeros_like(problem.required[kept]),
        free_at=problem.free_at[kept],
        sites=dataclasses.replace(problem.sites, **{name: _part(getattr(problem.sites, name), kept) for name in names}),
        headquarters=place[problem.headquarters],
        territories=plan,
    )


def _part(column: Any, kept: Any) -> Any:
    return tuple(column[site] for site in kept) if isinstance(column, tuple) else column[kept]


def by_territo(problem: Problem, limit: float) -> dict[str, object]:
    """Solve as ``territo run`` does; what is not the solver's time is building."""
    from territo.errors import TerritoError
    from territo.locate.highs import Options
    from territo.model.solve import solve

    began = time.perf_counter()
    try:
        proof = solve(problem, Options(limit, GAP, SEED, threads=1)).proofs[-1]
    except TerritoError as error:
        return {"status": error.faults[0].code, "solve": time.perf_counter() - began}
    size = {"rows": proof.rows, "columns": proof.columns, "binaries": proof.binaries}
    built = time.perf_counter() - began - proof.seconds
    answer = {"status": proof.status, "objective": proof.objective, "gap": proof.gap}
    return {**size, **answer, "build": built, "solve": proof.seconds}


def by_pulp(problem: Problem, limit: float) -> dict[str, object]:
    """Solve the same rows by PuLP's own call; the status is HiGHS', since PuLP calls a time limit optimal."""
    import pulp

    from territo.model.build import build
    from territo.model.readable import as_pulp

    began = time.perf_counter()
    program, terms = build(problem)
    program.minimise(problem.goals[-1], terms)
    lp = as_pulp(program)
    built = time.perf_counter()
    lp.solve(pulp.HiGHS(msg=False, timeLimit=limit, gapRel=GAP, threads=1, random_seed=SEED))
    solved = time.perf_counter()
    highs = lp.solverModel
    info, variables = highs.getInfo(), lp.variables()
    found = info.primal_solution_status == 2  # noqa: PLR2004  # feasible, as HiGHS numbers it
    return {
        "rows": lp.numConstraints(),
        "columns": len(variables),
        "binaries": sum(variable.cat == pulp.LpInteger for variable in variables),
        "build": built - began,
        "solve": solved - built,
        "status": highs.modelStatusToString(highs.getModelStatus()).lower(),
        "objective": info.objective_function_value if found else None,
        "gap": info.mip_gap if found else None,
    }


def solve_once(folder: Path, size: str, way: str, limit: float) -> dict[str, object]:
    """Solve in this process and say what it took."""
    _, sites, services = map(int, size.split("x"))
    began = time.perf_counter()
    problem = problem_of(folder, sites, services)
    formulated = time.perf_counter() - began
    found = by_territo(problem, limit) if way == WAYS[0] else by_pulp(problem, limit)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {"formulate": formulated, **found, "memory": memory}


def in_a_process(folder: Path, size: str, way: str, limit: float) -> dict[str, object]:
    """Solve in a new process, so that its memory is its own."""
    case = json.dumps([str(folder), size, way, limit])
    words = [sys.executable, "-m", "benchmarks.organisation", "--case", case]
    environment = os.environ | dict.fromkeys(ONE_THREAD, "1")
    try:
        child = subprocess.run(
            words, capture_output=True, text=True, check=False, env=environment, timeout=limit + PATIENCE_S
        )
    except subprocess.TimeoutExpired:
        return {"status": "no answer in time"}
    if child.returncode:
        return {"status": f"failed: {(child.stderr.strip().splitlines() or [child.returncode])[-1]}"}
    return json.loads(child.stdout.splitlines()[-1])


def line(size: str, way: str, one: dict[str, object]) -> str:
    """Write one line of the table; what was not measured stays empty."""
    marks = {
        "rows": ",", "columns": ",", "binaries": ",", "formulate": ".1f", "build": ".1f", "solve": ".1f", "status": "",
        "objective": ",.0f", "gap": ".3%", "memory": ",",
    }  # fmt: skip
    cells = ["" if one.get(name) is None else format(one[name], mark) for name, mark in marks.items()]
    return row([size.replace("x", " x "), way, *cells])


@contextmanager
def modelled(communes: str) -> Iterator[Path]:
    """Model a territory of so many communes, in a folder that does not stay."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / communes
        words = ["territory", "model", "--communes", communes, "--seed", str(SEED), "--out", str(folder)]
        subprocess.run([sys.executable, "-m", "territo", *words], stdout=subprocess.DEVNULL, check=True)
        yield folder


def main() -> None:
    """Model each territory once, solve it both ways, print a line for each."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", nargs="+", default=SIZES, metavar="CxSxV", help="communes x sites x services")
    options.add_argument("--limit", type=float, default=60.0, help="seconds of the solver for each solve")
    options.add_argument("--case", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.case:
        folder, size, way, limit = json.loads(given.case)
        print(json.dumps(solve_once(Path(folder), size, way, limit)))
        return
    print(row(HEAD) + "\n" + row("---" for _ in HEAD), flush=True)
    for communes, sizes in itertools.groupby(given.sizes, key=lambda size: size.split("x", maxsplit=1)[0]):
        with modelled(communes) as folder:
            for size, way in itertools.product(sizes, WAYS):
                print(line(size, way, in_a_process(folder, size, way, given.limit)), flush=True)


if __name__ == "__main__":
    main()
