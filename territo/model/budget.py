r"""Limits on money and on every other term (family BUDGET).

.. math::
   f(\cdot) \le \bar f, \qquad \sum_j K_j \Bigl( rec_j + \sum_s a_s E_{js} \Bigr) \le K_{max}

f: a term; K: capital per m² at sites that are not open today, euro. Domain
specification, sections 5.4 and 5.8.
"""

from __future__ import annotations

from collections.abc import Mapping

from territo.model.premises import staff_area
from territo.model.problem import Problem
from territo.model.program import AT_MOST, Program, Term


def limits(m: Program, p: Problem, terms: Mapping[str, Term]) -> None:
    """Keep each limited term, and the capital, within its ceiling."""
    for name, ceiling in p.limits.items():
        m.row(f"budget({name})", terms[name], AT_MOST, ceiling)
    if p.capital_eur is not None:
        m.row("budget(capital)", capital(m, p), AT_MOST, p.capital_eur)


def capital(m: Program, p: Problem) -> Term:
    """Sum the capital spent at sites that are not open today, euro."""
    spent: Term = []
    for j, area in m.reception.items():
        price = float(p.sites.fitout_eur_m2[j])
        if price:
            spent += [(area, price), *((team, price * m2) for team, m2 in staff_area(m, p, j))]
    return spent
