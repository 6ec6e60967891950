"""Laws that the optimum obeys whatever the data (domain specification, section 8.2), on random 9 x 4 x 2 cases."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from territo.errors import InfeasibleError
from territo.locate.highs import Options
from territo.model.build import build
from territo.model.families import Norm
from territo.model.solve import solve
from territo.model.solver import solve as solve_program
from territo.progress import Silent
from tests.model.problems import problem, services, sites, territories

EXACT = Options(gap=0.0, time_limit_s=20)
NODES, SITES, SERVICES = 9, 4, 2
VALUE_OF_TIME = 10.0

laws = settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
seeds = st.integers(0, 10_000)


def places(seed):
    return np.random.default_rng(seed).uniform(0, 40, (NODES, 2))


def random_case(seed, *, at=None, weights=None, **values):
    """Nodes on a plane; the first four are the sites."""
    rng = np.random.default_rng(seed)
    at = places(seed) if at is None else at
    times = np.hypot(*(at[:, None, :] - at[None, :SITES, :]).transpose(2, 0, 1)) + 2.0
    people = rng.uniform(200, 2_000, (NODES, 1)) if weights is None else weights
    defaults = {
        "offer": offer(),
        "places": sites(SITES, SERVICES, opening_eur=rng.uniform(5_000, 20_000, SITES), reception_eur_m2=100.0),
        "population": people[:, 0],
        "covered_within": 20.0,
        "goals": ({"cost": 1.0, "travel": VALUE_OF_TIME},),
    } | values
    return problem(times, people * [[0.5, 1.0]], people * [[0.3, 0.8]], **defaults)


def offer(**values):
    defaults = {
        "productivity": [800.0, 1_500.0],
        "least_team": [1.0, 1.5],
        "fte_eur": 45_000.0,
        "point_eur": [1_000.0, 500.0],
        "reception_m2": [40.0, 20.0],
        "space_m2": 12.0,
    }
    return services(SERVICES, **(defaults | values))


def best(case):
    solution = solve(case, EXACT)
    return sum(weight * solution.terms[name] for name, weight in case.goals[0].items())


def never_better(worse, better):
    assert worse == better or worse >= better - 1e-6 * abs(better)


def same(value, other):
    assert value == pytest.approx(other, rel=1e-6)


def without_site(case, site):
    closed = case.sites.closed.copy()
    closed[site] = True
    return dataclasses.replace(case, sites=dataclasses.replace(case.sites, closed=closed))


def with_site(case, site):
    kept = case.sites.kept.copy()
    kept[site] = True
    return dataclasses.replace(case, sites=dataclasses.replace(case.sites, kept=kept))


@laws
@given(seeds)
def test_adding_a_candidate_never_worsens(seed):
    case = random_case(seed)
    never_better(best(without_site(case, seed % SITES)), best(case))


@laws
@given(seeds)
def test_duplicating_a_candidate_never_worsens(seed):
    case = random_case(seed)
    at = places(seed)
    twice = np.concatenate([at[:SITES], at[[seed % SITES]]])
    times = np.hypot(*(at[:, None, :] - twice[None, :, :]).transpose(2, 0, 1)) + 2.0
    costs = np.append(case.sites.opening_eur, case.sites.opening_eur[seed % SITES])
    double = problem(
        times,
        case.visits,
        case.units,
        offer=case.services,
        places=sites(SITES + 1, SERVICES, opening_eur=costs, reception_eur_m2=100.0),
        population=case.population,
        goals=case.goals,
    )
    never_better(best(case), best(double))


@laws
@given(seeds, st.floats(0.3, 0.8), st.floats(0.0, 0.2))
def test_tightening_a_norm_never_improves(seed, share, more):
    loose = random_case(seed, norms=(Norm(0, share),))
    tight = random_case(seed, norms=(Norm(0, share + more),))
    try:
        value = best(tight)
    except InfeasibleError:
        value = np.inf
    never_better(value, best(loose) if np.isfinite(value) else -np.inf)


@laws
@given(seeds)
def test_forcing_a_site_open_never_improves(seed):
    case = random_case(seed)
    never_better(best(with_site(case, seed % SITES)), best(case))


@laws
@given(seeds)
def test_sending_users_to_the_nearest_point_never_improves(seed):
    chosen = random_case(seed, offer=offer(nearest=False))
    never_better(best(random_case(seed)), best(chosen))


@laws
@given(seeds)
def test_lowering_a_budget_never_improves(seed):
    case = random_case(seed)
    cheapest = best(dataclasses.replace(case, goals=({"cost": 1.0},)))
    spent = solve(case, EXACT).terms["cost"]
    low = dataclasses.replace(case, limits={"cost": cheapest * 1.001 + 0.3 * (spent - cheapest)})
    never_better(best(low), best(case))


@laws
@given(seeds)
def test_permuting_nodes_and_sites_changes_nothing(seed):
    case = random_case(seed)
    rng = np.random.default_rng(seed + 1)
    nodes, places_ = rng.permutation(NODES), rng.permutation(SITES)
    moved = problem(
        case.minutes[np.ix_(nodes, places_)],
        case.visits[nodes],
        case.units[nodes],
        offer=case.services,
        places=sites(SITES, SERVICES, opening_eur=case.sites.opening_eur[places_], reception_eur_m2=100.0),
        goals=case.goals,
    )
    same(best(moved), best(case))


@laws
@given(seeds, st.floats(0.1, 50.0))
def test_multiplying_all_euros_multiplies_the_optimum(seed, factor):
    case = random_case(seed)
    money = {name: getattr(case.services, name) * factor for name in ("fte_eur", "point_eur")}
    prices = ("opening_eur", "reception_eur_m2", "staff_eur_m2")
    building = {name: getattr(case.sites, name) * factor for name in prices}
    scaled = dataclasses.replace(
        case,
        services=dataclasses.replace(case.services, **money),
        sites=dataclasses.replace(case.sites, **building),
        goals=({"cost": 1.0, "travel": VALUE_OF_TIME * factor},),
    )
    same(best(scaled), factor * best(case))


@laws
@given(seeds, st.floats(0.1, 20.0))
def test_more_demand_with_as_much_more_productivity_and_cheaper_time_is_the_same(seed, factor):
    case = random_case(seed)
    scaled = dataclasses.replace(
        case,
        units=case.units * factor,
        visits=case.visits * factor,
        services=dataclasses.replace(case.services, productivity=case.services.productivity * factor),
        goals=({"cost": 1.0, "travel": VALUE_OF_TIME / factor},),
    )
    same(best(scaled), best(case))


@laws
@given(seeds, st.floats(0.1, 0.9))
def test_splitting_a_commune_in_place_changes_nothing(seed, share):
    case = random_case(seed)
    rows = [*range(NODES), 0]
    part = np.ones(NODES + 1)
    part[0], part[-1] = share, 1.0 - share
    split = problem(
        case.minutes[rows],
        case.visits[rows] * part[:, None],
        case.units[rows] * part[:, None],
        offer=case.services,
        places=case.sites,
        goals=case.goals,
    )
    same(best(split), best(case))


@laws
@given(seeds)
def test_cost_is_at_least_that_of_the_teams_that_the_demand_needs(seed):
    case = random_case(seed)
    needed = np.maximum(case.services.least_team, case.units.sum(axis=0) / case.services.productivity)
    never_better(solve(case, EXACT).terms["cost"], float((needed * case.services.fte_eur).sum()))


@laws
@given(seeds)
def test_the_relaxation_is_never_above_the_optimum(seed):
    case = random_case(seed)
    program, terms = build(case)
    program.minimise(case.goals[0], terms)
    for decision in program.decisions:
        decision.whole = False
    never_better(best(case), solve_program(program, EXACT, Silent()).objective)


@laws
@given(seeds)
def test_contiguity_never_improves(seed):
    rng = np.random.default_rng(seed)
    at = places(seed)
    times = np.hypot(*(at[:, None, :] - at[None, :, :]).transpose(2, 0, 1))
    edges = [(a, b) for a in range(NODES) for b in range(a + 1, NODES) if b == a + 1 or rng.random() < 0.15]
    work = rng.integers(10, 100, NODES)
    values = [district_cost(times, work, edges, contiguity=rule) for rule in ("none", "exact", "sufficient")]
    never_better(values[1], values[0])
    never_better(values[2], values[1])


def district_cost(times, work, edges, **rule):
    plan = territories(times, work, edges, count=3, seats=range(SITES), tolerance=0.8, **rule)
    case = problem(
        times[:, :SITES],
        np.zeros(NODES),
        work,
        offer=services(choices=(("poles",),), nearest=False, sector=True, productivity=1.0, fte_eur=1.0),
        agent_eur=(times[:, :SITES] * work[:, None])[:, :, None],
        places=sites(SITES),
        territories=plan,
    )
    try:
        return best(case)
    except InfeasibleError:
        return np.inf


@laws
@given(seeds)
def test_free_time_opens_as_few_sites_as_can_be_and_dear_time_puts_users_at_their_nearest_site(seed):
    case = random_case(seed)
    cheap = solve(dataclasses.replace(case, goals=({"cost": 1.0},)), EXACT)
    assert cheap.offered.sum(axis=0).tolist() == [1, 1]
    dear = solve(dataclasses.replace(case, goals=({"cost": 1e-6, "travel": 1.0},)), EXACT)
    assert dear.terms["travel"] == pytest.approx((case.visits * 2 / 60 * case.minutes.min(axis=1)[:, None]).sum())


@laws
@given(seeds)
def test_every_node_goes_to_its_nearest_open_point(seed):
    case = random_case(seed)
    solution = solve(case, EXACT)
    for s in range(SERVICES):
        opened = np.where(solution.offered[:, s], case.minutes, np.inf)
        assert (solution.site_of[:, s] == opened.argmin(axis=1)).all()


@laws
@given(seeds)
def test_leaving_out_who_has_a_nearer_point_by_law_changes_no_answer(seed):
    required = np.zeros((SITES, SERVICES), dtype=bool)
    required[np.random.default_rng(seed).integers(0, SITES, 2), 0] = True
    case = random_case(seed, required=required)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("territo.model.decisions.within_what_the_law_keeps", lambda p, s: p.allowed[:, :, s])
        whole = best(case)
    same(best(case), whole)


@laws
@given(seeds)
def test_a_place_less_for_a_free_service_never_improves(seed):
    case = random_case(seed)
    free_at = case.free_at.copy()
    free_at[0, 1] = False
    never_better(best(dataclasses.replace(case, free_at=free_at)), best(case))
