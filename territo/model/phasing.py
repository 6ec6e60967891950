r"""From one step to the next, on the way to the target (family PHASING).

With k the step, k-1 the one before (today before the first), T the target:

.. math::
   y^k_{js} \ge y^{k-1}_{js} \ (s\ not\ at\ j\ today), \qquad
   y^k_{js} \le y^{k-1}_{js} \ (s\ at\ j\ today), \qquad \text{the same for } o_j, \\
   b^k_s \ge b^{k-1}_s, \qquad y^k_{js} \le b^k_s \ (not\ today), \qquad
   b^k_s \le \sum_j |y^k_{js} - \hat y_{js}|, \qquad
   y^k_{js} \ge 1 - b^k_s, \quad E^k_{js} \ge \hat E_{js}(1 - b^k_s) \ (today), \\
   \sum_{js} |y^k_{js} - y^{k-1}_{js}| \le Q_k, \qquad \sum_s (b^k_s - b^{k-1}_s) \le S_k, \qquad
   K^k - K^{k-1} \le \bar K_k, \\
   \sum_j E^k_{js} \ge (1-a)^{\Delta_k} \sum_j E^{k-1}_{js}, \qquad
   \sum_j E^k_{js} \ge \hat E_s \Bigl( 1 - b^k_s + \sum_{f \le k} (b^f_s - b^{f-1}_s)
   \prod_{l=f}^{k} (1-a)^{\Delta_l} \Bigr), \\
   x^k_{ijs} \le x^T_{ijs} \ (j \ne today's), \quad x^k_{ijs} \ge y^k_{js} \ (j\ today's), \\
   l^k_{ps} \ge t_{pp} + c^k_s - 1, \qquad c^k_s \ge b^k_s + z_{s,poles} - 1

y: points; o: open sites; b: the service has begun to change; E: FTE, with a hat
those of today; Q: points open to users that may open or close; S: services
that may begin; K: capital, euro; a: share of the agents who leave in a year;
Delta: years; x: who goes where, where the territory and not the user decides;
t: seats; c: s has begun and is in poles; l: the pole p manages s (half a manager for one
service, a whole one for two). What opens stays open and what closes stays closed. Domain
specification, section 5.6.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

from territo.domain.arrays import Bools
from territo.domain.organisation import IN_POLES
from territo.model.budget import capital
from territo.model.coordination import PAIR, at_branches
from territo.model.families import Phasing
from territo.model.problem import Problem
from territo.model.program import AT_LEAST, AT_MOST, Decision, Program, Term


def phasing(m: Program, p: Problem, target: tuple[Program, Problem]) -> None:
    """Bind a step to the ones before and to the target; the target itself is the last step.

    Parameters
    ----------
    m, p
        The step.
    target
        Decisions and problem of the target, with the steps written so far.
    """
    way = p.phasing
    if way is None:
        return
    earlier = [step.program for step in target[0].steps]
    before = earlier[-1] if earlier else None
    k = len(way.years) - 1 if way.step is None else way.step
    _begun(m, p, before, way.most_services[k])
    _as_today(m, p, way)
    _monotone(m, p, way, before)
    _changes(m, way, before, target[1].services.nearest, way.most_changes[k])
    _staff(m, p, way, before, way.staying[k])
    _leaving(m, p, way, [*earlier, m])
    ceiling = way.capital_eur[k]
    if ceiling is not None:
        spent = [] if before is None else [(decision, -euro) for decision, euro in capital(before, p)]
        m.row("phasing_capital()", [*capital(m, p), *spent], AT_MOST, ceiling)
    if way.step is not None:
        _truly(m, p, way)
        _users(m, p, way, target[0])
        _managers(m, p, target)


def _begun(m: Program, p: Problem, before: Program | None, most: int | None) -> None:
    """Say which services are no longer as they are today; none goes back."""
    for s, service in enumerate(p.services.codes):
        m.begun[s] = m.choice(f"begun({service})")
        if before is not None:
            m.row(f"phasing_begun({service})", [(m.begun[s], 1.0), (before.begun[s], -1.0)], AT_LEAST, 0.0)
    if most is not None:
        already = [] if before is None else [(begun, -1.0) for begun in before.begun.values()]
        m.row("phasing_services()", [*((begun, 1.0) for begun in m.begun.values()), *already], AT_MOST, most)


def _as_today(m: Program, p: Problem, way: Phasing) -> None:
    """Keep the points and the teams of today until the service begins to change."""
    for j, s in zip(*np.nonzero(way.offered), strict=True):
        key = (int(j), int(s))
        label = f"{p.sites.codes[j]},{p.services.codes[s]}"
        standing = [(m.offered[key], 1.0)] if key in m.offered else []
        m.row(f"phasing_point({label})", [*standing, (m.begun[key[1]], 1.0)], AT_LEAST, 1.0)
        team = float(way.staff[key])
        if key in m.staff and team > 0:
            m.row(f"phasing_team({label})", [(m.staff[key], 1.0), (m.begun[key[1]], team)], AT_LEAST, team)
    for (j, s), point in m.offered.items():
        if not way.offered[j, s]:
            label = f"{p.sites.codes[j]},{p.services.codes[s]}"
            m.row(f"phasing_new({label})", [(point, 1.0), (m.begun[s], -1.0)], AT_MOST, 0.0)


def _truly(m: Program, p: Problem, way: Phasing) -> None:
    """Let a service begin only where a point of it opens or closes, on the way."""
    for s, service in enumerate(p.services.codes):
        column = np.arange(len(p.services.codes)) == s
        least = -float(np.count_nonzero(way.offered[:, s]))
        m.row(f"phasing_truly({service})", [*_changed(m, way, column, 1.0), (m.begun[s], -1.0)], AT_LEAST, least)


def _monotone(m: Program, p: Problem, way: Phasing, before: Program | None) -> None:
    """Keep open what has opened and closed what has closed."""
    if before is None:
        return
    for key, point in m.offered.items():
        label, today = f"{p.sites.codes[key[0]]},{p.services.codes[key[1]]}", bool(way.offered[key])
        sense = AT_MOST if today else AT_LEAST
        m.row(f"phasing_stays({label})", [(point, 1.0), (before.offered[key], -1.0)], sense, 0.0)
    for j, opened in m.opened.items():
        sense = AT_MOST if way.offered[j].any() else AT_LEAST
        m.row(f"phasing_site({p.sites.codes[j]})", [(opened, 1.0), (before.opened[j], -1.0)], sense, 0.0)


def _changes(m: Program, way: Phasing, before: Program | None, users: Bools, most: int | None) -> None:
    """Count the points open to users that open or close at this step."""
    if most is None:
        return
    terms = _changed(m, way, users, 1.0)
    if before is None:
        most -= int(np.count_nonzero(way.offered[:, users]))
    else:
        terms += _changed(before, way, users, -1.0)
    m.row("phasing_changes()", terms, AT_MOST, most)


def _changed(m: Program, way: Phasing, users: Bools, sign: float) -> Term:
    """Count points that are new, and take away those of today."""
    return [(y, -sign if way.offered[key] else sign) for key, y in m.offered.items() if users[key[1]]]


def _staff(m: Program, p: Problem, way: Phasing, before: Program | None, staying: float) -> None:
    """Let the staff of a service shrink no faster than its agents leave."""
    for s, service in enumerate(p.services.codes):
        now = [(team, 1.0) for (_, of), team in m.staff.items() if of == s]
        if not now:
            continue
        then = [] if before is None else [(team, -staying) for (_, of), team in before.staff.items() if of == s]
        least = staying * float(way.staff[:, s].sum()) if before is None else 0.0
        m.row(f"phasing_staff({service})", [*now, *then], AT_LEAST, least)


def _leaving(m: Program, p: Problem, way: Phasing, steps: list[Program]) -> None:
    """Say the same from the step where each service begins, before which nobody leaves: a tighter relaxation."""
    k = len(steps) - 1
    # part of today's staff that must be left where it begins at step f, then where it has not begun
    kept = [*(float(np.prod(way.staying[first : k + 1])) for first in range(k + 1)), 1.0]
    for s, service in enumerate(p.services.codes):
        now = [(team, 1.0) for (_, of), team in m.staff.items() if of == s]
        today = float(way.staff[:, s].sum())
        if not now or not today:
            continue
        begun = [(step.begun[s], today * (kept[f + 1] - kept[f])) for f, step in enumerate(steps)]
        m.row(f"phasing_leaving({service})", [*now, *begun], AT_LEAST, today)


def _users(m: Program, p: Problem, way: Phasing, target: Program) -> None:
    """Send those who do not choose to their point of today until it closes, then where the target will."""
    for (i, j, s), share in m.share.items():
        if p.services.nearest[s]:
            continue
        label = f"{p.nodes[i]},{p.sites.codes[j]},{p.services.codes[s]}"
        if way.site_of[i, s] == j:
            m.row(f"phasing_user({label})", [(share, 1.0), (m.offered[j, s], -1.0)], AT_LEAST, 0.0)
        else:
            m.row(f"phasing_once({label})", [(share, 1.0), (target.share[i, j, s], -1.0)], AT_MOST, 0.0)


def _managers(m: Program, p: Problem, target: tuple[Program, Problem]) -> None:
    """Pay the managers of poles and of branches for the services that have begun to change."""
    whole, asked = target
    polar, plan = _polar(m, whole, asked), asked.territories
    seats: dict[int, Decision] = {}
    if plan is not None and polar:
        two = _two(m, list(polar.values()))
        for k, j in enumerate(plan.seats.tolist()):
            seat = whole.member[int(plan.seat_commune[k]), k]
            seats[j] = _seated(m, p.sites.codes[j], seat, list(polar.values()))
            _manager(m, p, (k, j), seat, (polar, two))
    for (j, s), terms in at_branches(m, p):
        if j not in m.branch:
            m.branch[j] = m.variable(f"branch({p.sites.codes[j]})", high=1.0)
        own = [(seats[j], 1.0)] if j in seats else []
        label = f"{p.sites.codes[j]},{p.services.codes[s]}"
        m.row(f"phasing_branch({label})", [(m.branch[j], 1.0), *terms, *own], AT_LEAST, 0.0)


def _polar(m: Program, whole: Program, asked: Problem) -> dict[int, Decision]:
    """Say which services have begun to change and will be in poles."""
    found = {}
    for s, service in enumerate(asked.services.codes):
        if asked.in_poles(s):
            found[s] = m.begun[s]
        elif asked.possible(s, *IN_POLES):
            found[s] = m.variable(f"polar({service})", high=1.0)
            chosen = [(z, -1.0) for z in whole.in_poles(s)]
            m.row(f"phasing_polar({service})", [(found[s], 1.0), (m.begun[s], -1.0), *chosen], AT_LEAST, -1.0)
    return found


def _two(m: Program, polar: list[Decision]) -> Decision | None:
    """Say whether two such services have begun, which takes a whole manager."""
    if len(polar) < PAIR:
        return None
    two = m.variable("polar_two()", high=1.0)
    for rank, both in enumerate(combinations(polar, PAIR)):
        m.row(f"phasing_two({rank})", [(two, 1.0), *((service, -1.0) for service in both)], AT_LEAST, -1.0)
    return two


def _seated(m: Program, site: str, seat: Decision, polar: list[Decision]) -> Decision:
    """Say whether a pole works at a site already."""
    seated = m.variable(f"seated({site})", high=1.0)
    m.row(f"phasing_seat({site})", [(seated, 1.0), (seat, -1.0)], AT_MOST, 0.0)
    m.row(f"phasing_seated({site})", [(seated, 1.0), *((service, -1.0) for service in polar)], AT_MOST, 0.0)
    return seated


def _manager(
    m: Program, p: Problem, at: tuple[int, int], seat: Decision, begun: tuple[dict[int, Decision], Decision | None]
) -> None:
    """Count the time of the manager of a pole: half for one service, whole for two, and the liaison of each."""
    (k, j), (polar, two), price = at, begun, p.coordination
    site = p.sites.codes[j]
    m.manager[k] = m.variable(f"manager({site})")
    liaisons = []
    for s, service in polar.items():
        label = f"{site},{p.services.codes[s]}"
        m.liaison[k, s] = m.variable(f"liaison({label})", high=1.0)
        row = [(m.liaison[k, s], 1.0), (seat, -1.0), (service, -1.0)]
        m.row(f"phasing_liaison({label})", row, AT_LEAST, -1.0)
        liaisons.append((m.liaison[k, s], -price.liaison_fte))
    flags = [(p.services.codes[s], service, price.seat_fte / PAIR) for s, service in polar.items()]
    flags += [] if two is None else [("two", two, price.seat_fte)]
    for name, flag, fte in flags:
        row = [(m.manager[k], 1.0), *liaisons, (seat, -fte), (flag, -fte)]
        m.row(f"phasing_manager({site},{name})", row, AT_LEAST, -fte)
