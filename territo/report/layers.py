"""Communes, sites and cells as GeoPackage and GeoParquet, for geographic information systems."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from territo.domain.arrays import Bools
from territo.domain.catalogue import Catalogue
from territo.domain.indicators import Run
from territo.domain.territory import Territory
from territo.report.tables import seat_name
from territo.report.views import commune_minutes, site_levels

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

LEVELS = {"h": "siege", "p": "pole", "a": "antenne", "m": "mairie", ".": "ferme"}


def write_geopackage(run: Run, territory: Territory, catalogue: Catalogue, path: Path, *, teams: bool = True) -> None:
    """Write the layers ``communes`` and ``sites`` of a run, in the reference system of the territory.

    Parameters
    ----------
    run, territory, catalogue
        What is written.
    path
        File to write; it is replaced.
    teams
        Whether the full-time equivalents of each place may be read.
    """
    path.unlink(missing_ok=True)
    commune_layer(run, territory).to_file(path, layer="communes", driver="GPKG", engine="pyogrio")
    site_layer(run, territory, catalogue, teams=teams).to_file(
        path, layer="sites", driver="GPKG", engine="pyogrio", mode="a"
    )


def commune_layer(run: Run, territory: Territory) -> GeoDataFrame:
    """Lay out the communes of a run, with their territory and their mean minutes."""
    import geopandas

    communes = territory.communes
    columns = {
        "code": communes.codes,
        "nom": communes.names,
        "population": communes.population,
        "territoire": [seat_name(run, territory, index) for index in range(len(communes))],
        "minutes": commune_minutes(run, territory),
    }
    return geopandas.GeoDataFrame(columns, geometry=list(communes.outlines), crs=territory.crs)


def site_layer(run: Run, territory: Territory, catalogue: Catalogue, *, teams: bool) -> GeoDataFrame:
    """Lay out the sites of a run, with their level, their services and, where they may be read, their teams."""
    import geopandas

    sites, plan = territory.sites, run.organisation
    services = np.array(plan.services)
    columns: dict[str, object] = {
        "id": sites.ids,
        "nom": sites.names,
        "commune": [territory.communes.codes[index] for index in sites.commune],
        "niveau": [LEVELS[level] for level in site_levels(run, catalogue)],
        "services": [",".join(services[row]) for row in plan.offered],
    }
    stops = plan.itinerance
    columns["demi_journees"] = np.zeros(len(sites)) if stops is None else stops.half_days
    if teams:
        columns["etp"] = plan.staff.sum(axis=1)
    return geopandas.GeoDataFrame(columns, geometry=geopandas.points_from_xy(*sites.xy.T), crs=territory.crs)


def write_geoparquet(runs: Sequence[Run], territory: Territory, path: Path) -> None:
    """Write the communes, one row a commune and run, as GeoParquet."""
    import geopandas
    import pandas as pd

    frames = [commune_layer(run, territory).assign(scenario=run.scenario_name) for run in runs]
    geopandas.GeoDataFrame(pd.concat(frames, ignore_index=True)).to_parquet(path, index=False)


def write_cells(territory: Territory, hidden: Bools, path: Path) -> None:
    """Write the cells of the population grid as GeoParquet; the population of a hidden cell is null."""
    import geopandas

    cells = territory.cells
    columns = {
        "commune": [territory.communes.codes[index] for index in cells.commune],
        "population": np.where(hidden, np.nan, cells.population),
        "masque": hidden,
    }
    places = geopandas.points_from_xy(*cells.xy.T)
    geopandas.GeoDataFrame(columns, geometry=places, crs=territory.crs).to_parquet(path, index=False)
