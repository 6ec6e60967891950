r"""Promises of proximity (family NORM).

.. math::
   \sum_{ij} N_i\, g_{ijs}\, x_{ijs} \ge \gamma_s \sum_i N_i

N: inhabitants, of a social group where that is asked; g: share of them within the target time of
site j; gamma: share promised. The maximum time of a service removes pairs
before the model is built. Domain specification, section 5.4.
"""

from __future__ import annotations

from territo.model.problem import Problem
from territo.model.program import AT_LEAST, Program
from territo.model.terms import best_beyond, served


def norm(m: Program, p: Problem) -> None:
    """Keep the promised share of inhabitants within the target time."""
    for promise in p.norms:
        people, within = promise.counted(p.population, p.covered)
        terms = [
            (share, part * float(people[i] * within[i, j]))
            for (i, j, s), share, part in served(m, p)
            if s == promise.service
        ]
        lacking = -people[:, None, None] * p.covered
        beyond = [(share, -least) for (_, s), share, least in best_beyond(m, p, lacking) if s == promise.service]
        label = ",".join(filter(None, (p.services.codes[promise.service], promise.group)))
        m.row(f"norm({label})", [*terms, *beyond], AT_LEAST, promise.share * float(people.sum()))
