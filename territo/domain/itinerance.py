"""Itinerant stops: half-days a week, held by agents of a fixed site."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from territo.domain.arrays import Bools, Floats, Ints, frozen


@dataclass(frozen=True, slots=True, eq=False)
class Itinerance:
    """The stops of an organisation (m cells, k sites, s services).

    A stop that is there for a few hours suits a part of its users only, the
    same for all; the others go where they would without it.

    Parameters
    ----------
    credit
        Share of the users of a stop that it suits, 0 to 1.
    half_days
        (k,) half-days a week at each site, 0 where there is no stop.
    parent
        (k,) site that the agents of the stop leave from, -1 where there is no stop.
    offered
        (k, s) services of each stop.
    assignment
        (m, s) stop used by each cell, -1 where there is none.
    """

    credit: float
    half_days: Floats
    parent: Ints
    offered: Bools
    assignment: Ints

    def __post_init__(self) -> None:
        """Freeze the arrays."""
        object.__setattr__(self, "half_days", frozen(self.half_days, np.float64))
        object.__setattr__(self, "parent", frozen(self.parent, np.int64))
        object.__setattr__(self, "offered", frozen(self.offered, np.bool_))
        object.__setattr__(self, "assignment", frozen(self.assignment, np.int64))
