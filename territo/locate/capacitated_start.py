"""First answers of the capacitated models, with points that go whole."""

from __future__ import annotations

import numpy as np

from territo.domain.arrays import Bools, Floats
from territo.locate.capacitated_problem import Incumbent, Problem
from territo.locate.kernels.reassign import Ground, Plan, descend, wander
from territo.locate.limits import Clock

# changes by chance without success before giving up: fewer where each takes longer
LEAST_PATIENCE, MOST_PATIENCE, PATIENCE_TIMES_PAIRS = 40, 300, 2e7
BATCH = 20
# price of a pair that is not allowed, and of a unit of overload, as multiples of what they compare with
FORBIDDEN, OVERLOAD = 10.0, 4.0


class Scout:
    """Looks for good answers: from given sites, and by chance from the best.

    Parameters
    ----------
    problem
        Its data; where demand may be split, points go whole all the same.
    incumbent
        Receives what is better.
    seed
        Of the chance.
    """

    def __init__(self, problem: Problem, incumbent: Incumbent, seed: int) -> None:
        self._problem, self._incumbent = problem, incumbent
        self._random = np.random.default_rng(seed)
        self._ground = _ground(problem)
        self.plan = descend(self._ground, _first_choice(problem, self._ground.cost))
        self._offer()

    @property
    def estimate(self) -> float:
        """What the best plan costs, overloads aside."""
        plan = self.plan
        served = self._ground.cost[np.arange(plan.site.size), plan.site].sum()
        return float(served + self._ground.opening[plan.opened].sum())

    def multipliers(self) -> Floats:
        """Guess what each point pays: midway between its two nearest open sites."""
        cost = np.sort(self._ground.cost[:, self.plan.opened], axis=1)[:, :2]
        guess: Floats = cost.mean(axis=1)
        return guess

    def look_from(self, opened: Bools) -> None:
        """Descend from these sites."""
        self._keep(descend(self._ground, opened))

    def wander(self, clock: Clock) -> None:
        """Change the best plan by chance until that has not helped for long."""
        points = self._problem.loads.size
        patience = np.clip(PATIENCE_TIMES_PAIRS / points**2, LEAST_PATIENCE, MOST_PATIENCE)
        calm = 0
        while calm < patience and not clock.over():
            calm = 0 if self.shake() else calm + BATCH

    def shake(self) -> bool:
        """Change the best plan a few times by chance; tell whether that helped."""
        return self._keep(wander(self._ground, self.plan, self._random.random((BATCH, 4))))

    def _keep(self, plan: Plan) -> bool:
        better = plan.value < self.plan.value
        if better:
            self.plan = plan
            self._offer()
        return better

    def _offer(self) -> None:
        self._incumbent.offer(np.flatnonzero(self.plan.opened), self.plan.site)


def rounded(problem: Problem, wanted: Floats) -> Bools:
    """Open what is wanted most: more than half, and what the number of sites and the demand ask for."""
    opened = problem.fixed_open.copy()
    for j in np.argsort(-wanted, kind="stable"):
        short = opened.sum() < problem.least or problem.room[opened].sum() < problem.loads.sum()
        if opened.sum() >= problem.most or not (short or wanted[j] > 1 / 2):
            break
        opened[j] |= problem.allowed[j]
    return opened


def _ground(problem: Problem) -> Ground:
    allowed = np.isfinite(problem.costs)
    dearest, mean = float(problem.costs[allowed].max(initial=0.0)), float(problem.costs[allowed].mean())
    load = float(problem.loads.mean())
    return Ground(
        np.where(allowed, problem.costs, FORBIDDEN * dearest + 1),
        problem.loads,
        problem.room,
        problem.opening,
        problem.fixed_open,
        problem.allowed,
        problem.least,
        problem.most,
        OVERLOAD * mean / load if load else 1.0,
    )


def _first_choice(problem: Problem, cost: Floats) -> Bools:
    """Open the most useful site again and again, as if there were no capacities but their sum."""
    opened = problem.fixed_open.copy()
    current = cost[:, opened].min(axis=1, initial=float(cost.max()))
    while opened.sum() < problem.most:
        gain = np.maximum(current[:, None] - cost, 0.0).sum(axis=0) - problem.opening
        gain[opened | ~problem.allowed] = -np.inf
        best = int(np.argmax(gain))
        enough = opened.sum() >= problem.least and problem.room[opened].sum() >= problem.loads.sum()
        if enough and gain[best] <= 0:
            break
        opened[best] = True
        current = np.minimum(current, cost[:, best])
    return opened
