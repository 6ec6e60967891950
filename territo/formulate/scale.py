r"""Teams that grow less than their work, as affine pieces (domain specification, section 3, form F-c).

A team needs :math:`E(q) = \frac{q}{b} (q / q^*)^{\beta - 1}` FTE for q units
below the size q* beyond which nothing more is gained, and q/b beyond. Three
tangents between a tenth of q* and q* overstate it by 1.0 % at most for beta
= 0.85, by 1.3 % for 0.80.
"""

from __future__ import annotations

from territo.domain.catalogue import Catalogue, Service

PIECES = 3
RANGE = 10.0
PER_THOUSAND = 1_000.0


def pieces(catalogue: Catalogue, service: Service) -> tuple[tuple[float, float], ...]:
    """Return (FTE at no work, FTE per unit) of each tangent; empty for a service that gains nothing from size."""
    if service.scale_exponent is None or not service.prod_per_fte:
        return ()
    inhabitants = catalogue.constants.scale_population
    full = service.rate * catalogue.per_1000[service.driver] * inhabitants / PER_THOUSAND
    points = (full / RANGE ** ((2 * k + 1) / (2 * PIECES)) for k in range(PIECES))
    return tuple(
        tangent(at, (at / full) ** (service.scale_exponent - 1.0) * at / service.prod_per_fte, service.scale_exponent)
        for at in points
    )


def tangent(at: float, team: float, exponent: float) -> tuple[float, float]:
    """Return the tangent to a power law that needs ``team`` FTE for ``at`` units: FTE at no work, FTE per unit."""
    return (1.0 - exponent) * team, exponent * team / at
