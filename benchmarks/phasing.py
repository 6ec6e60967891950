"""Steps over the years on the embedded territory: decided together, beside a target chosen first.

``python -m benchmarks.phasing [--scenario sc2_poles_territoriaux] [--services 3] [--changes N] [--limit 300]``
from the root of the repository; one thread. ``first`` looks for the target
alone, then for the best way to it; ``together`` is what ``territo run`` does.
Both are valued on the same aim, the mean over the years.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.tables import row
from territo.locate.highs import Options
from territo.model.problem import Problem
from territo.model.solution import Solution
from territo.model.solve import solve
from territo.progress import Silent, Unheard
from territo.scenario.catalogue import load_catalogue
from territo.scenario.loading import load_scenario
from territo.scenario.patching import patched
from territo.studies.build import build_territory
from territo.studies.phasing import on_the_way
from territo.studies.prepare import prepare, services_of, today
from territo.studies.workspace import default_workspace

HEAD = ("what", "rows", "columns", "binaries", "clock s", "cpu s", "status", "gap", "mean over the years", "each step")


def problem_of(name: str, services: int, changes: int | None) -> Problem:
    """Write an archetype scenario with three steps on the embedded territory."""
    space = default_workspace()
    catalogue, loaded = load_catalogue(space.catalogue), build_territory(space.embedded_spec, None)
    steps = {"transition.years": 5, "transition.phasing.max_services": services}
    steps |= {} if changes is None else {"transition.phasing.max_changes": changes}
    scenario = patched(load_scenario(Path("scenarios") / f"{name}.yaml"), steps)
    now = today(loaded, catalogue, services_of(scenario, catalogue))
    return on_the_way(prepare(scenario, loaded, now)).formulation.problem


def value(problem: Problem, solution: Solution) -> tuple[float, list[float]]:
    """Mean of the aim over the years, and its value at each step."""
    every = [*(step.terms for step in solution.steps), solution.terms]
    each = [sum(weight * terms[name] for name, weight in problem.goals[0].items()) for terms in every]
    return float(np.dot(problem.phasing.weights, each)), each


def line(what: str, problem: Problem, limit: float) -> tuple[str, Solution]:
    """Solve once, and say what it took."""
    clock, cpu = time.perf_counter(), time.process_time()
    solution = solve(problem, Options(limit, threads=1), Unheard(Silent()))
    spent = time.perf_counter() - clock, time.process_time() - cpu
    proof = solution.proofs[0]
    size = [f"{count:,}" for count in (proof.rows, proof.columns, proof.binaries)]
    mean, each = value(problem, solution) if solution.steps else (float("nan"), [])
    figures = [f"{mean:,.0f}", " ".join(f"{part:,.0f}" for part in each)]
    return row([what, *size, *(f"{part:.1f}" for part in spent), proof.status, f"{proof.gap:.4%}", *figures]), solution


def main() -> None:
    """Print the target alone, the way to it, and both together."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--scenario", default="sc2_poles_territoriaux")
    options.add_argument("--services", type=int, default=3, help="services that may begin at each step")
    options.add_argument("--changes", type=int, help="points open to users that may open or close at each step")
    options.add_argument("--limit", type=float, default=300.0, help="seconds of each solve")
    given = options.parse_args()
    problem = problem_of(given.scenario, given.services, given.changes)
    print(row(HEAD) + "\n" + row("---" for _ in HEAD), flush=True)
    said, alone = line("target alone", replace(problem, phasing=None), given.limit)
    print(said, flush=True)
    print(line("the way to that target", replace(problem, frozen=alone.plan), given.limit)[0], flush=True)
    print(line("together", problem, given.limit)[0], flush=True)


if __name__ == "__main__":
    main()
