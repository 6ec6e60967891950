"""The Kolm-Pollak equally-distributed equivalent: its measure, and its least value.

With ``k = |kappa|``, ``EDE(z) = ln(sum_i w_i exp(k z_i) / sum_i w_i) / k`` is
the cost that, borne by all alike, is as bad as the costs ``z``. It grows with
``sum_i w_i exp(k z_i)``, and each point bears one cost: so the least EDE is a
p-median on the costs ``exp(k c)`` (Horton, Logan, Murrell, Skipper and
Speakman, 2024, https://doi.org/10.48550/arXiv.2401.15452).

``exp(k c)`` overflows where ``k c`` is large and says nothing where it is
small. So the p-median here is on ``(exp(k (c - r)) - exp(k (m_i - r))) / k``,
which ranks all answers alike: ``r`` is the EDE of an answer, and ``m_i`` the
cost of point i where every site opens. The difference of exponentials is taken
without cancellation; for ``k = 0`` it is ``c - m_i``, and the EDE is the mean.
An error of this sum, relative to it, is no larger an error of the EDE,
relative to what the EDE exceeds that of all sites open.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from territo.domain.arrays import Floats, Ints
from territo.locate.checks import ROWS_AT_ONCE
from territo.locate.limits import Clock, Limits
from territo.locate.location import PROOF, Location, nowhere, relative_gap
from territo.locate.parts import ANY, Part, distances, opened, told
from territo.locate.siting import Siting

ALGORITHM = "p-median of exponential costs"

# the p-median adds up to this at the reference; a point never costs more than so many times that sum
SUM_AT_REFERENCE, CEILING = 1e6, 10.0
# exp of more is not needed: the ceiling comes first
LARGEST_EXPONENT = 600.0
# an EDE this far below the reference, times k, is measured again from itself
FAR = 3.0
# a mean of exp - 1 above this keeps its digits in log1p
DIGITS_KEPT = -0.5
# part of the gap that is passed on: the EDE may end a little under the reference
GAP_PASSED_ON = 0.9


def equally_distributed(z: Floats, weights: Floats, k: float) -> float:
    """Measure the EDE of costs.

    Parameters
    ----------
    z, weights : float arrays (points,)
        Some weight is not 0.
    k
        ``|kappa|``.
    """
    total, z, weights = float(weights.sum()), z[weights > 0], weights[weights > 0]
    if k == 0:
        return float(weights @ z) / total
    farthest = float(z.max())
    below = k * (z - farthest)
    shift = float(weights @ np.expm1(below)) / total
    # near -1 the digits of the sum are lost, not those of the sum of exponentials
    if shift > DIGITS_KEPT:
        return farthest + float(np.log1p(shift)) / k
    # the total apart: a weight next to nothing, divided by it, would be 0
    return farthest + float(np.log(weights @ np.exp(below)) - np.log(total)) / k


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """Sites, and what they cost.

    Parameters
    ----------
    columns : int array (sites opened,)
    z : float array (points,)
        Cost of each point.
    ede
        Their EDE.
    """

    columns: Ints
    z: Floats
    ede: float


@dataclass(frozen=True, slots=True, eq=False)
class Proxy:
    """The p-median whose sums rank answers as their EDE does.

    Parameters
    ----------
    siting
        The p-median.
    k
        ``|kappa|``.
    reference
        EDE of the answer that sets the scale.
    total
        Sum of the weights.
    excess
        Sum of that answer, before it is brought to ``SUM_AT_REFERENCE``.
    """

    siting: Siting
    k: float
    reference: float
    total: float
    excess: float

    def ede(self, value: float) -> float:
        """Give the EDE of a sum of the p-median; -inf where it is less than any answer has."""
        change = self.excess / self.total * (value / SUM_AT_REFERENCE - 1)
        if self.k == 0:
            return self.reference + change
        return self.reference + float(np.log1p(self.k * change)) / self.k if self.k * change > -1 else -np.inf

    def value(self, ede: float) -> float:
        """Give the sum of the p-median at an EDE."""
        change = ede - self.reference
        if self.k:
            change = float(np.expm1(self.k * change)) / self.k
        return SUM_AT_REFERENCE * (1 + change * self.total / self.excess)

    def gap(self, gap: float) -> float:
        """Give the gap of sums that keeps a gap of EDE at the reference."""
        kept = 1 - self.value((1 - gap) * self.reference) / SUM_AT_REFERENCE
        return min(GAP_PASSED_ON * kept, 1.0)


def proxy(siting: Siting, nearest: Floats, reference: Choice, k: float) -> Proxy:
    """Build the p-median on exponential costs.

    Parameters
    ----------
    siting
        The problem, on its own costs.
    nearest : float array (points,)
        Costs where all sites open.
    reference
        Sites of another EDE than all sites open.
    k
        ``|kappa|``.
    """
    weights = siting.weights
    some = weights > 0
    excess = float(weights[some] @ _growth(reference.z[some], nearest[some], reference.ede, k))
    # a better answer spends less than the excess on each point: beyond that, costs may be cut
    most = np.divide(CEILING * excess, weights, out=np.zeros_like(weights), where=some)
    costs = np.empty(siting.costs.shape)
    for first in range(0, weights.size, ROWS_AT_ONCE):
        rows = slice(first, first + ROWS_AT_ONCE)
        block = siting.costs[rows].astype(np.float64)
        grown = np.minimum(_growth(block, nearest[rows, None], reference.ede, k), most[rows, None])
        costs[rows] = np.where(np.isinf(block), np.inf, grown * (SUM_AT_REFERENCE / excess))
    return Proxy(replace(siting, costs=costs), k, reference.ede, float(weights.sum()), excess)


def minimise_ede(siting: Siting, k: float, limits: Limits, clock: Clock) -> Location:
    """Open sites so that the EDE is least, to the gap asked or as far as the clock allows.

    Parameters
    ----------
    siting
        The problem; somebody counts.
    k
        ``|kappa|``.
    limits, clock
        Of the model.
    """
    nearest = distances(siting, siting.allowed)
    lower = equally_distributed(nearest, siting.weights, k)
    first = Part(clock).solve(siting, ANY, limits.seed)
    if not first.open_sites.size:
        bound = np.inf if first.status == "infeasible" else lower
        return nowhere(first.status, nearest.size, clock.seconds, ALGORITHM, bound)
    best, better = _measured(siting, first.open_sites, k), True
    while better and relative_gap(best.ede, lower) > limits.gap and not clock.over():
        part = proxy(siting, nearest, best, k)
        found = _solved(part, (lower, best.ede), limits, clock)
        following = best
        if found.open_sites.size:
            following = min(best, _measured(siting, found.open_sites, k), key=lambda answer: answer.ede)
        if k * (best.ede - following.ede) <= FAR:
            proven = found.status == "optimal" and limits.gap <= PROOF
            lower = following.ede if proven else max(lower, part.ede(found.bound))
        best, better = following, following.ede < best.ede
    return told(siting, best.columns, (lower, best.ede), limits.gap, clock, ALGORITHM)


def _measured(siting: Siting, columns: Ints, k: float) -> Choice:
    """Measure what some sites cost."""
    z = distances(siting, opened(siting, columns))
    return Choice(columns, z, equally_distributed(z, siting.weights, k))


def _solved(part: Proxy, known: tuple[float, float], limits: Limits, clock: Clock) -> Location:
    """Solve the p-median, or stop where its answer is too good for its scale; tell its values as EDE."""
    lower, upper = known
    found = part.value(upper - FAR / part.k) if part.k else 0.0
    listener = Part(clock, found=max(found, 0.0), meaning=lambda value: min(max(part.ede(value), lower), upper))
    return listener.solve(part.siting, part.gap(limits.gap), limits.seed)


def _growth(costs: Floats, nearest: Floats, level: float, k: float) -> Floats:
    """Compute ``(exp(k (c - level)) - exp(k (nearest - level))) / k`` with all its digits; 0 for what is nearer."""
    extra = np.maximum(costs - nearest, 0.0)
    if k == 0:
        return extra
    grown: Floats = np.exp(np.minimum(k * (costs - level), LARGEST_EXPONENT)) * -np.expm1(-k * extra) / k
    return grown
