"""What observed staff and spending say of the catalogue (rule R6 of the domain specification)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from territo.domain.arrays import Floats, frozen


@dataclass(frozen=True, slots=True)
class Fit:
    """One service whose staff is observed.

    Parameters
    ----------
    service
        Its code.
    default, fitted
        Units one full-time equivalent handles a year: by the catalogue, and
        as fitted.
    observed_fte, reproduced_fte
        Full-time equivalents seen, and those that the fitted number gives, in
        the communes where they were seen.
    observed_eur, reproduced_eur
        The same for spending, euro per year; NaN where it was not observed.
    """

    service: str
    default: float
    fitted: float
    observed_fte: float
    reproduced_fte: float
    observed_eur: float
    reproduced_eur: float

    @property
    def change(self) -> float:
        """Change of the number against the catalogue, as a share."""
        return self.fitted / self.default - 1.0

    @property
    def misses(self) -> tuple[float, ...]:
        """Relative errors that remain, on staff and on spending where it was observed."""
        pairs = ((self.reproduced_fte, self.observed_fte), (self.reproduced_eur, self.observed_eur))
        return tuple(found / seen - 1.0 for found, seen in pairs if np.isfinite(seen))


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """All fits, and what they leave unexplained, which every scenario carries unchanged.

    Parameters
    ----------
    fits
        One entry a service whose staff is observed.
    fte, eur
        (k, s) full-time equivalents and euro per year that the fitted numbers
        do not explain, at the sites where the staff is today; both may be
        negative.
    """

    fits: tuple[Fit, ...]
    fte: Floats
    eur: Floats

    def __post_init__(self) -> None:
        """Freeze the arrays."""
        object.__setattr__(self, "fte", frozen(self.fte, np.float64))
        object.__setattr__(self, "eur", frozen(self.eur, np.float64))
