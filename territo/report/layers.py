"""The communes and sites of one run as a GeoPackage, for geographic information systems."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from territo.domain.catalogue import Catalogue
from territo.domain.indicators import Run
from territo.domain.territory import Territory
from territo.report.tables import seat_name
from territo.report.views import commune_minutes, site_levels

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

LEVELS = {"h": "siege", "p": "pole", "a": "antenne", "m": "mairie", ".": "ferme"}


def write_geopackage(run: Run, territory: Territory, catalogue: Catalogue, path: Path) -> None:
    """Write the layers ``communes`` and ``sites`` of a run, in the reference system of the territory.

    Parameters
    ----------
    run, territory, catalogue
        What is written.
    path
        File to write; it is replaced.
    """
    path.unlink(missing_ok=True)
    _communes(run, territory).to_file(path, layer="communes", driver="GPKG", engine="pyogrio")
    _sites(run, territory, catalogue).to_file(path, layer="sites", driver="GPKG", engine="pyogrio", mode="a")


def _communes(run: Run, territory: Territory) -> GeoDataFrame:
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


def _sites(run: Run, territory: Territory, catalogue: Catalogue) -> GeoDataFrame:
    import geopandas

    sites, plan = territory.sites, run.organisation
    services = np.array(plan.services)
    columns = {
        "id": sites.ids,
        "nom": sites.names,
        "commune": [territory.communes.codes[index] for index in sites.commune],
        "niveau": [LEVELS[level] for level in site_levels(run, catalogue)],
        "services": [",".join(services[row]) for row in plan.offered],
        "etp": plan.staff.sum(axis=1),
    }
    return geopandas.GeoDataFrame(columns, geometry=geopandas.points_from_xy(*sites.xy.T), crs=territory.crs)
