r"""Plans that are given (family FROZEN), and plans that the answer must not resemble (family UNLIKE).

.. math::
   y_{js} = \hat y_{js}, \quad t_{c\hat p(c)} = 1, \quad z_{s\hat m(s)} = 1; \qquad
   \sum_{j : \hat a_j = 1} (1 - a_j) + \sum_{j : \hat a_j = 0} a_j \ge D, \quad
   y_{js} \le a_j \le \sum_s y_{js} \ (s\ not\ required\ at\ j)

y: points; t: membership; z: modality; a: site j offers more than what the law
keeps there; a hat marks the given plan; D: sites that differ at least
(Hamming distance). Domain specification, section 5.7; the distance row is the
no-good cut of Balas & Jeroslow 1972, doi:10.1137/0123007.
"""

from __future__ import annotations

import numpy as np

from territo.model.decisions import at_every_seat
from territo.model.plan import Plan
from territo.model.problem import Problem
from territo.model.program import AT_LEAST, AT_MOST, EQUAL, Decision, Program


def frozen(m: Program, p: Problem) -> None:
    """Keep the points, modalities and territories of the given plan; users and teams still follow."""
    if p.frozen is None:
        return
    for (j, s), point in m.offered.items():
        if not at_every_seat(p, s):  # there the point is the seat itself
            name = f"frozen({p.sites.codes[j]},{p.services.codes[s]})"
            m.row(name, [(point, 1.0)], EQUAL, float(p.frozen.offered[j, s]))
    for (s, mode), chosen in m.mode.items():
        name = f"frozen_mode({p.services.codes[s]},{mode})"
        m.row(name, [(chosen, 1.0)], EQUAL, float(p.frozen.modality[s] == mode))
    _territories(m, p, p.frozen)


def _territories(m: Program, p: Problem, plan: Plan) -> None:
    for c, site in enumerate(plan.seat_of.tolist()):
        seat = p.seat_at(site)
        if seat is not None:
            name = f"frozen_member({p.communes[c]},{p.sites.codes[site]})"
            m.row(name, [(m.member[c, seat], 1.0)], EQUAL, 1.0)


def unlike(m: Program, p: Problem) -> None:
    """Differ from each of the plans by enough sites."""
    if not p.unlike:
        return
    active = [_active(m, p, j) for j in range(len(p.sites.codes))]
    for number, plan in enumerate(p.unlike):
        there = plan.chosen(p.required)
        terms = [(site, -1.0 if open_there else 1.0) for site, open_there in zip(active, there, strict=True)]
        m.row(f"unlike({number})", terms, AT_LEAST, p.least_changes - int(np.count_nonzero(there)))


def _active(m: Program, p: Problem, j: int) -> Decision:
    """Whether site j offers more than what the law keeps there: where it keeps nothing, whether it is open."""
    if not p.required[j].any():
        return m.opened[j]
    site = p.sites.codes[j]
    active = m.choice(f"active({site})")
    points = [(s, point) for (k, s), point in m.offered.items() if k == j and not p.required[j, s]]
    for s, point in points:
        m.row(f"unlike_point({site},{p.services.codes[s]})", [(point, 1.0), (active, -1.0)], AT_MOST, 0.0)
    m.row(f"unlike_empty({site})", [(active, 1.0), *((point, -1.0) for _, point in points)], AT_MOST, 0.0)
    return active
