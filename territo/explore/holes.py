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

# size of a hole that gets a chord, in parts of what points in a row would leave
WORTH_A_CHORD = 0.25
# a difference that is none, as a part of a range, and holes that are none, in such differences
OPEN, WIDTHS_OF_NOTHING = 1e-3, 2.0
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
    dear, far
        Ranges of cost and travel over the ends of the whole frontier.
    """

    most_equity: float
    answers: Sequence[Found]
    asked: Sequence[Question]
    points: int
    dear: float
    far: float

    @property
    def absent(self) -> tuple[Aim, ...]:
        """The ends that are not known yet: the cheapest answer, the one with the least travel."""
        ceilings: tuple[tuple[Aim, float], ...] = (("cost", math.inf), ("travel", 0.0))
        return tuple(aim for aim, end in ceilings if all(each.ceiling != end for each in self.answers))

    def next(self, tried: Collection[Question]) -> Question | None:
        """Choose what to ask; None where there are enough answers, or nothing can be asked now.

        The chord of the largest hole that may have one, since ceilings take
        much longer; else a ceiling in the largest hole.
        """
        corners = self._corners()
        if len(corners) + len(self.asked) >= self.points:
            return None
        best, chosen = (False, 0.0), None
        for low, high in pairwise(corners):
            size, question = self._in_hole(low, high, tried)
            rank = (question is not None and question.aim == "chord", size)
            if rank > best:
                best, chosen = rank, question
        return chosen

    @property
    def least(self) -> float:
        """Hours a year below which a difference is none."""
        return OPEN * self.far

    def _corners(self) -> list[Found]:
        """Return the answers with the least travel first, one where several are alike."""
        kept: list[Found] = []
        for each in sorted(self.answers, key=lambda each: (each.travel, each.cost)):
            if not kept or each.travel - kept[-1].travel > self.least:
                kept.append(each)
        return kept

    def _in_hole(self, low: Found, high: Found, tried: Collection[Question]) -> tuple[float, Question | None]:
        """Return the size of a hole and the question that fits it; nothing while its chord is asked.

        The size is the side of a square as large as what an answer there may
        gain on both terms, in parts of their ranges. A ceiling just under the
        upper neighbour gives the next answer of all, or the lower neighbour
        again: then the hole is empty.
        """
        floor = self._covered(low)
        inside = [each for each in self.asked if low.travel < each.ceiling <= high.travel]
        open_hours, gain = high.travel - floor, low.cost - high.cost
        if open_hours <= WIDTHS_OF_NOTHING * self.least or gain <= OPEN * self.dear:
            return 0.0, None
        if any(each.aim == "chord" for each in inside):
            return 0.0, None
        size = math.sqrt(open_hours / self.far * gain / self.dear)
        price = gain / (high.travel - low.travel)
        chord = Question("chord", high.travel, self.most_equity, price, low.travel)
        untouched = not inside and floor - low.travel <= self.least and chord not in tried
        if untouched and size > WORTH_A_CHORD / self.points:
            return size, chord
        edges = sorted({floor, high.travel, *(each.ceiling for each in inside if each.ceiling > floor)})
        under, over = max(pairwise(edges), key=lambda pair: pair[1] - pair[0])
        ceiling = high.travel - self.least if over == high.travel and not inside else (under + over) / 2.0
        return size * (over - under) / open_hours, Question("between", ceiling, self.most_equity)

    def _covered(self, low: Found) -> float:
        """Return the greatest ceiling that is known to give this answer: no hole lies below it."""
        same = [each.ceiling for each in self.answers if abs(each.travel - low.travel) <= self.least]
        return max([low.travel, *(ceiling for ceiling in same if math.isfinite(ceiling))])


def around(question: Question, found: Collection[Found]) -> tuple[Found, ...]:
    """Return the nearest answers below and above what is asked on travel; none for an end."""
    if question.aim not in ("chord", "between") or math.isinf(question.ceiling):
        return ()
    middle = (question.floor + question.ceiling) / 2.0 if question.aim == "chord" else question.ceiling
    below = [each for each in found if each.travel <= middle]
    above = [each for each in found if each.travel > middle]
    return (max(below, key=lambda each: each.travel), min(above, key=lambda each: each.travel))


def level_of(
    most_equity: float, found: Sequence[Found], asked: Sequence[Question], *, points: int, dear: float, far: float
) -> Level:
    """Gather what concerns one ceiling on equity: its own answers, and those of a looser one that keep it."""
    kept = most_equity * (1.0 + ROUNDING)
    answers = [each for each in found if each.equity <= kept and each.most_equity >= most_equity]
    here = [each for each in asked if each.most_equity == most_equity]
    return Level(most_equity, answers, here, points, dear, far)
