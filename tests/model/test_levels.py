"""Poles with antennas, and what every antenna offers, on cases solved by hand."""

from __future__ import annotations

import numpy as np
import pytest

from territo.locate.highs import Options
from territo.model.families import Coordination
from territo.model.solve import solve
from tests.model.problems import line, problem, services, sites, territories

EXACT = Options(gap=0.0, time_limit_s=20)
TIMES = line(0, 10, 12, 30)
EDGES = [(0, 1), (1, 2), (2, 3)]
VISITS = np.array([300.0, 300.0, 30.0, 300.0])


def two_territories(modality, **values):
    """Communes 1 and 2 with the pole A, 3 and 4 with the pole D; an hour of travel is worth 1 euro."""
    plan = territories(TIMES, np.ones(4), EDGES, count=2, seats=[0, 3], inside=((1, 0, True), (2, 1, True)))
    offer = services(choices=((modality,),), sector=True, branch=True, point_eur=values.pop("point_eur", 20.0))
    return problem(
        TIMES, VISITS, offer=offer, places=sites(4), territories=plan, goals=({"cost": 1.0, "travel": 1.0},), **values
    )


def test_an_antenna_opens_where_its_travel_is_worth_more_than_its_cost():
    solution = solve(two_territories("poles_antennas"), EXACT)
    # 300 visits x 2 x 10 min = 100 h saved for 20 euro at B; 30 visits x 2 x 18 min = 18 h are not worth a point at C
    assert np.flatnonzero(solution.offered[:, 0]).tolist() == [0, 1, 3]
    assert solution.modality == ("poles_antennas",)


def test_communes_use_the_antennas_of_their_own_territory_only():
    inside = solve(two_territories("poles_antennas"), EXACT)
    anywhere = solve(two_territories("free"), EXACT)
    assert inside.site_of[2, 0] == 3  # 18 minutes away, while the antenna B, 2 minutes away, is in the other territory
    assert anywhere.site_of[2, 0] == 1


def test_poles_without_antennas_stand_at_the_seats_alone():
    assert np.flatnonzero(solve(two_territories("poles"), EXACT).offered[:, 0]).tolist() == [0, 3]


def test_what_antennas_cost_counts_outside_the_seats():
    price = Coordination(manager_eur=100.0, seat_fte=1.0, liaison_fte=0.1, branch_fte=0.05)
    solution = solve(two_territories("poles_antennas", coordination=price), EXACT)
    # three points of 20, two managers for half of the time, two liaisons, one antenna
    assert solution.terms["cost"] == pytest.approx(3 * 20 + 2 * 50 + 2 * 10 + 5)


@pytest.mark.parametrize(("bundle", "opened"), [([False, False], [1, 0]), ([False, True], [1, 1])])
def test_an_antenna_offers_the_bundle(bundle, opened):
    """The first service is worth an antenna at B, the second is not, unless every antenna must have it."""
    offer = services(2, branch=True, bundle=bundle, point_eur=[10.0, 30.0])
    case = problem(
        line(0, 30),
        [[100.0, 10.0], [100.0, 10.0]],
        offer=offer,
        places=sites(2, 2, kept=[True, False]),
        goals=({"cost": 1.0, "travel": 1.0},),
    )
    assert solve(case, EXACT).offered[1].astype(int).tolist() == opened


def test_the_optimiser_may_choose_antennas():
    plan = territories(TIMES, np.ones(4), EDGES, count=2, seats=[0, 3])
    values = []
    for choices in [("central",), ("poles",), ("poles_antennas",), ("central", "poles", "poles_antennas")]:
        case = problem(
            TIMES,
            VISITS,
            offer=services(choices=(choices,), sector=True, point_eur=20.0),
            places=sites(4),
            territories=plan,
            goals=({"cost": 1.0, "travel": 1.0},),
        )
        solution = solve(case, EXACT)
        values.append(solution.terms["cost"] + solution.terms["travel"])
    assert values[3] == pytest.approx(min(values[:3]))
    assert values[2] < min(values[:2])
