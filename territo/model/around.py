"""The neighbourhood of an organisation around sites that are kept open or closed now.

All else stays as it was, so that a what-if is answered in seconds. Services of
a closed site may move to the sites nearest to its users, communes of a closed
seat to other seats; a site that is kept offers what pays there.
"""

from __future__ import annotations

import numpy as np

from territo.domain.arrays import Bools, Floats
from territo.model.problem import Problem
from territo.model.solution import Solution
from territo.model.start import given

# nearest sites of each user of a closed one that may take over
NEAR = 5


def changed_sites(p: Problem, known: Solution) -> Bools:
    """(j,) sites open in an answer that are to be closed, or the other way round."""
    opened = known.offered.any(axis=1)
    changed: Bools = (opened & p.sites.closed) | (~opened & p.sites.kept)
    return changed


def free_points(p: Problem, known: Solution, changed: Bools) -> Bools:
    """(j, s) points to decide again around sites that have changed."""
    nearest = np.argsort(_minutes(p), axis=1, kind="stable")[:, :NEAR]
    free = np.zeros_like(known.offered)
    for site in np.flatnonzero(changed).tolist():
        free[site] = True
        users = (known.site_of == site).any(axis=1)
        free[np.ix_(np.unique(nearest[users]), known.offered[site])] = True
    return free


def all_else(p: Problem, known: Solution, changed: Bools, free: Bools) -> dict[str, float]:
    """Fix what the plan of an answer decides, but for free points and the communes of the seats that have changed."""
    loose = {f"offered({p.sites.codes[j]},{p.services.codes[s]})" for j, s in np.argwhere(free).tolist()}
    if p.territories is not None:
        moving = np.flatnonzero(np.isin(known.seat_of, np.flatnonzero(changed)))
        loose |= {f"member({p.communes[c]},{p.sites.codes[j]})" for c in moving for j in p.territories.seats}
    return {name: value for name, value in given(p, known.plan).items() if name not in loose}


def _minutes(p: Problem) -> Floats:
    """(i, j) minutes to each site that may be open; infinite to those that must be closed."""
    minutes: Floats = np.where(p.sites.closed, np.inf, p.minutes)
    return minutes
