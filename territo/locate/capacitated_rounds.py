"""How the capacitated models are solved: a bound at the root, then rounds of supposition.

Each round supposes that the optimum lies within a step of the bound, leaves
out all that contradicts it, and looks for the best of what remains. A round
without an answer proves its supposition wrong, and the next one supposes twice
as much; an answer that lies within its supposition is optimal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from territo.domain.arrays import Floats, Ints
from territo.locate.capacitated_problem import Incumbent, Problem
from territo.locate.capacitated_start import Scout, rounded
from territo.locate.kernels.knapsack_bound import SLOWEST, Arcs, Demand, Sites, ascend
from territo.locate.limits import Clock

BLOCKS, BLOCK_STEPS, PACE = 40, 50, 1.5
# the ascent aims at most so far above its bound
AIM = 0.05
# the first supposition, relative to the bound; a last step would not be worth a round of its own
SUPPOSED, WORTH_A_ROUND = 1.2e-3, 0.5
# without any answer up to here, the next round supposes nothing
FAR = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A part of the solutions: arcs and states that are left, multipliers to start from, whether sites were tried."""

    arcs: Arcs
    sites: Sites
    demand: Demand
    u: Floats
    bound: float
    looked_at: bool = False

    def site_of_arcs(self) -> Ints:
        """Name the site of each arc."""
        return np.repeat(np.arange(self.sites.state.size), np.diff(self.arcs.start))


def climb(problem: Problem, incumbent: Incumbent, scout: Scout, clock: Clock) -> Node:
    """Raise the bound of the whole problem, and look for answers where the ascent leads."""
    arcs, (sites, demand) = problem.arcs(), problem.in_units()
    u, pace = scout.multipliers(), PACE
    bound = -float("inf")
    for _ in range(BLOCKS):
        aim = min(incumbent.cutoff, scout.estimate if bound < 0 else bound + AIM * scout.estimate)
        ascent = ascend(arcs, sites, demand, u, aim, BLOCK_STEPS, pace)
        u, pace, bound = ascent.u, ascent.pace, max(bound, ascent.bound)
        incumbent.lower = max(incumbent.lower, bound)
        scout.look_from(rounded(problem, ascent.mean_open))
        if incumbent.proven or pace < SLOWEST or clock.over():
            break
    clock.report("locate", incumbent.upper if incumbent.found else None, incumbent.lower)
    return Node(arcs, sites, demand, u, bound)


def rounds(root: Node, incumbent: Incumbent, clock: Clock, explore: Callable[[Node, float], bool]) -> None:
    """Suppose more and more until the answer is proven or the limits come first.

    Parameters
    ----------
    root
        The whole problem.
    incumbent
        Its bound is raised; ``explore`` gives it the answers.
    clock
        May stop between two rounds; ``explore`` looks at it too.
    explore
        Finds the best answer of a node within a limit; tells whether it got
        through, so that nothing better remains below the limit.
    """
    base = incumbent.lower
    step = SUPPOSED * (base or incumbent.cutoff)
    while not incumbent.proven and not clock.over():
        limit = base + step
        lost = not incumbent.found and step > FAR * base
        if lost or incumbent.cutoff - limit < WORTH_A_ROUND * step:
            limit = incumbent.cutoff
        if not explore(root, limit):
            break
        incumbent.lower = max(incumbent.lower, min(limit, incumbent.cutoff))
        clock.report("locate", incumbent.upper if incumbent.found else None, incumbent.lower)
        step *= 2
