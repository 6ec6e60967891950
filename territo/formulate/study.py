"""What all scenarios of one territory share."""

from __future__ import annotations

from dataclasses import dataclass

from territo.domain.arrays import Floats
from territo.domain.catalogue import Catalogue
from territo.domain.demand import Demand
from territo.domain.organisation import Organisation
from territo.domain.territory import Territory
from territo.domain.travel import TravelTimes


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """What all scenarios of one territory share.

    Parameters
    ----------
    territory, catalogue, travel
        As loaded.
    services
        Codes, in the order of the columns of ``demand``.
    demand
        Yearly demand of the cells.
    reference
        The current organisation.
    reference_cost
        Its running cost, euro per year.
    residual_cost
        Part of it that no decision changes and that the model does not see,
        euro per year (rule R6).
    kappa
        Kolm-Pollak parameter frozen on the reference, 1 per minute, above 0.
    need
        (m, s) need-weighted visits of the Kolm-Pollak measure.
    need_weight
        (m,) need of an inhabitant, 1 or more.
    """

    territory: Territory
    catalogue: Catalogue
    travel: TravelTimes
    services: tuple[str, ...]
    demand: Demand
    reference: Organisation
    reference_cost: float
    residual_cost: float
    kappa: float
    need: Floats
    need_weight: Floats
