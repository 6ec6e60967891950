"""Branch and bound, depth first, on knapsack bounds.

The choice is made on the site that the ascent opens about half of the time.
Once all sites are decided, it is made on pairs of the points that the ascent
cannot settle; demand that may be split is a transportation problem by then.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from territo.domain.arrays import Ints
from territo.locate.capacitated_problem import ROUNDING, Incumbent, Problem
from territo.locate.capacitated_rounds import Node
from territo.locate.capacitated_start import Scout
from territo.locate.capacitated_transport import Transport
from territo.locate.effort import Effort
from territo.locate.kernels.knapsack_bound import Ascent, ascend, kept, ruled_out
from territo.locate.kernels.lists import CLOSED, FREE, OPEN
from territo.locate.limits import Clock, Limits

STEPS, PACE = 40, 1.0
# a second ascent where fewer than this part of the arcs or of the sites are left
SHRUNK = 0.9
# nodes between two attempts by chance
NODES_A_SHAKE = 20


class Tree:
    """The search of one problem.

    Parameters
    ----------
    problem, incumbent
        Its data, and where answers go.
    scout
        Looks around each answer.
    limits, clock
        May stop the search.
    """

    def __init__(self, problem: Problem, incumbent: Incumbent, scout: Scout, limits: Limits, clock: Clock) -> None:
        self._problem, self._incumbent, self._scout, self._clock = problem, incumbent, scout, clock
        self._transport = Transport(problem, incumbent, Effort(limits, clock))
        self._nodes, self._settled = 0, True

    def explore(self, root: Node, limit: float) -> bool:
        """Find the best answer within the limit, if there is one; tell whether the search went through."""
        stack = [root]
        if not self._problem.whole and not self._nodes:
            self._transport.serve(self._scout.plan.opened)
        while stack and not self._clock.over():
            limit, node = min(limit, self._incumbent.cutoff), stack.pop()
            if node.bound <= limit and _roomy(node):
                stack.extend(self._branch(node, limit))
            self._nodes += 1
            if self._problem.whole and self._nodes % NODES_A_SHAKE == 0:
                self._scout.shake()
        # a transportation problem that was cut short leaves a node without its answer
        return not stack and self._settled

    def _branch(self, node: Node, limit: float) -> list[Node]:
        """Raise the bound of a node, leave out what cannot be, and divide what is left."""
        for last in (False, True):
            ascent = ascend(node.arcs, node.sites, node.demand, node.u, limit, STEPS, PACE)
            if ascent.bound > limit:
                return []
            before = node
            node, ascent = _tightened(node, ascent, limit)
            if last or not _shrunk(before, node):
                break
        free = np.flatnonzero(node.sites.state == FREE)
        if not node.demand.whole:
            if free.size:
                return _on_site(node, ascent, free)
            self._settled &= self._transport.serve(node.sites.state == OPEN)
            return []
        if not free.size and not node.looked_at:
            self._scout.look_from(node.sites.state == OPEN)
            node = replace(node, looked_at=True)
        return self._divided(node, ascent, free)

    def _divided(self, node: Node, ascent: Ascent, free: Ints) -> list[Node]:
        """Divide a node whose points go whole, unless it has its answer."""
        point, site = node.arcs.point, node.site_of_arcs()
        count = np.bincount(point, minlength=node.u.size)
        if not count.all():
            return []
        pairs = np.flatnonzero((ascent.share > 0) & ascent.chosen[site])
        if (np.bincount(point[pairs], minlength=node.u.size) == 1).all():
            return self._answered(node, np.flatnonzero(ascent.chosen), pairs)
        if free.size:
            return _on_site(node, ascent, free)
        unsettled = np.bincount(point, np.minimum(ascent.mean_share, 1 - ascent.mean_share), node.u.size)
        i = int(np.argmax(np.where(count > 1, unsettled * (1 + node.demand.loads), -1.0)))
        if count[i] == 1:
            return self._answered(node, np.flatnonzero(node.sites.state == OPEN), np.arange(point.size))
        mine = np.flatnonzero(point == i)
        return _on_pair(node, int(mine[np.argmax(ascent.mean_share[mine])]))

    def _answered(self, node: Node, opened: Ints, pairs: Ints) -> list[Node]:
        """Take an answer of the knapsacks; where it only fits on their grid, move a point of an overloaded site."""
        point, site = node.arcs.point, node.site_of_arcs()
        where = np.empty(node.u.size, dtype=np.int64)
        where[point[pairs]] = site[pairs]
        over = np.bincount(where, self._problem.loads, self._problem.opening.size) > self._problem.room
        if over.any():
            movable = pairs[over[site[pairs]] & (np.bincount(point)[point[pairs]] > 1)]
            heaviest = np.argsort(-self._problem.loads[point[movable]], kind="stable")[:1]
            return _on_pair(node, int(movable[heaviest[0]])) if heaviest.size else []
        if self._incumbent.offer(opened, where):
            self._clock.report("locate", self._incumbent.upper, self._incumbent.lower)
            self._scout.look_from(np.isin(np.arange(over.size), opened))
        return []


def _tightened(node: Node, ascent: Ascent, limit: float) -> tuple[Node, Ascent]:
    """Leave out of a node, and of what its ascent says of arcs, what no answer within the limit does."""
    state, most = ruled_out(node.arcs, node.sites, node.demand, ascent, limit)
    keep = most > 0
    arcs, sites = kept(node.arcs, keep), node.sites._replace(state=state)
    node = replace(node, arcs=arcs, sites=sites, u=ascent.u, bound=ascent.bound)
    return node, ascent._replace(share=ascent.share[keep], mean_share=ascent.mean_share[keep])


def _shrunk(before: Node, after: Node) -> bool:
    free = ((before.sites.state == FREE).sum(), (after.sites.state == FREE).sum())
    return bool(after.arcs.cost.size < SHRUNK * before.arcs.cost.size or free[1] < SHRUNK * free[0])


def _roomy(node: Node) -> bool:
    """Whether the sites that are left can take the whole demand."""
    usable = np.sort(node.sites.capacity[node.sites.state != CLOSED])[::-1]
    return bool(usable[: node.sites.most].sum() * (1 + ROUNDING) >= node.demand.loads.sum())


def _on_site(node: Node, ascent: Ascent, free: Ints) -> list[Node]:
    """Divide a node in two: a free site closes, or opens (looked at first)."""
    j = free[np.argmin(np.abs(ascent.mean_open[free] - 1 / 2))]
    states = [node.sites.state.copy(), node.sites.state.copy()]
    states[0][j], states[1][j] = CLOSED, OPEN
    arcs = kept(node.arcs, node.site_of_arcs() != j)
    closed = replace(node, arcs=arcs, sites=node.sites._replace(state=states[0]))
    return [closed, replace(node, sites=node.sites._replace(state=states[1]))]


def _on_pair(node: Node, k: int) -> list[Node]:
    """Divide a node in two: a site does not serve a point, or it does (looked at first)."""
    mine = node.arcs.point == node.arcs.point[k]
    others, alone = np.ones(mine.size, np.bool_), ~mine
    others[k], alone[k] = False, True
    state = node.sites.state.copy()
    state[node.site_of_arcs()[k]] = OPEN
    serves = replace(node, arcs=kept(node.arcs, alone), sites=node.sites._replace(state=state))
    return [replace(node, arcs=kept(node.arcs, others)), serves]
