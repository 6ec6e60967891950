"""Solve and assess scenarios on a territory, always against the current situation."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from importlib.metadata import version

from territo.assess.assessment import Settings, assess
from territo.assess.case import make_case
from territo.assess.fairness import need_weights, needy_trips, reference_alpha
from territo.assess.reference import current_situation
from territo.domain.catalogue import Catalogue
from territo.domain.demand import Demand, yearly_demand
from territo.domain.indicators import Assessment, Comparison, Proof, Run
from territo.domain.organisation import Organisation
from territo.domain.travel import LoadedTerritory
from territo.errors import InfeasibleError, NoSolutionError, fault, raise_faults
from territo.formulate import Study, formulate, organisation_of
from territo.locate.highs import Options
from territo.model.problem import Problem
from territo.model.solution import Solution
from territo.model.solve import solve
from territo.progress import Event, Progress, Silent
from territo.scenario.catalogue import load_catalogue
from territo.scenario.schema import Scenario
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
    now = _today(territory, catalogue, services)
    runs = []
    for scenario in scenarios:
        progress.report(Event("scenario", subject=scenario.name))
        runs.append(_run(scenario, territory, catalogue, now, progress))
        if progress.cancelled():
            break
    return Comparison(_reference_run(territory, catalogue, now), tuple(runs))


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class _Today:
    """The current situation of the services under study."""

    demand: Demand
    organisation: Organisation
    assessment: Assessment
    warnings: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class _Answer:
    """An organisation and what the solver said of it; nothing where it was only evaluated."""

    organisation: Organisation
    proofs: tuple[Proof, ...] = ()
    terms: Mapping[str, float] = dataclasses.field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def _common_services(scenarios: Sequence[Scenario], catalogue: Catalogue) -> tuple[str, ...]:
    first = _services(scenarios[0], catalogue)
    raise_faults(
        fault(
            "services-not-common",
            "{name} is about {services}: compare scenarios on the same services, those of {first}",
            key="services",
            name=scenario.name,
            services=", ".join(_services(scenario, catalogue)),
            first=scenarios[0].name,
        )
        for scenario in scenarios[1:]
        if set(_services(scenario, catalogue)) != set(first)
    )
    return first


def _services(scenario: Scenario, catalogue: Catalogue) -> tuple[str, ...]:
    return catalogue.codes if scenario.services == "all" else scenario.services


def _today(territory: LoadedTerritory, catalogue: Catalogue, services: tuple[str, ...]) -> _Today:
    demand = yearly_demand(territory.territory, catalogue, services)
    reference, assumed = current_situation(territory.territory, catalogue, territory.travel, services, demand)
    settings = Settings(_targets(catalogue, services))
    figures = assess(territory.territory, catalogue, territory.travel, demand, reference, reference, settings)
    warnings = tuple(":".join((each.code, *each.params.values())) for each in assumed)
    return _Today(demand, reference, figures, warnings)


def _targets(catalogue: Catalogue, services: Sequence[str]) -> dict[str, float]:
    norms = {code: catalogue[code].norm_min for code in services}
    return {code: minutes for code, minutes in norms.items() if minutes is not None}


def _reference_run(territory: LoadedTerritory, catalogue: Catalogue, now: _Today) -> Run:
    return Run(
        scenario_id=REFERENCE_ID,
        scenario_name="Situation actuelle",
        status="evaluated",
        organisation=now.organisation,
        assessment=now.assessment,
        warnings=now.warnings,
        passport=_passport(territory, catalogue, {}),
    )


def _run(scenario: Scenario, territory: LoadedTerritory, catalogue: Catalogue, now: _Today, progress: Progress) -> Run:
    demand = yearly_demand(
        territory.territory, catalogue, now.organisation.services, take_up_scale=scenario.digital.take_up_scale
    )
    answer = _Answer(now.organisation, warnings=now.warnings)
    if scenario.mode == "optimise":
        answer = _optimise(scenario, territory, catalogue, now, demand, progress)
    settings = Settings(
        _targets(catalogue, now.organisation.services),
        aversion=scenario.equity.aversion,
        accepted_reference=scenario.reference.accepted,
        transition_years=None if scenario.transition is None else scenario.transition.years,
    )
    figures = assess(
        territory.territory, catalogue, territory.travel, demand, answer.organisation, now.organisation, settings
    )
    return Run(
        scenario_id=scenario.id,
        scenario_name=scenario.name,
        status=_status(answer.proofs),
        organisation=answer.organisation,
        assessment=figures,
        proofs=answer.proofs,
        terms=answer.terms,
        warnings=answer.warnings,
        passport=_passport(territory, catalogue, _solver_passport(scenario, answer.proofs)),
    )


def _optimise(
    scenario: Scenario,
    territory: LoadedTerritory,
    catalogue: Catalogue,
    now: _Today,
    demand: Demand,
    progress: Progress,
) -> _Answer:
    before = make_case(territory.territory, catalogue, territory.travel, demand, now.organisation)
    study = Study(
        territory=territory.territory,
        catalogue=catalogue,
        travel=territory.travel,
        services=now.organisation.services,
        demand=demand,
        reference=now.organisation,
        reference_cost=now.assessment["COST"].value,
        kappa=abs(scenario.equity.aversion) * reference_alpha(before),
        need=needy_trips(before),
        need_weight=need_weights(before),
    )
    formulation = formulate(study, scenario)
    limits = scenario.solver
    options = Options(limits.time_limit_s, limits.gap, limits.seed, limits.threads)
    solution = _solve(scenario, formulation.problem, options, progress)
    late = (f"out_of_reach:{service}:{','.join(codes)}" for service, codes in formulation.out_of_reach.items())
    exempt = (f"exempt_from_balance:{code}" for code in formulation.exempt)
    organisation = organisation_of(study, formulation, solution)
    return _Answer(organisation, solution.proofs, solution.terms, (*late, *exempt))


def _solve(scenario: Scenario, problem: Problem, options: Options, progress: Progress) -> Solution:
    """Solve, and say which scenario fails where it does."""
    try:
        return solve(problem, options, progress)
    except (InfeasibleError, NoSolutionError) as error:
        head, *rest = error.faults
        raise type(error)(dataclasses.replace(head, where=scenario.name), *rest) from error


def _status(proofs: Sequence[Proof]) -> str:
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


def _passport(territory: LoadedTerritory, catalogue: Catalogue, more: Mapping[str, str]) -> dict[str, str]:
    vintages = {f"vintage_{source.layer}": source.vintage for source in territory.territory.sources}
    return {
        "territory_digest": territory.territory.digest,
        "catalogue_version": catalogue.version,
        "catalogue_digest": catalogue.digest,
        **software(),
        **vintages,
        **more,
        "date": dt.datetime.now(tz=dt.UTC).isoformat(timespec="seconds"),
    }
