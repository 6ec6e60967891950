"""Mend a plan that keeps a norm only if users go farther than they need.

An outline counts a user within the target time of any open point, while users go
to the nearest one, which may suit fewer inhabitants of a large commune. Points
are added where they bring most inhabitants within the time, until the norm is
kept: nothing is proven here, the plan is checked by the whole problem.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np

from territo.domain.arrays import Bools
from territo.model.decisions import at_every_seat
from territo.model.families import Norm
from territo.model.plan import Plan
from territo.model.problem import Problem
from territo.model.program import Decision, Program


def mended(problem: Problem, plan: Plan) -> Plan:
    """Add points to a plan until its norms are kept by users who go to the nearest.

    Parameters
    ----------
    problem
        The norms, and where points may stand.
    plan
        What is nearly enough.
    """
    offered = plan.offered.copy()
    for norm in problem.norms:
        s = norm.service
        if plan.modality[s] == "free" and not at_every_seat(problem, s):
            offered[:, s] = _more_points(problem, norm, offered[:, s], np.asarray(offered.any(axis=1)))
    return dataclasses.replace(plan, offered=offered)


def first_points(m: Program, p: Problem) -> Mapping[Decision, float]:
    """Say where services that may stand anywhere could keep their norms, to start from, the siège first."""
    chosen: dict[Decision, float] = {}
    for norm in p.norms:
        s = norm.service
        if p.given(s, "free"):
            alone = np.arange(len(p.sites.codes)) == p.headquarters
            points = _more_points(p, norm, alone | p.required[:, s], np.asarray(p.sites.kept | alone))
            chosen |= {point: float(points[j]) for (j, of), point in m.offered.items() if of == s}
    return chosen


def _more_points(p: Problem, norm: Norm, there: Bools, opened: Bools) -> Bools:
    """(j,) points of a service, with those that were missing; open sites first."""
    points = there.copy()
    places = p.free_at[:, norm.service] & ~p.sites.closed
    while (reached := _reached(p, norm, points)) < norm.share:
        gains = [
            (_reached(p, norm, points | (np.arange(len(points)) == j)), bool(opened[j]), -j)
            for j in np.flatnonzero(places & ~points)
        ]
        if not gains or max(gains)[0] <= reached:
            break
        points[-max(gains)[2]] = True
    return points


def _reached(p: Problem, norm: Norm, points: Bools) -> float:
    """Share of the inhabitants within the target time of their nearest point."""
    people = p.population if norm.people is None else norm.people
    nearest = np.where(p.allowed[:, :, norm.service] & points, p.minutes, np.inf).argmin(axis=1)
    near = p.covered[np.arange(len(people)), nearest, norm.service]
    return float(people @ near / people.sum()) if people.any() else 1.0
