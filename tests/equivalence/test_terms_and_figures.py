"""Each term of the model equals the figure that the assessment computes from the organisation alone."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from territo.domain.demand import yearly_demand
from territo.scenario.schema import Scenario
from territo.studies.build import build_territory
from territo.studies.compare import compare
from territo.studies.workspace import default_workspace

SERVICES = (
    "france_services",
    "action_sociale",
    "eaje",
    "mediatheque",
    "voirie",
    "espaces_verts",
    "ads",
    "finances",
)
TERRITORIES = {"count": [3, 5], "balance": {"on": "workload", "tolerance": 0.25}}
WISHES = {
    "central": {"modalities": {"front": "central", "field": "central", "back": "central"}},
    "poles": {"modalities": {"front": "poles", "field": "poles", "back": "central"}, "territories": TERRITORIES},
    "exact": {
        "modalities": {"front": "poles", "field": "poles", "back": "central"},
        "territories": TERRITORIES | {"contiguity": "exact"},
    },
    "free": {
        "modalities": {"front": "free", "field": "poles", "back": "central"},
        "territories": TERRITORIES,
        "sites": {"candidates": "centres"},
    },
    "antennas": {
        "services": ("france_services", "action_sociale", "voirie", "finances"),
        "modalities": {
            "front": "poles_antennas",
            "field": "poles",
            "back": "central",
            "antenna_services": ["france_services"],
        },
        "territories": TERRITORIES,
        "sites": {"candidates": "centres"},
    },
    "chosen": {
        "modalities": {"front": ["poles", "free"], "field": ["central", "poles"], "back": "central"},
        "territories": TERRITORIES,
        "sites": {"candidates": "existing"},
    },
    "stops": {
        "modalities": {"front": "poles", "field": "poles", "back": "central"},
        "territories": TERRITORIES | {"seats": ["64445", "64129", "64284", "64348", "64335"]},
        "itinerant": {"services": ["france_services", "action_sociale"], "communes_min_population": 2_500},
        "objective": {"kind": "lexicographic", "order": ["coverage"]},
    },
    "fair": {
        "modalities": {"front": "free", "field": "poles", "back": "central"},
        "territories": TERRITORIES | {"count": 3},
        "sites": {"candidates": "existing"},
        "norms": {
            "france_services": {"within_minutes": 20, "groups": {"poor": 0.95}, "second_point_share": 0.8},
        },
        "equity": {"measure": "cvar", "max_minutes": 25, "least_means_ratio": 0.9, "most_redeployment": 0.05},
    },
    "offices": {
        "services": ("france_services", "voirie", "ads", "rh_paie", "finances"),
        "modalities": {"front": "poles", "field": "poles", "back": "free", "overrides": {"ads": ["central", "poles"]}},
        "territories": TERRITORIES,
        "sites": {"candidates": ["64445", "64129", "64284", "64348", "64335"]},
    },
    "transition": {
        "services": ("mediatheque", "voirie", "espaces_verts", "finances"),
        "modalities": {"front": "poles", "field": "poles", "back": "central"},
        "territories": TERRITORIES,
        "transition": {"max_moved_fte_pct": 30, "years": 4},
    },
    "priorities": {
        "modalities": {"front": "poles", "field": "poles", "back": "central"},
        "territories": TERRITORIES,
        "objective": {"kind": "lexicographic", "order": ["equity", "coverage"]},
    },
}


@pytest.fixture(scope="module")
def embedded():
    return build_territory(default_workspace().embedded_spec, None)


@pytest.fixture(scope="module", params=sorted(WISHES))
def run(request, embedded):
    scenario = Scenario.model_validate(
        {"id": request.param, "name": request.param, "services": SERVICES} | WISHES[request.param]
    )
    comparison = compare([scenario], embedded)
    assert comparison.runs[0].status == "optimal"
    return comparison.runs[0]


def test_cost_is_the_price_of_the_organisation(run):
    assert run.terms["cost"] == pytest.approx(run.assessment["COST"].value, rel=1e-6)


def test_travel_is_the_hours_that_people_spend(run):
    assert run.terms["travel"] == pytest.approx(run.assessment["PRX6"].value, rel=1e-6)


def test_coverage_is_the_inhabitants_beyond_the_norm(run, embedded):
    people = embedded.territory.communes.population.sum()
    beyond = sum(people * (1.0 - share) for share in run.assessment["PRX3"].by_service.values() if np.isfinite(share))
    assert run.terms["coverage"] == pytest.approx(beyond, rel=1e-6)


def test_equity_is_the_time_of_the_worst_served_or_the_equivalent_time(run, embedded):
    equity = run.terms["equity"]
    if run.scenario_id == "fair":
        assert equity == pytest.approx(run.assessment["EQU1.groups"].value, rel=1e-6)
        return
    from territo.assess.case import make_case
    from territo.assess.fairness import needy_trips, reference_alpha
    from territo.assess.reference import current_situation
    from territo.scenario.catalogue import load_catalogue

    catalogue = load_catalogue(default_workspace().catalogue)
    demand = yearly_demand(embedded.territory, catalogue, run.organisation.services)
    today, _ = current_situation(
        embedded.territory, catalogue, embedded.travel, demand=demand, services=run.organisation.services
    )
    before = make_case(embedded.territory, catalogue, embedded.travel, demand, today)
    kappa = reference_alpha(before)
    assert embedded.travel.minutes.max() * kappa < 12  # beyond, the proxy is capped
    value = (np.log(equity / needy_trips(before).sum()) + 6.0) / kappa
    assert value == pytest.approx(run.assessment["EQU2"].value, rel=1e-6)


def test_promises_of_equity_are_kept_in_the_figures(run):
    if run.scenario_id != "fair":
        return
    figures = run.assessment
    assert figures["EQU1.groups"].value <= 25 + 1e-6
    assert figures["EQU4.min"].value >= 0.9 - 1e-6
    assert figures["EQU4.gap"].value <= 0.05 + 1e-6
    assert figures["PRX3.poor"].by_service["france_services"] >= 0.95 - 1e-6
    assert figures["RES1.two"].by_service["france_services"] >= 0.8 - 1e-6


def test_every_territory_is_in_one_piece_and_holds_its_seat(run, embedded):
    graph = nx.Graph(embedded.territory.adjacency.tolist())
    plan = run.organisation
    for seat in plan.seats:
        members = np.flatnonzero(plan.territory_of == seat).tolist()
        assert embedded.territory.sites.commune[seat] in members
        assert nx.is_connected(graph.subgraph(members))


def test_users_go_to_the_nearest_point_of_open_access_services(run, embedded):
    """By population-weighted mean of the cells that share a site, as the demand nodes do."""
    from territo.domain.nodes import demand_nodes

    nodes, people = demand_nodes(embedded.territory), embedded.territory.cells.population
    for column, service in enumerate(run.organisation.services):
        if service not in {"france_services", "eaje", "mediatheque"}:
            continue
        offered = np.flatnonzero(run.organisation.offered[:, column])
        for node in range(nodes.max() + 1):
            inside = nodes == node
            means = np.average(embedded.travel.minutes[np.ix_(inside, offered)], axis=0, weights=people[inside])
            used = set(run.organisation.assignment[inside, column].tolist())
            assert used == {int(offered[means.argmin()])}


def test_teams_do_the_work_and_people_are_all_counted(run, embedded):
    territory = embedded.territory
    totals = np.bincount(territory.cells.commune, weights=territory.cells.population)
    assert totals == pytest.approx(territory.communes.population, rel=1e-9)
    from territo.scenario.catalogue import load_catalogue

    catalogue = load_catalogue(default_workspace().catalogue)
    demand = yearly_demand(territory, catalogue, run.organisation.services)
    stops = run.organisation.itinerance
    away = np.zeros(demand.units.shape) if stops is None else stops.credit * (stops.assignment >= 0)
    for column, code in enumerate(run.organisation.services):
        work = np.bincount(
            run.organisation.assignment[:, column],
            weights=((1.0 - away) * demand.units)[:, column],
            minlength=len(territory.sites),
        )
        assert (run.organisation.staff[:, column] * catalogue[code].prod_per_fte >= work - 1e-6).all()


def test_stops_are_held_long_enough_for_those_who_use_them(run, embedded):
    stops = run.organisation.itinerance
    assert (stops is None) == (run.scenario_id != "stops")
    if stops is None:
        return
    from territo.scenario.catalogue import load_catalogue

    catalogue = load_catalogue(default_workspace().catalogue)
    demand = yearly_demand(embedded.territory, catalogue, run.organisation.services)
    hours = np.zeros(len(embedded.territory.sites))
    for column, code in enumerate(run.organisation.services):
        used = stops.assignment[:, column] >= 0
        work = demand.units[used, column] * stops.credit * catalogue.constants.hours_per_fte
        np.add.at(hours, stops.assignment[used, column], work / catalogue[code].prod_per_fte)
    assert hours.max() > 0
    assert (hours <= stops.half_days * 47 * 4 + 1e-6).all()
    assert set(stops.parent[stops.half_days > 0]) <= set(run.organisation.seats)


def test_a_scenario_equal_to_the_reference_saves_exactly_nothing(embedded):
    same = Scenario(id="same", name="same", mode="evaluate", services=SERVICES)
    saving = compare([same], embedded).runs[0].assessment["ECO1"]
    assert (saving.low, saving.value, saving.high) == (0.0, 0.0, 0.0)
