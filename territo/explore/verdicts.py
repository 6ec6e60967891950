"""Pool or territorialise, service by service: two optima compared, and where the comparison flips.

Each side lets all that the service touches follow, so that shared premises and
coordination count; services that stand anywhere are left out where nothing but
a roof binds them to the rest, and what that may be worth is said
(:mod:`territo.model.apart`). REQ-13 of the requirements.
"""

from __future__ import annotations

import dataclasses
import math

import numpy as np

from territo.domain.organisation import Modality
from territo.domain.verdict import Choice, Verdict
from territo.errors import NoSolutionError
from territo.explore.flips import Contest, hour_that_flips, team_that_flips, volume_that_flips
from territo.explore.sides import Side
from territo.locate.highs import Options
from territo.model.apart import apart, only, shared_at_most, uncoupled
from territo.model.problem import Problem
from territo.model.solution import Solution
from territo.progress import Progress

# less than this part of the cost of the teams decides nothing, nor does a euro a year
INDIFFERENT, LITTLE_EUR = 0.01, 1.0
SIDES: tuple[Modality, Modality] = ("central", "poles")
# where services left out leave something open, each side is proven to this part of it
PROOF = 0.05
# most of these solves end at the root: to begin it anew took a third of their time
AS_IT_BEGAN = {"mip_allow_restart": False}


class Contests:
    """Compares the two sides of services.

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
        self._problem, self._hour, self._progress = problem, eur_per_hour, progress
        self._options = dataclasses.replace(options, extra={**options.extra, **AS_IT_BEGAN})
        self._apart, self._alone = apart(problem), uncoupled(problem)
        self._base = self._side_of(only(problem, ~self._apart), 0)

    def verdict(self, service: int) -> Verdict | None:
        """Compare the two sides of a service; None where neither was solved in time, or a stop came first."""
        code = self._problem.services.codes[service]
        others = self._apart & (np.arange(self._apart.size) != service)
        apart_eur = shared_at_most(self._problem, others)
        try:
            pool, spread = (self._side(service, modality, PROOF * apart_eur) for modality in SIDES)
        except NoSolutionError:
            return None
        if pool is None or spread is None:
            found: Choice = "pool" if spread is None else "territorialise"
            return None if pool is spread else Verdict(code, found, None, 0.0, None, None, None)
        contest = Contest(pool, spread, self._hour, apart_eur)
        return self._told(contest) if math.isfinite(contest.margin(self._hour)) else None

    def _told(self, contest: Contest) -> Verdict:
        """Say which side is better, and by how much; then what would turn it round."""
        pool, spread = contest.pool.best(self._hour), contest.spread.best(self._hour)
        difference, margin = (
            contest.pool.worth(self._hour) - contest.spread.worth(self._hour),
            contest.margin(self._hour),
        )
        way = 1.0 if contest.pooled else -1.0
        choice = _choice(contest, abs(difference), margin)
        minutes = _minutes(contest.spread, spread) - _minutes(contest.pool, pool)
        flips = (volume_that_flips, team_that_flips, hour_that_flips)
        volume, team, hour = (None if choice == "undecided" else find(contest) for find in flips)
        return Verdict(
            service=contest.pool.problem.services.codes[contest.pool.service],
            choice=choice,
            regret=abs(difference),
            margin=margin,
            cost=way * (spread.terms["cost"] - pool.terms["cost"]),
            hours=way * (spread.terms["travel"] - pool.terms["travel"]),
            minutes=way * minutes,
            value_of_time=hour,
            volume=volume,
            least_team=team,
        )

    def _side(self, service: int, modality: Modality, told: float) -> Side | None:
        """Prove the best with a service on one side, to so many euros; None where that breaks a promise."""
        kept = ~self._apart | (np.arange(self._apart.size) == service)
        problem, index = only(self._problem, kept), int(kept[:service].sum())
        side = self._side_of(_with(problem, index, modality), index)
        if not self._apart[service] and self._base.prove(self._hour, told) is not None:
            side.learn(self._base, self._hour)
        return side if side.prove(self._hour, told) is not None else None

    def _side_of(self, problem: Problem, service: int) -> Side:
        return Side(problem, service, self._options, self._progress, alone=self._alone)


def _with(problem: Problem, service: int, modality: Modality) -> Problem:
    """Give a service one modality and no other choice."""
    choices = list(problem.services.choices)
    choices[service] = (modality,)
    return dataclasses.replace(problem, services=dataclasses.replace(problem.services, choices=tuple(choices)))


def _choice(contest: Contest, difference: float, margin: float) -> Choice:
    """Name the better side, where it is known and matters."""
    problem, service = contest.pool.problem, contest.pool.service
    services = problem.services
    work = problem.units[:, service].sum() / services.productivity[service]
    teams = float(services.fte_eur[service] * np.nanmax([services.least_team[service], work]))
    little = max(INDIFFERENT * teams, LITTLE_EUR)
    if difference + margin <= little:
        return "indifferent"
    if difference <= margin:
        return "undecided"
    if difference <= little:
        return "indifferent"
    return "pool" if contest.pooled else "territorialise"


def _minutes(side: Side, solution: Solution) -> float:
    """Mean minutes of a visit to the service; 0 where nobody travels."""
    visits = side.problem.visits[:, side.service]
    if not visits.any():
        return 0.0
    nodes = np.flatnonzero(visits)
    site_of = solution.site_of[nodes, side.service]
    return float(np.average(side.problem.minutes[nodes, site_of], weights=visits[nodes]))
