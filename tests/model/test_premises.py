"""Buildings, works and closures on cases solved by hand."""

from __future__ import annotations

import numpy as np
import pytest

from territo.errors import InfeasibleError
from territo.locate.highs import Options
from territo.model.solve import solve
from tests.model.problems import line, problem, services, sites

EXACT = Options(gap=0.0, time_limit_s=20)


def two_services(**places):
    """Two services of 200 units at A, 2 FTE of 10 m2 each, and receptions of 30 and 20 m2; B is dearer than A."""
    offer = services(2, productivity=100.0, reception_m2=[30.0, 20.0], space_m2=10.0, point_eur=1.0)
    building = sites(2, 2, reception_eur_m2=1.0, opening_eur=[0.0, 50.0], **places)
    units = np.array([[200.0, 200.0], [0.0, 0.0]])
    return problem(line(0, 10), np.zeros((2, 2)), units, offer=offer, places=building, headquarters=0)


@pytest.mark.parametrize(("capacity", "opened"), [(70.0, [2, 0]), (69.0, [0, 2])])
def test_two_services_share_a_building_as_long_as_it_holds_them(capacity, opened):
    # 30 m2 of reception, more than 60 % of 50, and 40 m2 of desks
    solution = solve(two_services(capacity_m2=[capacity, np.inf]), EXACT)
    assert solution.offered.sum(axis=1).tolist() == opened


def test_a_building_too_small_for_any_service_is_said():
    with pytest.raises(InfeasibleError):
        solve(two_services(capacity_m2=[39.0, 39.0]), EXACT)


@pytest.mark.parametrize(("capital", "opened"), [(500.0, [2, 0]), (499.0, [1, 1])])
def test_works_stay_within_the_capital(capital, opened):
    """A is new and cheap to run, B is open today and dear; B takes what the capital cannot fit out at A."""
    offer = services(2, productivity=100.0, space_m2=10.0, point_eur=1.0)
    building = sites(2, 2, staff_eur_m2=np.array([[1.0, 1.0], [9.0, 9.0]]), fitout_eur_m2=[10.0, 0.0])
    units = np.array([[300.0, 200.0], [0.0, 0.0]])
    case = problem(line(0, 10), np.zeros((2, 2)), units, offer=offer, places=building, capital_eur=capital)
    assert solve(case, EXACT).offered.sum(axis=1).tolist() == opened


@pytest.mark.parametrize(("closures", "opened"), [(0, 3), (1, 2), (2, 1)])
def test_no_more_sites_of_today_close_than_allowed(closures, opened):
    case = problem(
        line(0, 10, 20),
        np.zeros(3),
        offer=services(point_eur=5.0),
        places=sites(3, public=True),
        most_closures=closures,
    )
    assert solve(case, EXACT).offered.sum() == opened
