r"""The frontier between cost and travel, and equity where it is asked, by AUGMECON2.

The first answer is the best at a price of the hour: the others start from it.
Then the ends, by lexicographic optima; between them, for ceilings e on travel and on
equity,

.. math::
   \min f_1 + \varepsilon_2 f_2 + \varepsilon_3 f_3
   \quad \text{s.t.} \quad f_2 \le e_2, \quad f_3 \le e_3

which is the augmented program of the method, its slacks written out: no answer
is weakly efficient only. Travel has no grid: :mod:`territo.explore.holes`
chooses each ceiling. Equity has three: none, the middle of its range (in
minutes), its best. Mavrotas 2009, doi:10.1016/j.amc.2009.03.037; Mavrotas and
Florios 2013, doi:10.1016/j.amc.2013.03.002; domain specification, section 5.8.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import count

from territo.errors import TerritoError
from territo.explore.holes import OPEN, ROUNDING, Aim, Found, Level, Question, around, level_of
from territo.explore.tasks import Alone, Answer, Crew, Processes, Task
from territo.locate.highs import Options
from territo.model.problem import Problem
from territo.model.solution import Solution
from territo.progress import Event, Progress

Goals = tuple[Mapping[str, float], ...]

TERMS: tuple[Aim, ...] = ("cost", "travel", "equity")
# parts of the ranges: weight of the other terms, and what a proof may leave open
AUGMENTATION, PROOF = 1e-2, 5e-3
# of the ends, which fix the ranges: relative gap, and weight of the other terms
END_GAP = 1e-4
# euro an hour of the first answer: any price will do
PRICE = 10.0
# two processes pay once a solve takes longer than they take to start
WORTH_PROCESSES_S = 1.5
WORKERS = 2
# solves of one work under one ceiling on equity end here, in numbers of points
MOST_SOLVES = 3


class Search:
    """What is known of a frontier and what is asked next.

    Parameters
    ----------
    problem
        The promises that every point keeps; its goals are replaced.
    points
        How many points are wanted under each ceiling on equity, the ends included; at least 2.
    options
        Limits of each solve.
    known
        Points of an earlier work on the same problem.
    unproven
        Answers of an earlier work that were not proven: they are asked for again, and started from.
    equity
        Whether equity is an axis of its own.
    price
        Euro an hour of the first answer; 0 leaves it to the search.
    """

    def __init__(
        self,
        problem: Problem,
        points: int,
        options: Options,
        known: Sequence[Found] = (),
        unproven: Sequence[Found] = (),
        *,
        equity: bool = False,
        price: float = PRICE,
    ) -> None:
        self.problem, self.points, self.options = problem, points, options
        self.price = price or PRICE
        self.terms = TERMS if equity else TERMS[:2]
        self.found = {each.number: each for each in known}
        self._unproven = tuple(unproven)
        self.failed: list[TerritoError] = []
        self._asked: dict[int, Question] = {}
        self._tried: set[Question] = set()
        self._solves: dict[float, int] = {}

    @property
    def complete(self) -> bool:
        """Whether all points wanted are known, or all that exist, and all are proven."""
        proven = all(self._is_proven(each) or self._repeats(each) for each in self.found.values())
        return proven and self.ends is not None and not self.failed and not self._asked and self._question() is None

    @property
    def ends(self) -> tuple[Found, ...] | None:
        """The best answer of each term, once all are known."""
        best = [self._end(aim) for aim in self.terms]
        known = tuple(each for each in best if each is not None)
        return known if len(known) == len(self.terms) else None

    @property
    def ranges(self) -> Mapping[str, float]:
        """Worst less best value of each term over the ends; over all that is known until they are."""
        known = self.ends or tuple(self.found.values())
        values = {term: [getattr(each, term) for each in known] for term in self.terms}
        return {term: max(each, default=0.0) - min(each, default=0.0) for term, each in values.items()}

    def next(self) -> Task | None:
        """Return what to solve next; None where nothing can be asked now."""
        question = None if self.failed else self._question()
        if question is None or self._solves.get(question.most_equity, 0) >= MOST_SOLVES * self.points:
            return None
        number = self._number(question)
        self._asked[number] = question
        self._solves[question.most_equity] = self._solves.get(question.most_equity, 0) + 1
        return self._task(number, question)

    def learn(self, answer: Answer) -> Found | None:
        """Keep an answer; return it where it is a new point, or better proven than those alike.

        Raises
        ------
        InfeasibleError, NoSolutionError
            If there is no answer at all.
        """
        question = self._asked.pop(answer.number)
        if answer.solution is None:
            if answer.error is not None and not self.found:
                raise answer.error
            self.failed += [answer.error] if answer.error else []
            return None
        found = _found(question, answer.number, answer.solution)
        if question.aim == "chord":
            self._tried.add(question)
        alike = [each for each in self._all if self._same(found, each)]
        self.found[answer.number] = found
        told = any(self._is_proven(each) or each.gap <= found.gap for each in alike)
        return None if told else found

    def _question(self) -> Question | None:
        """Return what may be asked now: the ends, then what is between them, level by level."""
        asked = tuple(self._asked.values())
        if not self.found:
            return None if asked else Question("chord", math.inf, price=self.price)
        first = {question.aim for question in asked if math.isinf(question.most_equity)}
        missing = [aim for aim in self.terms if self._end(aim) is None]
        if any(aim not in first for aim in missing):
            return next(_end_question(aim) for aim in missing if aim not in first)
        if missing:
            return self._chord_meanwhile(asked)
        for most in self._levels():
            level = self._level(most, asked)
            under_way = {question.aim for question in level.asked}
            absent = level.absent
            question = next((_end_question(aim, most) for aim in absent if aim not in under_way), None)
            if question is None and not absent:
                question = level.next(self._tried)
            if question is not None:
                return question
        return None

    def _level(self, most: float, asked: Sequence[Question]) -> Level:
        """Return what is known under a ceiling on equity."""
        dear, far = self.ranges["cost"], self.ranges["travel"]
        return level_of(most, [*self.found.values()], asked, points=self.points, dear=dear, far=far)

    def _chord_meanwhile(self, asked: Sequence[Question]) -> Question | None:
        """Return a chord between answers that are known while an end is being sought, so that nobody waits."""
        if len(self.terms) > len(TERMS[:2]) or len(self.found) == 1:
            return None
        question = self._level(math.inf, asked).next(self._tried)
        return question if question is not None and question.aim == "chord" else None

    def _levels(self) -> list[float]:
        """Return the ceilings on equity, the loosest first; the term grows as the exponential of its minutes."""
        worst = max(each.equity for each in self.ends or ())
        end = self._end("equity")
        if end is None or worst <= end.most_equity:
            return [math.inf]
        best = end.equity
        middle = math.sqrt(worst * best) if self.problem.worst_share is None else (worst + best) / 2.0
        return [math.inf, *({middle} if middle > end.most_equity else ()), end.most_equity]

    def _end(self, aim: Aim) -> Found | None:
        return self.found.get({"cost": 0, "travel": self.points - 1, "equity": self.points}[aim])

    def _number(self, question: Question) -> int:
        ends = {"cost": 0, "travel": self.points - 1, "equity": self.points}
        if question.aim in ends and math.isinf(question.most_equity):
            return ends[question.aim]
        taken = {*self.found, *self._asked, *ends.values(), *(each.number for each in self._unproven)}
        return next(number for number in count(1) if number not in taken)

    def _task(self, number: int, question: Question) -> Task:
        limits = dict(self.problem.limits)
        if math.isfinite(question.most_equity):
            limits["equity"] = min(question.most_equity, limits.get("equity", math.inf))
        if question.aim == "between":
            limits["travel"] = min(question.ceiling, limits.get("travel", math.inf))
        goals: Goals = (self._augmented(question.price),)
        gap = self.options.gap
        if question.aim in self.terms:
            goals = self._lexicographic(question.aim)
            gap = min(gap, END_GAP)
        best = _best(self._all, goals[0], limits)
        if question.aim not in self.terms and best is not None and self.ranges["cost"] > 0.0:
            # no answer costs more than the best that is known: of the whole, this is the part of the range at most
            gap = min(gap, PROOF * self.ranges["cost"] / _value(best, goals[0]))
        # of two answers alike one is kept with what it decides
        decided = [each for each in self._all if each.solution is not None]
        near = (_best(decided, goals[0], limits), *around(question, self._all))
        starts = tuple(dict.fromkeys(each.solution for each in near if each and each.solution is not None))
        return Task(number, goals, limits, dataclasses.replace(self.options, gap=gap), starts)

    def _lexicographic(self, aim: Aim) -> Goals:
        """Return the stages of an end: its term, then the cost, with a weight of the others that moves neither.

        On a cost that comes first this is as good as stages, and six times as
        fast: a ceiling on cost makes the stage on travel the hardest solve of all.
        """
        known = min(self.found.values(), key=lambda each: each.cost)
        worth = {term: float(getattr(known, term)) for term in self.terms[1:] if term != aim}
        slight: dict[str, float] = {term: END_GAP * known.cost / value for term, value in worth.items() if value > 0}
        rest: Goals = tuple({term: 1.0} for term in worth if term not in slight)
        cost: Mapping[str, float] = {"cost": 1.0, **slight}
        return (cost, *rest) if aim == "cost" else ({aim: 1.0}, cost, *rest)

    def _augmented(self, price: float) -> Mapping[str, float]:
        """Return the cost and a little of the other terms; of travel, no less than a price."""
        ranges = self.ranges
        goal: dict[str, float] = {
            term: AUGMENTATION * ranges["cost"] / ranges[term] for term in self.terms[1:] if ranges[term] > 0
        }
        return {**goal, "cost": 1.0, "travel": max(price, goal.get("travel", 0.0))}

    @property
    def _all(self) -> tuple[Found, ...]:
        """All answers that are known, proven or not."""
        return (*self.found.values(), *self._unproven)

    def _is_proven(self, answer: Found) -> bool:
        return answer.gap <= self.options.gap

    def _repeats(self, answer: Found) -> bool:
        """Whether a proven answer is the same."""
        return any(self._is_proven(each) and self._same(answer, each) for each in self.found.values())

    def _same(self, one: Found, other: Found) -> bool:
        ranges = self.ranges
        return all(
            math.isclose(getattr(one, term), getattr(other, term), rel_tol=ROUNDING, abs_tol=OPEN * ranges[term])
            for term in self.terms
        )


def _best(answers: Collection[Found], goal: Mapping[str, float], limits: Mapping[str, float]) -> Found | None:
    """Return the answer that is allowed and best by a goal."""
    ceilings = {term: most for term, most in limits.items() if term in TERMS}
    allowed = [each for each in answers if all(getattr(each, term) <= most for term, most in ceilings.items())]
    return min(allowed, key=lambda each: _value(each, goal), default=None)


def _value(answer: Found, goal: Mapping[str, float]) -> float:
    return sum(weight * float(getattr(answer, term)) for term, weight in goal.items())


def _end_question(aim: Aim, most_equity: float = math.inf) -> Question:
    return Question(aim, 0.0 if aim == "travel" else math.inf, most_equity)


def _found(question: Question, number: int, solution: Solution) -> Found:
    terms, most = solution.terms, question.most_equity
    if question.aim == "equity":  # it is also the cheapest where nothing less equal is allowed
        most = terms["equity"] * (1.0 + END_GAP)
    ceiling = terms["travel"] if question.aim == "chord" else question.ceiling
    gap = max(proof.gap for proof in solution.proofs)
    return Found(number, ceiling, terms["cost"], terms["travel"], terms["equity"], gap, most, solution)


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
            progress.report(Event("pareto", subject=str(len(search.found))))
            answer = crew.next(progress)
            busy -= 1
            found = search.learn(answer)
            if found is not None:
                yield found
            if isinstance(crew, Alone) and _slow(answer):
                crew = stack.enter_context(Processes(search.problem, WORKERS))


def _slow(answer: Answer) -> bool:
    return answer.solution is not None and sum(p.seconds for p in answer.solution.proofs) > WORTH_PROCESSES_S
