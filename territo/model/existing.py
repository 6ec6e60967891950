r"""What the law keeps (family PRESENCE) and what stands today (family EXISTING).

.. math::
   y_{js} = 1 \ \text{where the law keeps a point}, \quad o_j = 1 \ (kept), \quad o_j = 0 \ (closed), \quad
   \sum_j o_j \le O_{max}, \quad \sum_{j\ public} (1 - o_j) \le Q

Domain specification, section 5.4.
"""

from __future__ import annotations

import numpy as np

from territo.model.problem import Problem
from territo.model.program import AT_LEAST, AT_MOST, EQUAL, Program


def presence(m: Program, p: Problem) -> None:
    """Keep the points that the law requires."""
    for j, s in zip(*np.nonzero(p.required), strict=True):
        name = f"presence({p.sites.codes[j]},{p.services.codes[s]})"
        m.row(name, [(m.offered[int(j), int(s)], 1.0)], EQUAL, 1.0)


def existing(m: Program, p: Problem) -> None:
    """Keep and close the sites named, within the numbers allowed."""
    for j, site in enumerate(p.sites.codes):
        if p.sites.kept[j] or p.sites.closed[j]:
            m.row(f"existing({site})", [(m.opened[j], 1.0)], EQUAL, float(p.sites.kept[j]))
    if p.most_open is not None:
        m.row("existing_open()", [(opened, 1.0) for opened in m.opened.values()], AT_MOST, p.most_open)
    if p.most_closures is not None:
        public = [(m.opened[int(j)], 1.0) for j in np.flatnonzero(p.sites.public)]
        m.row("existing_closures()", public, AT_LEAST, len(public) - p.most_closures)
