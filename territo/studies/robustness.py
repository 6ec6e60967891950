"""Try an answer against what is not well known, and look for others almost as good."""

from __future__ import annotations

import dataclasses

import numpy as np

from territo.domain.arrays import Bools
from territo.domain.catalogue import Catalogue
from territo.domain.robustness import Alternative, Bar, DemandTrial, Regret, Robustness, Trial, Variation
from territo.domain.travel import LoadedTerritory
from territo.errors import NoSolutionError, fault, raise_faults
from territo.explore import regret as regrets
from territo.explore.alternatives import alternatives, loss
from territo.explore.demands import CASES, CENTRAL, DemandCase, demand_in
from territo.explore.tornado import FACTORS, Factor
from territo.model.plan import Plan
from territo.model.solution import Solution
from territo.progress import Event, Progress, Silent
from territo.scenario.catalogue import load_catalogue
from territo.scenario.schema import Scenario
from territo.studies.compare import reference_run, run_of
from territo.studies.prepare import Today, prepare, services_of, today
from territo.studies.workspace import default_workspace
from territo.studies.worlds import World, tried_free, tried_kept

# two plans differ in structure where a tenth of the open sites, and two at least, are others
LEAST_CHANGES, SHARE_OF_CHANGES = 2, 0.1


def robustness(
    scenario: Scenario,
    territory: LoadedTerritory,
    *,
    catalogue: Catalogue | None = None,
    number: int = 3,
    within: float = 0.02,
    progress: Progress | None = None,
) -> Robustness:
    """Solve a scenario, then try its answer in other worlds (domain specification, sections 3 and 5.7).

    Parameters
    ----------
    scenario
        What is asked; it must be optimised, not only evaluated.
    territory, catalogue
        As :func:`territo.run`.
    number
        How many alternatives to look for.
    within
        What an alternative may lose on each aim, as a share: 0.02 = two per cent.
    progress
        Receives events; a stop keeps what was tried before.

    Raises
    ------
    InputError
        If the scenario is only evaluated.
    InfeasibleError, NoSolutionError
        As :func:`territo.run`, for the scenario itself.
    """
    if scenario.mode == "evaluate":
        sentence = "the current situation is only evaluated: give a scenario that is optimised"
        raise_faults([fault("robustness-of-nothing", sentence, where=scenario.name, key="mode")])
    progress, catalogue = progress or Silent(), catalogue or load_catalogue(default_workspace().catalogue)
    progress.report(Event("scenario", subject=scenario.name))
    now = today(territory, catalogue, services_of(scenario, catalogue))
    return _Trials(scenario, territory, now, progress).all(number, within)


class _Trials:
    """All trials around one answer, in order; a stop leaves out those that did not end before it."""

    def __init__(self, scenario: Scenario, territory: LoadedTerritory, now: Today, progress: Progress) -> None:
        self.scenario, self.territory, self.now, self.progress = scenario, territory, now, progress
        self.world = World(prepare(scenario, territory, now))
        self.solution = self.world.solve(self.world.problem, progress)
        self.plan = self.solution.plan
        self.trial = self.world.trial(self.solution, self.plan)
        self.opened: list[Bools] = [self._chosen(self.plan)]
        # plans that deserve to be tried under every demand
        self.plans = {"plan": self.plan}

    def all(self, number: int, within: float) -> Robustness:
        tornado = tuple(filter(None, map(self._bar, FACTORS)))
        demands = tuple(filter(None, map(self._under, CASES)))
        found, every = self._alternatives(number, within)
        regret = self._regret()
        return Robustness(
            reference=reference_run(self.territory, self.now),
            run=run_of(self.world.prepared, self.solution),
            trial=self.trial,
            value_of_time_eur_h=self.world.price,
            tornado=tornado,
            demands=demands,
            alternatives=tuple(self._alternative(rank, each) for rank, each in enumerate(found, start=1)),
            all_alternatives=every,
            stability=regrets.stability(self.world.site_ids, self.opened[0], self.opened),
            regret=regret,
            complete=not self.progress.cancelled(),
        )

    def _bar(self, factor: Factor) -> Bar | None:
        """Try a number at both ends of its range."""
        low, high = (self._variation(factor, value) for value in (factor.low, factor.high))
        return Bar(factor.name, factor.unit, low, high) if low or high else None

    def _variation(self, factor: Factor, value: float) -> Variation | None:
        if not self._begin(f"tornado.{factor.name}"):
            return None
        catalogue, scenario = factor.change(self.now.catalogue, self.scenario, value)
        now = today(self.territory, catalogue, self.now.organisation.services, self.now.calibration)
        world = World(prepare(scenario, self.territory, now, kappa=self.world.prepared.study.kappa))
        kept = tried_kept(world, self.plan, self.progress)
        free = self._free(world)[0] if factor.decides else None
        return None if self.progress.cancelled() else Variation(value, kept, free)

    def _under(self, case: DemandCase) -> DemandTrial | None:
        """Try a demand, and remember the plan that is best for it."""
        if case == CENTRAL:
            return DemandTrial(case.name, case.change_pct, self.trial, self.trial)
        if not self._begin(f"demand.{case.name}"):
            return None
        world = self._world(case)
        kept = tried_kept(world, self.plan, self.progress)
        free, solution = self._free(world)
        if self.progress.cancelled():
            return None
        if solution is not None and not any(solution.plan.same_as(plan) for plan in self.plans.values()):
            self.plans[case.name] = solution.plan
        return DemandTrial(case.name, case.change_pct, _without_saving(kept), _without_saving(free))

    def _world(self, case: DemandCase) -> World:
        territory, scale = self.territory.territory, self.scenario.digital.take_up_scale
        demand = demand_in(case, territory, self.now.catalogue, self.now.organisation.services, scale)
        kappa = self.world.prepared.study.kappa
        return World(prepare(self.scenario, self.territory, self.now, demand=demand, kappa=kappa))

    def _free(self, world: World) -> tuple[Trial, Solution | None]:
        """Look for the best answer of a world, and count the sites that it opens; the same question has one answer."""
        if world.asks_as(self.world):
            return world.trial(self.solution, self.plan), None
        trial, solution = tried_free(world, self.plan, self.progress)
        if solution is not None and not self.progress.cancelled():
            self.opened.append(self._chosen(solution.plan))
        return trial, solution

    def _alternatives(self, number: int, within: float) -> tuple[list[Solution], bool]:
        changes = max(LEAST_CHANGES, round(SHARE_OF_CHANGES * int(self.opened[0].sum())))

        def search(unlike: tuple[Plan, ...]) -> Solution:
            problem = dataclasses.replace(self.world.problem, unlike=unlike, least_changes=changes)
            solution = self.world.solve(problem, self.progress) if self._begin("alternatives") else None
            if solution is None or self.progress.cancelled():
                sentence = "stopped before any organisation was found: run it again and let it search longer"
                raise NoSolutionError(fault("stopped-before-any", sentence))
            return solution

        found, every = alternatives(self.solution, search, number=number, within=within)
        self.plans |= {f"alternative-{rank}": each.plan for rank, each in enumerate(found, start=1)}
        return found, every

    def _alternative(self, rank: int, solution: Solution) -> Alternative:
        name = f"{self.scenario.name}, variante {rank}"
        scenario = self.scenario.model_copy(update={"id": f"{self.scenario.id}-variante-{rank}", "name": name})
        trial = self.world.trial(solution, self.plan)
        run = run_of(dataclasses.replace(self.world.prepared, scenario=scenario), solution)
        return Alternative(run, trial, loss(self.solution, solution))

    def _regret(self) -> Regret | None:
        """Try every plan under every demand; None where the work was stopped before the end."""
        totals = np.full((len(self.plans), len(CASES)), np.inf)
        for column, case in enumerate(CASES):
            if not self._begin("regret"):
                return None
            world = self._world(case)
            for row, plan in enumerate(self.plans.values()):
                outcome = tried_kept(world, plan, self.progress).outcome
                totals[row, column] = np.inf if outcome is None else outcome.total
        if self.progress.cancelled():
            return None
        return regrets.regret([*self.plans], [case.name for case in CASES], totals)

    def _chosen(self, plan: Plan) -> Bools:
        return plan.chosen(self.world.problem.required)

    def _begin(self, stage: str) -> bool:
        """Say which trial begins; False where a stop was asked."""
        self.progress.report(Event(stage, subject=self.scenario.name))
        return not self.progress.cancelled()


def _without_saving(trial: Trial) -> Trial:
    """Leave the saving out: the current situation does not face that demand, so the difference is none."""
    if trial.outcome is None:
        return trial
    return dataclasses.replace(trial, outcome=dataclasses.replace(trial.outcome, saving=np.nan, saving_most=np.nan))
