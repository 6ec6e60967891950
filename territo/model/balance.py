r"""Territories of comparable workload (family BALANCE).

.. math::
   (1-\beta)\,\bar W - (1-\beta)\,\bar W_{max}(1 - t_{pp} + e_p) \le \sum_c W_c t_{cp}
   \le (1+\beta)\,\bar W + W e_p, \qquad
   \bar W = \sum_k n_k \frac{W}{k - |X|}, \quad \sum_k n_k = 1, \quad \sum_k k\, n_k = \sum_p t_{pp}

W: workload; beta: tolerance; n: number of territories, chosen; X: communes too
big to balance, e_p: the territory of seat p holds one of them. Their workload
counts in neither side. Domain specification, section 5.4.
"""

from __future__ import annotations

import numpy as np

from territo.model.families import Territories
from territo.model.problem import Problem
from territo.model.program import AT_LEAST, AT_MOST, EQUAL, Decision, Program


def balance(m: Program, p: Problem) -> None:
    """Keep each territory within the tolerance of the mean."""
    plan = p.territories
    if plan is None or not np.isfinite(plan.tolerance):
        return
    exempt = np.flatnonzero(plan.exempt)
    if exempt.size >= plan.most:  # every territory may hold a commune too big to balance
        return
    total = float(plan.workload[~plan.exempt].sum())
    means = _mean_by_count(m, plan, total, exempt.size)
    highest = max(coefficient for _, coefficient in means)
    for k, j in enumerate(plan.seats):
        load = [
            (m.member[c, k], float(plan.workload[c]))
            for c in range(len(p.communes))
            if (c, k) in m.member and not plan.exempt[c]
        ]
        spared = [m.member[int(c), k] for c in exempt if (int(c), k) in m.member]
        site, home = p.sites.codes[j], m.member[int(plan.seat_commune[k]), k]
        high, low = 1.0 + plan.tolerance, 1.0 - plan.tolerance
        upper = [*load, *((n, -high * mean) for n, mean in means), *((e, -total) for e in spared)]
        m.row(f"balance_most({site})", upper, AT_MOST, 0.0)
        slack = low * highest
        lower = [*load, *((n, -low * mean) for n, mean in means), (home, -slack), *((e, slack) for e in spared)]
        m.row(f"balance_least({site})", lower, AT_LEAST, -slack)


def _mean_by_count(m: Program, plan: Territories, total: float, exempt: int) -> list[tuple[Decision, float]]:
    """Choose the number of territories; return its decisions with the mean workload of each."""
    counts = [k for k in range(plan.fewest, plan.most + 1) if k > exempt]
    chosen = {k: m.choice(f"territories({k})") for k in counts}
    seats = [(m.member[int(plan.seat_commune[k]), k], -1.0) for k in range(len(plan.seats))]
    m.row("balance_one()", [(n, 1.0) for n in chosen.values()], EQUAL, 1.0)
    m.row("balance_count()", [*((n, float(k)) for k, n in chosen.items()), *seats], EQUAL, 0.0)
    return [(n, total / (k - exempt)) for k, n in chosen.items()]
