r"""What each level offers (family LINK, nested hierarchy).

.. math::
   y_{js'} \ge y_{js} - t_{jj} \qquad s' \text{ in the bundle of antennas},\ j \ne siège

An antenna is a site that receives people outside the siège and the seats; it
offers its bundle at least. A pole offers all that its antennas offer, since a
service with antennas stands at every seat (family MODALITY). Domain
specification, section 5.4.
"""

from __future__ import annotations

import numpy as np

from territo.model.coordination import at_branches
from territo.model.problem import Problem
from territo.model.program import AT_LEAST, Program


def levels(m: Program, p: Problem) -> None:
    """Make every antenna offer the bundle."""
    for s in np.flatnonzero(p.services.bundle):
        for (j, other), terms in at_branches(m, p):
            if other == s:
                continue
            offered = [(m.offered[j, int(s)], 1.0)] if (j, int(s)) in m.offered else []
            label = f"{p.sites.codes[j]},{p.services.codes[other]},{p.services.codes[s]}"
            m.row(f"level({label})", [*offered, *terms], AT_LEAST, 0.0)
