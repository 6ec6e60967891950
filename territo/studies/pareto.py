"""The frontier of a scenario on a territory, kept on disk point by point."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Literal, NamedTuple

from territo.domain.catalogue import Catalogue
from territo.domain.frontier import Frontier, Point, arranged
from territo.domain.indicators import Comparison, Run
from territo.domain.travel import LoadedTerritory
from territo.errors import InputError, NoSolutionError, fault
from territo.explore.holes import OPEN, Found
from territo.explore.pareto import Search, explore
from territo.formulate import solution_of
from territo.model.solution import Solution
from territo.progress import Progress, Silent
from territo.scenario.catalogue import load_catalogue
from territo.scenario.patching import patched
from territo.scenario.schema import Scenario
from territo.studies.compare import reference_run, run_of, software
from territo.studies.frontier import read_frontier
from territo.studies.prepare import Prepared, eur_per_hour, prepare, services_of, today
from territo.studies.results import FRONTIER
from territo.studies.store import load_comparison, save_comparison, write_json
from territo.studies.workspace import default_workspace

Measure = Literal["kolm_pollak", "cvar"]
# what is kept of an answer to go on from it
ANSWER = ("number", "ceiling", "cost", "travel", "equity", "gap", "most_equity")


def pareto(
    scenario: Scenario,
    territory: LoadedTerritory,
    *,
    points: int = 9,
    equity: Measure | None = None,
    catalogue: Catalogue | None = None,
    progress: Progress | None = None,
    out: Path | None = None,
) -> Frontier:
    """Find the compromises between cost, travel and, where it is asked, equity that keep the promises of a scenario.

    Parameters
    ----------
    scenario
        Its promises hold at every point; its objective is replaced. Of steps
        over the years, the points are the last one: the way there is not looked at.
    territory
        From :func:`territo.load_territory`.
    points
        How many compromises between cost and travel, the two ends included;
        at least 3. There are fewer where fewer exist.
    equity
        The third term, and how it is measured; None leaves it out of what is
        compared, and it is measured at each point all the same.
    catalogue
        Default: the catalogue of the installation.
    progress
        Receives events; a stop keeps the points found.
    out
        Folder that keeps each point as soon as it is found, as a comparison
        in ``points/NN``, and ``frontier.json``. The same work goes on where
        it was left, and gives each answer twice the time of the last search
        that came to its end.

    Raises
    ------
    InputError
        If the folder holds the frontier of something else, or the scenario
        cannot measure equity so.
    InfeasibleError, NoSolutionError
        If there is no answer at all.
    """
    catalogue = catalogue or load_catalogue(default_workspace().catalogue)
    progress = progress or Silent()
    if equity is not None:
        scenario = _measured(scenario, equity)
    now = today(territory, catalogue, services_of(scenario, catalogue))
    work = _Work(prepare(scenario, territory, now), points, out, equity is not None)
    earlier = work.resume()
    known, problem, options = list(earlier.points), work.prepared.formulation.problem, work.prepared.options
    # what was not proven in its time would not be in the same time again
    options = dataclasses.replace(options, time_limit_s=options.time_limit_s * 2.0**earlier.searches)
    price = eur_per_hour(work.prepared)
    search = Search(problem, points, options, earlier.proven, earlier.unproven, equity=equity is not None, price=price)
    for found in explore(search, progress):
        # an end that is asked for again takes the place of the one that was not proven
        known = [*(point for point in known if point.number != found.number), work.keep(found)]
        work.write(known, search, earlier.searches)
    if not known:
        sentence = "stopped before any organisation was found: run it again and let it search longer"
        raise NoSolutionError(fault("stopped-before-any", sentence))
    work.write(known, search, earlier.searches + (not progress.cancelled()))
    return work.frontier(known, search)


def _measured(scenario: Scenario, measure: Measure) -> Scenario:
    """Measure the equity of a scenario so; minutes promised in the other measure would change their meaning."""
    own = scenario.equity
    if own.measure == measure:
        return scenario
    if own.max_minutes is not None:
        sentence = "{name} promises minutes of {measure}: compare equity measured so, or remove equity.max_minutes"
        raise InputError(fault("equity-promised-otherwise", sentence, name=scenario.name, measure=own.measure))
    return patched(scenario, {"equity.measure": measure})


class _Earlier(NamedTuple):
    """What an earlier work in the same folder left; ``searches`` is how many came to their end."""

    points: Sequence[Point] = ()
    proven: Sequence[Found] = ()
    unproven: Sequence[Found] = ()
    searches: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class _Work:
    """A frontier being written."""

    prepared: Prepared
    points: int
    out: Path | None
    equity: bool

    def resume(self) -> _Earlier:
        """Return what an earlier work left in the same folder."""
        if self.out is None or not (self.out / FRONTIER).is_file():
            return _Earlier()
        try:
            points = read_frontier(self.out).points
            content = json.loads((self.out / FRONTIER).read_text(encoding="utf-8"))
            same = content["recipe"] == self._recipe()
            answers = [_answer(each) for each in content["answers"]]
            searches = int(content["searches"])
        except (InputError, KeyError, ValueError, TypeError, AttributeError) as error:
            sentence = "{folder} is not a frontier written by territo: choose another folder"
            raise InputError(fault("not-a-frontier", sentence, folder=self.out.name)) from error
        if not same:
            sentence = "{folder} holds the frontier of another scenario, territory or version: choose another folder"
            raise InputError(fault("other-frontier", sentence, folder=self.out.name))
        organisations = {point.number: self._solution(self.out / point.folder) for point in points}
        kept = [point for point in points if organisations[point.number] is not None]
        asked_again = [point for point in points if organisations[point.number] is None or not point.proven]
        proven = [
            dataclasses.replace(each, solution=organisations.get(each.number))
            for each in answers
            # an answer that repeats a point which is asked for again would hide it
            if each.gap <= self.prepared.options.gap and not any(_alike(each, point) for point in asked_again)
        ]
        unproven = [_unproven(point, organisations[point.number]) for point in kept if not point.proven]
        return _Earlier(kept, proven, unproven, searches)

    def _solution(self, folder: Path) -> Solution | None:
        """Return what a point that was kept decides, to start from; None where it was lost."""
        try:
            (run,) = load_comparison(folder).runs
        except (InputError, ValueError):
            return None
        return solution_of(self.prepared.formulation, run.organisation, run.terms)

    def keep(self, found: Found) -> Point:
        """Keep a point and its organisation."""
        solution = found.solution
        if solution is None:  # found again from an earlier work: explore yields new answers only
            raise ValueError(found.number)
        run = self._run(found, solution)
        folder = ""
        if self.out is not None:
            folder = _free_folder(self.out, found.number)
            reference = reference_run(self.prepared.territory, self.prepared.now)
            save_comparison(Comparison(reference, (run,)), self.out / folder)
        return Point(
            cost=found.cost,
            travel=found.travel,
            equity=self._minutes(run),
            status=run.status,
            gap=found.gap,
            number=found.number,
            ceiling=found.ceiling,
            folder=folder,
        )

    def _minutes(self, run: Run) -> float | None:
        """Return equity in minutes: measured on the organisation, since the proxy of Kolm and Pollak has no unit."""
        cvar = self.prepared.scenario.equity.measure == "cvar"
        minutes = run.terms["equity"] if cvar else run.assessment["EQU2"].value
        return minutes if math.isfinite(minutes) else None

    def _run(self, found: Found, solution: Solution) -> Run:
        """Assess a point; what is proven is proven to the gap that the scenario asks."""
        status = "optimal" if found.gap <= self.prepared.options.gap else "feasible"
        proofs = tuple(dataclasses.replace(proof, status=status) for proof in solution.proofs)
        run = run_of(self.prepared, dataclasses.replace(solution, proofs=proofs))
        return dataclasses.replace(
            run,
            scenario_id=f"{run.scenario_id}-{found.number:02d}",
            scenario_name=f"{run.scenario_name} {found.number + 1}",
            passport={**run.passport, "travel_ceiling": str(found.ceiling)},
        )

    def frontier(self, known: list[Point], search: Search) -> Frontier:
        """Put the points in order; what is not proven is not needed once all that was wanted is."""
        scenario = self.prepared.scenario
        terms = search.terms
        kept = arranged([point for point in known if point.proven or not search.complete], OPEN, terms)
        values = {term: [value for point in kept if math.isfinite(value := point.value(term))] for term in terms}
        return Frontier(
            points=kept,
            payoff={term: (min(each), max(each)) for term, each in values.items() if each},
            complete=search.complete,
            scenario={"id": scenario.id, "name": scenario.name, "digest": scenario.digest},
            terms=terms,
            measure=scenario.equity.measure,
            target_only=scenario.transition is not None and scenario.transition.phasing is not None,
        )

    def write(self, known: list[Point], search: Search, searches: int) -> None:
        """Write what is known so far, and how many searches came to their end, where there is a folder."""
        if self.out is None:
            return
        answers = [{name: getattr(each, name) for name in ANSWER} for each in search.found.values()]
        content = {**self.frontier(known, search).as_dict(), "answers": answers, "recipe": self._recipe()}
        content["searches"] = searches
        write_json(self.out / FRONTIER, content)

    def _recipe(self) -> Mapping[str, Any]:
        return {
            "scenario": self.prepared.scenario.digest,
            "territory": self.prepared.territory.territory.digest,
            "catalogue": self.prepared.now.catalogue.digest,
            "points": self.points,
            "equity": self.equity,
            **software(),
        }


def _answer(fields: Mapping[str, Any]) -> Found:
    numbers: dict[str, Any] = {name: float(fields[name]) for name in ANSWER}
    return Found(int(numbers.pop("number")), **numbers)


def _free_folder(out: Path, number: int) -> str:
    """Return a name that no point has: what the frontier on disk speaks of stays until another is written."""
    names = (f"points/{each:02d}" for each in count(number))
    return next(name for name in names if not (out / name).exists())


def _unproven(point: Point, solution: Solution | None) -> Found:
    equity = solution.terms["equity"] if solution else math.inf
    return Found(point.number, point.ceiling, point.cost, point.travel, equity, point.gap, solution=solution)


def _alike(answer: Found, point: Point) -> bool:
    """Whether an answer is that of a point; a plan as cheap and as short, but less equal, would be dominated."""
    pairs = ((answer.cost, point.cost), (answer.travel, point.travel))
    return all(math.isclose(one, other, rel_tol=OPEN, abs_tol=OPEN) for one, other in pairs)
