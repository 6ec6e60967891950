"""Which sets lie inside which, compared as packed bits."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from territo.domain.arrays import Bools, Ints
from territo.domain.compiled import compiled

Words = np.ndarray[tuple[int, int], np.dtype[np.uint64]]


class Sets(NamedTuple):
    """Different sets, and for each the sets that may include it.

    The sets that hold the rarest element of set ``i`` are
    ``members[start[i]:stop[i]]``.
    """

    bits: Words
    sizes: Ints
    members: Ints
    start: Ints
    stop: Ints


@compiled
def outer_sets(sets: Sets) -> Bools:
    """Find the sets that include another one."""
    outer = np.zeros(sets.sizes.size, np.bool_)
    for small in np.argsort(sets.sizes):
        if outer[small]:  # what includes it includes a smaller one, seen before
            continue
        for k in range(sets.start[small], sets.stop[small]):
            large = sets.members[k]
            if not outer[large] and inside(sets, small, large):
                outer[large] = True
    return outer


@compiled
def inner_sets(sets: Sets) -> Bools:
    """Find the sets that another one includes."""
    inner = np.zeros(sets.sizes.size, np.bool_)
    for small in range(sets.sizes.size):
        for k in range(sets.start[small], sets.stop[small]):
            if inside(sets, small, sets.members[k]):
                inner[small] = True
                break
    return inner


@compiled
def inside(sets: Sets, small: int, large: int) -> bool:
    """Tell whether one set lies inside another, larger one."""
    if sets.sizes[small] >= sets.sizes[large]:
        return False
    for word in range(sets.bits.shape[1]):  # noqa: SIM110  # compiled code has no generators
        if sets.bits[small, word] & ~sets.bits[large, word]:
            return False
    return True
