"""Organisations of the tiny territory whose figures are computed by hand in the tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from territo.assess.assessment import Settings, assess
from territo.assess.reference import current_situation
from territo.domain.demand import Demand, yearly_demand
from territo.domain.indicators import Assessment
from territo.domain.organisation import Organisation
from tests.factories import line_travel, tiny_catalogue, tiny_territory

TERRITORY, CATALOGUE, TRAVEL = tiny_territory(), tiny_catalogue(), line_travel()
AMONT, BOURG, FRANCE_SERVICES = 0, 1, 2
NORMS = {service.code: service.norm_min for service in CATALOGUE.services if service.norm_min is not None}
SHARED = ("mediatheque", "voirie", "finances")


def demand(services: Sequence[str] = CATALOGUE.codes) -> Demand:
    return yearly_demand(TERRITORY, CATALOGUE, services)


def today(services: Sequence[str] = CATALOGUE.codes) -> Organisation:
    organisation, _ = current_situation(TERRITORY, CATALOGUE, TRAVEL, services, demand(services))
    return organisation


def measured(organisation: Organisation, **changes: Any) -> Assessment:
    """Assess an organisation against today, with the norms of the catalogue."""
    services = organisation.services
    settings = Settings(**{"norms": NORMS, **changes})
    return assess(TERRITORY, CATALOGUE, TRAVEL, demand(services), organisation, today(services), settings)


def concentrated(
    sites: Sequence[int],
    modality: Sequence[str],
    services: Sequence[str] = SHARED,
    seats: Sequence[int] = (),
    staff: float = 1.5,
) -> Organisation:
    """Put each service at one site for everyone, 1.5 FTE each: what 1,500 units a year need."""
    offered = np.zeros((3, len(services)), dtype=bool)
    offered[list(sites), np.arange(len(services))] = True
    return Organisation(
        services=tuple(services),
        modality=tuple(modality),
        headquarters=AMONT,
        seats=tuple(seats),
        territory_of=np.full(2, seats[0] if seats else -1),
        offered=offered,
        staff=offered * staff,
        assignment=np.tile(np.array(sites), (3, 1)),
        hours_week=offered * 25.0,
    )


def in_poles() -> Organisation:
    """Library and roads at a pole in the France services building, finance at the siège in Amont."""
    return concentrated((FRANCE_SERVICES, FRANCE_SERVICES, AMONT), ("poles", "poles", "central"), seats=(2,))


def central() -> Organisation:
    """Roads and finance at the siège in Amont, the library where it is today."""
    return concentrated((BOURG, AMONT, AMONT), ("existing", "central", "central"))
