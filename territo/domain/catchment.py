"""How well a service can be reached from each cell, what it offers there compared with what people need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from territo.domain.arrays import Bools, Floats, frozen
from territo.errors import fault, raise_faults


@dataclass(frozen=True, slots=True)
class Zones:
    """How the pull of a site fades with travel time, in steps.

    Parameters
    ----------
    minutes
        Ends of the zones, ascending, minutes; nobody goes beyond the last.
    weights
        Pull of each zone, descending, above 0.

    Raises
    ------
    InputError
        There is no zone, or they are not in order.
    """

    minutes: tuple[float, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        """Check the zones."""
        steps = len(self.minutes) == len(self.weights) > 0
        ordered = steps and all(np.diff([0.0, *self.minutes]) > 0) and all(np.diff([*self.weights, 0.0]) <= 0)
        if not ordered or self.weights[-1] <= 0:
            sentence = "the zones {zones} are not in order: minutes must rise, and weights fall and stay above 0"
            zones = ", ".join(f"{end:g}:{weight:g}" for end, weight in zip(self.minutes, self.weights, strict=False))
            raise_faults([fault("zones-not-in-order", sentence, zones=zones)])


@dataclass(frozen=True, slots=True, eq=False)
class ServiceAccess:
    """Access to one service (m cells, n communes, k sites).

    Parameters
    ----------
    service
        Its code.
    zones
        Of the floating catchments.
    offered
        (k,) where it stands.
    supply
        (k,) full-time equivalents, or hours a week for a service without staff.
    unit
        ``fte`` or ``hours_per_week``.
    demand
        (m,) units a year that the people of each cell need.
    minutes
        (m,) to the nearest site, ``inf`` = out of reach.
    offer
        (m,) supply within reach per 10,000 inhabitants of average need, shared
        with all those who can reach it.
    index
        (m,) offer over its mean; 1 = as much as the others, NaN where nothing
        is within reach of anybody.
    by_commune
        (n,) mean index of the people of each commune, by need; NaN without need.
    matched
        Share of the supply that stands where the need is; the rest would have
        to move for all to have the same index. NaN where there is no supply.
    reached
        End of a band of minutes -> inhabitants within it, bands apart; ``inf``
        for those beyond the last.
    """

    service: str
    zones: Zones
    offered: Bools
    supply: Floats
    unit: str
    demand: Floats
    minutes: Floats
    offer: Floats
    index: Floats
    by_commune: Floats
    matched: float
    reached: Mapping[float, float]

    def __post_init__(self) -> None:
        """Freeze the arrays."""
        object.__setattr__(self, "offered", frozen(self.offered, np.bool_))
        for name in ("supply", "demand", "minutes", "offer", "index", "by_commune"):
            object.__setattr__(self, name, frozen(getattr(self, name), np.float64))
