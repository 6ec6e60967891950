"""What is known of the best organisation with a service on one side, at any price of the hour.

At a given price the value of each organisation found is a line, and the least
of all organisations is concave: what is proven at two prices proves the chord
between them, so that many questions need no solve. Where nothing but premises
and territories binds the services, another volume or another smallest team
changes each organisation by what that service costs alone.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable

from territo.errors import InfeasibleError
from territo.locate.highs import Options
from territo.model.apart import own
from territo.model.finding import planned
from territo.model.plan import Plan
from territo.model.problem import Problem
from territo.model.solution import Solution
from territo.model.solve import solve
from territo.progress import Progress

# a problem with another number in the place of one of its own
Change = Callable[[Problem, int, float], Problem]
# gap beyond which nothing is followed
COARSE = 1e-3


class Side:
    """The best organisation where a service has one modality.

    Parameters
    ----------
    problem
        The service has no other choice; goals are set by the price of the hour.
    service
        Its index.
    options, progress
        Limits of each solve; may ask for a stop.
    alone
        Whether its volume and its teams change nothing but its own cost.
    """

    def __init__(self, problem: Problem, service: int, options: Options, progress: Progress, *, alone: bool) -> None:
        self.problem, self.service, self.alone = problem, service, alone
        self._options, self._progress = options, progress
        # organisations of the problem, and of changed ones where their value today is not known
        self.known: list[Solution] = []
        self._tried: list[Solution] = []
        self._borrowed: list[Plan] = []
        # what no organisation is below, by the price of the hour
        self._least: dict[float, float] = {}

    @property
    def one_point(self) -> bool:
        """Whether the service stands at the siège alone, and changes nothing but its own cost there."""
        given = self.problem.given(self.service, "central")
        return self.alone and given and not self.problem.required[:, self.service].any()

    def learn(self, base: Side, hour: float) -> None:
        """Share what is known of the best of all, where that is on this side: always, or at a price of the hour."""
        if self.problem.services.choices == base.problem.services.choices:
            self.known, self._least = base.known, base._least
        elif base.best(hour).modality[self.service] == self.problem.services.choices[self.service][0]:
            self.known, self._least = [base.best(hour)], {hour: base.least(hour)}

    def borrow(self, other: Side, hour: float) -> None:
        """Try the other side's best organisation at a price of the hour, with the service on this side."""
        plan = _moved(self.problem, self.service, other.best(hour).plan)
        if not any(plan.same_as(each) for each in self._borrowed):
            self._borrowed.append(plan)
            found = self._attempt(planned(self.problem, plan), hour, self._options)
            if found is not None:
                self._keep(found)

    def prove(self, hour: float, told: float = 0.0) -> float | None:
        """Know the best organisation at a price of the hour to so many euros; what is left, None where there is none.

        Raises
        ------
        NoSolutionError
            A limit or a stop came first.
        """
        if not self.known or self._left(hour) > max(told, self._options.gap * abs(self.worth(hour))):
            found = self._solved(self.problem, hour, told)
            if found is None:
                return None
            self._least[hour] = max(self.least(hour), found.proofs[-1].bound)
            self._keep(found)
        return self._left(hour)

    def _left(self, hour: float) -> float:
        return max(self.worth(hour) - self.least(hour), 0.0)

    def best(self, hour: float) -> Solution:
        """Return the best organisation known at a price of the hour."""
        return min(self.known, key=lambda found: value_of(found, hour))

    def worth(self, hour: float) -> float:
        """Value of the best organisation known."""
        return value_of(self.best(hour), hour)

    def least(self, hour: float) -> float:
        """Value that no organisation is below, from what is proven at this price, or below and above it."""
        if hour in self._least:
            return self._least[hour]
        below = max((price for price in self._least if price < hour), default=None)
        above = min((price for price in self._least if price > hour), default=None)
        if below is None:
            return -math.inf
        if above is None:
            return self._least[below]
        part = (hour - below) / (above - below)
        return (1.0 - part) * self._least[below] + part * self._least[above]

    def changed_worth(self, change: Change, number: float, hour: float) -> float:
        """Value of the best organisation known, with another number; inf where none keeps the promises then."""
        changed = change(self.problem, self.service, number)
        if not self.alone:
            plans = [*self.known, *self._tried]
            found = (self._attempt(planned(changed, each.plan), hour, self._options) for each in plans)
            return min(math.inf if each is None else each.proofs[-1].objective for each in found)
        return min(
            value_of(each, hour)
            + own(changed, self.service, each).at(hour)
            - own(self.problem, self.service, each).at(hour)
            for each in self.known
        )

    def prove_changed(self, change: Change, number: float, hour: float, told: float) -> float | None:
        """Do as :meth:`prove` with another number."""
        changed = change(self.problem, self.service, number)
        found = self._solved(changed, hour, told)
        if found is None:
            return None
        if self.alone:
            self._keep(self._as_today(found, changed))
        else:
            self._tried.append(found)
        return max(self.changed_worth(change, number, hour) - found.proofs[-1].bound, 0.0)

    def _keep(self, found: Solution) -> None:
        """Remember an organisation, unless it is known."""
        if not any(each.plan.same_as(found.plan) and each.terms == found.terms for each in self.known):
            self.known.append(found)

    def _as_today(self, found: Solution, changed: Problem) -> Solution:
        """Put an organisation of a changed problem back to the numbers of today."""
        was, now = own(changed, self.service, found), own(self.problem, self.service, found)
        terms = {
            **found.terms,
            "cost": found.terms["cost"] + now.cost - was.cost,
            "travel": found.terms["travel"] + now.hours - was.hours,
        }
        return dataclasses.replace(found, terms=terms)

    def _solved(self, problem: Problem, hour: float, told: float) -> Solution | None:
        """Solve to a gap that is worth so many euros at least."""
        gap = min(COARSE, told / abs(self.worth(hour))) if self.known else 0.0
        options = dataclasses.replace(self._options, gap=max(self._options.gap, gap))
        return self._attempt(problem, hour, options, self.best(hour) if self.known else None)

    def _attempt(
        self, problem: Problem, hour: float, options: Options, start: Solution | None = None
    ) -> Solution | None:
        priced = dataclasses.replace(problem, goals=({"cost": 1.0, "travel": hour},))
        try:
            return solve(priced, options, self._progress, start=start, say_why=False)
        except InfeasibleError:
            return None


def _moved(p: Problem, service: int, plan: Plan) -> Plan:
    """Put a service where its one modality asks, the territories being what they are."""
    offered, modality = plan.offered.copy(), list(plan.modality)
    seats = plan.seat_of[plan.seat_of >= 0] if p.in_poles(service) else [p.headquarters]
    offered[:, service] = p.required[:, service]
    offered[seats, service] = True
    modality[service] = p.services.choices[service][0]
    return dataclasses.replace(plan, offered=offered, modality=tuple(modality))


def value_of(found: Solution, hour: float) -> float:
    """Value of an organisation at a price of the hour, euro a year."""
    return found.terms["cost"] + hour * found.terms["travel"]
