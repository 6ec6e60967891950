"""Where the comparison of two sides of a service turns round: the price of the hour, the volume, the smallest team.

The turn is looked for on the organisations that are known, which takes no
solve, and proven just before and just after it. An organisation that is found
on the way moves it, and it is proven anew, until it stays.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from territo.domain.verdict import Flip
from territo.errors import NoSolutionError
from territo.explore.sides import Change, Side
from territo.model.problem import Problem

DEAREST_HOUR = 1_000.0
# how far volumes and teams are searched, as multiples of today's
FARTHEST = 4.0
# before and after a turn, sides differ by this part of their value beside what services left out leave open, and by
# this part of that; a turn moves so many times at most
TOLD, PART, TURNS = 1e-4, 0.25, 6
# and looked for on known organisations to this part, or more roughly where each look is a solve
FINE, ROUGH = 1e-6, 5e-3
# sides whose travel differs by less, hours a year, are as far at any price
SAME_HOURS = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Contest:
    """The best organisation with a service at the centre against the best with it in the territories.

    Parameters
    ----------
    pool, spread
        Both proven at the price of the hour.
    hour
        Euro an hour that users travel.
    apart_eur
        Euro a year that the services left out of both may add to one of them.
    """

    pool: Side
    spread: Side
    hour: float
    apart_eur: float = 0.0

    @property
    def pooled(self) -> bool:
        """Whether the centre is the better side today."""
        return self.pool.worth(self.hour) <= self.spread.worth(self.hour)

    @property
    def sides(self) -> tuple[Side, Side]:
        """The better side today, and the worse one."""
        return (self.pool, self.spread) if self.pooled else (self.spread, self.pool)

    def margin(self, hour: float) -> float:
        """Euro a year that the proofs leave open at a price of the hour."""
        left = (side.worth(hour) - side.least(hour) for side in (self.pool, self.spread))
        return self.apart_eur + sum(max(each, 0.0) for each in left)


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A number that is changed, and what that makes of a side.

    Parameters
    ----------
    worth
        Value of the best organisation known.
    prove
        Know a side to so many euros; what is left, None where it keeps no promise.
    hour
        Price of an hour of travel, at a number.
    """

    worth: Callable[[Side, float], float]
    prove: Callable[[Side, float, float], float | None]
    hour: Callable[[float], float]


def hour_that_flips(contest: Contest) -> Flip | None:
    """Find the price of the hour where the better side changes; None where none is proven."""
    better, worse = contest.sides
    hours = worse.best(contest.hour).terms["travel"] - better.best(contest.hour).terms["travel"]
    if abs(hours) < SAME_HOURS:
        return None
    question = Question(Side.worth, Side.prove, lambda hour: hour)
    # dearer hours are for the side that travels less
    return _turn(contest, question, contest.hour, 0.0 if hours > 0 else DEAREST_HOUR)


def volume_that_flips(contest: Contest) -> Flip | None:
    """Find the multiple of the demand where the better side changes: more demand favours several teams."""
    end = FARTHEST if contest.pooled else 1.0 / FARTHEST
    return _turn(contest, _changed(_volume, contest.hour), 1.0, end)


def team_that_flips(contest: Contest) -> Flip | None:
    """Find the smallest team, FTE, where the better side changes: a larger one favours the centre."""
    floor = float(contest.pool.problem.services.least_team[contest.pool.service])
    end = 0.0 if contest.pooled else floor * FARTHEST
    return _turn(contest, _changed(_least_team, contest.hour), floor, end) if floor > 0 else None


def _changed(change: Change, hour: float) -> Question:
    def prove(side: Side, number: float, told: float) -> float | None:
        # with one point and nothing else bound, what is proven today is proven then
        return side.prove(hour) if side.one_point else side.prove_changed(change, number, hour, told)

    return Question(lambda side, number: side.changed_worth(change, number, hour), prove, lambda _: hour)


def _volume(p: Problem, service: int, ratio: float) -> Problem:
    """Multiply what is asked of the service."""
    column = np.ones(len(p.services.codes))
    column[service] = ratio
    return dataclasses.replace(
        p, units=p.units * column, visits=p.visits * column, need=p.need * column, agent_eur=p.agent_eur * column
    )


def _least_team(p: Problem, service: int, fte: float) -> Problem:
    """Change the smallest team of the service."""
    teams = p.services.least_team.copy()
    teams[service] = fte
    return dataclasses.replace(p, services=dataclasses.replace(p.services, least_team=teams))


def _turn(contest: Contest, question: Question, now: float, end: float) -> Flip | None:
    """Find where the better side changes between today's number and an end; None where that is not proven in time."""
    try:
        return _proven_turn(contest, question, now, end)
    except NoSolutionError:
        return None


def _proven_turn(contest: Contest, question: Question, now: float, end: float) -> Flip | None:
    """Prove the side that is worse today just before the turn, the one that is better just after it."""
    better, worse = contest.sides
    part = FINE if better.alone else ROUGH
    told = max(TOLD * abs(better.worth(contest.hour)), PART * contest.apart_eur)
    open_eur = contest.apart_eur + told

    def ahead(number: float) -> float:
        return question.worth(worse, number) - question.worth(better, number)

    def settled(side: Side, number: float) -> bool | None:
        """Whether a side is proven to be the worse one there; None where that cannot be known in time."""
        left = question.prove(side, number, told / 2.0)
        if left is None or left > told:
            return None
        lead = ahead(number) if side is worse else -ahead(number)
        return lead - left >= contest.apart_eur

    _exchange(better, worse, question.hour(end))
    for _ in range(TURNS):
        if ahead(now) <= open_eur or ahead(end) >= -open_eur:
            return None
        _exchange(better, worse, question.hour(_root(ahead, now, end, part)))
        near = _root(lambda number: ahead(number) - open_eur, now, end, part)
        far = _root(lambda number: ahead(number) + open_eur, near, end, part)
        proven = settled(worse, near) and settled(better, far)
        if proven:
            return Flip(_root(ahead, near, far, part), min(near, far), max(near, far))
        if proven is None:
            return None
    return None


def _exchange(one: Side, other: Side, hour: float) -> None:
    """Let each side know the best organisation of the other at a price of the hour."""
    one.borrow(other, hour)
    other.borrow(one, hour)


def _root(ahead: Callable[[float], float], now: float, end: float, part: float) -> float:
    """Narrow down, to a part of itself, where what is above 0 now is so no longer, before an end where it is not."""
    same, other = now, end
    while abs(other - same) > part * max(abs(same), abs(other)):
        middle = (same + other) / 2.0
        same, other = (middle, other) if ahead(middle) > 0 else (same, middle)
    return (same + other) / 2.0
