r"""Teams that grow less than their work (family CONCAVE), in affine pieces.

.. math::
   x_{ijs} = \sum_k x_{ijsk}, \qquad x_{ijsk} \le u_{sjk}, \qquad \sum_k u_{sjk} = y_{js}, \qquad
   E_{js} \ge \sum_k \Bigl( F_{sk} u_{sjk} + v_{sk} \sum_i d_{is} x_{ijsk} \Bigr)

u: the team of service s at site j is on piece k, yes or no; F: FTE at no work;
v: FTE per unit; d: units a year. The cost is concave, so the least of the
pieces is the cost, and one is chosen per open point. Shares are split by
piece, which keeps the relaxation tight: Croxton, Gendron and Magnanti 2003,
doi:10.1287/mnsc.49.9.1268.16570; domain specification, sections 3 (form F-c)
and 5.4.
"""

from __future__ import annotations

from territo.model.problem import Problem
from territo.model.program import AT_LEAST, AT_MOST, EQUAL, Decision, Program, Term
from territo.model.teams import lasts


def concave(m: Program, p: Problem) -> None:
    """Choose one piece for each open point of the services that gain from size."""
    for s, pieces in enumerate(p.services.pieces):
        points = [(j, point) for (j, service), point in m.offered.items() if service == s]
        if not pieces:
            continue
        if len(points) == 1 and not lasts(p, points[0][0], s):  # it does all the work
            ((j, point),) = points
            work = float(p.units[:, s].sum())
            team = min(fixed + per_unit * work for fixed, per_unit in pieces)
            label = f"{p.sites.codes[j]},{p.services.codes[s]}"
            m.row(f"concave_staff({label})", [(m.staff[j, s], 1.0), (point, -team)], AT_LEAST, 0.0)
            continue
        for j, point in points:
            if not lasts(p, j, s):
                _team(m, p, (j, s), point)


def _team(m: Program, p: Problem, key: tuple[int, int], point: Decision) -> None:
    j, s = key
    label = f"{p.sites.codes[j]},{p.services.codes[s]}"
    chosen = [m.choice(f"piece({label},{k})") for k in range(len(p.services.pieces[s]))]
    m.row(f"concave_piece({label})", [*((u, 1.0) for u in chosen), (point, -1.0)], EQUAL, 0.0)
    team: Term = [(u, -fixed) for u, (fixed, _) in zip(chosen, p.services.pieces[s], strict=True)]
    for i, node in enumerate(p.nodes):
        if (i, j, s) not in m.share:
            continue
        parts = []
        for k, (u, (_, per_unit)) in enumerate(zip(chosen, p.services.pieces[s], strict=True)):
            part = m.variable(f"on_piece({node},{label},{k})", high=1.0)
            m.row(f"concave_link({node},{label},{k})", [(part, 1.0), (u, -1.0)], AT_MOST, 0.0)
            parts.append((part, 1.0))
            team.append((part, -per_unit * float(p.units[i, s])))
        m.row(f"concave_share({node},{label})", [*parts, (m.share[i, j, s], -1.0)], EQUAL, 0.0)
    m.row(f"concave_staff({label})", [(m.staff[j, s], 1.0), *team], AT_LEAST, 0.0)
