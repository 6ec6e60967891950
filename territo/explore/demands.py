"""Demands that may come instead of today's (domain specification, section 5.7).

Low and high scale all demand; ageing gives every commune more people over 75
at the same population. All three are expert judgements, to be replaced by
Insee's projections (Omphale) of the territory.
"""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

import numpy as np

from territo.domain.catalogue import Catalogue
from territo.domain.demand import Demand, yearly_demand
from territo.domain.territory import Territory

OLDER, ALL = "share_75_plus", 100.0


class DemandCase(NamedTuple):
    """One demand: all of today's times ``scale``, people over 75 times ``older``."""

    name: str
    scale: float = 1.0
    older: float = 1.0

    @property
    def change_pct(self) -> float:
        """Change of what the case changes, %."""
        return round((self.scale * self.older - 1.0) * 100.0, 6)


CENTRAL = DemandCase("central")
CASES = (DemandCase("low", scale=0.9), CENTRAL, DemandCase("high", scale=1.15), DemandCase("ageing", older=1.3))


def demand_in(
    case: DemandCase, territory: Territory, catalogue: Catalogue, services: tuple[str, ...], take_up_scale: float
) -> Demand:
    """Return the yearly demand of the cells in a case; parameters as :func:`yearly_demand`."""
    demand = yearly_demand(
        _aged(territory, case.older), _older(catalogue, case.older), services, take_up_scale=take_up_scale
    )
    return Demand(demand.units * case.scale, demand.visits * case.scale)


def _aged(territory: Territory, older: float) -> Territory:
    """Give each commune more people over 75, never more than all; unknown stays unknown."""
    attributes = dict(territory.communes.attributes)
    if OLDER in attributes:
        attributes[OLDER] = np.minimum(attributes[OLDER] * older, ALL)
    return dataclasses.replace(territory, communes=dataclasses.replace(territory.communes, attributes=attributes))


def _older(catalogue: Catalogue, older: float) -> Catalogue:
    """Change the standard demography too, for communes whose share is not known."""
    per_1000 = {**catalogue.per_1000, "d75": min(catalogue.per_1000["d75"] * older, 1_000.0)}
    return dataclasses.replace(catalogue, per_1000=per_1000)
