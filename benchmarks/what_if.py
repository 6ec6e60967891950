"""What if one site were closed, or kept open: seconds from the answer to the next, on a modelled territory.

``python -m benchmarks.what_if [--size 158x40x28] [--sites 12] [--limit 120]``
from the root of the repository. The problem of ``benchmarks.organisation`` is
solved once; then, one by one, sites spread over the list are closed where they
are open and kept where they are not, and the problem solved again from its
answer. One thread. The goal is 3 s.
"""

from __future__ import annotations

import argparse
import dataclasses
import statistics
import time
from typing import TYPE_CHECKING

from benchmarks.organisation import GAP, SEED, modelled, problem_of
from benchmarks.tables import row

if TYPE_CHECKING:
    from territo.model.problem import Problem
    from territo.model.solution import Solution

HEAD = ("site", "what if", "services there", "seconds", "status", "gap", "objective", "more than before")


def changed(problem: Problem, known: Solution, site: int) -> tuple[str, Problem]:
    """Close a site that is open, keep one that is not."""
    import numpy as np

    name = "closed" if known.offered[site].any() else "kept"
    flags = np.arange(len(problem.sites.codes)) == site
    return name, dataclasses.replace(problem, sites=dataclasses.replace(problem.sites, **{name: flags}))


def main() -> None:
    """Solve once, ask, and print a line for each question."""
    import numpy as np

    from territo.locate.highs import Options
    from territo.model.solve import solve

    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--size", default="158x40x28", metavar="CxSxV", help="communes x sites x services")
    words.add_argument("--sites", type=int, default=12, help="how many questions")
    words.add_argument("--limit", type=float, default=120.0, help="seconds for each solve")
    given = words.parse_args()
    communes, sites, services = given.size.split("x")
    with modelled(communes) as folder:
        problem = problem_of(folder, int(sites), int(services))
    options = Options(given.limit, GAP, SEED, threads=1)
    began = time.perf_counter()
    known = solve(problem, options)
    proof = known.proofs[-1]
    print(
        f"first answer: {time.perf_counter() - began:.1f} s, {proof.status}, {proof.objective:,.0f}, {proof.gap:.3%}\n"
    )
    print(row(HEAD) + "\n" + row("---" for _ in HEAD), flush=True)
    spent = []
    # the siège cannot be closed
    asked = np.linspace(1, int(sites) - 1, given.sites).round().astype(int)
    for site in asked.tolist():
        name, question = changed(problem, known, site)
        seat = " (seat)" if (known.seat_of == site).any() else ""
        began = time.perf_counter()
        found = solve(question, options, start=known, bound=proof.bound).proofs[-1]
        spent.append(time.perf_counter() - began)
        cells = (
            problem.sites.codes[site], name + seat, str(known.offered[site].sum()), f"{spent[-1]:.1f}", found.status,
            f"{found.gap:.3%}", f"{found.objective:,.0f}", f"{found.objective - proof.objective:,.0f}",
        )  # fmt: skip
        print(row(cells), flush=True)
    print(f"\nmedian {statistics.median(spent):.1f} s, most {max(spent):.1f} s")


if __name__ == "__main__":
    main()
