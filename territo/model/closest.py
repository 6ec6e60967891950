r"""Users of open-access services go to the nearest open point (family CLOSEST).

With sites in the order of their minutes from node i, and u the share served
within the first k of them:

.. math::
   u_{ik} = u_{i,k-1} + x_{i,j_k}, \qquad u_{ik} \ge y_{j_k}

which is the form of Church and Cohon, written with running sums so that rows
stay short. Where a service may instead be bound to territories, the right side
is lowered by its modality in poles. An itinerant stop has no row of its own, and
its users count as served within the sites that are farther than it. Ties in minutes go to the first site in
the order of the data. Domain specification, section 5.4 and case MC3.
"""

from __future__ import annotations

import numpy as np

from territo.model.assign import visits
from territo.model.decisions import seats_decide
from territo.model.problem import Problem
from territo.model.program import AT_LEAST, EQUAL, Decision, Program


def closest(m: Program, p: Problem) -> None:
    """Send each node to its nearest open point, for services that users choose."""
    order = np.argsort(p.minutes, axis=1, kind="stable")
    written: set[str] = set()
    for s, service in enumerate(p.services.codes):
        decision = "nearest_seat" if seats_decide(p, s) else service
        if decision in written or not users_choose(p, s):
            continue
        written.add(decision)
        for i in range(len(p.nodes)):
            _nearest_of_node(m, p, i, s, [int(j) for j in order[i] if (i, j, s) in m.share])


def users_choose(p: Problem, s: int) -> bool:
    """Whether users of the service have several points to choose from, in at least one modality."""
    one_point = p.given(s, "central") and not p.required[:, s].any()
    own_territory = p.services.sector[s] and p.in_poles(s)
    return bool(p.services.nearest[s]) and not one_point and not own_territory


def _nearest_of_node(m: Program, p: Problem, i: int, s: int, sites: list[int]) -> None:
    node, service = p.nodes[i], p.services.codes[s]
    released = [(z, 1.0) for z in m.in_poles(s)] if p.services.sector[s] else []
    running: Decision | None = None
    ahead = visits(m, p, i, s)
    for j in sites:
        label = f"{node},{p.sites.codes[j]},{service}"
        served = m.share[i, j, s]
        passed = [(used, -part) for stop, used, part in ahead if p.minutes[i, stop] < p.minutes[i, j]]
        ahead = [visit for visit in ahead if p.minutes[i, visit[0]] >= p.minutes[i, j]]
        if running is not None or passed:
            before = [] if running is None else [(running, -1.0)]
            served = m.variable(f"within({label})", high=1.0)
            terms = [(served, 1.0), *before, *passed, (m.share[i, j, s], -1.0)]
            m.row(f"closest_sum({label})", terms, EQUAL, 0.0)
        m.row(f"closest({label})", [(served, 1.0), (m.offered[j, s], -1.0), *released], AT_LEAST, 0.0)
        running = served
