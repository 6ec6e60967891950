"""Verdicts and prices on cases computed by hand."""

from __future__ import annotations

import numpy as np
import pytest

from territo.explore.prices import difference, prices
from territo.explore.verdicts import Contests
from territo.locate.highs import Options
from territo.model.problem import Norm
from territo.progress import Silent
from tests.model.problems import line, problem, services, sites, territories

EXACT = Options(gap=0.0, time_limit_s=20)


def pair(**values):
    """Two communes 20 min apart, 1,000 visits each, teams of 1.5 FTE at least where 1 would do: 45,000 EUR an FTE.

    At the centre: 2 FTE, 90,000 EUR and 666.7 h of travel. In two territories: 3 FTE, 135,000 EUR and no travel.
    """
    times = line(0, 20)
    plan = territories(times, [1, 1], [(0, 1)], count=2)
    team = values.pop("least_team", 1.5)
    offer = services(
        choices=(("poles",),), nearest=False, sector=True, productivity=1_000.0, least_team=team, fte_eur=45_000.0
    )
    return problem(times, [1_000, 1_000], [1_000, 1_000], offer=offer, places=sites(2), territories=plan, **values)


def verdict(case, hour=10.0):
    return Contests(case, hour, EXACT, Silent()).verdict(0)


def test_teams_too_small_to_split_are_pooled_and_the_flips_are_as_computed_by_hand():
    found = verdict(pair())
    travel = 2 * 1_000 * 20 / 60
    assert found.choice == "pool"
    assert found.regret == pytest.approx(45_000 - 10 * travel)
    assert (found.cost, found.hours, found.minutes) == pytest.approx((45_000, -travel, -10))
    assert found.value_of_time == pytest.approx(45_000 / travel)
    # 90,000 (1.5 - v) = 10 x travel x v
    assert found.volume == pytest.approx(135_000 / (90_000 + 10 * travel), rel=0.03)
    # 90,000 (n - 1) = 10 x travel
    assert found.least_team == pytest.approx(1 + 10 * travel / 90_000, abs=0.05)


def test_dear_hours_territorialise_and_the_answer_flips_at_the_same_hour():
    found = verdict(pair(), hour=100.0)
    travel = 2 * 1_000 * 20 / 60
    assert found.choice == "territorialise"
    assert found.regret == pytest.approx(100 * travel - 45_000)
    assert (found.cost, found.hours, found.minutes) == pytest.approx((-45_000, travel, 10))
    assert found.value_of_time == pytest.approx(45_000 / travel)
    assert found.volume < 1
    assert found.least_team > 1.5


def test_a_service_without_travel_or_floor_is_indifferent_and_never_flips():
    found = verdict(pair(least_team=0.0), hour=0.0)
    assert found.choice == "indifferent"
    assert found.least_team is None


def test_a_promise_that_only_one_side_keeps_decides():
    far = pair(covered_within=5, norms=(Norm(0, 1.0),))
    found = verdict(far)
    assert (found.choice, found.regret, found.value_of_time) == ("territorialise", None, None)


def test_the_price_of_each_promise_is_the_difference_of_two_optima():
    case = problem(
        line(0, 20),
        [1_000, 1_000],
        places=sites(2, opening_eur=[60_000, 61_000], kept=[False, True]),
        most_open=2,
    )
    found = {promise.id: difference(*both) for promise, *both in prices(case, 12.0, EXACT, Silent())}
    # B costs 1,000 EUR more than A, the travel is the same the other way round
    assert found["keep.B"].value == pytest.approx(1_000)
    assert (found["keep.B"].cost, found["keep.B"].hours) == pytest.approx((1_000, 0))
    assert found["max_open"].value == pytest.approx(0)


def test_a_stop_ends_the_prices():
    class Stopped:
        def __init__(self):
            self.told = 0

        def report(self, event):
            self.told += event.stage == "price"

        def cancelled(self):
            return self.told > 0

    case = problem(line(0, 20), [1_000, 1_000], places=sites(2, opening_eur=10.0, kept=np.array([True, False])))
    assert len(list(prices(case, 12.0, EXACT, Stopped()))) <= 1
