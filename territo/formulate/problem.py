"""The whole problem of a scenario, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from territo.domain.arrays import Ints
from territo.formulate.demand import agent_eur, allowed, covered, unevenness
from territo.formulate.districts import territories
from territo.formulate.nodes import gather, names
from territo.formulate.offer import ceilings, coordination, goals, service_data
from territo.formulate.places import candidate_sites, free_points, required_points, site_data
from territo.formulate.preselection import well_placed
from territo.formulate.promises import equity_ceiling, means, norms, second_points, worst_share
from territo.formulate.stops import stops
from territo.formulate.study import Study
from territo.formulate.transition import moves
from territo.model.problem import Problem
from territo.scenario.schema import Scenario


@dataclass(frozen=True, slots=True, eq=False)
class Formulation:
    """A problem, and what its indices stand for.

    Parameters
    ----------
    problem
        The arrays.
    cell_node
        (m,) node of each cell.
    sites
        (j,) site of the territory behind each site of the problem.
    out_of_reach
        Service -> INSEE codes of communes with no candidate within the
        maximum time; they are served all the same.
    exempt
        INSEE codes of communes left out of the balance.
    """

    problem: Problem
    cell_node: Ints
    sites: Ints
    out_of_reach: Mapping[str, tuple[str, ...]]
    exempt: tuple[str, ...]


def formulate(study: Study, scenario: Scenario) -> Formulation:
    """Write a scenario as a problem of the model.

    Parameters
    ----------
    study
        What all scenarios of the territory share.
    scenario
        What is asked; already checked against the territory and the catalogue.
    """
    territory = study.territory
    services = tuple(study.catalogue[code] for code in study.services)
    nodes = gather(study)
    wish = scenario.territories
    placed = well_placed(study, *wish.count) if wish else np.zeros(len(territory.communes), dtype=np.bool_)
    phased = scenario.transition is not None and scenario.transition.phasing is not None
    sites = candidate_sites(territory, study.reference, services, scenario.sites, placed, all_of_today=phased)
    minutes = nodes.mean(study.travel.minutes[:, sites], territory.cells.population)
    km = nodes.mean(study.travel.km[:, sites], territory.cells.population)
    pairs, out_of_reach = allowed(territory, nodes, minutes, services, scenario)
    units = nodes.total(study.demand.units)
    plan = territories(study, scenario, services, sites, placed)
    problem = Problem(
        communes=territory.communes.codes,
        nodes=names(territory, nodes),
        node_commune=nodes.commune,
        population=nodes.population,
        minutes=minutes,
        units=units,
        visits=nodes.total(np.where(nodes.reached[:, None], study.demand.visits, 0.0)),
        covered=covered(study, nodes, sites, services, scenario),
        agent_eur=agent_eur(study, services, units, minutes, km),
        unevenness=unevenness(study, nodes, sites),
        need=nodes.total(np.where(nodes.reached[:, None], study.need, 0.0)),
        allowed=pairs,
        required=required_points(territory, services, sites),
        free_at=free_points(territory, study.reference, services, scenario.sites, placed, sites),
        services=service_data(study.catalogue, services, scenario),
        sites=site_data(study, services, sites, scenario),
        headquarters=int(np.flatnonzero(sites == study.reference.headquarters)[0]),
        territories=plan,
        coordination=coordination(study.catalogue),
        stops=stops(study, scenario, services, sites, minutes, plan),
        moves=moves(study, scenario, sites),
        shared_reception=study.catalogue.constants.shared_reception,
        norms=norms(study, nodes, sites, services, scenario),
        second_points=second_points(services, scenario),
        means=means(study, services, scenario),
        worst_share=worst_share(scenario),
        most_open=scenario.sites.max_open,
        most_closures=scenario.sites.max_closures,
        capital_eur=scenario.budget.capital_eur,
        limits=_limits(study, scenario),
        goals=goals(scenario),
    )
    exempt = () if plan is None else tuple(territory.communes.codes[c] for c in np.flatnonzero(plan.exempt))
    return Formulation(problem, nodes.of_cell, sites, out_of_reach, exempt)


def _limits(study: Study, scenario: Scenario) -> dict[str, float]:
    """Return the greatest value of each term; what calibration left unexplained is not for the model to spend."""
    change = scenario.budget.running_cost_change_pct
    limits = {**ceilings(scenario), **equity_ceiling(study, scenario)}
    if change is not None:
        limits["cost"] = min(limits.get("cost", np.inf), study.reference_cost * (1.0 + change / 100.0))
    if "cost" in limits:
        limits["cost"] -= study.residual_cost
    return limits
