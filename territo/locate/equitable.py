"""Equitable location: open p sites so that nobody is left far behind."""

from __future__ import annotations

from typing import NamedTuple, Unpack

import numpy as np
from numpy.typing import ArrayLike

from territo.errors import Fault, fault, raise_faults
from territo.locate.checks import Costs, Inspection
from territo.locate.cvar import minimise_cvar
from territo.locate.kolm_pollak import minimise_ede
from territo.locate.limits import Clock, Keywords, Limits
from territo.locate.location import Location
from territo.locate.siting import Siting
from territo.locate.uncapacitated import solve

# kappa times the largest cost: below, the EDE is the mean to the last digit; above, digits of the costs are lost
LEAST_STRENGTH, MOST_STRENGTH = 1e-14, 1e12


def equitable(
    costs: ArrayLike,
    weights: ArrayLike,
    p: int,
    *,
    aversion: float | None = None,
    kappa: float | None = None,
    worst_share: float | None = None,
    **keywords: Unpack[Keywords],
) -> Location:
    """Open exactly ``p`` sites so that the unequal costs of the points are least bad; each point goes to the nearest.

    Give one of ``aversion``, ``kappa`` and ``worst_share``.

    Parameters
    ----------
    costs : float array (demand points, sites)
        Cost for each person of a point; ``inf`` where a site may not serve it.
    weights : float array (demand points,)
        How many people, 0 or more.
    p
        Number of sites that open.
    aversion
        Aversion to inequality, of either sign; 0 is the mean. It becomes kappa
        by :func:`kolm_pollak_kappa`, each point at the nearest site of the
        table, open or not: the measure does not change with ``p``, but does
        with the candidates. For a study, compute kappa once on a reference.
    kappa
        Parameter of the Kolm-Pollak equally-distributed equivalent (EDE), of
        either sign, per unit of cost. The EDE goes from the mean (0) to the
        highest cost.
    worst_share
        Part of the people whose mean cost is to be least, the worst served:
        above 0 to 1, which is the mean.
    **keywords
        See :class:`~territo.locate.limits.Keywords`.

    Returns
    -------
    Location
        ``objective`` and ``bound`` are the EDE, or the mean cost of the
        worst-served share, in the unit of the costs as the gap; 0 where nobody
        counts. Proven to a relative 1e-9 where the gap asked is smaller.

    Raises
    ------
    InputError
        What is wrong with the arguments, all at once; an ``aversion`` without
        scale (all can go at no cost), a kappa that sees the highest cost alone.

    References
    ----------
    EDE as a p-median: Horton et al. (2024), doi:10.48550/arXiv.2401.15452.
    Mean of the worst: Rockafellar and Uryasev (2000), doi:10.21314/JOR.2000.038.
    """
    limits = Limits(**keywords)
    clock = Clock(limits)
    measure = _Measure(aversion, kappa, worst_share)
    siting = _read(Inspection(costs, limits), weights, p, measure)
    return _least_unequal(siting, measure, limits, clock)


class _Measure(NamedTuple):
    """How unequal costs count: one of the three, as :func:`equitable` takes them."""

    aversion: float | None
    kappa: float | None
    worst_share: float | None


def _read(inspection: Inspection, weights: ArrayLike, p: int, measure: _Measure) -> Siting:
    """Check all the arguments, and gather what is to be sited."""
    weight = inspection.vector("weights", weights)
    number = inspection.number_of_sites(p)
    _require_one(inspection, measure)
    inspection.somewhere_to_go()
    inspection.end()
    free_of_charge = np.zeros(inspection.sites)
    return Siting(inspection.costs, weight, free_of_charge, number, inspection.fixed_open, inspection.allowed)


def _least_unequal(siting: Siting, measure: _Measure, limits: Limits, clock: Clock) -> Location:
    """Solve with the measure that was given."""
    aversion, kappa, worst_share = measure
    if not siting.weights.any():
        return solve(siting, limits.gap, clock, seed=limits.seed)
    if worst_share is not None and worst_share < 1:
        return minimise_cvar(siting, worst_share, limits, clock)
    if aversion is not None:
        kappa = kolm_pollak_kappa(siting.costs.min(axis=1), siting.weights, aversion)
    return minimise_ede(siting, _strength(kappa or 0.0, siting.costs), limits, clock)


def kolm_pollak_kappa(distances: ArrayLike, weights: ArrayLike, aversion: float) -> float:
    """Turn an aversion to inequality into the parameter kappa, on a reference.

    ``kappa = aversion x sum(w z) / sum(w z^2)``: the aversion is a number
    without unit, kappa is per unit of cost. The reference should be one for
    the whole study, for example today's sites, so that the EDE of different
    answers can be compared.

    Parameters
    ----------
    distances : float array (points,)
        Cost of each point in the reference.
    weights : float array (points,)
        How many people bear it.
    aversion
        0 ignores inequality; published studies of distances take -0.5 to
        -1.5. The sign stays that of the aversion, negative for costs.

    Returns
    -------
    float
        What ``equitable(..., kappa=...)`` takes.

    Raises
    ------
    InputError
        The arrays are not finite numbers of 0 or more, of one length, or all
        distances are 0: they give no scale.

    Notes
    -----
    Each person counts once, as in Logan, Anderson, Williams and Conrow (2021),
    https://doi.org/10.1016/j.compenvurbsys.2020.101590, after Sheriff and
    Maguire (2020), https://doi.org/10.1111/risa.13562. Published programs
    differ: where they square the weights with the distances, the same figure
    is ``kolm_pollak_kappa(weights * distances, ones, aversion)``; where they
    leave out the weights, ``kolm_pollak_kappa(distances, ones, aversion)``.
    """
    distance, weight = np.asarray(distances, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    faults: list[Fault] = []
    for name, array in (("distances", distance), ("weights", weight)):
        if not (np.isfinite(array) & (array >= 0)).all():
            faults.append(fault("locate-reference-numbers", "must all be numbers of 0 or more", key=name))
    if distance.ndim != 1 or weight.shape != distance.shape:
        text = "has shape {shape}, the distances {other}: give one number for each point"
        faults.append(fault("locate-reference-shape", text, key="weights", shape=weight.shape, other=distance.shape))
    raise_faults(faults)
    if aversion == 0:
        return 0.0
    squares = float(weight @ distance**2)
    if squares == 0:
        text = "no point has a cost in the reference, which gives kappa no scale: give kappa, or another reference"
        raise_faults([fault("locate-no-scale", text, key="aversion")])
    return float(aversion) * float(weight @ distance) / squares


def _require_one(inspection: Inspection, measure: _Measure) -> None:
    """Require one measure, and that it is a number that makes sense."""
    given = {name: value for name, value in measure._asdict().items() if value is not None}
    text = "give one of aversion, kappa and worst_share, not {given}"
    said = " and ".join(given) or "none"
    inspection.require(len(given) == 1, "aversion", "locate-one-measure", text, given=said)
    for name, value in given.items():
        if name == "worst_share":
            text = "must be a part of the people, above 0 to 1, not {value}"
            inspection.require(0 < value <= 1, name, "locate-worst-share", text, value=value)
        else:
            text = "must be a finite number, not {value}"
            inspection.require(bool(np.isfinite(value)), name, "locate-measure", text, value=value)


def _strength(kappa: float, costs: Costs) -> float:
    """Give ``|kappa|``, or 0 where it is too small to matter."""
    strength, largest = abs(kappa), float(np.max(costs, where=np.isfinite(costs), initial=0.0))
    if strength * largest > MOST_STRENGTH:
        text = (
            "is {kappa:g}: times the largest cost, {largest:g}, that is beyond {most:g}; ask for the p-center instead"
        )
        raise_faults([fault("locate-large-kappa", text, key="kappa", kappa=kappa, largest=largest, most=MOST_STRENGTH)])
    return strength if strength * largest > LEAST_STRENGTH else 0.0
