"""Verdicts and prices on cases computed by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territo.errors import InfeasibleError
from territo.explore.flips import _least_team, _volume
from territo.explore.prices import difference, prices
from territo.explore.verdicts import Contests
from territo.locate.highs import Options
from territo.model.families import Coordination, Norm
from territo.model.solve import solve
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
    assert found.value_of_time.at == pytest.approx(45_000 / travel, rel=1e-4)
    # 90,000 (1.5 - v) = 10 x travel x v
    assert found.volume.at == pytest.approx(135_000 / (90_000 + 10 * travel), rel=1e-4)
    # 90,000 (n - 1) = 10 x travel
    assert found.least_team.at == pytest.approx(1 + 10 * travel / 90_000, rel=1e-4)
    for flip in (found.value_of_time, found.volume, found.least_team):
        assert flip.least < flip.at < flip.most
        assert flip.most - flip.least < 0.03 * flip.at


def test_dear_hours_territorialise_and_the_answer_flips_at_the_same_hour():
    found = verdict(pair(), hour=100.0)
    travel = 2 * 1_000 * 20 / 60
    assert found.choice == "territorialise"
    assert found.regret == pytest.approx(100 * travel - 45_000)
    assert (found.cost, found.hours, found.minutes) == pytest.approx((-45_000, travel, 10))
    assert found.value_of_time.at == pytest.approx(45_000 / travel, rel=1e-4)
    assert found.volume.most < 1
    assert found.least_team.least > 1.5


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


def three(seed, **values):
    """Four communes on a line: a crew in poles, an office at the siège, a desk that stands anywhere."""
    draw = np.random.default_rng(seed)
    times = line(*np.cumsum(draw.integers(5, 25, 4)))
    units = draw.integers(200, 1_500, (4, 3)).astype(float)
    offer = services(
        count=3,
        choices=(("poles",), ("central",), ("free",)),
        nearest=[False, False, True],
        sector=[True, True, False],
        branch=[False, False, True],
        productivity=1_000.0,
        least_team=draw.uniform(0.3, 1.5, 3).round(2),
        fte_eur=45_000.0,
        point_eur=2_000.0,
        reception_m2=[0.0, 10.0, 40.0],
    )
    places = sites(4, 3, opening_eur=6_000.0, reception_eur_m2=160.0)
    plan = territories(times, units.sum(axis=1), [(0, 1), (1, 2), (2, 3)], count=2)
    coordination = Coordination(manager_eur=62_000.0, seat_fte=0.2, liaison_fte=0.1, branch_fte=0.05)
    asked = {"offer": offer, "places": places, "territories": plan, "coordination": coordination} | values
    return problem(times, units, units, **asked)


def solved_whole(case, service, modality, hour):
    """Value of the whole problem with a service on one side; None where that breaks a promise."""
    choices = tuple((modality,) if s == service else each for s, each in enumerate(case.services.choices))
    asked = replace(case, services=replace(case.services, choices=choices), goals=({"cost": 1.0, "travel": hour},))
    try:
        return solve(asked, EXACT, say_why=False).proofs[-1].objective
    except InfeasibleError:
        return None


def lead(case, service, hour):
    """How much better the territories are than the centre, by two cold solves of the whole."""
    return solved_whole(case, service, "central", hour) - solved_whole(case, service, "poles", hour)


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000), hour=st.sampled_from([2.0, 10.0, 60.0]))
def test_the_regret_is_that_of_two_solves_of_the_whole_to_within_its_margin(seed, hour):
    case = three(seed)
    contests = Contests(case, hour, EXACT, Silent())
    for service in range(3):
        found, true = contests.verdict(service), lead(case, service, hour)
        assert found.regret >= 0
        if found.choice == "undecided":
            assert abs(true) <= found.regret + found.margin + 1e-3
        elif found.choice != "indifferent":
            assert (true < 0) == (found.choice == "pool")
            assert abs(true) == pytest.approx(found.regret, abs=found.margin + 1e-3)


@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_the_whole_agrees_that_the_answer_turns_round_between_the_two_numbers_said(seed):
    case = three(seed)
    contests = Contests(case, 10.0, EXACT, Silent())
    for service in range(3):
        found = contests.verdict(service)
        today = -1.0 if found.choice == "pool" else 1.0
        for flip, leads in (
            (found.value_of_time, lambda number, s=service: lead(case, s, number)),
            (found.volume, lambda number, s=service: lead(_volume(case, s, number), s, 10.0)),
            (found.least_team, lambda number, s=service: lead(_least_team(case, s, number), s, 10.0)),
        ):
            if flip is None:
                continue
            now = 10.0 if flip is found.value_of_time else 1.0
            now = case.services.least_team[service] if flip is found.least_team else now
            near, far = (flip.least, flip.most) if now < flip.at else (flip.most, flip.least)
            assert today * leads(near) >= -1e-3
            assert today * leads(far) <= 1e-3


def test_under_a_ceiling_the_whole_is_solved_and_the_interval_is_exact():
    case = replace(three(3), limits={"travel": 1e9})
    found = Contests(case, 10.0, EXACT, Silent()).verdict(0)
    assert found.margin == pytest.approx(0.0, abs=1e-6)
    assert found.regret == pytest.approx(abs(lead(case, 0, 10.0)))


def test_a_stop_before_an_answer_gives_no_verdict_rather_than_a_guess():
    class Stopped(Silent):
        def cancelled(self):
            return True

    assert Contests(three(1), 10.0, Options(gap=0.0, time_limit_s=1e-9), Stopped()).verdict(0) is None


@pytest.mark.parametrize("after", [1, 20, 60, 150])
def test_a_stop_at_any_moment_leaves_no_verdict_or_one_that_is_true(after):
    class StoppedAfter(Silent):
        asked = 0

        def cancelled(self):
            self.asked += 1
            return self.asked > after

    case = three(2)
    whole, cut = (Contests(case, 10.0, EXACT, progress).verdict(0) for progress in (Silent(), StoppedAfter()))
    if cut is not None:
        assert abs(cut.regret - whole.regret) <= cut.margin + whole.margin + 1e-3
        assert cut.choice in {whole.choice, "undecided"}
        assert (cut.volume is None) or abs(cut.volume.at - whole.volume.at) <= cut.volume.most - cut.volume.least
