"""A binary heap in plain arrays; of equal keys the smaller item comes out first, so that runs repeat exactly."""

from __future__ import annotations

from territo.domain.arrays import Floats, Ints
from territo.domain.compiled import compiled


@compiled
def push(keys: Floats, items: Ints, size: int, key: float, item: int) -> int:
    """Put an item in; return the new size. The arrays must have room."""
    at = size
    while at > 0:
        parent = (at - 1) >> 1
        if keys[parent] < key or (keys[parent] == key and items[parent] <= item):
            break
        keys[at], items[at] = keys[parent], items[parent]
        at = parent
    keys[at], items[at] = key, item
    return size + 1


@compiled
def pop(keys: Floats, items: Ints, size: int) -> int:
    """Take the first item out, which the caller has read; return the new size."""
    size -= 1
    key, item = keys[size], items[size]
    at = 0
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        other = child + 1
        if other < size and (keys[other] < keys[child] or (keys[other] == keys[child] and items[other] < items[child])):
            child = other
        if key < keys[child] or (key == keys[child] and item <= items[child]):
            break
        keys[at], items[at] = keys[child], items[child]
        at = child
    if size:
        keys[at], items[at] = key, item
    return size
