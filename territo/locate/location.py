"""The answer of a location model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from territo.domain.arrays import Floats, Ints, frozen

Status = Literal["optimal", "feasible", "infeasible", "unknown"]

UNSERVED = -1

# a proof on real numbers ends at this part of the value; on whole numbers it is exact, but for this
PROOF, WHOLE = 1e-9, 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Location:
    """Which sites open, who goes where, and how far this is proven.

    Parameters
    ----------
    status
        ``optimal`` where ``gap`` is no more than the gap asked; ``feasible``
        where the limits came first; ``infeasible`` where it is proven that no
        choice of sites serves everyone; ``unknown`` otherwise.
    open_sites : int array (sites opened,)
        Columns of the cost matrix, ascending; empty without an answer.
    assignment : int array (demand points,)
        Column that serves each row; -1 where none does.
    objective, bound
        Value of the answer (NaN without one) and proven bound, in the same
        unit: never above the optimum when minimising, never below it when
        maximising.
    gap
        ``|objective - bound| / |objective|``; inf without an answer.
    seconds
        Time taken.
    algorithm
        Which method proved or found it.
    shares : float array (demand points, sites), optional
        Part of each row served by each column, where demand may be split;
        ``assignment`` then names the column of the largest part.
    """

    status: Status
    open_sites: Ints
    assignment: Ints
    objective: float
    bound: float
    gap: float
    seconds: float
    algorithm: str
    shares: Floats | None = None

    def __post_init__(self) -> None:
        """Freeze the arrays."""
        object.__setattr__(self, "open_sites", frozen(self.open_sites, np.int64))
        object.__setattr__(self, "assignment", frozen(self.assignment, np.int64))


def relative_gap(objective: float, bound: float) -> float:
    """Tell how far a bound is from a value, relative to the value.

    Zero where both are equal; inf where either is not known.
    """
    if not (np.isfinite(objective) and np.isfinite(bound)):
        return np.inf
    distance = abs(objective - bound)
    return distance / abs(objective) if distance and objective else (np.inf if distance else 0.0)


def provable(bound: float, gap: float) -> float:
    """Return the greatest value that a bound proves within a relative gap; -inf without a bound."""
    if bound <= 0.0:
        return bound / (1.0 + gap)
    return bound / (1.0 - gap) if gap < 1.0 else np.inf


def nowhere(status: Status, points: int, seconds: float, algorithm: str, bound: float) -> Location:
    """Give the answer that opens nothing: none exists, or none was found."""
    nobody = np.full(points, UNSERVED)
    return Location(status, np.empty(0, dtype=np.int64), nobody, np.nan, bound, np.inf, seconds, algorithm)
