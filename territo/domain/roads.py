"""A road network as plain arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from territo.domain.arrays import Floats, Ints, frozen


@dataclass(frozen=True, slots=True, eq=False)
class RoadNetwork:
    """Directed road links between nodes.

    Parameters
    ----------
    xy
        (v, 2) metres, in the projected reference system of the territory.
    tail, head
        (a,) node indices of each directed link; a two-way road is two links.
    length_m
        (a,) true length, metres, at least 0.
    road_class
        (a,) index into ``classes``.
    classes
        Names of the road classes, OpenStreetMap ``highway`` values.
    kmh
        (a,) mean speed that the source gives, NaN where the speed is that of
        the class; None where the source gives none.
    """

    xy: Floats
    tail: Ints
    head: Ints
    length_m: Floats
    road_class: Ints
    classes: tuple[str, ...]
    kmh: Floats | None = None

    def __post_init__(self) -> None:
        """Freeze the arrays."""
        object.__setattr__(self, "xy", frozen(self.xy, np.float64).reshape(-1, 2))
        for name in ("tail", "head", "road_class"):
            object.__setattr__(self, name, frozen(getattr(self, name), np.int64))
        object.__setattr__(self, "length_m", frozen(self.length_m, np.float64))
        if self.kmh is not None:
            object.__setattr__(self, "kmh", frozen(self.kmh, np.float64))
