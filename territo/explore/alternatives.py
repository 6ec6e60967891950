"""Plans almost as good as the best one, with other sites."""

from __future__ import annotations

from collections.abc import Callable

from territo.domain.indicators import Proof
from territo.errors import InfeasibleError, NoSolutionError
from territo.model.plan import Plan
from territo.model.solution import Solution

TOLERANCE = 1e-6
# a plan that is good on the first aim and not on the next ones is passed over, so many times at most
TRIALS_PER_PLAN = 2

Search = Callable[[tuple[Plan, ...]], Solution]


def alternatives(best: Solution, search: Search, *, number: int, within: float) -> tuple[list[Solution], bool]:
    """Look for further plans, each with enough other sites than all before it.

    Parameters
    ----------
    best
        The answer to come close to.
    search
        Finds the best answer unlike all the given plans; raises
        InfeasibleError where there is none, NoSolutionError where it found none.
    number
        How many to look for.
    within
        Largest loss on each aim, as a share: 0.02 = two per cent.

    Returns
    -------
    list of Solution, bool
        The plans, best first, and whether it is proven that no other one is
        within the margin.
    """
    found: list[Solution] = []
    seen: tuple[Plan, ...] = (best.plan,)
    for _ in range(TRIALS_PER_PLAN * number):
        if len(found) == number:
            return found, False
        try:
            solution = search(seen)
        except InfeasibleError:
            return found, True
        except NoSolutionError:
            return found, False
        seen = (*seen, solution.plan)
        losses = [_loss(*pair) for pair in zip(best.proofs, solution.proofs, strict=False)]
        if losses[0] > within + TOLERANCE:
            return found, _beyond(best.proofs[0], solution.proofs[0], within)
        if max(losses) <= within + TOLERANCE:
            found.append(solution)
    return found, False


def loss(best: Solution, other: Solution) -> float:
    """Share of the first aim that the other answer loses."""
    return _loss(best.proofs[0], other.proofs[0])


def _loss(best: Proof, other: Proof) -> float:
    worse = other.objective - best.objective
    return worse / abs(best.objective) if best.objective else (0.0 if worse <= TOLERANCE else float("inf"))


def _beyond(best: Proof, other: Proof, within: float) -> bool:
    """Whether even the bound of the other answer is beyond the margin."""
    return other.bound > best.objective + abs(best.objective) * within
