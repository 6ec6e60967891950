"""Longitudes and latitudes of a table, checked against the area of the territory."""

from __future__ import annotations

from typing import Any

import numpy as np

from territo.domain.arrays import Floats
from territo.errors import raise_faults
from territo.sources.places import WGS84, area_fault
from territo.sources.tables import Table


def located_points(table: Table, columns: tuple[str, str], crs: Any) -> Floats:
    """(rows, 2) longitude and latitude of a table, NaN where missing.

    Raises
    ------
    InputError
        Values that are not numbers, or that fall outside the area of the
        territory's reference system (swapped, or metres).
    """
    (lng, wrong_lng), (lat, wrong_lat) = (table.numbers(column, required=False) for column in columns)
    raise_faults([*wrong_lng, *wrong_lat])
    lonlat = np.column_stack([lng, lat])
    lonlat[np.isnan(lonlat).any(axis=1)] = np.nan
    known = lonlat[~np.isnan(lonlat).any(axis=1)]
    if len(known):
        misplaced = area_fault([*known.min(axis=0), *known.max(axis=0)], WGS84, crs, table.path.name)
        raise_faults([misplaced] if misplaced else [])
    return lonlat
