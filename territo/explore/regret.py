"""Which plan one would regret least, whatever the demand; and which sites open whatever happens."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from territo.domain.arrays import Bools, Floats
from territo.domain.robustness import Regret, Stability


def regret(plans: Sequence[str], cases: Sequence[str], totals: Floats) -> Regret:
    """Compare each plan with the best one found for each demand (Kouvelis & Yu 1997, doi:10.1007/978-1-4757-2620-6).

    Parameters
    ----------
    plans, cases
        Names of the rows and columns.
    totals
        (plans, cases) euro per year; ``inf`` where a plan has no room.
    """
    least = totals.min(axis=0)
    amount = np.where(np.isfinite(totals), totals - np.where(np.isfinite(least), least, 0.0), np.inf)
    return Regret(tuple(plans), tuple(cases), amount)


def stability(sites: Sequence[str], plan: Bools, answers: Sequence[Bools]) -> Stability:
    """Count how often each site opens; ``answers`` are (j,) and hold the plan under study too."""
    share = np.mean(np.array(answers, dtype=np.float64), axis=0)
    return Stability(len(answers), tuple(sites), plan, share)
