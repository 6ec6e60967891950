"""Contradictions between the locks of a scenario.

Communes asked together are merged into groups first, so that a contradiction
that goes through a third commune is found too.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from territo.errors import Fault, fault
from territo.scenario.parts import SeatLock, Territories, TogetherLock

_KEY = "territories.locks"


def lock_faults(territories: Territories) -> Iterator[Fault]:
    """Return every contradiction, with the key of the later of the two locks."""
    groups = _groups(territories)
    yield from _apart_and_together(territories, groups)
    yield from _seats(territories, groups)


def _groups(territories: Territories) -> dict[str, str]:
    """Commune -> first commune of the group that it is asked to share a territory with."""
    group: dict[str, str] = {}
    for lock in territories.locks:
        together = _asked_together(lock)
        if together:
            merged = {group.get(code, code) for code in together}
            first = min(merged)
            group |= {code: first for code, head in group.items() if head in merged}
            group |= dict.fromkeys(together, first)
    return group


def _asked_together(lock: TogetherLock | SeatLock) -> tuple[str, ...]:
    if isinstance(lock, TogetherLock):
        return lock.communes if lock.together else ()
    return (lock.commune, lock.seat) if lock.inside else ()


def _apart_and_together(territories: Territories, groups: dict[str, str]) -> Iterator[Fault]:
    for row, lock in enumerate(territories.locks):
        if isinstance(lock, TogetherLock) and not lock.together:
            for one, other in combinations(lock.communes, 2):
                if groups.get(one, one) == groups.get(other, other):
                    yield fault(
                        "locks-together-and-apart",
                        "{one} and {other} are locked both together and apart: remove one of the locks",
                        key=f"{_KEY}.{row}",
                        one=one,
                        other=other,
                    )


def _seats(territories: Territories, groups: dict[str, str]) -> Iterator[Fault]:
    """Find groups in two territories, in and out of one, or around a seat that is not allowed."""
    inside: dict[str, str] = {}
    rows = [(row, lock) for row, lock in enumerate(territories.locks) if isinstance(lock, SeatLock)]
    for row, lock in rows:
        key = f"{_KEY}.{row}"
        if territories.seats is not None and lock.inside and lock.seat not in territories.seats:
            yield fault(
                "lock-seat-not-allowed",
                "{seat} is not among the seats allowed: add it to seats, or remove this lock",
                key=key,
                seat=lock.seat,
            )
        group = groups.get(lock.commune, lock.commune)
        if lock.inside and inside.setdefault(group, lock.seat) != lock.seat:
            yield fault(
                "locks-two-seats",
                "{commune} is locked to two poles, {one} and {other}: keep one",
                key=key,
                commune=lock.commune,
                one=inside[group],
                other=lock.seat,
            )
    for row, lock in rows:
        if not lock.inside and inside.get(groups.get(lock.commune, lock.commune)) == lock.seat:
            yield fault(
                "locks-inside-and-outside",
                "{commune} is locked both inside and outside the territory of {seat}: remove one of the locks",
                key=f"{_KEY}.{row}",
                commune=lock.commune,
                seat=lock.seat,
            )
