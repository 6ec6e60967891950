"""Kilometres and emissions of users and of agents: CLI1 (domain specification, section 6)."""

from __future__ import annotations

import numpy as np

from territo.assess.case import Case, amount
from territo.assess.costs import agent_kilometres
from territo.domain.arrays import Floats
from territo.domain.indicators import Indicator

BOTH_WAYS = 2.0
KG_PER_TONNE = 1_000.0


def climate(case: Case) -> list[Indicator]:
    """Count vehicle kilometres a year and the tonnes of CO2 equivalent of their use."""
    kilometres = _user_kilometres(case) + agent_kilometres(case)
    tonnes = kilometres * case.catalogue.constants.co2_kg_km / KG_PER_TONNE
    return [
        amount(case, "CLI1.tco2e", "tco2e_per_year", tonnes),
        amount(case, "CLI1.km", "km_per_year", kilometres),
    ]


def _user_kilometres(case: Case) -> Floats:
    """(m, s) kilometres of users' cars: the part of a trip that the visit causes, shared by those in the car."""
    constants = case.catalogue.constants
    per_trip = constants.trip_share * constants.car_share / constants.car_occupancy
    return case.demand.visits * BOTH_WAYS * np.where(np.isfinite(case.km), case.km, 0.0) * per_trip
