r"""A second point within reach (family RESIL).

.. math::
   2\, r_{is} \le \sum_{j:\ \tau_{ij} \le T_s} y_{js}, \qquad \sum_i N_i r_{is} \ge \gamma_s \sum_i N_i

r: node i has two points of service s within T minutes, yes or no; N:
inhabitants; gamma: share promised. Domain specification, section 5.4.
"""

from __future__ import annotations

import numpy as np

from territo.model.problem import Problem
from territo.model.program import AT_LEAST, AT_MOST, Program

TWO = 2.0


def resilience(m: Program, p: Problem) -> None:
    """Give the promised share of the inhabitants two points within reach."""
    for promise in p.second_points:
        s, service = promise.service, p.services.codes[promise.service]
        people = []
        for i, node in enumerate(p.nodes):
            near = np.flatnonzero(p.minutes[i] <= promise.minutes)
            points = [(m.offered[int(j), s], -1.0) for j in near if (int(j), s) in m.offered]
            if len(points) < TWO:
                continue
            twice = m.choice(f"twice({node},{service})")
            m.row(f"resilience_two({node},{service})", [(twice, TWO), *points], AT_MOST, 0.0)
            people.append((twice, float(p.population[i])))
        m.row(f"resilience({service})", people, AT_LEAST, promise.share * float(p.population.sum()))
