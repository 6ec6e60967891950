"""Who works where today, and what it costs that they move."""

from __future__ import annotations

import numpy as np

from territo.domain.arrays import Floats, Ints
from territo.domain.moves import departing_share, moving_eur
from territo.domain.travel import between_sites
from territo.formulate.study import Study
from territo.model.families import Moves
from territo.scenario.schema import Scenario


def moves(study: Study, scenario: Scenario, sites: Ints) -> Moves | None:
    """Write the transition that a scenario plans; None where it plans none."""
    wish = scenario.transition
    if wish is None:
        return None
    staff: Floats = study.reference.staff
    origins = np.flatnonzero(staff.any(axis=1))
    position = np.full(len(staff), -1, dtype=np.int64)
    position[sites] = np.arange(len(sites))
    _, km = between_sites(study.territory, study.travel)
    most = wish.max_moved_fte_pct
    return Moves(
        origins=tuple(study.territory.sites.ids[o] for o in origins),
        site=position[origins],
        staff=staff[origins],
        yearly_eur=moving_eur(study.catalogue.constants, km[np.ix_(origins, sites)]) / wish.years,
        departing_share=departing_share(study.catalogue.constants, wish.years),
        most_fte=None if most is None else float(staff.sum()) * most / 100.0,
    )
