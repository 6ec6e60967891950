"""Solve and assess scenarios on a territory, always against the current situation."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial
from importlib.metadata import version

from territo.assess.assessment import Settings, assess
from territo.domain.catalogue import Catalogue
from territo.domain.demand import Demand
from territo.domain.indicators import Assessment, Comparison, Proof, Run
from territo.domain.organisation import Organisation
from territo.domain.travel import LoadedTerritory
from territo.errors import InfeasibleError, NoSolutionError, fault, raise_faults
from territo.formulate import organisation_of
from territo.model.problem import Problem
from territo.model.solution import Solution
from territo.progress import Event, Progress, Silent
from territo.scenario.catalogue import load_catalogue
from territo.scenario.schema import Scenario
from territo.studies.phasing import on_the_way, solve_way, steps_of
from territo.studies.prepare import Prepared, Today, demand_of, prepare, services_of, targets, today
from territo.studies.question import question
from territo.studies.workspace import default_workspace

REFERENCE_ID = "reference"


def run(
    scenario: Scenario,
    territory: LoadedTerritory,
    *,
    catalogue: Catalogue | None = None,
    progress: Progress | None = None,
    start: Run | None = None,
) -> Run:
    """Solve one scenario and assess it against the current situation.

    Parameters
    ----------
    scenario
        From :func:`territo.load_scenario`.
    territory
        From :func:`territo.load_territory`.
    catalogue
        Default: the catalogue of the installation.
    progress
        Receives events; may ask for a stop, which keeps the best answer.
    start
        An answer on the same territory to start from; where only sites were
        kept or closed since, what was proven of it still counts.

    Raises
    ------
    InfeasibleError, NoSolutionError
        As :func:`territo.model.solve.solve`.
    """
    return compare([scenario], territory, catalogue=catalogue, progress=progress, start=start).runs[0]


def compare(
    scenarios: Sequence[Scenario],
    territory: LoadedTerritory,
    *,
    catalogue: Catalogue | None = None,
    progress: Progress | None = None,
    start: Run | None = None,
) -> Comparison:
    """Solve several scenarios on the same services, against the current situation.

    All figures use the target times of the catalogue, so that scenarios with
    different promises are measured alike. Parameters and errors as :func:`run`.
    """
    catalogue = catalogue or load_catalogue(default_workspace().catalogue)
    progress = progress or Silent()
    services = _common_services(scenarios, catalogue)
    now = today(territory, catalogue, services)
    runs = []
    for scenario in scenarios:
        progress.report(Event("scenario", subject=scenario.name))
        runs.append(_run(scenario, territory, now, progress, start))
        if progress.cancelled():
            break
    return Comparison(reference_run(territory, now), tuple(runs))


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class _Answer:
    """An organisation and what the solver said of it; nothing where it was only evaluated."""

    organisation: Organisation
    proofs: tuple[Proof, ...] = ()
    terms: Mapping[str, float] = dataclasses.field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def _common_services(scenarios: Sequence[Scenario], catalogue: Catalogue) -> tuple[str, ...]:
    first = services_of(scenarios[0], catalogue)
    raise_faults(
        fault(
            "services-not-common",
            "{name} is about {services}: compare scenarios on the same services, those of {first}",
            key="services",
            name=scenario.name,
            services=", ".join(services_of(scenario, catalogue)),
            first=scenarios[0].name,
        )
        for scenario in scenarios[1:]
        if set(services_of(scenario, catalogue)) != set(first)
    )
    return first


def reference_run(territory: LoadedTerritory, now: Today) -> Run:
    """Return the current situation, measured and not optimised."""
    return Run(
        scenario_id=REFERENCE_ID,
        scenario_name="Situation actuelle",
        status="evaluated",
        organisation=now.organisation,
        assessment=now.assessment,
        warnings=now.warnings,
        passport=_passport(territory, now, {}),
    )


def _run(scenario: Scenario, territory: LoadedTerritory, now: Today, progress: Progress, start: Run | None) -> Run:
    if scenario.mode == "optimise":
        prepared = on_the_way(prepare(scenario, territory, now))
        return run_of(prepared, solve_prepared(prepared, prepared.formulation.problem, progress, start))
    demand = demand_of(scenario, territory, now)
    answer = _Answer(now.organisation, warnings=now.warnings)
    return _assessed(scenario, territory, now, demand, answer)


def run_of(prepared: Prepared, solution: Solution) -> Run:
    """Assess a solution of a prepared scenario."""
    formulation = prepared.formulation
    late = (f"out_of_reach:{service}:{','.join(codes)}" for service, codes in formulation.out_of_reach.items())
    exempt = (f"exempt_from_balance:{code}" for code in formulation.exempt)
    organisation = organisation_of(prepared.study, formulation, solution)
    answer = _Answer(organisation, solution.proofs, solution.terms, (*late, *exempt))
    run = _assessed(prepared.scenario, prepared.territory, prepared.now, prepared.study.demand, answer)
    run = dataclasses.replace(run, passport={**run.passport, **question(formulation.problem)})
    measured = partial(_without_moves, prepared)
    return dataclasses.replace(run, steps=steps_of(prepared, solution, (organisation, run.assessment), measured))


def _without_moves(prepared: Prepared, organisation: Organisation) -> Assessment:
    """Measure an organisation on the way, without looking at the moves of agents."""
    scenario, now = prepared.scenario.model_copy(update={"transition": None}), prepared.now
    norms = targets(now.catalogue, organisation.services)
    return measure(organisation, scenario, prepared.territory, now, prepared.study.demand, norms)


def _assessed(scenario: Scenario, territory: LoadedTerritory, now: Today, demand: Demand, answer: _Answer) -> Run:
    norms = targets(now.catalogue, now.organisation.services)
    return Run(
        scenario_id=scenario.id,
        scenario_name=scenario.name,
        status=status_of(answer.proofs),
        organisation=answer.organisation,
        assessment=measure(answer.organisation, scenario, territory, now, demand, norms),
        proofs=answer.proofs,
        terms=answer.terms,
        warnings=answer.warnings,
        passport=_passport(territory, now, _solver_passport(scenario, answer.proofs)),
    )


def measure(
    organisation: Organisation,
    scenario: Scenario,
    territory: LoadedTerritory,
    now: Today,
    demand: Demand,
    norms: Mapping[str, float],
) -> Assessment:
    """Measure an organisation against the current situation; ``norms`` are target minutes by service."""
    way = scenario.transition
    settings = Settings(
        norms,
        aversion=scenario.equity.aversion,
        accepted_reference=scenario.reference.accepted,
        calibration=now.calibration,
        transition_years=None if way is None else way.years,
        indicative=way is None or way.phasing is None,
    )
    return assess(
        territory.territory, now.catalogue, territory.travel, demand, organisation, now.organisation, settings
    )


def solve_prepared(prepared: Prepared, problem: Problem, progress: Progress, start: Run | None = None) -> Solution:
    """Solve a problem within the limits of its scenario, and say which scenario fails where it does."""
    try:
        return solve_way(prepared, problem, progress, start)
    except (InfeasibleError, NoSolutionError) as error:
        head, *rest = error.faults
        raise type(error)(dataclasses.replace(head, where=prepared.scenario.name), *rest) from error


def status_of(proofs: Sequence[Proof]) -> str:
    """Worst of the stages; ``evaluated`` where nothing was optimised."""
    if not proofs:
        return "evaluated"
    return "optimal" if all(proof.status == "optimal" for proof in proofs) else "feasible"


def _solver_passport(scenario: Scenario, proofs: Sequence[Proof]) -> dict[str, str]:
    return {
        "scenario_digest": scenario.digest,
        "seed": str(scenario.solver.seed),
        "threads": str(scenario.solver.threads),
        "gap_asked": str(scenario.solver.gap),
        "gap_reached": str(max((proof.gap for proof in proofs), default=0.0)),
    }


def software() -> dict[str, str]:
    """Return the versions that a result depends on."""
    return {f"version_{name}": version(name) for name in ("territo", "highspy", "pulp", "numpy", "scipy")}


def _passport(territory: LoadedTerritory, now: Today, more: Mapping[str, str]) -> dict[str, str]:
    vintages = {f"vintage_{source.layer}": source.vintage for source in territory.territory.sources}
    return {
        "territory_digest": territory.territory.digest,
        "catalogue_version": now.catalogue.version,
        "catalogue_digest": now.catalogue.digest,
        **_calibration_passport(now),
        **software(),
        **vintages,
        **more,
        "date": dt.datetime.now(tz=dt.UTC).isoformat(timespec="seconds"),
    }


def _calibration_passport(now: Today) -> dict[str, str]:
    """Say what each service was fitted to, and what remains."""
    return {
        f"calibration_{fit.service}": (
            f"{fit.fitted:.6g} units per FTE and year ({fit.default:.6g} in the catalogue), "
            f"{fit.reproduced_fte:.2f} of {fit.observed_fte:.2f} FTE explained"
        )
        for fit in now.calibration.fits
    }
