"""A plan: the decisions that are hard to take back, without the teams and the users that follow from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from territo.domain.arrays import Bools, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What is decided first (domain specification, section 5.7), by index of the problem.

    Parameters
    ----------
    offered
        (j, s) points of service.
    modality
        (s) modality of each service.
    seat_of
        (n,) site of the seat of each commune's territory, -1 without territories.
    """

    offered: Bools
    modality: tuple[str, ...]
    seat_of: Ints

    def chosen(self, required: Bools) -> Bools:
        """(j,) sites that offer more than what the law keeps there; ``required`` is (j, s)."""
        return np.asarray((self.offered & ~required).any(axis=1), dtype=np.bool_)

    def same_as(self, other: Plan) -> bool:
        """Whether the two plans decide alike."""
        return (
            self.modality == other.modality
            and np.array_equal(self.offered, other.offered)
            and np.array_equal(self.seat_of, other.seat_of)
        )
