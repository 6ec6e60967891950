"""The hand-solved cases MC1 to MC8 of the domain specification, section 8.1."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from territo.errors import InfeasibleError
from territo.formulate.scale import tangent
from territo.locate.highs import Options
from territo.model.solve import solve
from tests.model.problems import line, problem, services, sites, territories

EXACT = Options(gap=0.0, time_limit_s=20)


def best(case):
    solution = solve(case, EXACT)
    assert all(proof.status == "optimal" for proof in solution.proofs)
    return solution, sum(weight * solution.terms[name] for name, weight in case.goals[0].items())


@pytest.mark.parametrize(("fixed", "opened", "total"), [(60_000, 1, 68_000), (5_000, 2, 10_000), (8_000, None, 16_000)])
def test_mc1_break_even_between_one_site_and_two(fixed, opened, total):
    case = problem(
        line(0, 20), [1_000, 1_000], places=sites(2, opening_eur=fixed), goals=({"cost": 1.0, "travel": 12.0},)
    )
    solution, value = best(case)
    assert value == pytest.approx(total)
    assert opened is None or solution.offered.any(axis=1).sum() == opened


def mc2(within, **values):
    times = line(0, 15, 30)
    return problem(
        times,
        [0, 0, 0],
        [1_000, 900, 700],
        offer=services(productivity=1_500, least_team=2, fte_eur=45_000),
        places=sites(3, opening_eur=10_000),
        allowed=(times <= within)[:, :, None],
        **values,
    )


@pytest.mark.parametrize(("within", "total"), [(15, 100_000), (29, 100_000), (14, 300_000), (30, 100_000)])
def test_mc2_floors_against_a_norm(within, total):
    solution, value = best(mc2(within))
    assert value == pytest.approx(total)
    if within in (15, 29):
        assert solution.offered[:, 0].tolist() == [False, True, False]
        assert solution.staff.sum() == pytest.approx(2)


def test_mc2_names_the_budget_that_blocks():
    with pytest.raises(InfeasibleError, match="- limits"):
        solve(mc2(10, limits={"cost": 200_000}), EXACT)


@pytest.mark.parametrize(("nearest", "total"), [(False, 90_000), (True, 99_000)])
def test_mc3_closest_assignment_costs_what_it_costs(nearest, total):
    times = np.array([[0.0, 22.0], [12.0, 10.0], [22.0, 0.0]])
    case = problem(
        times,
        [0, 0, 0],
        [800, 200, 1_000],
        offer=services(productivity=1_000, least_team=1, fte_eur=45_000, nearest=nearest),
        places=sites(2, kept=True),
    )
    solution, value = best(case)
    assert value == pytest.approx(total)
    assert solution.site_of[1, 0] == int(nearest)


@pytest.mark.parametrize(("premises", "total"), [(30_000, 136_000), (3_000, 104_000)])
def test_mc5_shared_premises_bring_services_together(premises, total):
    case = problem(
        line(0, 10),
        [[3_000, 1_000], [1_000, 3_000]],
        offer=services(2, point_eur=45_000),
        places=sites(2, 2, opening_eur=premises),
        goals=({"cost": 1.0, "travel": 12.0},),
    )
    _, value = best(case)
    assert value == pytest.approx(total)


@pytest.mark.parametrize(("premises", "total"), [(30_000, 79_000)])
def test_mc5_one_service_alone(premises, total):
    case = problem(
        line(0, 10),
        [3_000, 1_000],
        offer=services(point_eur=45_000),
        places=sites(2, opening_eur=premises),
        goals=({"cost": 1.0, "travel": 12.0},),
    )
    assert best(case)[1] == pytest.approx(total)


def districts(times, workload, edges, count, seats=None, **values):
    plan = territories(times, workload, edges, count=count, seats=seats, **values)
    n = len(times)
    return problem(
        times,
        np.zeros(n),
        np.array(workload),
        offer=services(choices=(("poles",),), nearest=False, sector=True, productivity=1.0, fte_eur=1.0),
        places=sites(n),
        territories=plan,
    )


def path(**values):
    return districts(line(0, 10, 20, 30), [70, 60, 30, 40], [(0, 1), (1, 2), (2, 3)], 2, **values)


def loads(case, solution):
    return sorted(case.territories.workload[solution.seat_of == seat].sum() for seat in np.unique(solution.seat_of))


def test_mc6_without_contiguity_a_path_splits_evenly():
    case = path(tolerance=0.0)
    solution, _ = best(case)
    assert loads(case, solution) == [100, 100]


@pytest.mark.parametrize("rule", ["sufficient", "exact"])
def test_mc6_contiguity_needs_thirty_percent(rule):
    for tolerance in (0.10, 0.299):
        with pytest.raises(InfeasibleError, match="- balance"):
            solve(path(tolerance=tolerance, contiguity=rule), EXACT)
    case = path(tolerance=0.30, contiguity=rule)
    assert loads(case, best(case)[0]) == [70, 130]


def test_mc7_the_sufficient_rule_may_forbid_the_best_plan_and_the_exact_one_finds_it():
    # communes A, B, c, d; edges A-B 5, B-c 5, A-d 12, d-c 12
    times = np.array([[0, 5, 10, 12], [5, 0, 5, 17], [10, 5, 0, 12], [12, 17, 12, 0]], dtype=float)
    edges = [(0, 1), (1, 2), (0, 3), (2, 3)]
    case = districts(times, [30, 60, 15, 15], edges, 2, seats=[0, 1], tolerance=0.0, contiguity="exact")
    solution, _ = best(case)
    assert solution.seat_of.tolist() == [0, 1, 0, 0]
    strict = dataclasses.replace(case, territories=dataclasses.replace(case.territories, contiguity="sufficient"))
    with pytest.raises(InfeasibleError):
        solve(strict, EXACT)


@pytest.mark.parametrize(("missions", "total", "depots"), [(100, 11_000, 1), (150, 12_000, 2), (120, 12_000, None)])
def test_mc8_field_crews_drive_from_one_depot_or_two(missions, total, depots):
    times = line(0, 20)
    case = problem(
        times,
        [0, 0],
        offer=services(nearest=False, point_eur=6_000),
        places=sites(2),
        agent_eur=(50.0 * missions * (times > 0))[:, :, None],
    )
    solution, value = best(case)
    assert value == pytest.approx(total)
    assert depots is None or solution.offered.sum() == depots


@pytest.mark.parametrize(("exponent", "saving"), [(0.80, 0.1294), (0.85, 0.0987)])
@pytest.mark.parametrize("modality", ["free", "central"])
def test_mc9_pooling_two_equal_units_of_a_power_law_saves_what_the_law_says(exponent, saving, modality):
    """The pieces touch the law at one unit and at two."""
    pieces = (tangent(1.0, 1.0, exponent), tangent(2.0, 2.0**exponent, exponent))
    times = line(0, 10)
    costs = []
    for allowed in (np.eye(2), np.ones((2, 2)) if modality == "free" else np.array([[1, 0], [1, 0]])):
        choices = ("free",) if allowed[1, 0] == 0 else (modality,)
        offer = services(productivity=10.0, fte_eur=1.0, pieces=(pieces,), choices=(choices,))
        closed = [False, bool(allowed[1, 0])]
        case = problem(
            times, [0, 0], [1, 1], offer=offer, places=sites(2, closed=closed), allowed=allowed[:, :, None].astype(bool)
        )
        solution, value = best(case)
        assert solution.staff.sum() == pytest.approx(value)
        costs.append(value)
    assert 1 - costs[1] / costs[0] == pytest.approx(saving, abs=5e-5)


def test_the_cheaper_piece_is_chosen_where_sites_compete():
    """Two units at A and one at B: pooled, three units on the second piece and some travel; apart, each on its own."""
    pieces = (tangent(1.0, 100.0, 0.5), tangent(3.0, 100.0 * 3**0.5, 0.5))
    apart = min(f + 2 * v for f, v in pieces) + min(f + v for f, v in pieces)
    for travel, points in ((50.0, 1), (80.0, 2)):
        offer = services(productivity=1.0, fte_eur=1.0, pieces=(pieces,), nearest=False)
        away = np.array([[0.0, 1e6], [travel, 0.0]])[:, :, None]
        case = problem(line(0, 10), [0, 0], [2, 1], offer=offer, places=sites(2), agent_eur=away)
        solution, value = best(case)
        assert solution.offered.sum() == points
        assert value == pytest.approx(100.0 * 3**0.5 + travel if points == 1 else apart)


def test_mc9_pooling_two_equal_units_with_a_fixed_cost_saves_eighteen_percent():
    fixed, each = 5.625, 10.0
    offer = services(productivity=1.0, fte_eur=1.0, point_eur=fixed)
    costs = []
    for kept in ([True, True], [True, False]):
        places = sites(2, kept=kept, closed=[not site for site in kept])
        case = problem(line(0, 10), [0, 0], [each, each], offer=offer, places=places)
        costs.append(best(case)[1])
    assert costs == pytest.approx([31.25, 25.625])
    assert 1 - costs[1] / costs[0] == pytest.approx(0.18)
