"""Small territories, catalogues and travel times whose figures can be computed by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from shapely.geometry import box

from territo.domain.catalogue import Catalogue, Constants, Service
from territo.domain.territory import Cells, Communes, Sites, Source, Territory
from territo.domain.travel import TravelTimes

CONSTANTS = Constants(
    fte_cost_eur=40_000.0,
    manager_cost_eur=60_000.0,
    hours_per_fte=1_300.0,
    space_cost_eur_m2=100.0,
    workshop_cost_eur_m2=50.0,
    site_cost_eur=6_000.0,
    shared_reception=0.6,
    fitout_eur_m2=1_000.0,
    fitout_annuity=0.1,
    mileage_eur_km=0.5,
    tour_factor=0.6,
    value_of_time_eur_h=10.0,
    co2_kg_km=0.2,
    trip_share=0.5,
    car_share=0.8,
    car_occupancy=1.6,
    pole_manager_fte=1.0,
    pole_liaison_fte=0.1,
    antenna_fte=0.05,
    span_field=10.0,
    span_office=8.0,
    offline_75_plus=0.75,
    offline_others=0.25,
    front_floor_fte=0.4,
    need_weight_poor=0.5,
    need_weight_75_plus=0.5,
    itinerant_weeks=47.0,
    half_day_hours=4.0,
    scale_population=60_000.0,
    departure_rate=0.1,
    moving_eur_20_km=1_000.0,
    moving_eur_40_km=2_000.0,
    moving_eur_60_km=3_000.0,
    moving_eur_90_km=4_000.0,
    moving_support_eur=500.0,
)


def service(code: str, kind: str = "front", **changes: Any) -> Service:
    """Make a service that asks 1 unit and 1 visit per inhabitant, 1,000 units per FTE; every field may change."""
    plain = Service(
        code=code,
        label=code.replace("_", " ").capitalize(),
        kind=kind,
        driver="pop",
        rate=1.0,
        unit="demande",
        prod_per_fte=1_000.0,
        min_fte=1.0,
        visits_per_inh=1.0 if kind == "front" else 0.0,
        digital_share=0.0,
        norm_min=15.0 if kind == "front" else None,
        max_min=30.0 if kind == "front" else None,
        hours_week=25.0 if kind == "front" else 0.0,
        reception_m2=20.0 if kind == "front" else 0.0,
        space_m2_per_fte=10.0,
        point_cost_eur=1_000.0,
        theta=0.5,
        small_unit_premium=0.0 if kind == "front" else 0.1,
        crew=2.0 if kind == "field" else 0.0,
        trips_per_fte=200.0 if kind == "field" else 0.0,
        open_access=kind == "front",
        every_commune=False,
        observed_from=(),
        legal="libre",
        evidence={},
    )
    return replace(plain, **changes)


def tiny_catalogue(services: Iterable[Service] | None = None) -> Catalogue:
    """Make a catalogue of one service of each kind, a library known by its equipment and a desk in every commune."""
    standard = (
        service("accueil_mairie", every_commune=True),
        service("france_services"),
        service("mediatheque", observed_from=("F307",)),
        service("voirie", "field"),
        service("finances", "back"),
    )
    chosen = standard if services is None else tuple(services)
    per_1000 = {"pop": 1_000.0, "pauvres": 100.0, "d75": 100.0, "menages": 400.0}
    return Catalogue("test", chosen, CONSTANTS, {}, per_1000)


def tiny_territory(**changes: Any) -> Territory:
    """Make two communes on a line, with three cells and three sites.

    Amont (A1) has 1,000 inhabitants in two cells of 600 and 400; Bourg (B1)
    has 500 in one cell. Sites: the two town halls, then a France services
    point in Bourg that opens 24 hours a week. ``line_travel()`` fits it.
    """
    communes = Communes(
        codes=("A1", "B1"),
        names=("Amont", "Bourg"),
        population=np.array([1_000, 500]),
        area_km2=np.array([4.0, 4.0]),
        centres=np.array([[1_000.0, 1_000.0], [3_000.0, 1_000.0]]),
        outlines=(box(0, 0, 2_000, 2_000), box(2_000, 0, 4_000, 2_000)),
        equipment={"F307": np.array([0, 1]), "TOTAL": np.array([10, 20])},
    )
    cells = Cells(
        xy=np.array([[1_000.0, 1_000.0], [1_800.0, 1_000.0], [3_000.0, 1_000.0]]),
        population=np.array([600.0, 400.0, 500.0]),
        commune=np.array([0, 0, 1]),
        size_m=200.0,
    )
    sites = Sites(
        ids=("A1", "B1", "FS1"),
        names=("Mairie d’Amont", "Mairie de Bourg", "France services de Bourg"),
        kinds=("town_hall", "town_hall", "france_services"),
        commune=np.array([0, 1, 1]),
        xy=np.array([[1_000.0, 1_000.0], [3_000.0, 1_000.0], [2_600.0, 1_000.0]]),
        services=(frozenset(), frozenset(), frozenset({"france_services"})),
        hours_week=np.array([np.nan, np.nan, 24.0]),
        capacity_m2=np.full(3, np.nan),
    )
    source = Source("communes", "tests", "CC0", "2026", modelled=True)
    plain = Territory("Deux communes", "EPSG:2154", communes, cells, sites, np.array([[0, 1]]), (source,), "tiny")
    return replace(plain, **changes)


def line_travel(
    cells: Sequence[float] = (0.0, 10.0, 30.0), sites: Sequence[float] = (0.0, 30.0, 20.0), km_per_minute: float = 1.0
) -> TravelTimes:
    """Make travel along a line: positions in minutes, no terminal time."""
    minutes = np.abs(np.array(cells)[:, None] - np.array(sites)[None, :])
    return TravelTimes(minutes, minutes * km_per_minute, "car", "line")
