"""Equitable location: hand-solved cases, all choices of tiny cases, laws of the measures, and limits."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from territo.errors import InputError
from territo.locate.cvar import mean_of_worst
from territo.locate.equitable import equitable, kolm_pollak_kappa
from territo.locate.kolm_pollak import equally_distributed
from territo.locate.p_center import p_center
from territo.locate.p_median import p_median
from tests.locate.sitings import Stopper, cases, check_answer, few_tries, hard, nearest, tries

# case MC4 of the domain specification: 1,000, 300 and 200 people at 0, 10 and 30 minutes on a road
ROAD = np.abs(np.array([[0.0], [10], [30]]) - [0.0, 10, 30])
PEOPLE = np.array([1000.0, 300, 200])
KAPPA = kolm_pollak_kappa(ROAD[:, 0], PEOPLE, -1)

kappas = st.sampled_from([0.0, 1e-12, 1e-3, 0.02, 0.1, 1.0, -3.0, 40.0, 1e5])
shares = st.sampled_from([1e-9, 0.05, 0.1, 0.3, 0.5, 0.9, 1.0])


def ede(weights, kappa):
    """The equally-distributed equivalent by its definition, from the farthest point so that nothing overflows."""

    def value(borne):
        z, counted = borne[weights > 0], weights[weights > 0]
        if not z.size:
            return 0.0
        k = abs(kappa)
        if k == 0:
            return float(np.average(z, weights=counted))
        if k * np.ptp(z) < 1:  # both keep their digits: this one near 0, the other one far from it
            return float(z.max() + np.log1p(np.average(np.expm1(k * (z - z.max())), weights=counted)) / k)
        return float(z.max() + np.log(np.average(np.exp(k * (z - z.max())), weights=counted)) / k)

    return value


def worst(weights, share):
    """The mean of the worst-served share, by going down from the farthest."""

    def value(borne):
        left = mass = share * weights.sum()
        added = 0.0
        for point in np.argsort(-borne, kind="stable"):
            part = min(left, weights[point])
            if part > 0:
                added += part * borne[point]
                left -= part
        return float(added / mass) if mass else 0.0

    return value


def test_the_parameter_of_the_road_is_three_seventieths():
    assert pytest.approx(-3 / 70) == KAPPA
    assert kolm_pollak_kappa(ROAD[:, 0], PEOPLE, 0.5) == pytest.approx(1.5 / 70)
    assert kolm_pollak_kappa([0, 0], [1, 1], 0) == 0


@pytest.mark.parametrize(
    ("aversion", "values", "best"),
    [(-1.0, [8.766, 10.038, 25.759], 0), (-1.5, [10.502, 10.390, 26.357], 1)],
)
def test_the_equivalent_of_each_site_on_the_road(aversion, values, best):
    kappa = aversion * abs(KAPPA)
    for site, value in enumerate(values):
        answer = equitable(ROAD, PEOPLE, 1, kappa=kappa, fixed_open=[site])
        assert answer.objective == pytest.approx(value, abs=5e-4)
        assert answer.bound == answer.objective
    answer = equitable(ROAD, PEOPLE, 1, kappa=kappa)
    assert answer.status == "optimal"
    assert answer.open_sites.tolist() == [best]
    assert answer.objective == pytest.approx(min(values), abs=5e-4)


def test_the_best_site_on_the_road_changes_with_the_aversion():
    for aversion, site in ((-1.461, [0]), (-1.462, [1])):
        assert equitable(ROAD, PEOPLE, 1, kappa=-aversion * KAPPA).open_sites.tolist() == site


def test_the_sums_behind_the_equivalents_of_the_road():
    for site, total in enumerate([2183.97, 2306.35, 4524.18]):
        answer = equitable(ROAD, PEOPLE, 1, kappa=KAPPA, fixed_open=[site])
        assert PEOPLE.sum() * np.exp(-KAPPA * answer.objective) == pytest.approx(total, abs=5e-3)


@pytest.mark.parametrize(
    ("share", "values"), [(0.1, [30, 20, 30]), (0.2, [70 / 3, 50 / 3, 30]), (1.0, [6, 28 / 3, 24])]
)
def test_the_mean_of_the_worst_served_on_the_road(share, values):
    for site, value in enumerate(values):
        answer = equitable(ROAD, PEOPLE, 1, worst_share=share, fixed_open=[site])
        assert answer.objective == pytest.approx(value)
    answer = equitable(ROAD, PEOPLE, 1, worst_share=share)
    assert answer.objective == pytest.approx(min(values))
    assert answer.bound == answer.objective
    assert answer.status == "optimal"


def test_the_best_site_for_the_worst_served_changes_at_seven_fifteenths():
    for share, site in ((7 / 15 - 0.001, [1]), (7 / 15 + 0.001, [0])):
        assert equitable(ROAD, PEOPLE, 1, worst_share=share).open_sites.tolist() == site


@tries
@given(cases(), kappas, st.sampled_from([0.0, 0.0, 0.3]))
def test_no_choice_of_sites_has_a_lower_equivalent_than_the_answer(case, kappa, gap):
    answer = equitable(case.costs, case.weights, case.p, kappa=kappa, gap=gap, **case.locks)
    value = ede(case.weights, kappa)
    check_answer(answer, case, case.least(value), value, gap)


@tries
@given(cases(), shares, st.sampled_from([0.0, 0.0, 0.3]))
def test_no_choice_of_sites_serves_the_worst_served_better_than_the_answer(case, share, gap):
    answer = equitable(case.costs, case.weights, case.p, worst_share=share, gap=gap, **case.locks)
    value = worst(case.weights, share)
    check_answer(answer, case, case.least(value), value, gap)


@few_tries
@given(cases(), st.sampled_from([0.01, 0.3, 5.0]), st.floats(0, 1000))
def test_a_cost_added_for_all_is_added_to_the_equivalent(case, kappa, added):
    one = equitable(case.costs, case.weights, case.p, kappa=kappa, **case.locks)
    other = equitable(case.costs + added, case.weights, case.p, kappa=kappa, **case.locks)
    assert one.status == other.status
    if case.weights.any():
        assert other.objective == pytest.approx(one.objective + added, rel=1e-8, abs=1e-8, nan_ok=True)


@few_tries
@given(
    cases(), st.sampled_from([{"kappa": 0.2}, {"kappa": 4.0}, {"worst_share": 0.2}]), st.randoms(use_true_random=False)
)
def test_the_order_of_points_and_sites_does_not_matter(case, measure, random):
    rows, columns = ([*range(length)] for length in case.costs.shape)
    random.shuffle(rows)
    random.shuffle(columns)
    locks = {name: [columns.index(site) for site in sites] for name, sites in case.locks.items()}
    one = equitable(case.costs, case.weights, case.p, **measure, **case.locks)
    other = equitable(case.costs[rows][:, columns], case.weights[rows], case.p, **measure, **locks)
    np.testing.assert_allclose(other.objective, one.objective, rtol=3e-9, atol=1e-12)


@few_tries
@given(st.lists(st.tuples(st.floats(0, 50), st.floats(0, 5)), min_size=1, max_size=8), st.floats(1e-6, 20))
@example([(0.0, 1.0), (1.0, 5e-324)], 1.0)
def test_the_equivalent_lies_between_the_mean_and_the_farthest_and_grows_with_the_aversion(people, kappa):
    z, weights = np.array(people).T
    weights[0] += 1
    counted = z[weights > 0]
    values = [equally_distributed(z, weights, k) for k in (0.0, kappa, 2 * kappa, 1e4)]
    assert values[0] == pytest.approx(np.average(z, weights=weights))
    assert all(low <= high + 1e-9 for low, high in zip(values, [*values[1:], counted.max()], strict=True))
    assert values[1] == pytest.approx(ede(weights, kappa)(z), rel=1e-6, abs=1e-6)


@few_tries
@given(st.lists(st.tuples(st.floats(0, 50), st.integers(0, 5)), min_size=1, max_size=8), st.floats(0.01, 1))
def test_the_mean_of_the_worst_lies_between_the_mean_and_the_farthest_and_falls_with_the_share(people, share):
    z, weights = np.array(people, dtype=np.float64).T
    weights[0] += 1
    values = [mean_of_worst(z, weights, part)[0] for part in (1e-9, share / 2, share, 1.0)]
    assert values == [pytest.approx(worst(weights, part)(z)) for part in (1e-9, share / 2, share, 1.0)]
    assert all(high >= low - 1e-9 for high, low in pairwise(values))


@pytest.mark.parametrize(
    "measure", [{"kappa": 0.0}, {"kappa": 1e-12}, {"kappa": 1e-320}, {"aversion": 0.0}, {"worst_share": 1.0}]
)
def test_without_aversion_it_is_the_p_median(measure):
    costs, weights = hard(points=30, sites=10)
    answer = equitable(costs, weights, 3, **measure)
    median = p_median(costs, weights, 3)
    assert answer.objective == pytest.approx(median.objective / weights.sum(), rel=1e-9)
    assert answer.open_sites.tolist() == median.open_sites.tolist()


@pytest.mark.parametrize("measure", [{"kappa": 1e7}, {"worst_share": 1e-6}])
def test_with_the_greatest_aversion_it_is_the_p_center(measure):
    random = np.random.default_rng(1)
    costs = 100 * random.random((40, 12))
    answer = equitable(costs, np.ones(40), 4, **measure)
    assert answer.status == "optimal"
    assert answer.objective == pytest.approx(p_center(costs, 4).objective, abs=1e-5)


def test_the_sign_of_the_aversion_does_not_matter():
    costs, weights = hard(points=20, sites=8)
    for name, value in (("kappa", 3.0), ("aversion", 1.0)):
        one, other = (equitable(costs, weights, 3, **{name: sign * value}) for sign in (1, -1))
        assert one.objective == other.objective


def test_the_unit_of_the_costs_is_that_of_the_equivalent():
    costs, weights = hard(points=20, sites=8)
    minutes = equitable(costs, weights, 3, kappa=2.0)
    seconds = equitable(60 * costs, weights, 3, kappa=2.0 / 60)
    assert seconds.objective == pytest.approx(60 * minutes.objective, rel=1e-9)
    by_aversion = [equitable(factor * costs, weights, 3, aversion=-1).objective for factor in (1, 60)]
    assert by_aversion[1] == pytest.approx(60 * by_aversion[0], rel=1e-9)


def test_an_aversion_is_measured_with_all_sites_open_whatever_must_open_or_close():
    costs, weights = hard(points=20, sites=8)
    kappa = kolm_pollak_kappa(costs.min(axis=1), weights, -1)
    for p, locks in ((2, {}), (4, {"fixed_open": [3]}), (3, {"forbidden": [0, 5]})):
        one = equitable(costs, weights, p, aversion=-1, **locks)
        assert one.objective == equitable(costs, weights, p, kappa=kappa, **locks).objective


def test_far_sites_that_nobody_uses_do_not_drown_what_is_near():
    costs, weights = hard(points=20, sites=8)
    with_far = np.hstack([costs, np.full((20, 2), 1e6)])
    one, other = (equitable(table, weights, 3, kappa=5.0) for table in (costs, with_far))
    assert other.objective == pytest.approx(one.objective, rel=1e-9)
    assert other.assignment.tolist() == one.assignment.tolist()


def test_a_reference_may_count_weights_twice_or_not_at_all():
    z, weights = np.array([1.0, 2, 4]), np.array([3.0, 2, 1])
    assert kolm_pollak_kappa(z, weights, -1) == -(weights @ z) / (weights @ z**2)
    assert kolm_pollak_kappa(weights * z, np.ones(3), -1) == -(weights @ z) / ((weights * z) ** 2).sum()


@pytest.mark.parametrize("measure", [{"kappa": 3.0}, {"worst_share": 0.2}])
@pytest.mark.parametrize("stop", [{"time_limit": 0.0}, {"progress": Stopper(after=1)}])
def test_stopped_early_the_best_answer_is_kept_with_a_true_bound(measure, stop):
    costs, weights = hard()
    full = equitable(costs, weights, 4, gap=0.01, **measure)
    stopped = equitable(costs, weights, 4, **measure, **stop)
    assert full.status == "optimal"
    assert stopped.status == "feasible"
    assert stopped.open_sites.size == 4
    assert stopped.bound <= full.objective
    assert full.bound <= stopped.objective


@pytest.mark.parametrize("measure", [{"kappa": 3.0}, {"worst_share": 0.2}])
def test_who_watches_hears_of_answers_and_bounds_in_the_unit_of_the_costs(measure):
    costs, weights = hard()
    watcher = Stopper()
    answer = equitable(costs, weights, 4, gap=0.05, progress=watcher, **measure)
    assert watcher.events
    for event in watcher.events:
        assert 0 < event.bound <= event.incumbent <= costs.max()
        assert event.bound <= answer.objective <= event.incumbent * (1 + 1e-12)


@pytest.mark.parametrize("measure", [{"kappa": 3.0}, {"worst_share": 0.2}])
@pytest.mark.parametrize("gap", [0.2, 0.02])
def test_a_gap_asked_is_kept_and_the_bound_is_true(measure, gap):
    costs, weights = hard(points=40, sites=15)
    full = equitable(costs, weights, 4, **measure)
    rough = equitable(costs, weights, 4, gap=gap, **measure)
    assert (full.status, full.gap) == ("optimal", 0)
    assert rough.status == "optimal"
    assert rough.gap <= gap
    assert rough.bound <= full.objective <= rough.objective <= full.objective / (1 - gap)


@pytest.mark.parametrize("measure", [{"kappa": 3.0}, {"worst_share": 0.2}])
def test_the_same_question_has_the_same_answer(measure):
    costs, weights = hard(points=40, sites=15)
    one, other = (equitable(costs, weights, 4, **measure) for _ in range(2))
    assert (one.objective, one.bound) == (other.objective, other.bound)
    assert one.open_sites.tolist() == other.open_sites.tolist()


@pytest.mark.parametrize("measure", [{"kappa": 3.0}, {"worst_share": 0.2}, {"aversion": -1}])
def test_where_nobody_counts_everyone_is_served_at_no_cost(measure):
    answer = equitable(ROAD, np.zeros(3), 1, **measure)
    assert (answer.status, answer.objective, answer.bound) == ("optimal", 0, 0)
    assert answer.open_sites.size == 1


@pytest.mark.parametrize("measure", [{"kappa": 3.0}, {"worst_share": 0.2}])
def test_no_choice_that_leaves_someone_out_is_an_answer(measure):
    answer = equitable(np.where(np.eye(4) == 1, 1.0, np.inf), np.ones(4), 3, **measure)
    assert (answer.status, answer.bound) == ("infeasible", np.inf)
    assert answer.open_sites.size == 0


@pytest.mark.parametrize("measure", [{"kappa": 0.5}, {"worst_share": 0.3}])
def test_single_precision_gives_the_answer_of_the_same_numbers(measure):
    single = hard(points=25, sites=8)[0].astype(np.float32)
    one, other = (equitable(table, np.ones(25), 3, **measure) for table in (single, single.astype(np.float64)))
    assert one.objective == pytest.approx(other.objective, rel=1e-12)
    assert one.objective == pytest.approx(
        (ede(np.ones(25), 0.5) if "kappa" in measure else worst(np.ones(25), 0.3))(nearest(single, one.open_sites)),
        rel=1e-6,
    )


@pytest.mark.parametrize(
    ("measure", "key", "said"),
    [
        ({}, "aversion", "give one of aversion, kappa and worst_share, not none"),
        ({"aversion": -1, "kappa": 1}, "aversion", "worst_share, not aversion and kappa"),
        ({"kappa": 1, "worst_share": 0.1}, "aversion", "not kappa and worst_share"),
        ({"kappa": np.nan}, "kappa", "must be a finite number, not nan"),
        ({"aversion": np.inf}, "aversion", "must be a finite number, not inf"),
        ({"worst_share": 0}, "worst_share", "must be a part of the people, above 0 to 1, not 0"),
        ({"worst_share": 1.1}, "worst_share", "above 0 to 1, not 1.1"),
        ({"aversion": -1}, "aversion", "no point has a cost in the reference"),
        (
            {"kappa": 1e300},
            "kappa",
            "is 1e+300: times the largest cost, 30, that is beyond 1e+12; ask for the p-center",
        ),
        ({"kappa": 1, "p": 5}, "p", "is 5"),
    ],
)
def test_a_wrong_measure_is_named_in_a_sentence(measure, key, said):
    with pytest.raises(InputError) as raised:
        equitable(**{"costs": ROAD, "weights": PEOPLE, "p": 1, **measure})
    assert [fault.key for fault in raised.value.faults] == [key]
    assert said in str(raised.value)


@pytest.mark.parametrize(
    ("distances", "weights", "said"),
    [
        ([0.0, 0.0], [1, 1], "no point has a cost in the reference"),
        ([1.0, 2.0], [0, 0], "no point has a cost in the reference"),
        ([1.0, np.inf], [1, 1], "distances: must all be numbers of 0 or more"),
        ([1.0, 2.0], [1, -1], "weights: must all be numbers of 0 or more"),
        ([1.0, 2.0], [1], "weights: has shape (1,), the distances (2,)"),
    ],
)
def test_a_reference_that_gives_no_scale_is_refused(distances, weights, said):
    with pytest.raises(InputError) as raised:
        kolm_pollak_kappa(distances, weights, -1)
    assert said in str(raised.value)
