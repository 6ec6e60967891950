"""The frontier of a scenario on a territory, kept on disk point by point."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from territo.domain.catalogue import Catalogue
from territo.domain.frontier import Frontier, Point, arranged
from territo.domain.indicators import Comparison, Run
from territo.domain.travel import LoadedTerritory
from territo.errors import InputError, NoSolutionError, fault
from territo.explore.pareto import OPEN, Found, Search, explore
from territo.model.solution import Solution
from territo.progress import Progress, Silent
from territo.scenario.catalogue import load_catalogue
from territo.scenario.schema import Scenario
from territo.studies.compare import reference_run, run_of, software
from territo.studies.prepare import Prepared, prepare, services_of, today
from territo.studies.store import save_comparison, write_json
from territo.studies.workspace import default_workspace

NAME = "frontier.json"


def pareto(
    scenario: Scenario,
    territory: LoadedTerritory,
    *,
    points: int = 9,
    catalogue: Catalogue | None = None,
    progress: Progress | None = None,
    out: Path | None = None,
) -> Frontier:
    """Find the compromises between cost and travel that keep the promises of a scenario.

    Parameters
    ----------
    scenario
        Its promises hold at every point; its objective is replaced.
    territory
        From :func:`territo.load_territory`.
    points
        How many compromises, the two ends included; at least 3. There are
        fewer where fewer exist.
    catalogue
        Default: the catalogue of the installation.
    progress
        Receives events; a stop keeps the points found.
    out
        Folder that keeps each point as soon as it is found, as a comparison
        in ``points/NN``, and ``frontier.json``. The same work goes on where
        it was left.

    Raises
    ------
    InputError
        If the folder holds the frontier of something else.
    InfeasibleError, NoSolutionError
        If there is no answer at all.
    """
    catalogue = catalogue or load_catalogue(default_workspace().catalogue)
    progress = progress or Silent()
    now = today(territory, catalogue, services_of(scenario, catalogue))
    work = _Work(prepare(scenario, territory, now), points, out)
    known, answers = work.resume()
    search = Search(work.prepared.formulation.problem, points, work.prepared.options, answers)
    for found in explore(search, progress):
        known.append(work.keep(found))
        work.write(known, search)
    if not known:
        sentence = "stopped before any organisation was found: run it again and let it search longer"
        raise NoSolutionError(fault("stopped-before-any", sentence))
    work.write(known, search)
    return work.frontier(known, search)


@dataclass(frozen=True, slots=True, eq=False)
class _Work:
    """A frontier being written."""

    prepared: Prepared
    points: int
    out: Path | None

    def resume(self) -> tuple[list[Point], list[Found]]:
        """Return the proven points and answers of an earlier work in the same folder."""
        if self.out is None or not (self.out / NAME).is_file():
            return [], []
        try:
            content = json.loads((self.out / NAME).read_text(encoding="utf-8"))
            same = content["recipe"] == self._recipe()
            points = [_point(each) for each in content["points"]]
            answers = [_found(each) for each in content["answers"]]
        except (OSError, ValueError, KeyError, TypeError) as error:
            sentence = "{folder} is not a frontier written by territo: choose another folder"
            raise InputError(fault("not-a-frontier", sentence, folder=self.out.name)) from error
        if not same:
            sentence = "{folder} holds the frontier of another scenario, territory or version: choose another folder"
            raise InputError(fault("other-frontier", sentence, folder=self.out.name))
        kept = [point for point in points if point.status == "optimal" and (self.out / point.folder).is_dir()]
        # an answer that repeats a point which was lost would hide it
        proven = [
            each
            for each in answers
            if each.gap <= self.prepared.options.gap
            and any(math.isclose(each.travel, point.travel, rel_tol=OPEN, abs_tol=OPEN) for point in kept)
        ]
        return kept, proven

    def keep(self, found: Found) -> Point:
        """Keep a point and its organisation."""
        solution = found.solution
        if solution is None:  # found again from an earlier work: explore yields new answers only
            raise ValueError(found.number)
        proven = found.gap <= self.prepared.options.gap
        folder = f"points/{found.number:02d}" if self.out is not None else ""
        if self.out is not None:
            run = self._run(found, solution, proven=proven)
            reference = reference_run(self.prepared.territory, self.prepared.now)
            save_comparison(Comparison(reference, (run,)), self.out / folder)
        return Point(
            cost=found.cost,
            travel=found.travel,
            equity=solution.terms.get("equity"),
            status="optimal" if proven else "feasible",
            gap=found.gap,
            number=found.number,
            ceiling=found.ceiling,
            folder=folder,
        )

    def _run(self, found: Found, solution: Solution, *, proven: bool) -> Run:
        """Assess a point; what is proven is proven to the gap that the scenario asks."""
        status = "optimal" if proven else "feasible"
        proofs = tuple(dataclasses.replace(proof, status=status) for proof in solution.proofs)
        run = run_of(self.prepared, dataclasses.replace(solution, proofs=proofs))
        return dataclasses.replace(
            run,
            scenario_id=f"{run.scenario_id}-{found.number:02d}",
            scenario_name=f"{run.scenario_name} {found.number + 1}",
            passport={**run.passport, "travel_ceiling": str(found.ceiling)},
        )

    def frontier(self, known: list[Point], search: Search) -> Frontier:
        """Put the points in order."""
        scenario = self.prepared.scenario
        kept = arranged(known, OPEN)
        cheap, short = kept[0], kept[-1]
        return Frontier(
            points=kept,
            payoff={"cost": (cheap.cost, short.cost), "travel": (short.travel, cheap.travel)},
            complete=search.complete,
            scenario={"id": scenario.id, "name": scenario.name, "digest": scenario.digest},
        )

    def write(self, known: list[Point], search: Search) -> None:
        """Write what is known so far, where there is a folder."""
        if self.out is None:
            return
        answers = [
            {name: getattr(each, name) for name in ("number", "ceiling", "cost", "travel", "gap")}
            for each in search.found.values()
        ]
        content = {**self.frontier(known, search).as_dict(), "answers": answers, "recipe": self._recipe()}
        write_json(self.out / NAME, content)

    def _recipe(self) -> Mapping[str, Any]:
        return {
            "scenario": self.prepared.scenario.digest,
            "territory": self.prepared.territory.territory.digest,
            "catalogue": self.prepared.now.catalogue.digest,
            "points": self.points,
            **software(),
        }


def _point(fields: Mapping[str, Any]) -> Point:
    names = ("cost", "travel", "equity", "status", "gap", "number", "folder")
    ceiling = fields["ceiling"]
    return Point(ceiling=math.inf if ceiling is None else ceiling, **{name: fields[name] for name in names})


def _found(fields: Mapping[str, Any]) -> Found:
    return Found(fields["number"], float(fields["ceiling"]), fields["cost"], fields["travel"], fields["gap"])
