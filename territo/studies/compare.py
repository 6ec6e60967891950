"""Solve and assess scenarios on a territory, always against the current situation."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from importlib.metadata import version

from territo.domain.catalogue import Catalogue
from territo.domain.demand import Demand
from territo.domain.indicators import Comparison, Proof, Run
from territo.domain.organisation import Organisation
from territo.domain.travel import LoadedTerritory
from territo.errors import fault, raise_faults
from territo.formulate import formulate, organisation_of
from territo.progress import Event, Progress, Silent
from territo.scenario.catalogue import load_catalogue
from territo.scenario.schema import Scenario
from territo.studies.situation import (
    Situation,
    current,
    demand_of,
    formulation_warnings,
    measure,
    solve_named,
    status_of,
    study_of,
    target_times,
)
from territo.studies.workspace import default_workspace

REFERENCE_ID = "reference"


def run(
    scenario: Scenario,
    territory: LoadedTerritory,
    *,
    catalogue: Catalogue | None = None,
    progress: Progress | None = None,
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

    Raises
    ------
    InfeasibleError, NoSolutionError
        As :func:`territo.model.solve.solve`.
    """
    return compare([scenario], territory, catalogue=catalogue, progress=progress).runs[0]


def compare(
    scenarios: Sequence[Scenario],
    territory: LoadedTerritory,
    *,
    catalogue: Catalogue | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Solve several scenarios on the same services, against the current situation.

    All figures use the target times of the catalogue, so that scenarios with
    different promises are measured alike. Parameters and errors as :func:`run`.
    """
    catalogue = catalogue or load_catalogue(default_workspace().catalogue)
    progress = progress or Silent()
    services = _common_services(scenarios, catalogue)
    now = current(territory, catalogue, services)
    runs = []
    for scenario in scenarios:
        progress.report(Event("scenario", subject=scenario.name))
        runs.append(_run(scenario, now, progress))
        if progress.cancelled():
            break
    return Comparison(reference_run(now), tuple(runs))


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Answer:
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


def services_of(scenario: Scenario, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the codes of the services that a scenario is about."""
    return catalogue.codes if scenario.services == "all" else scenario.services


def reference_run(now: Situation) -> Run:
    """Return the current situation as a run, which all others are compared with."""
    return Run(
        scenario_id=REFERENCE_ID,
        scenario_name="Situation actuelle",
        status="evaluated",
        organisation=now.organisation,
        assessment=now.assessment,
        warnings=now.warnings,
        passport=passport_of(now),
    )


def _run(scenario: Scenario, now: Situation, progress: Progress) -> Run:
    demand = demand_of(scenario, now)
    answer = Answer(now.organisation, warnings=now.warnings)
    if scenario.mode == "optimise":
        answer = _optimise(scenario, now, demand, progress)
    return run_of(scenario, now, demand, answer)


def run_of(scenario: Scenario, now: Situation, demand: Demand, answer: Answer) -> Run:
    """Measure an answer and write down where it comes from."""
    return Run(
        scenario_id=scenario.id,
        scenario_name=scenario.name,
        status=status_of(answer.proofs),
        organisation=answer.organisation,
        assessment=measure(answer.organisation, scenario, now, demand, target_times(now.catalogue, now.services)),
        proofs=answer.proofs,
        terms=answer.terms,
        warnings=answer.warnings,
        passport=passport_of(now, _solver_passport(scenario, answer.proofs)),
    )


def _optimise(scenario: Scenario, now: Situation, demand: Demand, progress: Progress) -> Answer:
    study = study_of(scenario, now, demand)
    formulation = formulate(study, scenario)
    solution = solve_named(scenario, formulation.problem, progress)
    organisation = organisation_of(study, formulation, solution)
    return Answer(organisation, solution.proofs, solution.terms, formulation_warnings(formulation))


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


def passport_of(now: Situation, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the digests of all inputs, the versions and the date, and what more is said of a run."""
    territory = now.territory.territory
    vintages = {f"vintage_{source.layer}": source.vintage for source in territory.sources}
    return {
        "territory_digest": territory.digest,
        "catalogue_version": now.catalogue.version,
        "catalogue_digest": now.catalogue.digest,
        **software(),
        **vintages,
        **(more or {}),
        "date": dt.datetime.now(tz=dt.UTC).isoformat(timespec="seconds"),
    }
