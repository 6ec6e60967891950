r"""What is asked of a frontier next: where its holes are, and which question may fill one.

Between two neighbours A (cheaper) and B (shorter) a chord is asked first:

.. math::
   \min f_1 + \lambda f_2, \qquad \lambda = \frac{f_1(B) - f_1(A)}{f_2(A) - f_2(B)}

which is as easy as the scenario itself and gives the point farthest below the
line between them (Aneja and Nair 1979, doi:10.1287/mnsc.25.1.73). Where there
is none below the line, a ceiling on travel finds those above it, or proves
that there are none. An answer that needs less than its ceilings answers the
ceilings down to what it needs too, those on equity included: the bypass of
Mavrotas and Florios 2013, doi:10.1016/j.amc.2013.03.002.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from territo.model.solution import Solution

Aim = Literal["cost", "travel", "equity", "chord", "between"]

WIDTHS_OF_NOTHING = 2.0
# an equity that is no more than its ceiling, as the solver says it
ROUNDING = 1e-7


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """One answer on the frontier.

    Parameters
    ----------
    number
        0 is the least cost, ``points - 1`` the least travel, the others as they were asked.
    ceiling
        Hours a year up to which it is the cheapest answer; inf for the least
        cost, 0 for the least travel.
    cost, travel, equity
        What the answer needs, as the terms of the model.
    gap
        Relative gap that its proof left open.
    most_equity
        Ceiling on the term equity; inf without one.
    solution
        The answer; None for one that an earlier work left.
    """

    number: int
    ceiling: float
    cost: float
    travel: float
    equity: float
    gap: float
    most_equity: float = math.inf
    solution: Solution | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: the least of a term first, or of all between two neighbours.

    Parameters
    ----------
    aim
        A term, ``chord`` or ``between``.
    ceiling
        Hours a year allowed; of a chord, those of its upper neighbour.
    most_equity
        Ceiling on the term equity.
    price
        Of a chord, euro an hour.
    floor
        Of a chord, hours a year of its lower neighbour.
    """

    aim: Aim
    ceiling: float
    most_equity: float = math.inf
    price: float = 0.0
    floor: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """What is known under one ceiling on equity, and what is being asked.

    Parameters
    ----------
    most_equity
        The ceiling; inf without one.
    answers
        Those that are the cheapest under this ceiling too.
    asked
        Questions under this ceiling without an answer yet.
    points
        How many are wanted.
    width
        Hours a year between the ends of the whole frontier.
    least
        Hours a year below which a difference is none.
    """

    most_equity: float
    answers: Sequence[Found]
    asked: Sequence[Question]
    points: int
    width: float
    least: float

    @property
    def absent(self) -> tuple[Aim, ...]:
        """The ends that are not known yet: the cheapest answer, the one with the least travel."""
        ceilings: tuple[tuple[Aim, float], ...] = (("cost", math.inf), ("travel", 0.0))
        return tuple(aim for aim, end in ceilings if all(each.ceiling != end for each in self.answers))

    def next(self, tried: Collection[Question]) -> Question | None:
        """Choose what to ask in the widest hole; None where there are enough answers, or nothing can be asked now."""
        corners = self._corners()
        if len(corners) + len(self.asked) >= self.points:
            return None
        widest, chosen = WIDTHS_OF_NOTHING * self.least, None
        for low, high in pairwise(corners):
            width, question = self._in_hole(low, high, tried)
            if width > widest:
                widest, chosen = width, question
        return chosen

    def _corners(self) -> list[Found]:
        """Return the answers with the least travel first, one where several are alike."""
        kept: list[Found] = []
        for each in sorted(self.answers, key=lambda each: (each.travel, each.cost)):
            if not kept or each.travel - kept[-1].travel > self.least:
                kept.append(each)
        return kept

    def _in_hole(self, low: Found, high: Found, tried: Collection[Question]) -> tuple[float, Question | None]:
        """Return how much of a hole is open and the question that fits it; nothing while its chord is asked.

        A ceiling just under the upper neighbour gives the next answer of all,
        or the lower neighbour again: then the hole is empty.
        """
        floor = self._covered(low)
        inside = [each for each in self.asked if low.travel < each.ceiling <= high.travel]
        if high.travel - floor <= self.least or any(each.aim == "chord" for each in inside):
            return 0.0, None
        price = (low.cost - high.cost) / (high.travel - low.travel)
        chord = Question("chord", high.travel, self.most_equity, price, low.travel)
        wide = high.travel - floor > self.width / self.points
        if wide and not inside and floor - low.travel <= self.least and price > 0.0 and chord not in tried:
            return high.travel - floor, chord
        edges = sorted({floor, high.travel, *(each.ceiling for each in inside if each.ceiling > floor)})
        under, over = max(pairwise(edges), key=lambda pair: pair[1] - pair[0])
        ceiling = high.travel - self.least if over == high.travel and not inside else (under + over) / 2.0
        return over - under, Question("between", ceiling, self.most_equity)

    def _covered(self, low: Found) -> float:
        """Return the greatest ceiling that is known to give this answer: no hole lies below it."""
        same = [each.ceiling for each in self.answers if abs(each.travel - low.travel) <= self.least]
        return max([low.travel, *(ceiling for ceiling in same if math.isfinite(ceiling))])


def level_of(
    most_equity: float, found: Sequence[Found], asked: Sequence[Question], *, points: int, width: float, least: float
) -> Level:
    """Gather what concerns one ceiling on equity: its own answers, and those of a looser one that keep it."""
    kept = most_equity * (1.0 + ROUNDING)
    answers = [each for each in found if each.equity <= kept and each.most_equity >= most_equity]
    here = [each for each in asked if each.most_equity == most_equity]
    return Level(most_equity, answers, here, points, width, least)
