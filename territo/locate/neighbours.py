"""Neighbour lists from a table of costs, a few rows at a time."""

from __future__ import annotations

import numpy as np

from territo.domain.arrays import Bools, Floats, Ints
from territo.locate.checks import ROWS_AT_ONCE, Costs
from territo.locate.kernels.lists import Lists


def neighbour_lists(
    costs: Costs, weights: Floats, sites: Ints, *, most: int, unserved: float, reach: Floats | None = None
) -> tuple[Lists, Bools]:
    """Sort the sites of each point by weighted cost.

    Parameters
    ----------
    costs : float array (points, columns)
        ``inf`` where a column may not serve a point.
    weights : float array (points,)
    sites : int array (sites,)
        The columns to list; the lists name them 0, 1, 2...
    most
        Longest list.
    unserved
        Cost of a point that no allowed site serves.
    reach : float array (points,), optional
        Weighted cost above which a site is not listed.

    Returns
    -------
    lists : Lists
        Row by row, the cheapest first.
    cut : bool array (points,)
        Which lists leave out a site within reach: their points may be served
        elsewhere, at ``beyond`` or more.
    """
    points, most = costs.shape[0], min(most, sites.size)
    every = sites.size == costs.shape[1]
    parts: list[tuple[Ints, Ints, Floats, Floats, Bools]] = []
    for first in range(0, points, ROWS_AT_ONCE):
        rows = slice(first, min(first + ROWS_AT_ONCE, points))
        block = costs[rows] if every else costs[rows][:, sites]
        limit = np.full(block.shape[0], np.inf) if reach is None else reach[rows]
        parts.append(_sorted_rows(block, weights[rows], most, unserved, limit))
    lengths, site, cost, beyond, cut = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Lists(np.concatenate([[0], np.cumsum(lengths)]), site, cost, beyond), cut


def _sorted_rows(
    block: Costs, weights: Floats, most: int, unserved: float, reach: Floats
) -> tuple[Ints, Ints, Floats, Floats, Bools]:
    """Sort some rows; give lengths, sites and costs end to end, costs beyond, and which are cut."""
    width = block.shape[1]
    if most < width:
        order = np.argpartition(block, most, axis=1)
        following = np.take_along_axis(block, order[:, most : most + 1], axis=1)[:, 0]
        order = order[:, :most]
        inner = np.argsort(np.take_along_axis(block, order, axis=1), axis=1, kind="stable")
        order = np.take_along_axis(order, inner, axis=1)
    else:
        order = np.argsort(block, axis=1, kind="stable")
        following = np.full(block.shape[0], np.inf)
    near = np.take_along_axis(block, order, axis=1).astype(np.float64)
    allowed = np.isfinite(near)
    # 0 x inf is not a number: a point without weight still needs an allowed site
    cost = np.where(allowed, weights[:, None] * np.where(allowed, near, 0.0), np.inf)
    listed = allowed & (cost <= reach[:, None])
    lengths = listed.sum(axis=1)
    complete = allowed.all(axis=1) & np.isinf(following)
    farthest = np.where(complete, cost[:, -1], unserved)
    elsewhere = np.isfinite(following)
    farthest[elsewhere] = weights[elsewhere] * following[elsewhere]
    beyond = np.minimum(farthest, reach)
    return lengths, order[listed].astype(np.int32), cost[listed], beyond, elsewhere & (farthest < reach)
