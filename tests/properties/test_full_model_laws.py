"""Laws of the whole model, all families at once, on random organisations of six communes (section 8.2)."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from territo.locate.highs import Options
from territo.model.build import build
from territo.model.families import Coordination, Means, Moves, Norm, SecondPoint, Stops
from territo.model.solve import solve
from territo.model.solver import solve as solve_program
from territo.progress import Silent
from tests.model.problems import problem, services, sites, territories

EXACT = Options(gap=0.0, time_limit_s=30)
COMMUNES, SITES = 6, 4
VALUE_OF_TIME = 20.0
EVERYWHERE = ("central", "poles", "poles_antennas", "free")

laws = settings(max_examples=3, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
seeds = st.integers(0, 10_000)


def offer(**values):
    """A front service with every modality, a field service in poles, an office at the siège or in poles."""
    defaults = {
        "choices": (EVERYWHERE, ("poles",), ("central", "poles")),
        "nearest": [True, False, False],
        "sector": [False, True, True],
        "branch": [True, False, False],
        "productivity": [800.0, 400.0, 1_000.0],
        "least_team": [1.0, 1.5, 0.0],
        "fte_eur": 45_000.0,
        "point_eur": [3_000.0, 1_000.0, 500.0],
        "reception_m2": [40.0, 0.0, 5.0],
        "space_m2": [12.0, 60.0, 16.0],
        "pieces": ((), (), ((0.5, 1.4e-3), (1.5, 1.0e-3))),
    }
    return services(3, **(defaults | values))


def random_case(seed, **values):
    rng = np.random.default_rng(seed)
    at = rng.uniform(0, 40, (COMMUNES, 2))
    times = np.hypot(*(at[:, None, :] - at[None, :, :]).transpose(2, 0, 1)) + 2.0
    people = rng.uniform(400, 2_500, (COMMUNES, 1))
    edges = [(a, b) for a in range(COMMUNES) for b in range(a + 1, COMMUNES) if a < SITES or rng.random() < 0.4]
    plan = territories(times, people[:, 0], edges, count=2, seats=range(SITES), tolerance=0.9, contiguity="sufficient")
    usable = np.zeros((COMMUNES, 2, 3), dtype=bool)
    usable[:, :, 0] = times[:, 2:4] <= 25
    stops = Stops(
        sites=np.array([2, 3]),
        parents=np.arange(SITES),
        half_day_eur=6_000.0 + 100.0 * times[2:4, :SITES],
        usable=usable,
        fewest=1,
        most=4,
        credit=0.6,
        hours_per_half_day=188.0,
        hours_per_unit=np.array([1.6, 0.0, 0.0]),
    )
    staff = np.column_stack([np.zeros(COMMUNES), people[:, 0] / 300.0, people[:, 0] / 900.0])
    site = np.where(np.arange(COMMUNES) < SITES, np.arange(COMMUNES), -1)
    names = tuple(str(k + 1) for k in range(COMMUNES))
    away = np.zeros((COMMUNES, SITES, 3))
    away[:, :, 1] = 30.0 * times[:, :SITES]
    defaults = {
        "offer": offer(),
        "places": sites(SITES, 3, opening_eur=rng.uniform(2_000, 9_000, SITES), reception_eur_m2=100.0),
        "population": people[:, 0],
        "covered_within": 20.0,
        "agent_eur": away,
        "territories": plan,
        "coordination": Coordination(manager_eur=60_000.0, seat_fte=1.0, liaison_fte=0.1, branch_fte=0.05),
        "stops": stops,
        "moves": Moves(names, site, staff, 40.0 * times[:, :SITES], 0.1),
        "goals": ({"cost": 1.0, "travel": VALUE_OF_TIME},),
    } | values
    return problem(times[:, :SITES], people * [[0.8, 0.0, 0.0]], people * [[0.8, 1.0, 0.9]], **defaults)


def best(case):
    """Value of the optimum, ``inf`` where nothing is possible (whose reasons would take long to find)."""
    program, terms = build(case)
    program.minimise(case.goals[0], terms)
    outcome = solve_program(program, EXACT, Silent())
    if outcome.status == "infeasible":
        return np.inf
    assert outcome.status == "optimal"
    return outcome.objective


def never_better(worse, better):
    assert np.isfinite(better)
    assert worse == better or worse >= better - 1e-6 * abs(better)


@laws
@given(seeds)
def test_leaving_a_modality_to_the_optimiser_is_as_good_as_the_best_of_them(seed):
    values = []
    for modality in EVERYWHERE:
        choices = ((modality,), ("poles",), ("central", "poles"))
        values.append(best(random_case(seed, offer=offer(choices=choices))))
    assert best(random_case(seed)) == pytest.approx(min(values), rel=1e-6)


@laws
@given(seeds)
def test_stops_that_may_be_held_never_worsen(seed):
    never_better(best(random_case(seed, stops=None)), best(random_case(seed)))


@laws
@given(seeds)
def test_looking_at_the_transition_and_limiting_its_moves_never_improve(seed):
    case = random_case(seed)
    never_better(best(case), best(dataclasses.replace(case, moves=None)))
    limited = dataclasses.replace(case, moves=dataclasses.replace(case.moves, most_fte=4.0))
    never_better(best(limited), best(case))


@laws
@given(seeds, st.floats(0.5, 0.8), st.floats(0.0, 0.2))
def test_tightening_what_is_asked_of_means_never_improves(seed, ratio, more):
    local, need = np.array([False, True, False]), np.random.default_rng(seed).uniform(1, 3, COMMUNES)
    loose, tight = (
        random_case(seed, means=Means(local, need, least_ratio=asked, most_gap=1.0 - asked))
        for asked in (ratio, ratio + more)
    )
    never_better(best(tight), best(loose))
    never_better(best(loose), best(random_case(seed)))


@laws
@given(seeds)
def test_a_ceiling_on_the_worst_served_never_improves_and_is_kept(seed):
    free = random_case(seed, stops=None, worst_share=0.2)
    solution = solve(free, EXACT)
    ceiling = 0.9 * solution.terms["equity"]
    capped = dataclasses.replace(free, limits={"equity": ceiling})
    value = best(capped)
    never_better(value, best(free))
    if np.isfinite(value):
        assert solve(capped, EXACT).terms["equity"] <= ceiling * (1 + 1e-6)


@laws
@given(seeds, st.floats(0.1, 0.6), st.floats(0.0, 0.4))
def test_tightening_a_second_point_or_a_group_never_improves(seed, share, more):
    members = np.random.default_rng(seed).uniform(10, 90, COMMUNES)

    def promised(asked):
        return random_case(seed, second_points=(SecondPoint(0, asked, 25.0),), norms=(Norm(0, asked, "poor", members),))

    tight, loose = best(promised(share + more)), best(promised(share))
    assert tight == loose or tight >= loose - 1e-6 * abs(loose)


@laws
@given(seeds)
def test_a_bundle_at_antennas_and_a_dearer_piece_never_improve(seed):
    case = random_case(seed)
    never_better(best(random_case(seed, offer=offer(bundle=[False, False, True]))), best(case))
    cheaper = ((), (), (*offer().pieces[2], (2.0, 0.8e-3)))
    never_better(best(case), best(random_case(seed, offer=offer(pieces=cheaper))))


@laws
@given(seeds, st.floats(0.2, 20.0))
def test_multiplying_all_euros_multiplies_the_optimum(seed, factor):
    case = random_case(seed)
    money = {name: getattr(case.services, name) * factor for name in ("fte_eur", "point_eur")}
    building = {
        name: getattr(case.sites, name) * factor for name in ("opening_eur", "reception_eur_m2", "staff_eur_m2")
    }
    scaled = dataclasses.replace(
        case,
        services=dataclasses.replace(case.services, **money),
        sites=dataclasses.replace(case.sites, **building),
        agent_eur=case.agent_eur * factor,
        coordination=dataclasses.replace(case.coordination, manager_eur=case.coordination.manager_eur * factor),
        stops=dataclasses.replace(case.stops, half_day_eur=case.stops.half_day_eur * factor),
        moves=dataclasses.replace(case.moves, yearly_eur=case.moves.yearly_eur * factor),
        goals=({"cost": 1.0, "travel": VALUE_OF_TIME * factor},),
    )
    assert best(scaled) == pytest.approx(factor * best(case), rel=1e-6)


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
def test_everyone_is_served_where_the_service_stands_and_teams_do_the_work(seed):
    case = random_case(seed)
    solution = solve(case, EXACT)
    for s in range(3):
        used = solution.site_of[:, s]
        assert solution.offered[used, s].all()
        away = np.where(solution.stop_of[:, s] >= 0, 0.6, 0.0)
        work = np.bincount(used, weights=case.units[:, s] * (1 - away), minlength=SITES)
        assert (solution.staff[:, s] >= work / case.services.productivity[s] - 1e-9).all()
    held = solution.half_days > 0
    assert set(solution.parent[held]) <= set(solution.seat_of)
    assert set(np.unique(solution.stop_of[:, 0])) - {-1} <= set(np.flatnonzero(held))
