"""A program that every organisation of a problem satisfies, with far fewer decisions.

Where users go is most of a problem, and most promises do not look at it. The
outline leaves out who goes where, but for the trips that a promise measures and
shorter ones: it asks less, so what it proves impossible, or too dear, is so.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np

from territo.domain.arrays import Bools
from territo.model.assign import assign
from territo.model.build import BLOCKS, build
from territo.model.closest import closest
from territo.model.problem import Problem
from territo.model.program import AT_LEAST, AT_MOST, EQUAL, Decision, Program, Term


def outline(problem: Problem) -> tuple[Program, Mapping[str, Term]]:
    """Build a program that every organisation of a problem satisfies, and few decisions.

    Parameters
    ----------
    problem
        Without itinerant stops.
    """
    kept = problem.allowed & _measured(problem)
    thin = dataclasses.replace(problem, allowed=kept)
    program, terms = build(thin, tuple(block for block in BLOCKS if block not in {assign, closest}))
    _served(program, problem, kept)
    _worked(program, problem)
    return program, terms


def _measured(p: Problem) -> Bools:
    """(i, j, s) trips that some norm measures and shorter ones, and those of services whose users do not choose."""
    looked = np.zeros(p.allowed.shape, dtype=np.bool_)
    looked[:, :, ~p.services.nearest | p.services.sector] = True
    for norm in p.norms:
        near = p.covered[:, :, norm.service] > 0
        farthest = np.max(p.minutes, axis=1, where=near & np.isfinite(p.minutes), initial=-1.0)
        looked[:, :, norm.service] |= p.minutes <= farthest[:, None]
    return looked


def _served(m: Program, p: Problem, kept: Bools) -> None:
    """Serve every node from some point, and at most once by the trips that are decided."""
    written: set[tuple[int, ...]] = set()
    for s, service in enumerate(p.services.codes):
        for i, node in enumerate(p.nodes):
            decided = [m.share[i, j, s] for j in range(len(p.sites.codes)) if (i, j, s) in m.share]
            whole = np.array_equal(kept[i, :, s], p.allowed[i, :, s])
            _once(m, f"assign({node},{service})", decided, EQUAL if whole else AT_MOST, written)
            if not whole:
                points = [m.offered[int(j), s] for j in np.flatnonzero(p.allowed[i, :, s]) if (int(j), s) in m.offered]
                _once(m, f"point({node},{service})", points, AT_LEAST, written)


def _once(m: Program, name: str, terms: Sequence[Decision], sense: int, written: set[tuple[int, ...]]) -> None:
    """Add the row ``sum of terms (sense) 1`` unless it was written, for another node or service."""
    key = (sense, *(decision.index for decision in terms))
    if key not in written:
        written.add(key)
        m.row(name, [(decision, 1.0) for decision in terms], sense, 1.0)


def _worked(m: Program, p: Problem) -> None:
    """Give all teams of a service the work of everyone."""
    for s, service in enumerate(p.services.codes):
        teams = [(team, 1.0) for (_, of), team in m.staff.items() if of == s]
        if teams:
            work = float(p.units[:, s].sum() / p.services.productivity[s])
            m.row(f"staff_all({service})", teams, AT_LEAST, work)
