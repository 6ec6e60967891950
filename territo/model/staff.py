r"""Teams (family STAFF): a floor, then proportional to the demand served.

.. math::
   E_{js} \ge n_s y_{js}, \qquad b_s E_{js} \ge \sum_i d_{is} x_{ijs}, \qquad
   E_{js} \le \bar E_s\, y_{js}

E: FTE; n: smallest team, FTE; b: units an FTE handles a year; d: units a year;
E bar: the team that the whole demand would need. Domain specification, sections 3 (form F-a) and 5.4.
"""

from __future__ import annotations

from territo.model.problem import Problem
from territo.model.program import AT_LEAST, AT_MOST, Program
from territo.model.teams import largest_team, least_team


def staff(m: Program, p: Problem) -> None:
    """Give each point its floor and the work of those it serves."""
    served: dict[tuple[int, int], list[int]] = {}
    for i, j, s in m.share:
        served.setdefault((j, s), []).append(i)
    for (j, s), team in m.staff.items():
        label = f"{p.sites.codes[j]},{p.services.codes[s]}"
        point, floor = m.offered[j, s], least_team(p, j, s)
        productivity = float(p.services.productivity[s])
        m.row(f"staff_floor({label})", [(team, 1.0), (point, -floor)], AT_LEAST, 0.0)
        work = [(m.share[i, j, s], -float(p.units[i, s]) / productivity) for i in served.get((j, s), [])]
        m.row(f"staff_work({label})", [(team, 1.0), *work], AT_LEAST, 0.0)
        m.row(f"staff_open({label})", [(team, 1.0), (point, -largest_team(p, s))], AT_MOST, 0.0)
