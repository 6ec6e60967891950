"""Agents who change place, on cases solved by hand."""

from __future__ import annotations

import numpy as np
import pytest

from territo.errors import InfeasibleError
from territo.locate.highs import Options
from territo.model.families import Moves
from territo.model.solve import solve
from tests.model.problems import line, problem, services, sites

EXACT = Options(gap=0.0, time_limit_s=20)
# one FTE that moves from each place (rows) to each site (columns)
PRICES = np.array([[0.0, 10.0, 30.0], [10.0, 0.0, 20.0], [30.0, 20.0, 0.0]])


def moves(staff, departing=0.0, most=None, site=(0, 1, 2), prices=PRICES):
    names = ("A", "B", "C")[: len(site)]
    return Moves(names, np.array(site), np.reshape(staff, (-1, 1)).astype(float), prices, departing, most)


def central(units, plan, choices=("central",)):
    """A service at A that pays one euro an FTE."""
    offer = services(choices=(choices,), productivity=100.0, fte_eur=1.0)
    demand = np.array([units, 0.0, 0.0])
    return problem(line(0, 10, 20), np.zeros(3), demand, offer=offer, places=sites(3), moves=plan)


@pytest.mark.parametrize(
    ("departing", "price"),
    [
        (0.0, 2 * 10 + 1 * 30),  # all three agents of B and C move
        (0.25, 2 * 10),  # one of four leaves and a recruit replaces him: the dearer move, from C, is spared
        (0.5, 1 * 10),
        (0.75, 0.0),
    ],
)
def test_departures_replaced_by_recruits_spare_the_dearest_moves(departing, price):
    assert solve(central(400.0, moves([1, 2, 1], departing)), EXACT).terms["cost"] == pytest.approx(4 + price)


@pytest.mark.parametrize(
    ("units", "price"),
    [
        (200.0, 10.0),  # two agents are enough: one moves from B, the others are free for other work
        (100.0, 0.0),
        (600.0, 2 * 10 + 30),  # two more than today: recruits, but nobody who is there is replaced by one
    ],
)
def test_agents_who_are_free_come_before_recruits(units, price):
    assert solve(central(units, moves([1, 2, 1])), EXACT).terms["cost"] == pytest.approx(units / 100 + price)


def test_an_agent_moves_once():
    """From A to C costs 100, from A to B and from B to C 10 each: no chain, since B loses nobody and needs nobody."""
    prices = np.array([[0.0, 10.0, 100.0], [10.0, 0.0, 10.0], [100.0, 10.0, 0.0]])
    offer = services(productivity=100.0, fte_eur=1_000.0)
    case = problem(
        line(0, 10, 20),
        np.zeros(3),
        [0.0, 100.0, 100.0],
        offer=offer,
        places=sites(3, kept=[False, True, True], closed=[True, False, False]),
        moves=moves([1, 1, 0], prices=prices),
    )
    assert solve(case, EXACT).terms["cost"] == pytest.approx(2_000 + 100)


def test_staff_of_a_place_that_is_no_candidate_moves_too():
    plan = moves([1, 2], site=(0, -1), prices=np.array([[0.0, 10.0, 30.0], [7.0, 10.0, 20.0]]))
    assert solve(central(300.0, plan), EXACT).terms["cost"] == pytest.approx(3 + 14)


def test_a_limit_on_moves_blocks_or_keeps_the_service_apart():
    with pytest.raises(InfeasibleError, match="- staffmove"):
        solve(central(400.0, moves([1, 2, 1], most=2.9)), EXACT)
    assert solve(central(400.0, moves([1, 2, 1], most=3.0)), EXACT).staff[:, 0].tolist() == [4, 0, 0]
    spread = central(400.0, moves([1, 2, 1], most=2.0), choices=("central", "free"))
    solution = solve(spread, EXACT)
    # the whole demand is at A, so that a team at B or C has no work: the demand of A is served at B by two agents
    assert solution.modality == ("free",)
