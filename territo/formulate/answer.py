"""A solution of the model becomes an organisation of the territory, and one may start from another."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from territo.domain.itinerance import Itinerance
from territo.domain.organisation import NOWHERE, Organisation
from territo.formulate.problem import Formulation
from territo.formulate.study import Study
from territo.model.solution import Solution


def organisation_of(study: Study, formulation: Formulation, solution: Solution) -> Organisation:
    """Put the decisions of a solution back on the sites and cells of the territory."""
    size = (len(study.territory.sites), len(study.services))
    offered, staff = np.zeros(size, dtype=np.bool_), np.zeros(size)
    offered[formulation.sites] = solution.offered
    staff[formulation.sites] = solution.staff
    hours = np.array([study.catalogue[code].hours_week for code in study.services])
    seat_of = solution.seat_of
    territory_of = np.where(seat_of == NOWHERE, NOWHERE, formulation.sites[seat_of])
    return Organisation(
        services=study.services,
        modality=solution.modality,
        headquarters=study.reference.headquarters,
        seats=tuple(sorted({int(seat) for seat in territory_of if seat != NOWHERE})),
        territory_of=territory_of,
        offered=offered,
        staff=staff,
        assignment=formulation.sites[solution.site_of[formulation.cell_node]],
        hours_week=np.where(offered, hours, 0.0),
        itinerance=_itinerance(study, formulation, solution),
    )


def solution_of(formulation: Formulation, organisation: Organisation, terms: Mapping[str, float]) -> Solution:
    """Put an organisation on the candidate sites and nodes of a problem, to start from.

    Parameters
    ----------
    formulation
        The problem, with its n communes, i nodes, j candidate sites and s services.
    organisation
        On the same territory and services; points on sites that are no candidates are left out.
    terms
        Those of the organisation, in the units of the model.

    Returns
    -------
    Solution
        What the organisation decides: (j, s) points, (i, s) sites used, (n,)
        seats, (s,) modalities. Teams and stops follow from the numbers of a
        problem, so none are given; there is no proof.
    """
    problem = formulation.problem
    nodes, services = len(problem.nodes), len(problem.services.codes)
    place = np.full(len(organisation.offered), NOWHERE, dtype=np.int64)
    place[formulation.sites] = np.arange(formulation.sites.size)
    site_of = np.zeros((nodes, services), dtype=np.int64)
    site_of[formulation.cell_node] = np.maximum(place[organisation.assignment], 0)
    seat_of = np.where(organisation.territory_of == NOWHERE, NOWHERE, place[organisation.territory_of])
    sites = formulation.sites.size
    return Solution(
        offered=organisation.offered[formulation.sites],
        staff=np.zeros((sites, services)),
        site_of=site_of,
        seat_of=seat_of,
        modality=organisation.modality,
        half_days=np.zeros(sites),
        parent=np.full(sites, NOWHERE),
        stop_of=np.full((nodes, services), NOWHERE),
        terms=terms,
        proofs=(),
    )


def _itinerance(study: Study, formulation: Formulation, solution: Solution) -> Itinerance | None:
    """Put the stops back on the sites and cells of the territory; None without any."""
    stops = formulation.problem.stops
    if stops is None or not solution.half_days.any():
        return None
    count = len(study.territory.sites)
    half_days, parent = np.zeros(count), np.full(count, NOWHERE, dtype=np.int64)
    half_days[formulation.sites] = solution.half_days
    held = solution.parent != NOWHERE
    parent[formulation.sites[held]] = formulation.sites[solution.parent[held]]
    of_cells = solution.stop_of[formulation.cell_node]
    assignment = np.where(of_cells == NOWHERE, NOWHERE, formulation.sites[of_cells])
    offered = np.zeros((count, len(study.services)), dtype=np.bool_)
    cells, columns = np.nonzero(assignment != NOWHERE)
    offered[assignment[cells, columns], columns] = True
    return Itinerance(stops.credit, half_days, parent, offered, assignment)
