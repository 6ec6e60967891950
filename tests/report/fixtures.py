"""A small territory of thirty-one Voronoi communes and its comparison, made from the nouns alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import shapely

from territo.domain.arrays import Bools, Floats, Ints
from territo.domain.catalogue import Catalogue, Constants, Service
from territo.domain.indicators import Assessment, Comparison, Indicator, Proof, Run
from territo.domain.itinerance import Itinerance
from territo.domain.organisation import Organisation
from territo.domain.territory import Cells, Communes, Sites, Source, Territory
from territo.domain.travel import TravelTimes

HOSTILE = ("<img src=x onerror=alert(1)>", "</script><script>document.title='pris'</script>", "=CMD|'/c calc'!A1")
SERVICES = ("accueil_mairie", "france_services", "mediatheque", "eaje", "voirie", "finances")
LABELS = (
    "Accueil de mairie",
    "Accueil France services",
    "Médiathèque",
    "Crèche",
    "Entretien de la voirie",
    "Finances",
)
KINDS = ("front", "front", "front", "front", "field", "back")
WEST, SOUTH = 414_000.0, 6_240_000.0


def territory(count: int = 31, *, hostile: bool = False) -> Territory:
    """Draw communes around random centres, seed fixed; commune 0 is the large one."""
    rng = np.random.default_rng(4)
    centres = np.column_stack(
        [WEST + 1_500 + rng.uniform(0, 27_000, count), SOUTH + 1_500 + rng.uniform(0, 21_000, count)]
    )
    box = shapely.box(WEST, SOUTH, WEST + 30_000, SOUTH + 24_000)
    outlines = _voronoi(centres, box)
    population = np.round(rng.lognormal(7.2, 0.9, count)).astype(np.int64)
    population[0] = 77_000
    names = [f"Saint-Exemple-{number:02d}" for number in range(count)]
    names[0] = "Grandville"
    if hostile:
        names[1 : 1 + len(HOSTILE)] = HOSTILE
    codes = tuple(f"64{number:03d}" for number in range(1, count + 1))
    communes = Communes(
        codes, tuple(names), population, shapely.area(np.array(outlines)) / 1e6, centres, tuple(outlines)
    )
    return Territory(
        name="Communauté d’essai",
        crs="EPSG:2154",
        communes=communes,
        cells=Cells(centres, population.astype(np.float64), np.arange(count), 200.0),
        sites=_sites(communes),
        adjacency=_adjacency(outlines),
        sources=(
            Source("communes", "territo", "Licence Ouverte 2.0", "2024", modelled=True),
            Source("population", "INSEE", "Licence Ouverte 2.0", "2021"),
            Source("roads", "OpenStreetMap contributors", "ODbL 1.0", "2022"),
        ),
        digest="0" * 64,
    )


def travel(place: Territory) -> TravelTimes:
    """Crow-fly kilometres x 1.3 at 45 km/h, and two minutes to park."""
    gaps = place.cells.xy[:, None, :] - place.sites.xy[None, :, :]
    km = np.hypot(gaps[..., 0], gaps[..., 1]) / 1_000 * 1.3
    return TravelTimes(km / 45 * 60 + 2, km, "car", "Vitesses par classe de route, deux minutes pour se garer")


def catalogue() -> Catalogue:
    """Six services, enough for the three kinds."""
    services = tuple(_service(code, label, kind) for code, label, kind in zip(SERVICES, LABELS, KINDS, strict=True))
    constants = Constants(**dict.fromkeys(Constants.__dataclass_fields__, 1.0))
    return Catalogue("essai", services, constants, {}, {"menages": 455.0, "d75": 105.0, "pop": 1_000.0})


def comparison(place: Territory) -> Comparison:
    """The current situation and five scenarios, with seats at fixed communes."""
    reference = _run("sc0", "Situation actuelle", place, seats=(), extra=(0, 3, 5, 8, 12, 15, 20))
    plans = {
        "sc1": ("Tout centralisé", (), ()),
        "sc2": ("Pôles territoriaux", (0, 7, 19), ()),
        "sc3": ("Proximité maximale", (0, 7, 14, 19), (2, 5, 9, 11, 21, 25)),
        "sc4": ("Pôles et itinérance", (0, 7, 19), (11, 25)),
        "sc5": ("Budget contraint", (0, 14), (7,)),
    }
    runs = tuple(
        _run(code, name, place, seats=seats, extra=extra, reference=reference)
        for code, (name, seats, extra) in plans.items()
    )
    runs = (*runs[:-1], replace(runs[-1], status="feasible", proofs=(_proof("feasible", 0.021),)))
    return Comparison(reference, runs)


def with_stops(study: Comparison) -> Comparison:
    """Hold stops in « Pôles et itinérance »: two half-days at a town hall (3), one beside an antenna (11)."""
    run = study.runs[3]
    count, services = run.organisation.offered.shape
    half_days, parent = np.zeros(count), np.full(count, -1)
    half_days[[3, 11]], parent[[3, 11]] = (2, 1), (7, 0)
    offered = np.zeros((count, services), dtype=np.bool_)
    offered[3, [1, 2]] = offered[11, 1] = True
    held = Itinerance(0.7, half_days, parent, offered, np.full(run.organisation.assignment.shape, -1))
    itinerant = replace(run, organisation=replace(run.organisation, itinerance=held))
    return replace(study, runs=(*study.runs[:3], itinerant, *study.runs[4:]))


def _voronoi(centres: Floats, box: shapely.Polygon) -> list[shapely.Polygon]:
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(centres), extend_to=box))
    tree = shapely.STRtree(cells)
    of_centre = tree.query(shapely.points(centres), predicate="within")[1]
    return [shapely.intersection(cells[index], box) for index in of_centre]


def _adjacency(outlines: list[shapely.Polygon]) -> Ints:
    pairs = shapely.STRtree(outlines).query(outlines, predicate="touches").T
    return pairs[pairs[:, 0] < pairs[:, 1]]


def _sites(communes: Communes) -> Sites:
    count = len(communes)
    return Sites(
        ids=communes.codes,
        names=tuple(f"Mairie de {name}" for name in communes.names),
        kinds=("town_hall",) * count,
        commune=np.arange(count),
        xy=communes.centres,
        services=(frozenset({"accueil_mairie"}),) * count,
        hours_week=np.full(count, np.nan),
        capacity_m2=np.full(count, np.nan),
    )


def _service(code: str, label: str, kind: str) -> Service:
    return Service(
        code=code, label=label, kind=kind, driver="pop", rate=1.0, unit="acte", prod_per_fte=1000.0, min_fte=1.0,
        visits_per_inh=1.0, digital_share=0.0, norm_min=20.0, max_min=30.0, hours_week=24.0, reception_m2=10.0,
        space_m2_per_fte=12.0, point_cost_eur=0.0, theta=0.5, small_unit_premium=0.1, crew=0.0, trips_per_fte=0.0,
        open_access=kind == "front", every_commune=code == "accueil_mairie", observed_from=(), legal="libre",
        evidence={},
    )  # fmt: skip


def _proof(status: str, gap: float) -> Proof:
    return Proof("siting", status, 100.0, 100.0 * (1 - gap), gap, 1.5, 10, 10, 5)


def _run(
    code: str,
    name: str,
    place: Territory,
    *,
    seats: tuple[int, ...],
    extra: tuple[int, ...],
    reference: Run | None = None,
) -> Run:
    offered = _offered(len(place.sites), (0, *seats, *extra))
    minutes = travel(place).minutes
    organisation = Organisation(
        services=SERVICES,
        modality=("existing",) * 6 if reference is None else ("free", "poles", "poles", "free", "poles", "central"),
        headquarters=0,
        seats=seats,
        territory_of=_nearest(minutes, seats),
        offered=offered,
        staff=np.where(offered, 1.5, 0.0),
        assignment=np.column_stack([_nearest(minutes, np.flatnonzero(column)) for column in offered.T]),
        hours_week=np.where(offered, 24.0, 0.0),
    )
    indicators = _indicators(place, organisation, minutes, reference)
    return Run(
        scenario_id=code,
        scenario_name=name,
        status="evaluated" if reference is None else "optimal",
        organisation=organisation,
        assessment=Assessment({item.id: item for item in indicators}),
        proofs=() if reference is None else (_proof("optimal", 0.0004),),
        passport={"date": "2025-03-01", "territory": place.digest, "solver": "HiGHS 1.15"},
    )


def _offered(count: int, places: tuple[int, ...]) -> Bools:
    offered = np.zeros((count, len(SERVICES)), dtype=np.bool_)
    offered[:, 0] = True
    offered[list(places), 1:5] = True
    offered[0, 5] = True
    return offered


def _nearest(minutes: Floats, sites: tuple[int, ...] | Ints) -> Ints:
    if len(sites) == 0:
        return np.full(len(minutes), -1)
    return np.asarray(sites)[minutes[:, list(sites)].argmin(axis=1)]


def _indicators(place: Territory, plan: Organisation, minutes: Floats, reference: Run | None) -> list[Indicator]:
    people = place.communes.population
    mean = np.take_along_axis(minutes, plan.assignment[:, 1:4], axis=1).mean(axis=1)
    before = mean if reference is None else reference.assessment["PRX1.mean"].by_commune
    cost = 46_000.0 * plan.staff.sum() + 30_000.0 * len(plan.seats)
    saving = 0.0 if reference is None else reference.assessment["COST"].value - cost
    points = dict(zip(plan.services, plan.offered.sum(axis=0).astype(float), strict=True))
    staff = dict(zip(plan.services, plan.staff.sum(axis=0), strict=True))
    within = dict(zip(plan.services, (0.99, 0.87, 0.81, 0.92, 0.64, 1.0), strict=True))
    worst = int(mean.argmax())
    values: Mapping[str, tuple[str, float]] = {
        "COST": ("eur_per_year", cost),
        "PRX1.median": ("min", float(np.median(mean))),
        "PRX2": ("min", float(np.quantile(mean, 0.9))),
        "PRX4.poor": ("share", -0.021),
        "PRX6": ("hours_per_year", float((mean * people).sum() / 30)),
        "EQU1": ("min", float(np.sort(mean)[-3:].mean())),
        "EQU2": ("min", float(mean.mean() + 1)),
        "EQU4.min": ("index", 0.8),
        "EQU4.gap": ("share", 0.12),
        "EQU5": ("share", float("nan") if reference is None else 0.2),
        "OFF2": ("hours_per_week", 24.0 * float(plan.offered[:, 1].sum())),
        "OFF3.bouquet": ("share", 0.7),
        "ORG1": ("index", 8.0),
        "CLI1.tco2e": ("tco2e_per_year", float((mean * people).sum() / 3_000)),
        "RES1.loss": ("share", 0.05),
        "GAG1.winners": ("inhabitants", float(people[mean - before <= -2].sum())),
        "GAG1.losers": ("inhabitants", float(people[mean - before >= 2].sum())),
        "GAG1.neutral": ("inhabitants", float(people[np.abs(mean - before) < 2].sum())),
    }
    return [
        Indicator("ECO1", "eur_per_year", min(saving, saving * 0.5), low=min(saving, 0.0), high=max(saving, 0.0)),
        Indicator("ECO4", "fte", float(plan.staff.sum()), by_service=staff),
        Indicator("PRX1.mean", "min", float(np.average(mean, weights=people)), by_commune=mean),
        Indicator("PRX3", "share", 0.9, by_service=within),
        Indicator("PRX5", "min", float(mean[worst]), subject=place.communes.codes[worst]),
        Indicator("OFF1", "count", float(plan.offered.sum()), by_service=points),
        *(Indicator(name, unit, value) for name, (unit, value) in values.items()),
    ]
