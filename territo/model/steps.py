"""The problem of a step on the way to the target: what stands today, what the target will have, and nothing else.

What is promised holds from the target on. Before, a service stands where it
stands today and where it will stand; who is sent to a point by the target
goes where today sends them until that point closes. There are no territories of a step:
the map is decided once, with the target, and :mod:`territo.model.phasing`
binds the points, the users and the managers of a step to it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from territo.domain.arrays import Bools
from territo.model.closest import users_choose
from territo.model.families import Phasing
from territo.model.problem import Problem
from territo.model.program import Program


def step_problem(target: Program, p: Problem, phasing: Phasing, number: int) -> Problem:
    """Write the problem of a step.

    Parameters
    ----------
    target
        The decisions of the target.
    p
        The problem of the target.
    phasing
        Its steps.
    number
        Of the step, from 0.
    """
    possible = np.zeros(phasing.offered.shape, dtype=np.bool_)
    for key in target.offered:
        possible[key] = True
    count = len(p.services.codes)
    chosen = np.array([users_choose(p, s) for s in range(count)])
    standing = phasing.offered.any(axis=1)
    return replace(
        p,
        allowed=_pairs(target, p, phasing, chosen),
        required=p.required & phasing.offered,
        free_at=possible | phasing.offered,
        services=replace(
            p.services,
            choices=(("free",),) * count,
            nearest=chosen,
            sector=np.zeros(count, dtype=np.bool_),
            bundle=np.zeros(count, dtype=np.bool_),
        ),
        sites=replace(
            p.sites,
            kept=np.zeros_like(p.sites.kept),
            closed=np.zeros_like(p.sites.closed),
            capacity_m2=np.where(standing, np.inf, p.sites.capacity_m2),
        ),
        territories=None,
        stops=None,
        moves=None,
        norms=(),
        second_points=(),
        means=None,
        most_open=None,
        most_closures=None,
        capital_eur=None,
        limits={},
        frozen=None,
        unlike=(),
        phasing=replace(phasing, step=number),
    )


def _pairs(target: Program, p: Problem, phasing: Phasing, chosen: Bools) -> Bools:
    """(i, j, s) who may go where: as today, as in the target, and where users choose, to whatever is open."""
    pairs = np.zeros(p.allowed.shape, dtype=np.bool_)
    for key in target.share:
        pairs[key] = True
    pairs |= p.allowed & phasing.offered & chosen
    nodes, services = np.nonzero(phasing.site_of >= 0)
    pairs[nodes, phasing.site_of[nodes, services], services] = True
    return pairs
