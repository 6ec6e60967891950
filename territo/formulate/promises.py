"""What is promised: proximity, a second point, means that follow needs, a ceiling of unequal access."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from territo.domain.arrays import Floats, Ints
from territo.domain.catalogue import Service
from territo.domain.groups import GROUPS, members
from territo.errors import fault, raise_faults
from territo.formulate.demand import LARGEST_EXPONENT
from territo.formulate.nodes import Nodes
from territo.formulate.study import Study
from territo.model.families import Means, Norm, SecondPoint
from territo.scenario.schema import Scenario


def norms(
    study: Study, nodes: Nodes, sites: Ints, services: tuple[Service, ...], scenario: Scenario
) -> tuple[Norm, ...]:
    """Return the shares of the inhabitants, and of social groups, promised within a target time.

    Raises
    ------
    InputError
        If the territory does not say where the members of a group live.
    """
    promises = [
        (s, scenario.norms[service.code]) for s, service in enumerate(services) if service.code in scenario.norms
    ]
    people = {
        group: members(study.territory, group, study.catalogue.per_1000)
        for group in GROUPS
        if any(group in promise.groups for _, promise in promises)
    }
    raise_faults(
        fault(
            "group-unknown",
            "the territory has no {attribute} by commune: add it to its attributes, or remove {name}",
            key=f"norms.{services[s].code}.groups.{group}",
            attribute=GROUPS[group].attribute,
            name=group,
        )
        for s, promise in promises
        for group in promise.groups
        if np.isnan(people[group]).all()
    )
    everyone = [Norm(s, promise.share) for s, promise in promises if promise.share is not None]
    return (
        *everyone,
        *(
            _of_group(study, nodes, sites, Norm(s, share, group), people[group], promise.within_minutes or 0.0)
            for s, promise in promises
            for group, share in promise.groups.items()
        ),
    )


def _of_group(study: Study, nodes: Nodes, sites: Ints, norm: Norm, people: Floats, target: float) -> Norm:
    """Count the members of a group where they live, node by node, and those within the target of each site."""
    within = study.travel.minutes[:, sites] <= target
    total = nodes.total(people)
    near = nodes.total(within * people[:, None]) / np.where(total > 0, total, 1.0)[:, None]
    return replace(norm, people=total, within=near)


def second_points(services: tuple[Service, ...], scenario: Scenario) -> tuple[SecondPoint, ...]:
    """Return the shares of the inhabitants promised two points within the maximum time."""
    found = []
    for s, service in enumerate(services):
        promise = scenario.norms.get(service.code)
        if promise is not None and promise.second_point_share is not None:
            found.append(SecondPoint(s, promise.second_point_share, promise.max_minutes or service.max_min or np.inf))
    return tuple(found)


def means(study: Study, services: tuple[Service, ...], scenario: Scenario) -> Means | None:
    """Return what is asked of the means of the territories; None where nothing is, or nothing is local.

    The need of a commune is the work that its demand asks for, in FTE, times
    the need weight of its inhabitants.
    """
    wish = scenario.equity
    local = np.array([_is_local(service, scenario) for service in services])
    if not wish.follows_needs or not local.any():
        return None
    per_unit = np.array([1.0 / service.prod_per_fte if service.prod_per_fte else 0.0 for service in services])
    work = (study.demand.units * per_unit)[:, local].sum(axis=1) * study.need_weight
    need = np.bincount(study.territory.cells.commune, weights=work, minlength=len(study.territory.communes))
    return Means(local, need.astype(np.float64), wish.least_means_ratio, wish.most_redeployment)


def _is_local(service: Service, scenario: Scenario) -> bool:
    central = scenario.modalities_of(service.code, service.kind) == ("central",)
    return service.kind != "back" and not central and bool(service.prod_per_fte)


def equity_ceiling(study: Study, scenario: Scenario) -> Mapping[str, float]:
    """Return the ceiling of the term ``equity``, in its own unit, where the scenario sets one in minutes."""
    most = scenario.equity.max_minutes
    if most is None:
        return {}
    if scenario.equity.measure == "cvar":
        return {"equity": most}
    exponent = min(study.kappa * most, LARGEST_EXPONENT) - LARGEST_EXPONENT / 2.0
    return {"equity": _needy_visits(study) * float(np.exp(exponent))}


def equity_minutes(study: Study, scenario: Scenario, value: float) -> float:
    """Return the ceiling, in minutes, whose value in the unit of the term ``equity`` this is."""
    if scenario.equity.measure == "cvar":
        return value
    return float(np.log(value / _needy_visits(study)) + LARGEST_EXPONENT / 2.0) / study.kappa


def _needy_visits(study: Study) -> float:
    reached = np.isfinite(study.travel.minutes).any(axis=1)
    return float(study.need[reached].sum())


def worst_share(scenario: Scenario) -> float | None:
    """Return the share of the visits whose mean time is the term ``equity``; None for Kolm and Pollak."""
    return scenario.equity.worst_share if scenario.equity.measure == "cvar" else None
