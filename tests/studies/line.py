"""Case MC2 of the domain specification as a territory: three communes on a line, fifteen minutes apart."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from shapely.geometry import box

from territo.domain.catalogue import Catalogue
from territo.domain.territory import Cells, Communes, Sites, Source, Territory
from territo.domain.travel import LoadedTerritory
from territo.scenario.schema import Scenario
from tests.factories import CONSTANTS, line_travel, service

PEOPLE = np.array([1_000.0, 900.0, 700.0])
CODES = ("L1", "L2", "L3")
BUDGET = 200_000


def catalogue() -> Catalogue:
    """One desk: 1,500 units an FTE, teams of two at least, 45,000 EUR an FTE, 10,000 EUR a point."""
    desk = service(
        "accueil", prod_per_fte=1_500.0, min_fte=2.0, point_cost_eur=10_000.0, reception_m2=0.0, space_m2_per_fte=0.0
    )
    constants = replace(CONSTANTS, fte_cost_eur=45_000.0, antenna_fte=0.0)
    return Catalogue("test", (desk,), constants, {}, {"pop": 1_000.0, "pauvres": 100.0, "d75": 100.0, "menages": 400.0})


def territory() -> LoadedTerritory:
    """Three communes of 1,000, 900 and 700 inhabitants, each in one cell with its town hall."""
    at = np.array([[1_000.0 + 2_000 * k, 1_000.0] for k in range(3)])
    communes = Communes(
        codes=CODES,
        names=("Amont", "Milieu", "Aval"),
        population=PEOPLE.astype(int),
        area_km2=np.full(3, 4.0),
        centres=at,
        outlines=tuple(box(2_000 * k, 0, 2_000 * (k + 1), 2_000) for k in range(3)),
        equipment={"TOTAL": np.array([3, 2, 1])},
    )
    cells = Cells(xy=at, population=PEOPLE, commune=np.arange(3), size_m=200.0)
    sites = Sites(
        ids=CODES,
        names=("Mairie d’Amont", "Mairie de Milieu", "Mairie d’Aval"),
        kinds=("town_hall",) * 3,
        commune=np.arange(3),
        xy=at,
        services=(frozenset(),) * 3,
        hours_week=np.full(3, np.nan),
        capacity_m2=np.full(3, np.nan),
    )
    source = Source("communes", "tests", "CC0", "2026", modelled=True)
    line = Territory("Une ligne", "EPSG:2154", communes, cells, sites, np.array([[0, 1], [1, 2]]), (source,), "line")
    return LoadedTerritory(line, line_travel((0.0, 15.0, 30.0), (0.0, 15.0, 30.0)), None, None)


def scenario(**values: object) -> Scenario:
    """Make a desk within ten minutes of everyone, for 200,000 EUR a year."""
    defaults = {
        "id": "mc2",
        "name": "MC2",
        "services": ["accueil"],
        "norms": {"accueil": {"within_minutes": 10.0}},
        "objective": {
            "kind": "epsilon",
            "minimise": "travel",
            "limits": {"cost_eur_per_year": float(BUDGET)},
        },
    }
    return Scenario.model_validate(defaults | values)
