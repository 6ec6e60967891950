"""The tables of a territory folder: nouns to frames, and back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from territo.domain.arrays import Ints
from territo.domain.territory import Cells, Communes, Sites

GROUPS = ("attributes", "equipment", "staff", "spending")


def commune_frame(communes: Communes, crs: str) -> Any:
    """Return a GeoDataFrame of the outlines; attributes, equipment, staff and spending as ``group:name`` columns."""
    import geopandas as gpd
    import pandas as pd

    columns: dict[str, Any] = {
        "code_insee": communes.codes,
        "name": communes.names,
        "population": communes.population,
        "area_km2": communes.area_km2,
        "centre_x": communes.centres[:, 0],
        "centre_y": communes.centres[:, 1],
    }
    for group in GROUPS:
        columns |= {f"{group}:{name}": values for name, values in getattr(communes, group).items()}
    return gpd.GeoDataFrame(pd.DataFrame(columns), geometry=list(communes.outlines), crs=crs)


def read_communes(path: Path) -> Communes:
    """Read what :func:`commune_frame` wrote."""
    import geopandas as gpd

    frame = gpd.read_parquet(path)
    return Communes(
        codes=tuple(frame["code_insee"]),
        names=tuple(frame["name"]),
        population=frame["population"].to_numpy(),
        area_km2=frame["area_km2"].to_numpy(),
        centres=frame[["centre_x", "centre_y"]].to_numpy(),
        outlines=tuple(frame.geometry),
        attributes=_group(frame, "attributes"),
        equipment=_group(frame, "equipment"),
        staff=_group(frame, "staff"),
        spending=_group(frame, "spending"),
    )


def _group(frame: Any, group: str) -> Mapping[str, Any]:
    prefix = f"{group}:"
    return {name.removeprefix(prefix): frame[name].to_numpy() for name in frame.columns if name.startswith(prefix)}


def cell_frame(cells: Cells, crs: str) -> Any:
    """Return a GeoDataFrame of the centres of the cells; social groups as ``groups:name`` columns."""
    import geopandas as gpd

    columns = {"population": cells.population, "commune": cells.commune}
    columns |= {f"groups:{name}": counts for name, counts in cells.groups.items()}
    return gpd.GeoDataFrame(columns, geometry=gpd.points_from_xy(cells.xy[:, 0], cells.xy[:, 1]), crs=crs)


def read_cells(path: Path, size_m: float) -> Cells:
    """Read what :func:`cell_frame` wrote."""
    import geopandas as gpd

    frame = gpd.read_parquet(path)
    xy = np.column_stack([frame.geometry.x, frame.geometry.y])
    groups = _group(frame, "groups")
    return Cells(xy, frame["population"].to_numpy(), frame["commune"].to_numpy(), size_m, groups)


def site_frame(sites: Sites) -> Any:
    """Return a frame of the sites; services as one text, separated by spaces."""
    import pandas as pd

    return pd.DataFrame(
        {
            "id": sites.ids,
            "name": sites.names,
            "kind": sites.kinds,
            "commune": sites.commune,
            "x": sites.xy[:, 0],
            "y": sites.xy[:, 1],
            "services": [" ".join(sorted(services)) for services in sites.services],
            "hours_week": sites.hours_week,
            "capacity_m2": sites.capacity_m2,
        }
    )


def read_sites(path: Path) -> Sites:
    """Read what :func:`site_frame` wrote."""
    import pandas as pd

    frame = pd.read_parquet(path)
    return Sites(
        ids=tuple(frame["id"]),
        names=tuple(frame["name"]),
        kinds=tuple(frame["kind"]),
        commune=frame["commune"].to_numpy(),
        xy=frame[["x", "y"]].to_numpy(),
        services=tuple(frozenset(text.split()) for text in frame["services"]),
        hours_week=frame["hours_week"].to_numpy(dtype=np.float64),
        capacity_m2=frame["capacity_m2"].to_numpy(dtype=np.float64),
    )


def adjacency_frame(pairs: Ints) -> Any:
    """Return a frame of the pairs of neighbours, by index of the commune."""
    import pandas as pd

    return pd.DataFrame({"one": pairs[:, 0], "other": pairs[:, 1]})


def read_adjacency(path: Path) -> Ints:
    """Read what :func:`adjacency_frame` wrote."""
    import pandas as pd

    pairs: Ints = pd.read_parquet(path)[["one", "other"]].to_numpy(dtype=np.int64)
    return pairs
