"""The answer of the model, read back onto the arrays of the problem."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from territo.domain.arrays import Bools, Floats, Ints
from territo.domain.indicators import Proof
from territo.domain.organisation import IN_POLES, Modality
from territo.model.plan import Plan
from territo.model.problem import Problem
from territo.model.program import Decision, Program, Step, Term
from territo.model.worst import mean_of_worst

HALF = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """Decisions by index of the problem.

    Parameters
    ----------
    offered
        (j, s) points of service.
    staff
        (j, s) FTE, exactly what the demand, the floors and the promises on means need.
    site_of
        (i, s) site that serves each node.
    seat_of
        (n,) site of the seat of each commune's territory, -1 without territories.
    modality
        (s) modality of each service.
    half_days
        (j,) half-days a week of the itinerant stop at each site, 0 without one.
    parent
        (j,) site that the agents of the stop leave from, -1 without one.
    stop_of
        (i, s) site of the stop that each node uses, -1 without one.
    terms
        Term -> value.
    proofs
        One entry a stage.
    steps
        The steps before this one, where the way to it is looked at; a service
        as it is today has the modality ``existing``.
    """

    offered: Bools
    staff: Floats
    site_of: Ints
    seat_of: Ints
    modality: tuple[str, ...]
    half_days: Floats
    parent: Ints
    stop_of: Ints
    terms: Mapping[str, float]
    proofs: tuple[Proof, ...]
    steps: tuple[Solution, ...] = ()

    @property
    def plan(self) -> Plan:
        """What is decided first; teams and users follow from it."""
        return Plan(self.offered, self.modality, self.seat_of)


def read(
    m: Program,
    p: Problem,
    values: Mapping[Decision, float],
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
    half_days, parent, stop_of = _stops(m, p, values)
    credit = 0.0 if p.stops is None else p.stops.credit
    stays = np.where(stop_of >= 0, 1.0 - credit, 1.0)
    return Solution(
        offered=offered,
        staff=_teams_chosen(m, offered, values) if _chosen(p) else _teams(p, offered, site_of, p.units * stays),
        site_of=site_of,
        seat_of=seats(m, p, values),
        modality=tuple(_modality(m, p, s, values) for s in range(size[1])),
        half_days=half_days,
        parent=parent,
        stop_of=stop_of,
        terms=terms if p.worst_share is None else {**terms, "equity": mean_of_worst(p, site_of, p.worst_share)},
        proofs=proofs,
        steps=tuple(_step(step, m, p, values) for step in m.steps),
    )


def figures_of(terms: Mapping[str, Term], values: Mapping[Decision, float]) -> dict[str, float]:
    """Return the value of each term."""
    return {name: sum(weight * values.get(v, 0.0) for v, weight in term) for name, term in terms.items()}


def _step(step: Step, target: Program, p: Problem, values: Mapping[Decision, float]) -> Solution:
    """Read a step: a service that has not begun to change is as it is today, and the map is that of the target."""
    read_alone = read(step.program, step.problem, values, figures_of(step.terms, values), ())
    modality = tuple(
        _modality(target, p, s, values) if values[begun] > HALF else "existing"
        for s, begun in step.program.begun.items()
    )
    poles = any(name in IN_POLES for name in modality)
    return replace(read_alone, modality=modality, seat_of=seats(target, p, values) if poles else read_alone.seat_of)


def _chosen(p: Problem) -> bool:
    """Whether teams may be larger than their demand asks: to follow needs, or because agents leave one by one."""
    return p.means is not None or p.phasing is not None


def seats(m: Program, p: Problem, values: Mapping[Decision, float]) -> Ints:
    """(n,) site of the seat of each commune's territory, -1 without territories."""
    found = np.full(len(p.communes), -1, dtype=np.int64)
    if p.territories is not None:
        for (c, k), belongs in m.member.items():
            if values[belongs] > HALF:
                found[c] = p.territories.seats[k]
    return found


def _modality(m: Program, p: Problem, s: int, values: Mapping[Decision, float]) -> Modality:
    choices = p.services.choices[s]
    if len(choices) == 1:
        return choices[0]
    return max(choices, key=lambda name: values[m.mode[s, name]])


def _stops(m: Program, p: Problem, values: Mapping[Decision, float]) -> tuple[Floats, Ints, Ints]:
    """Half-days and parent of the stop at each site, and the stop that each node uses for each service."""
    half_days = np.zeros(len(p.sites.codes))
    parent = np.full(len(p.sites.codes), -1, dtype=np.int64)
    stop_of = np.full(p.units.shape, -1, dtype=np.int64)
    if p.stops is None:
        return half_days, parent, stop_of
    for q, j in enumerate(p.stops.sites):
        if values[m.stop[q]] > HALF:
            half_days[j] = round(values[m.half_days[q]])
            held = {r: values[part] for (stop, r), part in m.held.items() if stop == q}
            parent[j] = p.stops.parents[max(held, key=lambda r: held[r])]
    for (i, q, s), used in m.visit.items():
        if values[used] > HALF:
            stop_of[i, s] = p.stops.sites[q]
    return half_days, parent, stop_of


def _teams_chosen(m: Program, offered: Bools, values: Mapping[Decision, float]) -> Floats:
    """Teams as the optimiser chose them: some may be larger than their demand asks."""
    staff = np.zeros(offered.shape)
    for key, team in m.staff.items():
        staff[key] = values[team] if offered[key] else 0.0
    return staff


def _teams(p: Problem, offered: Bools, site_of: Ints, units: Floats) -> Floats:
    """Teams without the slack that a stage without cost may leave."""
    staff = np.zeros(offered.shape)
    for s in range(offered.shape[1]):
        work = np.bincount(site_of[:, s], weights=units[:, s], minlength=offered.shape[0])
        for j in np.flatnonzero(offered[:, s]):
            staff[j, s] = p.team_for(s, float(work[j]))
    return staff
