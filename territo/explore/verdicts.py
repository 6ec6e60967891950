"""Pool or territorialise, service by service: two optima compared, and where the comparison flips.

Each side lets all other decisions of the model follow, so that shared
premises and coordination count. Break-evens are found on re-solves: the value
of time by the crossing of the two plans, repeated until it stays; the volume
and the smallest team by bisection, where it is enough to know which side is
better: the search of one side ends as soon as it is known to be above or below
a plan of the other (REQ-13 of the requirements).
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from territo.domain.organisation import Modality
from territo.domain.verdict import Choice, Verdict
from territo.errors import InfeasibleError, NoSolutionError
from territo.explore.prices import Difference, difference
from territo.locate.highs import Options
from territo.model.finding import planned, relaxed_bound
from territo.model.problem import Problem
from territo.model.solution import Solution
from territo.model.solve import solve
from territo.progress import Progress

# less than this part of the cost of the teams decides nothing
INDIFFERENT = 0.01
DEAREST_HOUR = 1_000.0
# how far volumes and teams are searched, as multiples of today's, and how finely
FARTHEST, HALVINGS = 4.0, 5
CROSSINGS, SAME_CROSSING = 6, 0.02
# sides that are closer than this, relatively, are even; they take the lead from each other so many times
EVEN, TURNS = 1e-5, 6
# a crossing is followed with no larger a gap
COARSE = 1e-3
SIDES: tuple[Modality, Modality] = ("central", "poles")


@dataclass(frozen=True, slots=True, eq=False)
class Contest:
    """The best plan with a service at the centre against the best with it in the territories.

    Parameters
    ----------
    pool, spread
        None where the promises do not allow that side.
    gap
        The first against the second; None where one is missing.
    """

    pool: Solution | None
    spread: Solution | None
    gap: Difference | None


def _with(problem: Problem, service: int, modality: Modality) -> Problem:
    """Give a service one modality and no other choice."""
    choices = list(problem.services.choices)
    choices[service] = (modality,)
    return dataclasses.replace(problem, services=dataclasses.replace(problem.services, choices=tuple(choices)))


def _coarse(told: float, contest: Contest) -> float:
    """Gap at which euros that make no difference are left unproven, relatively."""
    return min(COARSE, told / abs(contest.pool.proofs[-1].objective)) if contest.pool else 0.0


class Contests:
    """Solves the two sides of a service.

    Parameters
    ----------
    problem
        The promises, with territories; its goals are replaced by cost plus
        travel at a price.
    eur_per_hour
        Price of an hour that users travel.
    options
        Limits of each solve.
    progress
        May ask for a stop.
    """

    def __init__(self, problem: Problem, eur_per_hour: float, options: Options, progress: Progress) -> None:
        self.problem, self.eur_per_hour = problem, eur_per_hour
        self._options, self._progress = options, progress
        self._last: dict[tuple[int, Modality], Solution] = {}

    def verdict(self, service: int) -> Verdict | None:
        """Compare the two sides of a service; None where neither was solved in time, or a stop came first."""
        now = self.contest(service)
        code = self.problem.services.codes[service]
        if now is None or (now.pool is None and now.spread is None):
            return None
        if now.gap is None:
            choice: Choice = "pool" if now.spread is None else "territorialise"
            return Verdict(code, choice, None, 0.0, None, None, None)
        teams = self.problem.services.fte_eur[service] * np.nanmax(
            [
                self.problem.services.least_team[service],
                self.problem.units[:, service].sum() / self.problem.services.productivity[service],
            ]
        )
        better = 1.0 if now.gap.value < 0 else -1.0
        even = abs(now.gap.value) <= max(now.gap.margin, INDIFFERENT * float(teams))
        chosen: Choice = "pool" if better > 0 else "territorialise"
        minutes = self._minutes(now.pool, service) - self._minutes(now.spread, service)
        return Verdict(
            service=code,
            choice="indifferent" if even else chosen,
            regret=abs(now.gap.value),
            margin=now.gap.margin,
            cost=-better * now.gap.cost,
            hours=-better * now.gap.hours,
            minutes=-better * minutes,
            # while the plans that are known are still those of today's prices
            volume=self._volume_that_flips(service, pooled=better > 0),
            least_team=self._team_that_flips(service, pooled=better > 0),
            value_of_time=self._hour_that_flips(service, now),
        )

    def contest(self, service: int, eur_per_hour: float | None = None, gap: float = 0.0) -> Contest | None:
        """Solve both sides, to a gap; None where a limit or a stop came before an answer."""
        priced = self._priced(self.problem, self.eur_per_hour if eur_per_hour is None else eur_per_hour)
        options = dataclasses.replace(self._options, gap=max(self._options.gap, gap))
        try:
            pool, spread = (self._side(priced, service, modality, options) for modality in SIDES)
        except NoSolutionError:
            return None
        return Contest(pool, spread, difference(pool, spread) if pool and spread else None)

    @cached_property
    def _free(self) -> Solution | None:
        """The best of all, each service being where the scenario lets it be."""
        return self._solved(self._priced(self.problem, self.eur_per_hour), self._options, None)

    def _priced(self, problem: Problem, eur_per_hour: float) -> Problem:
        return dataclasses.replace(problem, goals=({"cost": 1.0, "travel": eur_per_hour},))

    def _side(self, problem: Problem, service: int, modality: Modality, options: Options) -> Solution | None:
        """Solve one side, from what is known of it; where the best of all is on this side, it is that."""
        last = self._last.get((service, modality))
        if last is None and self._free is not None and self._free.modality[service] == modality:
            found: Solution | None = self._free
        else:
            found = self._solved(_with(problem, service, modality), options, last)
        if found is not None:
            self._last[service, modality] = found
        return found

    def _solved(self, problem: Problem, options: Options, start: Solution | None) -> Solution | None:
        try:
            return solve(problem, options, self._progress, start=start, say_why=False)
        except InfeasibleError:
            return None

    def _pool_is_better(self, service: int, problem: Problem) -> bool | None:
        """Compare the two sides as far as it takes to know which is better; None where it is not known."""
        sides = {modality: _with(problem, service, modality) for modality in SIDES}
        least = dict.fromkeys(SIDES, -math.inf)
        try:
            worth = {modality: self._as_planned(sides[modality], service, modality) for modality in SIDES}
            for _ in range(TURNS):
                lead, other = sorted(SIDES, key=lambda modality: worth[modality])
                if least[other] >= worth[lead] - EVEN * abs(worth[lead]):
                    return lead == "central"
                least[other] = max(least[other], self._relaxed(sides[other]))
                if least[other] >= worth[lead]:
                    return lead == "central"
                options = dataclasses.replace(self._options, enough=worth[lead])
                found = self._solved(sides[other], options, self._last[service, other])
                if found is None:
                    return None
                least[other], worth[other] = found.proofs[-1].bound, min(worth[other], found.proofs[-1].objective)
                self._last[service, other] = found
        except NoSolutionError:
            return None
        return None

    def _relaxed(self, problem: Problem) -> float:
        return relaxed_bound(problem, problem.goals[0], self._options, self._progress)

    def _as_planned(self, problem: Problem, service: int, modality: Modality) -> float:
        """Value of the last plan of a side under other numbers; inf where it breaks a promise."""
        found = self._solved(planned(problem, self._last[service, modality].plan), self._options, None)
        return math.inf if found is None else found.proofs[-1].objective

    def _minutes(self, solution: Solution | None, service: int) -> float:
        """Mean minutes of a visit to the service; 0 where nobody travels."""
        visits = self.problem.visits[:, service]
        if solution is None or not visits.any():
            return 0.0
        nodes = np.flatnonzero(visits)
        return float(np.average(self.problem.minutes[nodes, solution.site_of[nodes, service]], weights=visits[nodes]))

    def _hour_that_flips(self, service: int, now: Contest) -> float | None:
        """Follow the crossing of the two plans until it stays where it is."""
        hour, contest = self.eur_per_hour, now
        for _ in range(CROSSINGS):
            if contest is None or contest.gap is None or abs(contest.gap.hours) < 1.0:
                return None
            crossing = -contest.gap.cost / contest.gap.hours
            if not 0.0 < crossing <= DEAREST_HOUR:
                return None
            if abs(crossing - hour) <= SAME_CROSSING * crossing:
                return crossing
            hour = crossing
            told = SAME_CROSSING * crossing * abs(contest.gap.hours) / 2.0
            following = self.contest(service, hour, _coarse(told, contest))
            if following is None:
                return None
            contest = following
        return None

    def _volume_that_flips(self, service: int, *, pooled: bool) -> float | None:
        """Bisect the volume, on a scale of ratios: more demand favours several teams."""

        def at(ratio: float) -> Problem:
            """Multiply what is asked of the service."""
            column = np.ones(len(self.problem.services.codes))
            column[service] = ratio
            return dataclasses.replace(
                self.problem,
                units=self.problem.units * column,
                visits=self.problem.visits * column,
                need=self.problem.need * column,
                agent_eur=self.problem.agent_eur * column,
            )

        end = FARTHEST if pooled else 1.0 / FARTHEST
        found = self._flip(service, lambda x: at(math.exp(x)), math.log(end), pooled=pooled)
        return None if found is None else math.exp(found)

    def _team_that_flips(self, service: int, *, pooled: bool) -> float | None:
        """Bisect the smallest team: a larger one favours the centre."""
        floor = float(self.problem.services.least_team[service])
        if floor <= 0:
            return None

        def at(change: float) -> Problem:
            """Change the smallest team of the service."""
            teams = self.problem.services.least_team.copy()
            teams[service] = floor + change
            services = dataclasses.replace(self.problem.services, least_team=teams)
            return dataclasses.replace(self.problem, services=services)

        found = self._flip(service, at, -floor if pooled else floor * (FARTHEST - 1.0), pooled=pooled)
        return None if found is None else floor + found

    def _flip(self, service: int, at: Callable[[float], Problem], end: float, *, pooled: bool) -> float | None:
        """Find where the better side changes between 0, where it is known, and an end; None where it does not."""

        def still(change: float) -> bool | None:
            """Whether the better side is the same; None where it could not be solved."""
            better = self._pool_is_better(service, self._priced(at(change), self.eur_per_hour))
            return None if better is None else better == pooled

        def as_planned(change: float) -> bool | None:
            """Say the same of the plans that are known: quick, and nearly always right."""
            worth = {
                modality: self._as_planned(
                    _with(self._priced(at(change), self.eur_per_hour), service, modality), service, modality
                )
                for modality in SIDES
            }
            return (worth["central"] < worth["poles"]) == pooled

        try:
            near = _halved(as_planned, end) if as_planned(end) is False else None
        except NoSolutionError:
            near = None
        if near is not None and (near[0] == 0.0 or still(near[0])) and still(near[1]) is False:
            return sum(near) / 2.0
        far = _halved(still, end) if still(end) is False else None
        return None if far is None else sum(far) / 2.0


def _halved(still: Callable[[float], bool | None], end: float) -> tuple[float, float] | None:
    """Narrow down where an answer changes between 0, where it holds, and an end, where it does not."""
    same, other = 0.0, end
    for _ in range(HALVINGS):
        middle = (same + other) / 2.0
        verdict = still(middle)
        if verdict is None:
            return None
        same, other = (middle, other) if verdict else (same, middle)
    return same, other
