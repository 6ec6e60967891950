r"""Agents who change their place of work (family STAFFMOVE).

.. math::
   E_{js} = E^0_{js} + \sum_o \mu_{ojs} - \sum_k \mu_{jks} + hire_{js} - leave_{js}, \qquad
   \sum_j leave_{js} = dep_s + free_s, \\
   dep_s \le \alpha \sum_j E^0_{js}, \qquad
   \sum_j hire_{js} \le dep_s + \bar E_s\, grow_s, \\
   free_s \le (1 - grow_s) \Bigl( \sum_j E^0_{js} - \underline E_s \Bigr), \qquad
   \sum_k \mu_{jks} \le (1 - in_{js}) E^0_{js}, \\
   \sum_o \mu_{ojs} \le in_{js} \bar E_s, \qquad
   \sum_{ojs} \mu_{ojs} \le M

mu: FTE that move from o to j; E0: FTE today; dep: departures replaced by
nobody or by recruits; alpha: share of the staff that leaves by itself; free:
FTE that other services may take over, where there is less staff than today;
E underlined: the least staff that the demand needs, which keeps the relaxation
tight; grow, in: yes or no. A site receives agents of a service or sends them away,
not both, and nobody is recruited for a post while an agent of the service is
free. Domain specification, section 5.4.
"""

from __future__ import annotations

import numpy as np

from territo.model.families import Moves
from territo.model.problem import Problem
from territo.model.program import AT_LEAST, AT_MOST, EQUAL, Decision, Program, Term


def staffmove(m: Program, p: Problem) -> None:
    """Say who moves, who leaves and who is recruited, within the moves allowed."""
    moves = p.moves
    if moves is None:
        return
    for s in range(len(p.services.codes)):
        if any(service == s for _, service in m.staff):
            _service(m, p, moves, s)
    if moves.most_fte is not None:
        everyone = [(move, 1.0) for move in m.move.values()]
        m.row("staffmove_most()", everyone, AT_MOST, moves.most_fte)


def _service(m: Program, p: Problem, moves: Moves, s: int) -> None:
    service, before = p.services.codes[s], float(moves.staff[:, s].sum())
    teams = {j: team for (j, of), team in m.staff.items() if of == s}
    hired, left = _flows(m, p, moves, s, teams)
    gone = m.variable(f"departures({service})", high=moves.departing_share * before)
    free = m.variable(f"free({service})")
    grow = m.choice(f"grow({service})")
    most = len(teams) * p.team_for(s, float(p.units[:, s].sum()))
    m.row(f"staffmove_left({service})", [*left, (gone, -1.0), (free, -1.0)], EQUAL, 0.0)
    m.row(f"staffmove_hired({service})", [*hired, (gone, -1.0), (grow, -most)], AT_MOST, 0.0)
    spare = max(before - _least_staff(p, s), 0.0)
    m.row(f"staffmove_free({service})", [(free, 1.0), (grow, spare)], AT_MOST, spare)


def _least_staff(p: Problem, s: int) -> float:
    """FTE that the service needs at least, however it is organised."""
    stays = 1.0 if p.stops is None or not p.itinerant(s) else 1.0 - p.stops.credit
    floor = float(p.services.least_team[s])
    return max(floor, stays * float(p.units[:, s].sum() / p.services.productivity[s]))


def _flows(m: Program, p: Problem, moves: Moves, s: int, teams: dict[int, Decision]) -> tuple[Term, Term]:
    """Balance the staff of each place; return the recruits and those who leave, as terms."""
    service = p.services.codes[s]
    origins = np.flatnonzero(moves.staff[:, s] > 0).tolist()
    at_site = {int(moves.site[o]): o for o in origins if int(moves.site[o]) in teams}
    hired, left = {}, {}
    for o in origins:
        label, staff = f"{moves.origins[o]},{service}", float(moves.staff[o, s])
        left[o] = m.variable(f"leave({label})")
        for j in teams:
            if at_site.get(j) != o:
                m.move[o, j, s] = m.variable(f"move({moves.origins[o]},{p.sites.codes[j]},{service})")
        out = [(m.move[o, j, s], 1.0) for j in teams if (o, j, s) in m.move]
        sense = AT_MOST if o in at_site.values() else EQUAL
        m.row(f"staffmove_out({label})", [*out, (left[o], 1.0)], sense, staff)
    for j, team in teams.items():
        label = f"{p.sites.codes[j]},{service}"
        hired[j] = m.variable(f"hire({label})")
        into = [(m.move[o, j, s], -1.0) for o in origins if (o, j, s) in m.move]
        row, staff = [(team, 1.0), *into, (hired[j], -1.0)], 0.0
        if j in at_site:
            o = at_site[j]
            out = [(m.move[o, k, s], 1.0) for k in teams if (o, k, s) in m.move]
            staff = float(moves.staff[o, s])
            row += [*out, (left[o], 1.0)]
            _one_way(m, p, (j, s), (out, into, staff))
        m.row(f"staffmove_team({label})", row, EQUAL, staff)
    return [(variable, 1.0) for variable in hired.values()], [(variable, 1.0) for variable in left.values()]


def _one_way(m: Program, p: Problem, key: tuple[int, int], flows: tuple[Term, Term, float]) -> None:
    """Let a site receive agents of a service or send them away, not both."""
    j, s = key
    out, into, staff = flows
    label = f"{p.sites.codes[j]},{p.services.codes[s]}"
    receives = m.choice(f"receives({label})")
    m.row(f"staffmove_sends({label})", [*out, (receives, staff)], AT_MOST, staff)
    most = p.team_for(s, float(p.units[:, s].sum()))
    m.row(f"staffmove_receives({label})", [*into, (receives, most)], AT_LEAST, 0.0)
