"""Who works where, and under whom: ECO4, ORG1 (domain specification, section 6)."""

from __future__ import annotations

import numpy as np

from territo.assess.case import Case, located
from territo.assess.costs import coordination
from territo.assess.itinerance import stop_fte
from territo.domain.arrays import Bools, Floats
from territo.domain.indicators import Indicator
from territo.domain.organisation import IN_POLES


def staffing(case: Case) -> list[Indicator]:
    """Count staff by level, and managers."""
    fixed = case.organisation.staff
    levels = {name: np.where(where, fixed, 0.0) for name, where in _levels(case).items()}
    levels["itinerant"] = stop_fte(case)
    staff = fixed + levels["itinerant"]
    return [
        located(case, "ECO4", "fte", staff),
        *(located(case, f"ECO4.{name}", "fte", values) for name, values in levels.items()),
        located(case, "ECO4.coordination", "fte", coordination(case)),
        *_span(case),
        Indicator("ORG1.levels", "count", _count_levels(levels)),
    ]


def _levels(case: Case) -> dict[str, Bools]:
    """(k, s) staff of the siège, of the poles and of the branches.

    A seat at the siège counts as a pole for the services organised in poles,
    as the siège for the others.
    """
    organisation = case.organisation
    sites = np.arange(len(organisation.offered))
    in_poles = np.array([modality in IN_POLES for modality in organisation.modality])
    at_seat = np.isin(sites, organisation.seats)[:, None]
    at_hq = (sites == organisation.headquarters)[:, None]
    poles = at_seat & (in_poles | ~at_hq)
    headquarters = at_hq & ~poles
    return {"hq": headquarters, "poles": poles, "branches": ~(headquarters | poles)}


def _count_levels(levels: dict[str, Floats]) -> float:
    return float(sum(values.sum() > 0 for values in levels.values()))


def _span(case: Case) -> list[Indicator]:
    """FTE per manager: first-line managers by the usual span of each trade, and the managers of poles."""
    constants = case.catalogue.constants
    span = np.array(
        [constants.span_field if service.kind == "field" else constants.span_office for service in case.services]
    )
    managers = case.organisation.staff / span + coordination(case)
    whole = located(case, "ORG1.managers", "fte", managers)
    staff = located(case, "ORG1.staff", "fte", case.organisation.staff)
    ratios = {code: _per(staff.by_territory[code], count) for code, count in whole.by_territory.items()}
    services = {code: _per(staff.by_service[code], count) for code, count in whole.by_service.items()}
    value = _per(staff.value, whole.value)
    return [Indicator("ORG1", "fte", value, by_service=services, by_territory=ratios), whole]


def _per(staff: float, managers: float) -> float:
    return staff / managers if managers > 0 else float("nan")
