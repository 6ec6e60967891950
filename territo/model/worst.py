r"""The worst-served share of the visits (family EQUITY, CVaR).

.. math::
   \zeta_{is} \ge \sum_j \tau_{ij} x_{ijs} - \eta, \quad \zeta \ge 0, \qquad
   CVaR_\beta = \min_\eta\ \eta + \frac{1}{\beta N} \sum_{is} n_{is} \zeta_{is}

tau: mean minutes from node i to site j; n: visits a year, N their sum; beta:
share of the visits. The mean of the worst-served visits is the term ``equity``
where the scenario measures equity so. Filippi, Guastaroba et al. 2021; domain
specification, section 4.
"""

from __future__ import annotations

import numpy as np

from territo.domain.arrays import Ints
from territo.model.problem import Problem
from territo.model.program import AT_LEAST, Program, Term


def worst(m: Program, p: Problem) -> None:
    """Measure by how much each node exceeds a threshold, once per decision of who goes where."""
    if p.worst_share is None:
        return
    threshold = m.variable("threshold()")
    weight = 1.0 / (p.worst_share * float(p.visits.sum()))
    m.worst.append((threshold, 1.0))
    for shares, visits, label in _decisions(m, p):
        above = m.variable(f"above({label})")
        m.row(f"worst({label})", [(above, 1.0), (threshold, 1.0), *((x, -t) for x, t in shares)], AT_LEAST, 0.0)
        m.worst.append((above, visits * weight))


def _decisions(m: Program, p: Problem) -> list[tuple[Term, float, str]]:
    """List each decision of where a node goes: its minutes as terms, the visits that it moves, its name."""
    found: dict[tuple[int, ...], tuple[Term, float, str]] = {}
    for s, service in enumerate(p.services.codes):
        for i in np.flatnonzero(p.visits[:, s] > 0).tolist():
            sites = [j for j in range(len(p.sites.codes)) if (i, j, s) in m.share]
            shares = [(m.share[i, j, s], float(p.minutes[i, j])) for j in sites]
            if p.beyond is not None and (i, s) in m.farther:
                nearest = float(p.minutes[i].min(where=p.beyond[i, :, s], initial=np.inf))
                shares.append((m.farther[i, s], nearest))
            key = tuple(id(share) for share, _ in shares)
            visits = float(p.visits[i, s]) + (found[key][1] if key in found else 0.0)
            found[key] = (shares, visits, f"{p.nodes[i]},{service}")
    return list(found.values())


def mean_of_worst(p: Problem, site_of: Ints, share: float) -> float:
    """Mean minutes of the worst-served share of the visits of an answer; ``site_of`` is (i, s)."""
    minutes = np.take_along_axis(p.minutes, site_of, axis=1)[p.visits > 0]
    visits = p.visits[p.visits > 0]
    order = np.argsort(-minutes, kind="stable")
    left = share * visits.sum() - (np.cumsum(visits[order]) - visits[order])
    inside = np.clip(left, 0.0, visits[order])
    return float(minutes[order] @ inside / inside.sum())
