"""Plausibility alarms: figures that deserve a second look (domain specification, section 8.3)."""

from __future__ import annotations

import numpy as np

from territo.assess.case import Case
from territo.assess.winners import services_by_commune
from territo.domain.catalogue import Catalogue, Service
from territo.domain.indicators import Indicator

STAFF_PER_1000 = (6.0, 16.0)
GREATEST_SAVING = 0.15
MEAN_ACCESS_MIN = (1.0, 45.0)
GREATEST_MOVE = 0.25
PER_THOUSAND = 1_000.0


def alarms(case: Case, reference: Case, figures: dict[str, Indicator], *, accepted: bool) -> tuple[str, ...]:
    """Return the codes of the alarms raised.

    ``saving_over_15_pct`` keeps the word « économie » out of exports until the
    user accepts the reference in writing; it then reads
    ``accepted_over_15_pct``. ``commune_without_point:<INSEE code>`` names a
    commune that loses all its points of service.
    """
    raised = []
    if not _plausible_staff(case):
        raised.append("staff_ratio_out_of_range")
    staff_before = reference.catalogue.constants.fte_cost_eur * float(reference.organisation.staff.sum())
    if (figures["ECO1"].high or 0.0) > GREATEST_SAVING * staff_before:
        raised.append("accepted_over_15_pct" if accepted else "saving_over_15_pct")
    low, high = MEAN_ACCESS_MIN
    if figures["PRX1.mean"].value < low or figures["PRX1.mean"].value > high:
        raised.append("mean_access_out_of_range")
    if figures["ORG2"].value > GREATEST_MOVE * float(reference.organisation.staff.sum()):
        raised.append("moved_over_25_pct")
    return (*raised, *_emptied_communes(case, reference))


def _plausible_staff(case: Case) -> bool:
    """Whether staff per 1,000 inhabitants is in range, the range scaled to the services of the study."""
    whole = sum(_standard_staff(case.catalogue, service) for service in case.catalogue.services)
    studied = sum(_standard_staff(case.catalogue, service) for service in case.services)
    if not studied > 0:
        return True
    ratio = float(case.organisation.staff.sum()) / float(case.population.sum()) * PER_THOUSAND
    low, high = (limit * studied / whole for limit in STAFF_PER_1000)
    return low <= ratio <= high


def _standard_staff(catalogue: Catalogue, service: Service) -> float:
    """FTE per 1,000 inhabitants that the standard demography asks for."""
    if not service.prod_per_fte:
        return 0.0
    return service.rate * catalogue.per_1000[service.driver] / service.prod_per_fte


def _emptied_communes(case: Case, reference: Case) -> list[str]:
    had = services_by_commune(reference).any(axis=1)
    has = services_by_commune(case).any(axis=1)
    codes = case.territory.communes.codes
    return [f"commune_without_point:{codes[commune]}" for commune in np.flatnonzero(had & ~has)]
