"""The answer of the model, read back onto the arrays of the problem."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pulp

from territo.domain.arrays import Bools, Floats, Ints
from territo.domain.indicators import Proof
from territo.model.plan import Plan
from territo.model.problem import Modality, Problem
from territo.model.program import Program

HALF = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """Decisions by index of the problem.

    Parameters
    ----------
    offered
        (j, s) points of service.
    staff
        (j, s) FTE, exactly what the demand and the floors need.
    site_of
        (i, s) site that serves each node.
    seat_of
        (n,) site of the seat of each commune's territory, -1 without territories.
    modality
        (s) modality of each service.
    terms
        Term -> value.
    proofs
        One entry a stage.
    """

    offered: Bools
    staff: Floats
    site_of: Ints
    seat_of: Ints
    modality: tuple[Modality, ...]
    terms: Mapping[str, float]
    proofs: tuple[Proof, ...]

    @property
    def plan(self) -> Plan:
        """What is decided first; teams and users follow from it."""
        return Plan(self.offered, self.modality, self.seat_of)


def read(
    m: Program,
    p: Problem,
    values: Mapping[pulp.LpVariable, float],
    terms: Mapping[str, float],
    proofs: tuple[Proof, ...],
) -> Solution:
    """Read the decisions of an answer."""
    size = (len(p.sites.codes), len(p.services.codes))
    offered = np.zeros(size, dtype=np.bool_)
    for (j, s), point in m.offered.items():
        offered[j, s] = values[point] > HALF
    shares = np.zeros((len(p.nodes), *size))
    for key, share in m.share.items():
        shares[key] = values[share]
    site_of = np.argmax(shares, axis=1).astype(np.int64)
    return Solution(
        offered=offered,
        staff=_teams(p, offered, site_of),
        site_of=site_of,
        seat_of=seats(m, p, values),
        modality=tuple(_modality(m, p, s, values) for s in range(size[1])),
        terms=terms,
        proofs=proofs,
    )


def seats(m: Program, p: Problem, values: Mapping[pulp.LpVariable, float]) -> Ints:
    """(n,) site of the seat of each commune's territory, -1 without territories."""
    found = np.full(len(p.communes), -1, dtype=np.int64)
    if p.territories is not None:
        for (c, k), belongs in m.member.items():
            if values[belongs] > HALF:
                found[c] = p.territories.seats[k]
    return found


def _modality(m: Program, p: Problem, s: int, values: Mapping[pulp.LpVariable, float]) -> Modality:
    choices = p.services.choices[s]
    if len(choices) == 1:
        return choices[0]
    return max(choices, key=lambda name: values[m.mode[s, name]])


def _teams(p: Problem, offered: Bools, site_of: Ints) -> Floats:
    """Teams without the slack that a stage without cost may leave."""
    work = np.zeros(offered.shape)
    for s in range(offered.shape[1]):
        work[:, s] = np.bincount(site_of[:, s], weights=p.units[:, s], minlength=offered.shape[0])
    productivity = np.where(np.isfinite(p.services.productivity), p.services.productivity, np.inf)
    return np.where(offered, np.maximum(p.services.least_team, work / productivity), 0.0) * np.isfinite(productivity)
