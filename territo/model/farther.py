r"""Sites beyond the nearest ones, seen as one at its best (family FARTHER).

People who choose their point go to a near one. A problem that lists near pairs
only, and lets one share :math:`w` per node and service stand for all others,
is a relaxation of the whole:

.. math::
   \sum_{j\ near} x_{ijs} + w_{is} = 1, \qquad
   w_{is} \le \sum_{j\ beyond} y_{js}, \qquad
   b_s \sum_j E_{js} \ge \sum_i d_{is}

where :math:`w` counts in each term, and in each promise, as the best of the
sites that it stands for. An answer without any :math:`w` is an answer of the
whole with the same value, so what is proven there is proven for the whole
(:mod:`territo.model.narrow` widens where an answer uses :math:`w`).
"""

from __future__ import annotations

import numpy as np

from territo.model.problem import Problem
from territo.model.program import AT_LEAST, AT_MOST, Program


def farther(m: Program, p: Problem) -> None:
    """Go beyond the near sites only where one of them is open, and count the work there in the whole."""
    if p.beyond is None:
        return
    for (i, s), share in m.farther.items():
        points = [(m.offered[j, s], -1.0) for j in np.flatnonzero(p.beyond[i, :, s]).tolist()]
        m.row(f"farther({p.nodes[i]},{p.services.codes[s]})", [(share, 1.0), *points], AT_MOST, 0.0)
    for s in sorted({s for _, s in m.farther}):
        teams = [(team, float(p.services.productivity[s])) for (_, service), team in m.staff.items() if service == s]
        if teams:
            m.row(f"farther_work({p.services.codes[s]})", teams, AT_LEAST, float(p.units[:, s].sum()))
