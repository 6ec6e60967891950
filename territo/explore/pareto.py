r"""The frontier between cost and travel by AUGMECON2.

Ends by lexicographic optima; between them, for ceilings e on travel,

.. math::
   \min f_1 + \varepsilon\, \frac{r_1}{r_2} f_2 \quad \text{s.t.} \quad f_2 \le e

which is the augmented program of the method, its slack written out: no answer
is weakly efficient only. An answer that needs less than its ceiling answers
the ceilings down to what it needs too (the bypass of the method), so the next
ceiling is chosen in the middle of the widest hole that no answer covers:
where every answer is new, these are the ceilings of a regular grid. Mavrotas
2009, doi:10.1016/j.amc.2009.03.037; Mavrotas and Florios 2013,
doi:10.1016/j.amc.2013.03.002; domain specification, section 5.8.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count, pairwise

from territo.errors import TerritoError
from territo.explore.tasks import Alone, Answer, Crew, Processes, Task
from territo.locate.highs import Options
from territo.model.problem import Problem
from territo.model.solution import Solution
from territo.progress import Event, Progress

# weight of the second term, and what the proof may leave open, as parts of the range of the first
AUGMENTATION, OPEN = 1e-2, 1e-3
# the ends fix the ranges: their relative gap
END_GAP = 1e-4
# two processes pay once a solve takes longer than they take to start
WORTH_PROCESSES_S = 1.5
WORKERS = 2
# solves given to fill holes end here, in numbers of points
MOST_SOLVES = 2
WIDTHS_OF_NOTHING = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """One answer on the frontier.

    Parameters
    ----------
    number
        0 is the least cost, ``points - 1`` the least travel, the others as they were asked.
    ceiling
        Hours a year allowed; inf for the least cost.
    cost, travel
        What the answer needs.
    gap
        Relative gap that its proof left open.
    solution
        The answer; None for one that an earlier work left.
    """

    number: int
    ceiling: float
    cost: float
    travel: float
    gap: float
    solution: Solution | None = None


class Search:
    """What is known of a frontier and what is asked next.

    Parameters
    ----------
    problem
        The promises that every point keeps; its goals are replaced.
    points
        How many points are wanted, the ends included; at least 2.
    options
        Limits of each solve.
    known
        Points of an earlier work on the same problem.
    """

    def __init__(self, problem: Problem, points: int, options: Options, known: Sequence[Found] = ()) -> None:
        self.problem, self.points, self.options = problem, points, options
        self.found = {each.number: each for each in known}
        self.failed: list[TerritoError] = []
        self._ceilings = {each.number: each.ceiling for each in known}

    @property
    def last(self) -> int:
        """Number of the point with the least travel."""
        return self.points - 1

    @property
    def ends(self) -> tuple[Found, Found] | None:
        """The cheapest point and the one with the least travel, once both are known."""
        if 0 in self.found and self.last in self.found:
            return self.found[0], self.found[self.last]
        return None

    @property
    def complete(self) -> bool:
        """Whether all points wanted are known, or all that exist, and all are proven."""
        proven = all(each.gap <= self.options.gap for each in self.found.values())
        return self.ends is not None and proven and not self.failed and not self._busy and self._ceiling() is None

    @property
    def _busy(self) -> list[float]:
        """Ceilings that were asked and have no answer yet."""
        return [ceiling for number, ceiling in self._ceilings.items() if number not in self.found]

    def next(self) -> Task | None:
        """Return what to solve next; None where nothing can be asked now."""
        if self.failed:
            return None
        if self.ends is None:
            return next((self._end(number) for number in (0, self.last) if number not in self._ceilings), None)
        ceiling = self._ceiling()
        return None if ceiling is None else self._between(ceiling)

    def learn(self, answer: Answer) -> Found | None:
        """Keep an answer; return it where it is a new point.

        Raises
        ------
        InfeasibleError, NoSolutionError
            If there is no answer at all.
        """
        if answer.solution is None:
            del self._ceilings[answer.number]
            if answer.error is not None and not self.found:
                raise answer.error
            self.failed += [answer.error] if answer.error else []
            return None
        terms = answer.solution.terms
        ceiling = self._ceilings[answer.number]
        gap = max(proof.gap for proof in answer.solution.proofs)
        found = Found(answer.number, ceiling, terms["cost"], terms["travel"], gap, answer.solution)
        others = tuple(self.found.values())
        self.found[answer.number] = found
        return None if any(self._same(found, each) for each in others) else found

    def _end(self, number: int) -> Task:
        self._ceilings[number] = math.inf if number == 0 else 0.0
        order = ("cost", "travel") if number == 0 else ("travel", "cost")
        options = dataclasses.replace(self.options, gap=min(self.options.gap, END_GAP))
        return Task(number, tuple({term: 1.0} for term in order), self.problem.limits, options)

    def _between(self, ceiling: float) -> Task:
        number = next(number for number in count(1) if number not in self._ceilings)
        self._ceilings[number] = ceiling
        cheap, short = self.found[0], self.found[self.last]
        dear, far = short.cost - cheap.cost, cheap.travel - short.travel
        goal = {"cost": 1.0, "travel": AUGMENTATION * dear / far}
        limits: Mapping[str, float] = {
            **self.problem.limits,
            "travel": min(ceiling, self.problem.limits.get("travel", math.inf)),
        }
        extra = {**self.options.extra, "mip_abs_gap": OPEN * dear}
        options = dataclasses.replace(self.options, gap=0.0, extra=extra)
        return Task(number, (goal,), limits, options, self._neighbour(ceiling))

    def _neighbour(self, ceiling: float) -> Solution | None:
        """Return the known answer that is allowed under a ceiling and nearest to it."""
        allowed = [each for each in self.found.values() if each.travel <= ceiling and each.solution is not None]
        return max(allowed, key=lambda each: each.travel).solution if allowed else None

    def _ceiling(self) -> float | None:
        """Choose the middle of the widest hole that may hold a point; None once there are enough, or no hole.

        A middle that gave the lower neighbour again leaves the upper half
        open; a ceiling just under the upper neighbour then settles it whole.
        """
        cheap, short = self.found[0], self.found[self.last]
        least = OPEN * (cheap.travel - short.travel)
        travels: list[float] = []
        for travel in sorted(each.travel for each in self.found.values()):
            if not travels or travel - travels[-1] > least:
                travels.append(travel)
        asked = len(self.found) + len(self._busy)
        if len(travels) + len(self._busy) >= self.points or asked >= MOST_SOLVES * self.points:
            return None
        widest, ceiling = WIDTHS_OF_NOTHING * least, None
        for low, high in pairwise(travels):
            floor = self._floor(low, least)
            edges = sorted({floor, high, *(busy for busy in self._busy if floor < busy < high)})
            for under, over in pairwise(edges):
                if over - under > widest:
                    settles = over == high and floor - low > (high - low) / 3.0
                    widest, ceiling = over - under, high - least if settles else (under + over) / 2.0
        return ceiling

    def _floor(self, travel: float, least: float) -> float:
        """Return the greatest ceiling that is known to give the answer with this travel: no hole lies below it."""
        same = [each.ceiling for each in self.found.values() if abs(each.travel - travel) <= least]
        return max([travel, *(ceiling for ceiling in same if math.isfinite(ceiling))])

    def _same(self, one: Found, other: Found) -> bool:
        if self.ends is None:
            return False
        cheap, short = self.found[0], self.found[self.last]
        dear, far = abs(short.cost - cheap.cost), abs(cheap.travel - short.travel)
        return abs(one.cost - other.cost) <= OPEN * dear and abs(one.travel - other.travel) <= OPEN * far


def explore(search: Search, progress: Progress) -> Iterator[Found]:
    """Solve what a search asks for, and yield its points as they are found.

    A stop keeps the best answer of the solves under way, then ends.
    """
    with ExitStack() as stack:
        crew: Crew = Alone(search.problem)
        busy = 0
        while True:
            while busy < crew.size and not progress.cancelled() and (task := search.next()) is not None:
                crew.submit(task)
                busy += 1
            if not busy:
                return
            progress.report(Event("pareto", subject=f"{len(search.found)}/{search.points}"))
            answer = crew.next(progress)
            busy -= 1
            found = search.learn(answer)
            if found is not None:
                yield found
            if isinstance(crew, Alone) and _slow(answer):
                crew = stack.enter_context(Processes(search.problem, WORKERS))


def _slow(answer: Answer) -> bool:
    return answer.solution is not None and sum(p.seconds for p in answer.solution.proofs) > WORTH_PROCESSES_S
