"""What the fitted catalogue does not explain, added to staff and cost of every organisation alike (rule R6)."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from territo.assess.case import Case, located
from territo.domain.calibration import Calibration
from territo.domain.indicators import Indicator


def with_residual(case: Case, calibration: Calibration, figures: Mapping[str, Indicator]) -> dict[str, Indicator]:
    """Add the unexplained part to the cost and to the staff, and say how much it is.

    No saving changes: the part is the same in the current situation and in
    every scenario.
    """
    found = dict(figures)
    for name, unit, values in (("COST", "eur_per_year", calibration.eur), ("ECO4", "fte", calibration.fte)):
        part = located(case, f"{name}.residual", unit, values)
        found |= {part.id: part, name: _sum(found[name], part)}
    return found


def _sum(whole: Indicator, part: Indicator) -> Indicator:
    by_commune = whole.by_commune
    if by_commune is not None and part.by_commune is not None:
        by_commune = by_commune + part.by_commune
    return dataclasses.replace(
        whole,
        value=whole.value + part.value,
        by_service={code: value + part.by_service[code] for code, value in whole.by_service.items()},
        by_territory={code: value + part.by_territory[code] for code, value in whole.by_territory.items()},
        by_commune=by_commune,
    )
