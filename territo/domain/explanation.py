"""Why a scenario cannot be kept and what would repair it, or what its promises cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from territo.errors import Fault

Params = Mapping[str, str | float]


@dataclass(frozen=True, slots=True)
class Asked:
    """A promise of a scenario, ready to be worded.

    Parameters
    ----------
    id
        ``limits.cost``, ``norm.mediatheque``, ``keep.64445``.
    wording
        Which phrase says it: ``promise.<wording>`` and ``repair.<wording>`` in ``i18n``.
    params
        Parameters of the phrase: names, amounts in euro, minutes, shares.
    """

    id: str
    wording: str
    params: Params


@dataclass(frozen=True, slots=True)
class Repair:
    """One change that repairs a scenario.

    Parameters
    ----------
    asked
        The promise that gives way; its parameters hold the new value too.
    before, to
        Values in ``unit``; None where the wish is given up.
    unit
        ``eur_per_year``, ``hours_per_year``, ``eur``, ``share``, ``min``,
        ``count``; empty for a wish.
    patch
        Dotted key of the scenario -> new value.
    least
        Whether it is proven that a smaller change is not enough.
    not_enough
        Where that is not proven, a smaller change that is known not to be; None where none is known.
    """

    asked: Asked
    before: float | None
    to: float | None
    unit: str
    patch: Mapping[str, Any]
    least: bool = True
    not_enough: Repair | None = None


@dataclass(frozen=True, slots=True)
class Price:
    """What one promise costs: the best organisation with it against the best without it.

    Parameters
    ----------
    asked
        The promise.
    value
        Euro a year, the users' time at its price included; never below 0.
    margin
        Euro a year by which ``value`` may be off, since proofs have a gap.
    cost, hours
        Its two parts: running cost, euro a year, and travel, hours a year.
    people, minutes
        Inhabitants whose mean trip the promise shortens, and by how much.
    """

    asked: Asked
    value: float
    margin: float
    cost: float
    hours: float
    people: float
    minutes: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """What was learnt of the promises of a scenario.

    Parameters
    ----------
    feasible
        Whether some organisation keeps them all; None where the limits came first.
    asked
        All promises, in the order of the families.
    repairs
        Changes of which each one alone is enough.
    smallest_set
        Changes that are enough together, where the fewest promises give way.
    conflicts
        Ids of promises that cannot be kept together; no set holds another.
    every_conflict
        Whether all such sets are listed; there are often many that say the same.
    prices
        For a feasible scenario, what its promises cost, the dearest first.
    screen
        What the data alone show to be impossible, before any solve.
    complete
        False where a limit or a stop cut the search for changes, or for prices,
        short: there may be more to say.
    """

    feasible: bool | None
    asked: tuple[Asked, ...]
    repairs: tuple[Repair, ...] = ()
    smallest_set: tuple[Repair, ...] = ()
    conflicts: tuple[tuple[str, ...], ...] = ()
    every_conflict: bool = True
    prices: tuple[Price, ...] = ()
    screen: tuple[Fault, ...] = ()
    complete: bool = True
