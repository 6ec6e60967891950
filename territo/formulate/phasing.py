"""The steps of a scenario: how long each lasts, who leaves meanwhile, and what stands today."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from territo.domain.moves import departing_share
from territo.domain.organisation import NOWHERE
from territo.formulate.problem import Formulation
from territo.formulate.study import Study
from territo.model.families import Phasing
from territo.scenario.phasing import Phasing as Wish
from territo.scenario.schema import Scenario


def with_steps(study: Study, scenario: Scenario, formulation: Formulation) -> Formulation:
    """Add the steps that a scenario plans; the formulation itself where it plans none."""
    wish = None if scenario.transition is None else scenario.transition.phasing
    if wish is None:
        return formulation
    way = phasing(study, wish, formulation)
    return replace(formulation, problem=replace(formulation.problem, phasing=way))


def phasing(study: Study, wish: Wish, formulation: Formulation) -> Phasing:
    """Write the steps, from the organisation of today."""
    today, sites = study.reference, formulation.sites
    constants = study.catalogue.constants
    position = np.full(len(study.territory.sites) + 1, NOWHERE, dtype=np.int64)  # the last one stands for nowhere
    position[sites] = np.arange(len(sites))
    _, first = np.unique(formulation.cell_node, return_index=True)
    spans = pairwise((0, *wish.years))
    return Phasing(
        years=wish.years,
        weights=weights(wish.years, wish.horizon_years, wish.discount_pct / 100.0),
        staying=tuple(1.0 - departing_share(constants, end - start) for start, end in spans),
        offered=today.offered[sites],
        staff=today.staff[sites],
        site_of=position[today.assignment[first]],
        most_changes=wish.of_steps(wish.max_changes),
        most_services=wish.of_steps(wish.max_services),
        capital_eur=wish.of_steps(wish.capital_eur),
    )


def weights(years: tuple[int, ...], horizon: int, rate: float) -> tuple[float, ...]:
    """Part of each step in the mean over the years: how long it lasts, later years counting less.

    A year y counts (1 + rate)^-y, as public investments are discounted in
    France: Guide de l’évaluation socioéconomique des investissements publics,
    complément opérationnel I, 21 October 2021.

    Examples
    --------
    >>> weights((0, 2, 5), 10, 0.0)
    (0.2, 0.3, 0.5)
    """
    lasting = [sum((1.0 + rate) ** -year for year in range(start, end)) for start, end in pairwise((*years, horizon))]
    return tuple(part / sum(lasting) for part in lasting)
