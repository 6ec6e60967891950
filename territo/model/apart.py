r"""What a change of one service touches, and the services that it leaves where they are.

A service that may stand anywhere does not look at territories: it meets the
others at the sites that they share, and nowhere else. Two organisations that
differ by the place of another service are compared without it, to within what
sharing can be worth:

.. math::
   C(T, F) = C(T) + \Phi - \sigma(T, F), \qquad 0 \le \sigma(T, F) \le \delta

C: value of all that the territories T hold; Phi: best value of the services F
that stand apart, alone; sigma: what they spare at the seats and at the siège
by standing under one roof. Phi is the same on both sides of a comparison.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from territo.domain.arrays import Bools
from territo.domain.organisation import Modality
from territo.model.problem import Problem, Services
from territo.model.solution import Solution

WITH_TERRITORIES: tuple[Modality, ...] = ("central", "poles")


def uncoupled(p: Problem) -> bool:
    """Whether services meet in territories and premises only: no ceiling, no means, no moves binds one to another."""
    bound = (p.means, p.moves, p.stops, p.phasing, p.frozen, p.most_open, p.most_closures, p.capital_eur)
    return (
        all(each is None for each in bound)
        and not p.limits
        and not p.unlike
        and not p.services.bundle.any()
        and bool(np.isinf(p.sites.capacity_m2).all())
    )


def apart(p: Problem) -> Bools:
    """(s,) services that stand anywhere whatever the territories are; none where something else binds them."""
    services = range(len(p.services.codes))
    anywhere = np.array([p.given(s, "free") for s in services], dtype=np.bool_)
    others_known = all(anywhere[s] or {*p.services.choices[s]} <= {*WITH_TERRITORIES} for s in services)
    return anywhere if p.territories is not None and others_known and uncoupled(p) else np.zeros_like(anywhere)


def only(p: Problem, kept: Bools) -> Problem:
    """Return the problem of some of the services (s,) of an uncoupled one: nothing else has a column for each."""
    if kept.all():
        return p
    index = np.flatnonzero(kept)
    place = {int(s): position for position, s in enumerate(index)}

    def part(column: Any) -> Any:
        """Keep the column of those services."""
        return tuple(column[s] for s in index) if isinstance(column, tuple) else column[index]

    return replace(
        p,
        units=p.units[:, index],
        visits=p.visits[:, index],
        need=p.need[:, index],
        covered=p.covered[:, :, index],
        agent_eur=p.agent_eur[:, :, index],
        allowed=p.allowed[:, :, index],
        required=p.required[:, index],
        free_at=p.free_at[:, index],
        services=replace(p.services, **{each.name: part(getattr(p.services, each.name)) for each in fields(Services)}),
        sites=replace(p.sites, staff_eur_m2=p.sites.staff_eur_m2[:, index]),
        norms=tuple(replace(norm, service=place[norm.service]) for norm in p.norms if norm.service in place),
        second_points=tuple(
            replace(point, service=place[point.service]) for point in p.second_points if point.service in place
        ),
    )


def shared_at_most(p: Problem, others: Bools) -> float:
    """Euro a year that services (s,) which stand apart may spare by sharing sites with all the others.

    At a seat: its opening, the branch that it is not, and the area by which one
    reception for all is less than two; at the siège its opening and the area.
    """
    if not others.any() or p.territories is None:
        return 0.0
    area = min(_reception(p, others), _reception(p, ~others)) * p.sites.reception_eur_m2
    branch = p.coordination.branch_fte * p.coordination.manager_eur
    under_one_roof = p.sites.opening_eur + area
    seats = [j for j in p.territories.seats.tolist() if j != p.headquarters]
    dearest = np.sort(under_one_roof[seats] + branch)[::-1][: p.territories.most]
    return float(dearest.sum() + under_one_roof[p.headquarters])


def _reception(p: Problem, services: Bools) -> float:
    """Area of a reception where all of some services stand, m²."""
    areas = p.services.reception_m2[services]
    return max(float(areas.max(initial=0.0)), p.shared_reception * float(areas.sum()))


@dataclass(frozen=True, slots=True)
class Own:
    """What a service costs alone: euro a year, and hours a year of its users on the road."""

    cost: float
    hours: float

    def at(self, hour: float) -> float:
        """Euro a year at a price of the hour."""
        return self.cost + hour * self.hours


def own(p: Problem, service: int, found: Solution) -> Own:
    """Count what a service costs but for its premises, in an organisation without stops.

    Parameters
    ----------
    p
        Its units, visits and smallest team may be others than those of the organisation.
    service, found
        Which service, and who serves whom.
    """
    nodes, site_of = np.arange(len(p.nodes)), found.site_of[:, service]
    work = np.bincount(site_of, weights=p.units[:, service], minlength=len(p.sites.codes))
    price = p.services.fte_eur[service] + p.services.space_m2[service] * p.sites.staff_eur_m2[:, service]
    points = np.flatnonzero(found.offered[:, service])
    teams = sum(p.team_for(service, float(work[j])) * float(price[j]) for j in points)
    trips = float(p.agent_eur[nodes, site_of, service].sum())
    return Own(teams + trips, float(p.visits[:, service] @ p.minutes[nodes, site_of]) * 2.0 / 60.0)
