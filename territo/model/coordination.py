r"""What managing several places costs: managers of territories, and branches.

.. math::
   h_p \ge \tfrac12 H (t_{pp} + a_1 - 1), \qquad h_p \ge H (t_{pp} + a_2 - 1), \qquad
   a_1 \ge z_{s,poles}, \qquad a_2 \ge z_{s,poles} + z_{s',poles} - 1, \qquad
   n_j \ge y_{js} - t_{jj}

h: FTE of the manager of seat p (H with two territorialised services or more,
half with one); z: in poles, with antennas or without; a1, a2: at least one, at least two such services; n: branch.
Domain specification, section 3 (coordination).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from territo.model.problem import Problem
from territo.model.program import AT_LEAST, Decision, Program, Term

PAIR = 2


def coordination(m: Program, p: Problem) -> None:
    """Count managers and branches; returns at once where neither costs anything."""
    if p.territories is not None and p.coordination.seat_fte > 0:
        _managers(m, p)
    if p.coordination.branch_fte > 0 and (
        p.phasing is None or p.phasing.step is None
    ):  # on the way, the seats are those of the target
        _branches(m, p)


def _managers(m: Program, p: Problem) -> None:
    services = range(len(p.services.codes))
    given = sum(p.in_poles(s) for s in services)
    chosen = [z for z in (m.in_poles(s) for s in services if not p.in_poles(s)) if z]
    counts = {1: _at_least(m, 1, given, chosen), PAIR: _at_least(m, PAIR, given, chosen)}
    plan = p.territories
    if plan is None:
        return
    for k, j in enumerate(plan.seats):
        seat = m.member[int(plan.seat_commune[k]), k]
        m.manager[k] = m.variable(f"manager({p.sites.codes[j]})")
        for count, reached in counts.items():
            if reached is None:
                continue
            fte = p.coordination.seat_fte * count / PAIR
            flag = [] if isinstance(reached, bool) else [(reached, -fte)]
            right = 0.0 if isinstance(reached, bool) else -fte
            m.row(f"manager({p.sites.codes[j]},{count})", [(m.manager[k], 1.0), (seat, -fte), *flag], AT_LEAST, right)


def _at_least(m: Program, count: int, given: int, chosen: list[list[Decision]]) -> Decision | bool | None:
    """Whether so many services are in poles: True, a decision, or None when it cannot be."""
    if given >= count:
        return True
    if given + len(chosen) < count:
        return None
    reached = m.variable(f"in_poles({count})", high=1.0)
    for rank, group in enumerate(combinations(chosen, count - given)):
        terms = [(reached, 1.0), *((z, -1.0) for service in group for z in service)]
        m.row(f"in_poles({count},{rank})", terms, AT_LEAST, 1.0 - len(group))
    return reached


def _branches(m: Program, p: Problem) -> None:
    for (j, s), terms in at_branches(m, p):
        if j not in m.branch:
            m.branch[j] = m.variable(f"branch({p.sites.codes[j]})", high=1.0)
        m.row(f"branch({p.sites.codes[j]},{p.services.codes[s]})", [(m.branch[j], 1.0), *terms], AT_LEAST, 0.0)


def at_branches(m: Program, p: Problem) -> Iterator[tuple[tuple[int, int], Term]]:
    """Yield the points that make a site a branch, each with the terms ``seat - point``: below 0 at a branch alone."""
    for (j, s), point in m.offered.items():
        seat = p.seat_at(j)
        own = None if seat is None or p.territories is None else m.member[int(p.territories.seat_commune[seat]), seat]
        if j != p.headquarters and p.services.branch[s] and point is not own:
            yield (j, s), [(point, -1.0), *([] if own is None else [(own, 1.0)])]
