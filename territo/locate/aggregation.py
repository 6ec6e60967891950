"""A smaller problem that warm-starts a large one.

Points that have the same nearest sites in the same order are close to each
other: added up, they give good sites and good multipliers at little cost.
Nothing is proven there: bounds are always taken on every point.
"""

from __future__ import annotations

import numpy as np

from territo.domain.arrays import Bools, Floats, Ints
from territo.locate.kernels.lists import Lists, fingerprints, nearest_two

# a smaller problem gains nothing, nor does one that hardly shrinks
LEAST_POINTS = 3000
LEAST_SHRINKING = 3
DEPTHS = (3, 2, 1)
# how far outside its two nearest open sites a multiplier may lie
OVERSHOOT = 0.5


def groups(lists: Lists) -> Ints | None:
    """Group the points by their nearest sites; None where that would not make the problem much smaller."""
    points = lists.beyond.size
    if points < LEAST_POINTS:
        return None
    for depth in DEPTHS:
        found, group = np.unique(fingerprints(lists, depth), return_inverse=True)
        if found.size * LEAST_SHRINKING <= points:
            return group.astype(np.int64)
    return None


def spread(multipliers: Floats, group: Ints, lists: Lists, is_open: Bools) -> Floats:
    """Place the multiplier of each point between its two nearest open sites where that of its group lies."""
    _, d1, d2 = nearest_two(lists, is_open)
    near, far = (np.bincount(group, distance, minlength=multipliers.size) for distance in (d1, d2))
    between = np.divide(multipliers - near, far - near, out=np.zeros_like(near), where=far > near)
    u: Floats = d1 + np.clip(between, -OVERSHOOT, 1 + OVERSHOOT)[group] * (d2 - d1)
    return u
