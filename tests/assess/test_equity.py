"""The measures against hand-computed values (MC4 of the domain specification) and their laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from territo.assess.equity import (
    coverage,
    cvar,
    gini,
    hoover,
    kolm_pollak_alpha,
    kolm_pollak_ede,
    mean,
    means_ratio,
    median,
    quantile,
    redeployment_gap,
    theil,
)

# MC4: points at 0, 10 and 30 minutes with 1,000, 300 and 200 inhabitants; one site at one of them
PLACES = np.array([0.0, 10.0, 30.0])
PEOPLE = np.array([1_000.0, 300.0, 200.0])
TIMES = [np.abs(PLACES - site) for site in PLACES]
ALPHA = 3 / 70

minutes = st.floats(0.0, 120.0).map(lambda value: round(value, 3))
distributions = st.lists(st.tuples(minutes, st.integers(1, 5_000)), min_size=1, max_size=12).map(
    lambda pairs: (np.array([z for z, _ in pairs]), np.array([float(n) for _, n in pairs]))
)
shares = st.floats(0.01, 1.0)


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        (mean, [6.0, 28 / 3, 24.0]),
        (lambda z, _n: float(z.max()), [30.0, 20.0, 30.0]),
        (lambda z, n: cvar(z, n, 0.10), [30.0, 20.0, 30.0]),
        (lambda z, n: cvar(z, n, 0.20), [70 / 3, 50 / 3, 30.0]),
        (gini, [34 / 45, 31 / 105, 17 / 90]),
        (hoover, [2 / 3, 0.2, 1 / 6]),
    ],
    ids=["mean", "max", "cvar 10 %", "cvar 20 %", "gini", "hoover"],
)
def test_mc4_gives_the_hand_computed_measures(measure, expected):
    assert [measure(times, PEOPLE) for times in TIMES] == pytest.approx(expected, abs=1e-12)


def test_mc4_gini_and_hoover_alone_choose_the_site_with_the_worst_mean():
    assert np.argmin([gini(times, PEOPLE) for times in TIMES]) == 2
    assert np.argmin([hoover(times, PEOPLE) for times in TIMES]) == 2
    assert np.argmax([mean(times, PEOPLE) for times in TIMES]) == 2


def test_mc4_alpha_is_three_seventieths():
    assert kolm_pollak_alpha(TIMES[0], PEOPLE) == pytest.approx(ALPHA, rel=1e-12)


@pytest.mark.parametrize(
    ("aversion", "expected", "best"),
    [(-1.0, [8.766, 10.038, 25.759], 0), (-1.5, [10.502, 10.390, 26.357], 1)],
)
def test_mc4_kolm_pollak_equivalents(aversion, expected, best):
    equivalents = [kolm_pollak_ede(times, PEOPLE, ALPHA * aversion) for times in TIMES]
    assert equivalents == pytest.approx(expected, abs=5e-4)
    assert np.argmin(equivalents) == best


def test_mc4_kolm_pollak_switches_site_at_the_aversion_computed_by_hand():
    def preferred(aversion: float) -> int:
        return int(np.argmin([kolm_pollak_ede(times, PEOPLE, ALPHA * aversion) for times in TIMES]))

    assert preferred(-1.4615) == 0
    assert preferred(-1.4617) == 1


def test_mc4_the_linear_proxy_keeps_the_order_of_the_equivalents():
    proxies = [float(PEOPLE @ np.exp(ALPHA * times)) for times in TIMES]
    assert proxies == pytest.approx([2_183.97, 2_306.35, 4_524.18], abs=5e-3)
    equivalents = [kolm_pollak_ede(times, PEOPLE, -ALPHA) for times in TIMES]
    assert np.argsort(proxies).tolist() == np.argsort(equivalents).tolist()


def test_mc4_the_worst_served_mean_switches_at_seven_fifteenths():
    for share, best in ((7 / 15 - 0.001, 1), (7 / 15 + 0.001, 0)):
        assert np.argmin([cvar(times, PEOPLE, share) for times in TIMES]) == best
    assert cvar(TIMES[0], PEOPLE, 7 / 15) == pytest.approx(cvar(TIMES[1], PEOPLE, 7 / 15))


def test_quantiles_are_values_of_the_distribution_without_interpolation():
    values, weights = np.array([5.0, 1.0, 9.0]), np.array([5.0, 4.0, 1.0])
    assert quantile(values, weights, 0.9) == 5.0
    assert quantile(values, weights, 0.91) == 9.0
    assert quantile(values, weights, 0.4) == 1.0
    assert median(values, weights) == 5.0


def test_a_sum_of_weights_that_misses_its_total_by_rounding_still_reaches_it():
    assert quantile(np.array([1.0, 2.0]), np.array([0.1 + 0.2, 0.1]) * 3, 0.75) == 1.0


def test_coverage_counts_those_exactly_at_the_limit():
    assert coverage(np.array([5.0, 10.0, 10.1]), np.array([1.0, 2.0, 1.0]), 10.0) == 0.75


def test_theil_of_one_in_four_holding_everything_is_log_four():
    assert theil(np.array([0.0, 8.0]), np.array([3.0, 1.0])) == pytest.approx(np.log(4.0))


def test_distributions_of_zeros_are_equal():
    zeros, people = np.zeros(3), np.ones(3)
    assert [measure(zeros, people) for measure in (gini, hoover, theil, kolm_pollak_alpha)] == [0.0] * 4


def test_means_ratio_and_gap_by_hand():
    # 10 agents for 10 of need: 3 where 5 are needed, 7 where 5 are: ratio 0.6 of the overall 1, two agents to move
    assert means_ratio(np.array([3.0, 7.0]), np.array([5.0, 5.0])) == pytest.approx(0.6)
    assert redeployment_gap(np.array([3.0, 7.0]), np.array([5.0, 5.0])) == pytest.approx(0.2)


@given(distributions)
def test_the_worst_served_hundred_percent_have_the_mean(distribution):
    values, weights = distribution
    assert cvar(values, weights, 1.0) == pytest.approx(mean(values, weights), abs=1e-9)


@given(distributions, shares, shares)
def test_the_worst_served_mean_never_rises_with_their_share(distribution, one, other):
    small, large = sorted((one, other))
    assert cvar(*distribution, small) >= cvar(*distribution, large) - 1e-9


@given(distributions)
def test_the_worst_served_mean_tends_to_the_greatest_time(distribution):
    values, weights = distribution
    assert cvar(values, weights, 1e-6) == pytest.approx(values.max(), abs=1e-9)


@given(distributions, st.floats(-3.0, -0.01))
def test_the_equivalent_lies_between_the_mean_and_the_greatest_time(distribution, kappa):
    values, weights = distribution
    equivalent = kolm_pollak_ede(values, weights, kappa)
    assert mean(values, weights) - 1e-9 <= equivalent <= values.max() + 1e-9


@given(distributions, st.floats(-3.0, -0.001), st.floats(-3.0, -0.001))
def test_the_equivalent_rises_with_aversion(distribution, one, other):
    strong, weak = sorted((one, other))
    assert kolm_pollak_ede(*distribution, strong) >= kolm_pollak_ede(*distribution, weak) - 1e-9


@given(distributions, st.floats(-3.0, -0.001), st.floats(0.0, 60.0))
def test_the_equivalent_moves_with_the_times(distribution, kappa, later):
    values, weights = distribution
    moved = kolm_pollak_ede(values + later, weights, kappa)
    assert moved == pytest.approx(kolm_pollak_ede(values, weights, kappa) + later, abs=1e-7)


@given(distributions)
def test_without_aversion_the_equivalent_is_the_mean_and_tends_to_it(distribution):
    assert kolm_pollak_ede(*distribution, 0.0) == mean(*distribution)
    assert kolm_pollak_ede(*distribution, -1e-9) == pytest.approx(mean(*distribution), abs=1e-4)


@given(distributions, st.floats(0.01, 100.0))
def test_relative_inequality_ignores_the_scale(distribution, scale):
    values, weights = distribution
    for measure in (gini, hoover, theil):
        assert measure(values * scale, weights) == pytest.approx(measure(values, weights), abs=1e-9)


@given(distributions, minutes, minutes)
def test_coverage_never_falls_with_the_limit(distribution, one, other):
    near, far = sorted((one, other))
    assert coverage(*distribution, near) <= coverage(*distribution, far)


@given(minutes, st.lists(st.integers(1, 5_000), min_size=1, max_size=8))
def test_identical_times_show_no_inequality(value, people):
    values, weights = np.full(len(people), value), np.array(people, dtype=float)
    assert [measure(values, weights) for measure in (gini, hoover, theil)] == pytest.approx([0.0] * 3, abs=1e-9)
    assert kolm_pollak_ede(values, weights, -0.5) == pytest.approx(value, abs=1e-9)


@given(distributions, st.integers(2, 4))
def test_replicating_the_population_changes_nothing(distribution, times):
    values, weights = distribution
    many = (np.tile(values, times), np.tile(weights, times))
    measures = [mean, median, gini, hoover, theil, kolm_pollak_alpha]
    measures += [lambda z, n: cvar(z, n, 0.1), lambda z, n: kolm_pollak_ede(z, n, -0.05)]
    measures += [lambda z, n: quantile(z, n, 0.9), lambda z, n: coverage(z, n, 20.0)]
    for measure in measures:
        assert measure(*many) == pytest.approx(measure(values, weights), abs=1e-9)
