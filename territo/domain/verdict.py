"""Whether a service is better pooled or territorialised, and what would change the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Choice = Literal["pool", "territorialise", "indifferent", "undecided"]


@dataclass(frozen=True, slots=True)
class Flip:
    """Where an answer turns round.

    Parameters
    ----------
    at
        The number.
    least, most
        What is proven: it turns round between these two.
    """

    at: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """One service, at the centre against in the territories, all the rest at its best in each case.

    Parameters
    ----------
    service
        Code.
    choice
        ``indifferent`` where the two differ by less than a hundredth of the
        cost of the teams, ``undecided`` where what is proven does not tell
        which is better.
    regret
        Euro a year, the users' time at its price included, lost by the other
        choice; None where the other choice breaks a promise of the scenario,
        and where an undecided service had no answer in time. Of an undecided
        service, by the choice that seems the worse.
    margin
        Euro a year by which ``regret`` may be off.
    cost, hours, minutes
        What the other choice changes: running cost, euro a year; travel of
        all users, hours a year; mean trip to this service, minutes. None with ``regret``.
    value_of_time
        Euro an hour at which the answer flips; None where none was found, or
        none is proven.
    volume
        Demand of the service at which it flips, as a multiple of today's.
    least_team
        Smallest team, FTE, at which it flips.
    """

    service: str
    choice: Choice
    regret: float | None
    margin: float
    cost: float | None
    hours: float | None
    minutes: float | None
    value_of_time: Flip | None = None
    volume: Flip | None = None
    least_team: Flip | None = None
