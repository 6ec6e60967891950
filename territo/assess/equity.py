r"""Measures of a distribution: pure functions on values and weights.

Values z are minutes (a « bad ») unless said otherwise, weights n are people
or trips, N is their sum and mu the weighted mean. All values are finite.
Domain specification, section 4.
"""

from __future__ import annotations

import numpy as np

from territo.domain.arrays import Floats

# a share of the total that the sum of weights may miss by rounding
ROUNDING = 1e-12


def mean(values: Floats, weights: Floats) -> float:
    """Return the weighted mean."""
    return float(values @ weights / weights.sum())


def quantile(values: Floats, weights: Floats, share: float) -> float:
    """Return the least value that at least a share of the weight does not exceed (inverse ECDF, no interpolation)."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order]) / weights.sum()
    position = int(np.searchsorted(reached, share - ROUNDING))
    return float(values[order][min(position, len(values) - 1)])


def median(values: Floats, weights: Floats) -> float:
    """Return the weighted median."""
    return quantile(values, weights, 0.5)


def coverage(values: Floats, weights: Floats, within: float) -> float:
    """Return the share of the weight whose value is at most ``within``."""
    return float(weights[values <= within].sum() / weights.sum())


def cvar(values: Floats, weights: Floats, worst_share: float) -> float:
    """Return the mean of the worst-served share of the weight, 0 < share <= 1.

    A group that straddles the limit counts for the part inside (Filippi,
    Guastaroba et al. 2021, beta-mean).
    """
    order = np.argsort(-values, kind="stable")
    kept = worst_share * weights.sum()
    before = np.cumsum(weights[order]) - weights[order]
    inside = np.clip(kept - before, 0.0, weights[order])
    return float(values[order] @ inside / inside.sum())


def hoover(values: Floats, weights: Floats) -> float:
    r"""Return :math:`\sum n |z - \mu| / (2 N \mu)`; 0 where all values are 0."""
    centre = mean(values, weights)
    if centre == 0.0:
        return 0.0
    return float(np.abs(values - centre) @ weights / (2.0 * weights.sum() * centre))


def gini(values: Floats, weights: Floats) -> float:
    r"""Return :math:`\sum_{ik} n_i n_k |z_i - z_k| / (2 N^2 \mu)`; 0 where all values are 0."""
    centre = mean(values, weights)
    if centre == 0.0:
        return 0.0
    order = np.argsort(values, kind="stable")
    z, n = values[order], weights[order]
    below = np.cumsum(n) - n
    sum_below = np.cumsum(n * z) - n * z
    pairs = float(n @ (z * below - sum_below))
    return max(pairs, 0.0) / float(n.sum() ** 2 * centre)


def theil(values: Floats, weights: Floats) -> float:
    r"""Return :math:`\sum n (z/\mu) \ln(z/\mu) / N`, with 0 ln 0 = 0; 0 where all values are 0."""
    centre = mean(values, weights)
    if centre == 0.0:
        return 0.0
    ratio = values / centre
    log = np.log(ratio, where=ratio > 0, out=np.zeros_like(ratio))
    return float((ratio * log) @ weights / weights.sum())


def kolm_pollak_alpha(values: Floats, weights: Floats) -> float:
    r"""Return :math:`\alpha = \sum n z / \sum n z^2`, per minute; 0 where all values are 0.

    It turns an aversion without unit into one per minute (Logan et al. 2021).
    Compute it once, on the reference, and freeze it for the study.
    """
    squares = float(values**2 @ weights)
    return float(values @ weights) / squares if squares > 0 else 0.0


def kolm_pollak_ede(values: Floats, weights: Floats, kappa: float) -> float:
    r"""Return the equally distributed equivalent :math:`-\ln(\sum n e^{-\kappa z} / N) / \kappa`.

    Parameters
    ----------
    values, weights
        Distribution.
    kappa
        ``alpha * aversion``, per unit of the values: negative for a « bad »
        such as minutes, and the result then lies between the mean and the
        greatest value; 0 gives the mean.
    """
    if kappa == 0.0:
        return mean(values, weights)
    # measured from the greatest exponent: nothing overflows, and a small kappa keeps its digits
    exponents = -kappa * values
    top = float(exponents.max())
    inner = float(np.expm1(exponents - top) @ weights / weights.sum())
    return -(top + float(np.log1p(inner))) / kappa


def means_ratio(means: Floats, needs: Floats) -> float:
    """Return the least means per need over the overall one: 1 where all territories have the same, less otherwise."""
    served = needs > 0
    overall = means[served].sum() / needs[served].sum()
    return float((means[served] / needs[served]).min() / overall) if overall > 0 else float("nan")


def redeployment_gap(means: Floats, needs: Floats) -> float:
    """Return the share of the means to move for each territory to have its share of the need."""
    return float(0.5 * np.abs(means / means.sum() - needs / needs.sum()).sum())
