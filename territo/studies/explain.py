"""Explain a scenario: why it cannot be kept and what repairs it, or what its promises cost."""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from territo.assess.case import Case, make_case
from territo.assess.shortened import shortened
from territo.domain.catalogue import Catalogue
from territo.domain.explanation import Asked, Explanation, Price, Repair
from territo.domain.travel import LoadedTerritory
from territo.errors import NoSolutionError
from territo.explore.prices import difference, prices
from territo.formulate.answer import organisation_of
from territo.formulate.wishes import asked, minutes_repair, repair
from territo.model.conflicts import every_conflict, settling, smallest
from territo.model.elastic import Elastic, bisect
from territo.model.problem import Problem
from territo.model.promises import Promise, relaxed
from territo.model.screen import screen
from territo.model.solution import Solution
from territo.model.solve import elastic
from territo.progress import Event, Progress, Silent
from territo.scenario.catalogue import load_catalogue
from territo.scenario.patching import patched
from territo.scenario.schema import Scenario
from territo.scenario.values import LONGEST_TRIP_MIN
from territo.studies.prepare import Prepared, eur_per_hour, prepare, services_of, today
from territo.studies.workspace import default_workspace

# a budget that is lacking is told to a ten-thousandth; the price of a promise needs more
GAP, PRICE_GAP = 1e-4, 1e-5
# the organisation that measured these is one of the changed scenario too; the others are tried again
MEASURED = {"limits", "equity", "capital", "norm", "max_open", "max_closures"}
# of the time that the scenario allows for one answer, for each of the many solves
PART_OF_TIME = 1 / 3


def explain(
    scenario: Scenario,
    territory: LoadedTerritory,
    *,
    catalogue: Catalogue | None = None,
    progress: Progress | None = None,
) -> Explanation:
    """Say why the promises of a scenario cannot all be kept, or what each of them costs.

    Every repair has been tried: an organisation of the changed scenario was found.

    Parameters
    ----------
    scenario
        From :func:`territo.load_scenario`.
    territory
        From :func:`territo.load_territory`.
    catalogue
        Default: the catalogue of the installation.
    progress
        Receives events; a stop ends the search, and what was found is kept.
    """
    catalogue = catalogue or load_catalogue(default_workspace().catalogue)
    now = today(territory, catalogue, services_of(scenario, catalogue))
    return _Search(prepare(scenario, territory, now), progress or Silent()).explanation()


class _Search:
    """One scenario under examination."""

    def __init__(self, prepared: Prepared, progress: Progress) -> None:
        self.prepared, self.progress = prepared, progress
        self._began = time.perf_counter()
        self.options = dataclasses.replace(
            prepared.options,
            gap=min(prepared.options.gap, GAP),
            time_limit_s=prepared.options.time_limit_s * PART_OF_TIME,
        )
        self.elastic = elastic(prepared.formulation.problem, self.options, progress)

    def explanation(self) -> Explanation:
        """Examine the scenario."""
        self._tell("explain")
        status = self.elastic.status(())
        known = Explanation(
            feasible={"infeasible": False, "unknown": None}.get(status, True),
            asked=tuple(asked(*self._words(), promise) for promise in self.elastic.promises),
            screen=screen(self.prepared.formulation.problem),
        )
        if known.feasible is None:
            return dataclasses.replace(known, complete=False)
        return self._priced(known) if known.feasible else self._repaired(known)

    def _priced(self, known: Explanation) -> Explanation:
        hour = eur_per_hour(self.prepared)
        options = dataclasses.replace(self.options, gap=PRICE_GAP)
        words = {each.id: each for each in known.asked}
        tried = prices(self.prepared.formulation.problem, hour, options, self.progress)
        try:
            found = [self._price(words[promise.id], best, freed) for promise, best, freed in tried]
        except NoSolutionError:
            return dataclasses.replace(known, complete=False)
        found.sort(key=lambda price: -price.value)
        return dataclasses.replace(known, prices=tuple(found), complete=len(found) == len(words))

    def _price(self, words: Asked, best: Solution, freed: Solution) -> Price:
        """Compare the best organisation with a promise and the best without it; people are counted on cells."""
        each = difference(best, freed)
        people, minutes = shortened(self._case(best), self._case(freed))
        return Price(words, max(each.value, 0.0), each.margin, each.cost, each.hours, people, minutes)

    def _case(self, solution: Solution) -> Case:
        before, study = self.prepared, self.prepared.study
        organisation = organisation_of(study, before.formulation, solution)
        return make_case(study.territory, study.catalogue, study.travel, study.demand, organisation)

    def _repaired(self, known: Explanation) -> Explanation:
        """Say what to change first; the other sets that conflict are listed in the time that is left."""
        self._tell("conflicts")
        sets = settling(self.elastic)
        # only what is part of every conflict can be enough alone
        common = [promise for promise in self.elastic.promises if sets and all(promise in each for each in sets)]
        repairs = [each for promise in common for each in self._repairs(promise)]
        together = self._together(smallest(sets))
        complete = not (self.elastic.cut_short or self.progress.cancelled())
        self._tell("conflicts")
        listed, every = every_conflict(self.elastic, sets, self._over)
        return dataclasses.replace(
            known,
            repairs=tuple(repairs),
            smallest_set=together,
            conflicts=tuple(tuple(promise.id for promise in each) for each in listed),
            every_conflict=every,
            complete=complete,
        )

    def _over(self) -> bool:
        """Whether the time of the scenario is over, or a stop was asked."""
        spent = time.perf_counter() - self._began
        return self.progress.cancelled() or spent >= self.prepared.options.time_limit_s

    def _repairs(self, promise: Promise) -> list[Repair]:
        """Return the changes of one promise that are enough alone: none, one, or minutes and share for a norm."""
        self._tell("explain", promise.id)
        least = self.elastic.least(promise)
        change = None if least is None else repair(*self._words(), least)
        if change is None:
            return []
        found = [change] if promise.kind in MEASURED or self._holds(change.patch) else []
        if promise.kind == "norm":
            found = [*self._more_minutes(promise), *found]
        return found

    def _more_minutes(self, promise: Promise) -> list[Repair]:
        """Find the least whole minutes within which the share of a norm can be kept."""
        service = self.prepared.study.services[promise.at[0]]
        norm = self.prepared.scenario.norms[service]
        if norm.within_minutes is None:
            return []
        minutes = self.prepared.formulation.problem.minutes
        longest = norm.max_minutes or float(np.max(minutes, where=np.isfinite(minutes), initial=0.0))
        longest = min(longest, LONGEST_TRIP_MIN)
        steps = [float(step) for step in range(math.floor(norm.within_minutes) + 1, math.ceil(longest) + 1)]
        before, self.elastic.cut_short = self.elastic.cut_short, False
        first = bisect(len(steps), lambda k: self._holds({f"norms.{service}.within_minutes": steps[k]}))
        proven, self.elastic.cut_short = not self.elastic.cut_short, self.elastic.cut_short or before
        if first is None:
            return []
        words = asked(*self._words(), promise)
        return [minutes_repair(words, norm.within_minutes, steps[first], proven=proven)]

    def _together(self, chosen: Sequence[Promise]) -> tuple[Repair, ...]:
        """Relax a set of promises one after the other, money last, each as little as the rest allows."""
        order = sorted(chosen, key=lambda promise: promise.family == "limits")
        current, found = self.elastic, []
        for number, promise in enumerate(order):
            least = current.least(promise, order[number + 1 :])
            change = None if least is None else repair(*self._words(), least)
            if least is None or change is None:
                return ()
            found.append(change)
            current = self._examined(relaxed(current.problem, promise, least.to))
        merged = _merged(found)
        return merged if self._holds({key: value for each in merged for key, value in each.patch.items()}) else ()

    def _holds(self, patch: Mapping[str, Any]) -> bool:
        """Whether the scenario with a change has an organisation."""
        before = self.prepared
        scenario = patched(before.scenario, patch)
        changed = prepare(scenario, before.territory, before.now)
        probe = self._examined(changed.formulation.problem)
        holds = probe.enough(())
        self.elastic.cut_short |= probe.cut_short
        if self._same_places(probe.problem):
            self.elastic.recall(probe)
        return holds

    def _examined(self, problem: Problem) -> Elastic:
        """Examine a problem of which the promises alone differ, with all that was found before."""
        probe = elastic(problem, self.options, self.progress)
        if self._same_places(problem):
            probe.recall(self.elastic)
        return probe

    def _same_places(self, problem: Problem) -> bool:
        """Whether organisations of the scenario are organisations there, promises apart."""
        one, other = (
            (p.nodes, p.sites.codes, p.services.codes, p.headquarters) for p in (problem, self.elastic.problem)
        )
        return one == other

    def _words(self) -> tuple[Any, Any, Any]:
        return self.prepared.study, self.prepared.scenario, self.prepared.formulation

    def _tell(self, stage: str, subject: str = "") -> None:
        self.progress.report(Event(stage, subject=subject))


def _merged(repairs: Sequence[Repair]) -> tuple[Repair, ...]:
    """Give repairs that change the same key the value that does for all of them."""
    values: dict[str, Any] = {}
    for each in repairs:
        for key, value in each.patch.items():
            values[key] = _both(values[key], value) if key in values else value
    return tuple(dataclasses.replace(each, patch={key: values[key] for key in each.patch}) for each in repairs)


def _both(one: Any, other: Any) -> Any:
    """Join two values of a key: lists keep what both keep, numbers of territories span both."""
    if isinstance(one, list) and all(isinstance(value, int) for value in (*one, *other)):
        return [min(one[0], other[0]), max(one[1], other[1])]
    return [value for value in one if value in other] if isinstance(one, list) else other
