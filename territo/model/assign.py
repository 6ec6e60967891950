r"""Everyone is served (family ASSIGN), at open points only (family LINK).

.. math::
   \sum_j x_{ijs} + \gamma \sum_k e_{iks} = 1, \qquad x_{ijs} \le y_{js} \le o_j \le \sum_s y_{js}

x: share of node i (0 to 1); y, o, e: yes or no; gamma e: share of the node
that uses an itinerant stop (family ITINERANCE). Domain specification, section 5.4.
"""

from __future__ import annotations

from territo.model.problem import Problem
from territo.model.program import AT_LEAST, AT_MOST, EQUAL, Decision, Program


def assign(m: Program, p: Problem) -> None:
    """Serve every node wholly, once per decision of who goes where."""
    written: set[tuple[int, ...]] = set()
    for s, service in enumerate(p.services.codes):
        for i, node in enumerate(p.nodes):
            shares = [m.share[i, j, s] for j in range(len(p.sites.codes)) if (i, j, s) in m.share]
            key = tuple(id(share) for share in shares)
            if key not in written or not key:
                written.add(key)
                away = [(used, part) for (_, used, part) in visits(m, p, i, s)]
                beyond = [(m.farther[i, s], 1.0)] if (i, s) in m.farther else []
                m.row(f"assign({node},{service})", [*((share, 1.0) for share in shares), *away, *beyond], EQUAL, 1.0)


def visits(m: Program, p: Problem, node: int, service: int) -> list[tuple[int, Decision, float]]:
    """List the stops that a node may use: site, decision, and the part of the node that it moves there."""
    if p.stops is None:
        return []
    return [
        (int(j), m.visit[node, q, service], p.stops.credit)
        for q, j in enumerate(p.stops.sites)
        if (node, q, service) in m.visit
    ]


def link(m: Program, p: Problem) -> None:
    """Serve only where the service stands, keep it only in open sites, and leave no site empty."""
    written: set[tuple[Decision, Decision]] = set()
    for (i, j, s), share in m.share.items():
        point = m.offered[j, s]
        if share is not point and (share, point) not in written:
            written.add((share, point))
            name = f"link({p.nodes[i]},{p.sites.codes[j]},{p.services.codes[s]})"
            m.row(name, [(share, 1.0), (point, -1.0)], AT_MOST, 0.0)
    for (j, s), point in m.offered.items():
        name = f"link_site({p.sites.codes[j]},{p.services.codes[s]})"
        m.row(name, [(point, 1.0), (m.opened[j], -1.0)], AT_MOST, 0.0)
    for j, opened in m.opened.items():
        points = [(point, 1.0) for (site, _), point in m.offered.items() if site == j]
        m.row(f"link_empty({p.sites.codes[j]})", [*points, (opened, -1.0)], AT_LEAST, 0.0)
