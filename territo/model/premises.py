r"""Shared premises (family PREMISES).

.. math::
   rec_j \ge r_s y_{js}, \qquad rec_j \ge \sigma \sum_s r_s y_{js}, \qquad
   rec_j + \sum_s a_s E_{js} \le cap_j\, o_j

rec: reception, m²; r: reception of one service, m²; sigma: share of the sum
that a shared reception needs; a: m² per FTE. Domain specification, section 5.4.
"""

from __future__ import annotations

import numpy as np

from territo.model.problem import Problem
from territo.model.program import AT_LEAST, AT_MOST, Program, Term


def premises(m: Program, p: Problem) -> None:
    """Size the reception of each site, and keep it within the building."""
    for j, site in enumerate(p.sites.codes):
        points = {s: point for (k, s), point in m.offered.items() if k == j}
        receptions = [(point, -float(p.services.reception_m2[s])) for s, point in points.items()]
        for s, (point, area) in zip(points, receptions, strict=True):
            name = f"premises({site},{p.services.codes[s]})"
            m.row(name, [(m.reception[j], 1.0), (point, area)], AT_LEAST, 0.0)
        shared = [(point, p.shared_reception * area) for point, area in receptions]
        m.row(f"premises_shared({site})", [(m.reception[j], 1.0), *shared], AT_LEAST, 0.0)
        if np.isfinite(p.sites.capacity_m2[j]):
            room = (m.opened[j], -float(p.sites.capacity_m2[j]))
            m.row(f"premises_capacity({site})", [(m.reception[j], 1.0), *staff_area(m, p, j), room], AT_MOST, 0.0)


def staff_area(m: Program, p: Problem, site: int) -> Term:
    """Return the area that the teams of a site need, m², as terms."""
    return [(team, float(p.services.space_m2[s])) for (j, s), team in m.staff.items() if j == site]
