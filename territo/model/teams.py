"""The smallest and the largest team of a point, which the way from today to the target may change."""

from __future__ import annotations

from territo.model.problem import Problem


def lasts(p: Problem, site: int, service: int) -> bool:
    """Whether a point of today may go on with its team, before the target is reached."""
    way = p.phasing
    return way is not None and way.step is not None and bool(way.offered[site, service])


def least_team(p: Problem, site: int, service: int) -> float:
    """FTE of the smallest team of a point; before the target is reached, a team of today may go on as it is."""
    floor = float(p.services.least_team[service])
    if p.phasing is None or not lasts(p, site, service):
        return floor
    return min(floor, float(p.phasing.staff[site, service]))


def largest_team(p: Problem, service: int) -> float:
    """FTE that a single point would need for the whole demand, or that work for the service today."""
    everything = p.team_for(service, float(p.units[:, service].sum()))
    return everything if p.phasing is None else max(everything, float(p.phasing.staff[:, service].sum()))
