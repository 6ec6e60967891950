"""Travel between demand cells and candidate sites."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from territo.domain.arrays import Floats, frozen
from territo.errors import fault, raise_faults


@dataclass(frozen=True, slots=True, eq=False)
class TravelTimes:
    """One-way travel from every cell to every site.

    Parameters
    ----------
    minutes
        (cells, sites) minutes, terminal time included; ``inf`` = unreachable.
    km
        (cells, sites) kilometres by the same path; ``inf`` = unreachable.
    mode
        ``car``.
    provenance
        Speeds, terminal time and road source, as shown to people.
    """

    minutes: Floats
    km: Floats
    mode: str
    provenance: str

    def __post_init__(self) -> None:
        """Freeze the matrices and refuse NaN and negative values."""
        for name in ("minutes", "km"):
            object.__setattr__(self, name, frozen(getattr(self, name), np.float64))
        if self.minutes.shape != self.km.shape:
            raise_faults([fault("lengths-differ", "the columns of {what} differ in length", what="travel times")])
        if np.isnan(self.minutes).any() or (self.minutes < 0).any():
            raise_faults(
                [fault("bad-travel-time", "some travel times are negative or not a number: check the road file")]
            )
