"""The p-median: open p sites so that people travel least in all."""

from __future__ import annotations

from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike

from territo.locate.checks import Inspection
from territo.locate.limits import Clock, Keywords, Limits
from territo.locate.location import Location
from territo.locate.siting import Siting
from territo.locate.uncapacitated import solve


def p_median(costs: ArrayLike, weights: ArrayLike, p: int, **keywords: Unpack[Keywords]) -> Location:
    """Open exactly ``p`` sites; each point goes to the nearest.

    Parameters
    ----------
    costs : float array (demand points, sites)
        Cost of serving one unit of weight; ``inf`` where a site may not serve
        a point. A float32 table is not copied.
    weights : float array (demand points,)
        0 or more.
    p
        Number of sites that open.
    **keywords
        See :class:`~territo.locate.limits.Keywords`.

    Returns
    -------
    Location
        ``objective`` is the sum of weights x costs. Whole numbers are proven
        exactly, others to a relative 1e-9 where the gap asked is smaller.

    Raises
    ------
    InputError
        What is wrong with the arrays, all at once.

    References
    ----------
    Lagrangian relaxation: Cornuejols, Fisher and Nemhauser (1977),
    doi:10.1287/mnsc.23.8.789. Interchange: Resende and Werneck (2007),
    doi:10.1016/j.ejor.2005.02.002. Fixing by reduced costs: Beasley (1985),
    doi:10.1016/0377-2217(85)90040-2.
    """
    limits = Limits(**keywords)
    clock = Clock(limits)
    inspection = Inspection(costs, limits)
    weight = inspection.vector("weights", weights)
    number = inspection.number_of_sites(p)
    inspection.somewhere_to_go()
    inspection.end()
    free_of_charge = np.zeros(inspection.sites)
    siting = Siting(inspection.costs, weight, free_of_charge, number, inspection.fixed_open, inspection.allowed)
    return solve(siting, limits.gap, clock, seed=limits.seed)
