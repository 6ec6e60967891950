"""The loops over neighbour lists against the same figures written with whole tables."""

from __future__ import annotations

from itertools import combinations
from typing import NamedTuple

import numpy as np
import pytest

from territo.locate.kernels import ascent, interchange, lists
from territo.locate.kernels.ascent import Stride, ascend, cheapest_choice, reduced_costs
from territo.locate.kernels.interchange import closings, gains, open_greedily
from territo.locate.kernels.interchange import interchange as improve
from territo.locate.kernels.lists import CLOSED, FREE, OPEN, Lists, fingerprints, merge, nearest_two, rename, shorten
from territo.locate.neighbours import neighbour_lists

SITES, UNSERVED = 7, 1000.0
seeds = pytest.mark.parametrize("seed", range(6))


class Tables(NamedTuple):
    """A problem as lists, and as the table that they list: ``inf`` where a site is not listed."""

    lists: Lists
    table: np.ndarray
    opening: np.ndarray
    state: np.ndarray
    u: np.ndarray

    def value(self, is_open) -> float:
        """What it costs to open these sites."""
        return np.minimum(self.table[:, is_open].min(axis=1), self.lists.beyond).sum() + self.opening[is_open].sum()

    def choices(self, p: int = 0) -> list[np.ndarray]:
        """All choices of ``p`` sites, or of any number, that respect the states."""
        numbers = [p] if p else range(1, SITES + 1)
        every = [np.isin(range(SITES), columns) for number in numbers for columns in combinations(range(SITES), number)]
        return [
            choice for choice in every if choice[self.state == OPEN].all() and not choice[self.state == CLOSED].any()
        ]


def problem(seed: int, *, points: int = 25, sites: int = SITES, whole: bool = False, decided: bool = True) -> Tables:
    """Draw a problem with ties, pairs that are not allowed and points without weight."""
    random = np.random.default_rng(seed)
    costs = random.integers(0, 20, (points, sites)).astype(float) if whole else 20 * random.random((points, sites))
    costs[random.random(costs.shape) < 0.2] = np.inf
    weights = random.integers(0, 4, points).astype(float)
    listed, cut = neighbour_lists(costs, weights, np.arange(sites), most=sites, unserved=UNSERVED)
    assert not cut.any()
    state = random.choice([FREE, FREE, FREE, OPEN, CLOSED], sites) if decided else np.zeros(sites, np.int64)
    state[:2] = FREE
    table = np.multiply(weights[:, None], costs, out=np.full(costs.shape, np.inf), where=np.isfinite(costs))
    opening = np.floor(5 * random.random(sites))
    u = random.integers(0, 60, points).astype(float)
    return Tables(listed, table, opening, state.astype(np.int64), np.minimum(u, listed.beyond))


def written_out(listed: Lists, sites: int) -> np.ndarray:
    """Write lists as a table."""
    table = np.full((listed.beyond.size, sites), np.inf)
    row = np.repeat(np.arange(listed.beyond.size), np.diff(listed.start))
    table[row, listed.site] = listed.cost
    return table


def hashed(listed: Lists, depth: int) -> np.ndarray:
    """Hash the orders; uncompiled, numpy warns of the overflow that hashing is made of."""
    with np.errstate(over="ignore"):
        return fingerprints(listed, depth)


@seeds
def test_lists_are_the_weighted_costs_in_order(seed):
    case = problem(seed)
    np.testing.assert_array_equal(written_out(case.lists, SITES), case.table)
    for i in range(case.lists.beyond.size):
        assert (np.diff(case.lists.cost[case.lists.start[i] : case.lists.start[i + 1]]) >= 0).all()
    served = np.isfinite(case.table).all(axis=1)
    np.testing.assert_array_equal(case.lists.beyond, np.where(served, case.table.max(axis=1), UNSERVED))


@seeds
def test_the_reduced_cost_of_a_site_is_what_its_points_do_not_pay(seed):
    case = problem(seed)
    expected = case.opening + np.minimum(case.table - case.u[:, None], 0).sum(axis=0)
    np.testing.assert_allclose(reduced_costs(case.lists, case.opening, case.u), expected, rtol=1e-12, atol=1e-9)


@seeds
@pytest.mark.parametrize("p", [0, 4])
def test_the_cheapest_choice_is_the_least_of_all_choices(seed, p):
    case = problem(seed)
    rho = np.random.default_rng(seed).integers(-4, 5, SITES).astype(float)
    value, chosen = cheapest_choice(rho, case.state, p)
    assert value == min(rho[choice].sum() for choice in case.choices(p)) == rho[chosen].sum()
    assert any((chosen == choice).all() for choice in case.choices(p))


@seeds
@pytest.mark.parametrize("p", [0, 4])
def test_an_ascent_ends_at_the_bound_of_its_multipliers_below_every_choice(seed, p):
    case = problem(seed)
    best = min(case.value(choice) for choice in case.choices(p))
    first = ascend(case.lists, case.opening, case.state, p, case.u, best, Stride(1, 0.5, 20))
    found = ascend(case.lists, case.opening, case.state, p, case.u, best, Stride(200, 0.5, 20))
    rho = case.opening + np.minimum(case.table - found.u[:, None], 0).sum(axis=0)
    bound = found.u.sum() + min(rho[choice].sum() for choice in case.choices(p))
    assert found.bound == pytest.approx(bound)
    assert first.bound <= found.bound <= best * (1 + 1e-12)
    np.testing.assert_allclose(found.rho, rho, rtol=1e-9, atol=1e-9)
    assert (found.u <= case.lists.beyond).all()


@seeds
def test_the_two_nearest_open_sites_are_the_two_least_of_the_row(seed):
    case = problem(seed)
    for is_open in case.choices(3)[:10]:
        first, d1, d2 = nearest_two(case.lists, is_open)
        here = np.where(is_open, case.table, np.inf)
        least = np.sort(here, axis=1)
        np.testing.assert_array_equal(d1, np.minimum(least[:, 0], case.lists.beyond))
        np.testing.assert_array_equal(d2, np.minimum(least[:, 1], case.lists.beyond))
        listed = np.isfinite(least[:, 0])
        np.testing.assert_array_equal(here[listed, first[listed]], least[listed, 0])
        assert (first[~listed] == -1).all()


@seeds
@pytest.mark.parametrize("p", [0, 4])
def test_greedy_opens_the_site_that_helps_most_each_time(seed, p):
    case = problem(seed)
    expected = case.state == OPEN
    while p == 0 or expected.sum() < p:
        candidates = np.flatnonzero((case.state == FREE) & ~expected)
        before = case.value(expected) if expected.any() else case.lists.beyond.sum()
        after = [case.value(expected | (np.arange(SITES) == j)) for j in candidates]
        if not after or (p == 0 and expected.any() and min(after) >= before - 1e-9):
            break
        expected[candidates[int(np.argmin(after))]] = True
    opened = open_greedily(case.lists, case.opening, case.state, case.state == OPEN, p)
    assert case.value(opened) == pytest.approx(case.value(expected))


@seeds
def test_an_exchange_pays_the_gain_the_relief_and_what_they_share(seed):
    case = problem(seed, decided=False)
    is_open = case.choices(3)[seed]
    first, d1, d2 = nearest_two(case.lists, is_open)
    opened = np.flatnonzero(is_open)
    gain = gains(case.lists, case.opening, d1)
    relief, extra = closings(case.lists, case.opening, opened, first, d1, d2)
    for j in np.flatnonzero(~is_open):
        entering = np.arange(SITES) == j
        assert gain[j] == pytest.approx(case.value(is_open) - case.value(is_open | entering))
        for r, leaving in enumerate(opened):
            exchanged = (is_open | entering) & (np.arange(SITES) != leaving)
            assert gain[j] + relief[r] + extra[j, r] == pytest.approx(case.value(is_open) - case.value(exchanged))


@seeds
@pytest.mark.parametrize("p", [0, 4])
def test_interchange_ends_where_no_single_move_pays(seed, p):
    case = problem(seed)
    start = case.choices(p)[0]
    found = improve(case.lists, case.opening, case.state, start, p, 1000)
    moves = [choice for choice in case.choices(p) if (choice & ~found).sum() <= 1 and (found & ~choice).sum() <= 1]
    assert any((found == choice).all() for choice in moves)
    assert case.value(found) <= case.value(start)
    assert case.value(found) <= min(case.value(choice) for choice in moves) + 1e-6


def test_interchange_makes_no_more_moves_than_asked():
    case = problem(0, decided=False)
    worst = max(case.choices(3), key=case.value)
    once = improve(case.lists, case.opening, case.state, worst, 3, 1)
    assert (once & ~worst).sum() == 1
    np.testing.assert_array_equal(improve(case.lists, case.opening, case.state, worst, 3, 0), worst)


@seeds
def test_shorter_lists_keep_the_value_of_every_choice_within_reach(seed):
    case = problem(seed)
    reach = np.random.default_rng(seed).choice([20.0, 40, UNSERVED], case.u.size)
    short = shorten(case.lists, case.state, reach)
    assert short.site.size < case.lists.site.size
    assert not (case.state[short.site] == CLOSED).any()
    for choice in case.choices():
        borne = nearest_two(case.lists, choice)[1]
        shortened = nearest_two(short, choice)[1]
        within = borne <= reach
        np.testing.assert_array_equal(shortened[within], borne[within])
        np.testing.assert_array_equal(shortened[~within], reach[~within])


@seeds
def test_points_of_the_same_order_are_added_up_and_every_choice_keeps_its_value(seed):
    case = problem(seed, points=200, sites=3, decided=False)
    hashes = hashed(case.lists, 3)
    merged, row = merge(case.lists, np.argsort(hashes, kind="stable"), hashes)
    orders = [tuple(case.lists.site[case.lists.start[i] : case.lists.start[i + 1]]) for i in range(200)]
    assert merged.beyond.size == len({*orders})
    assert all(row[i] == row[orders.index(order)] for i, order in enumerate(orders))
    for number in (1, 2, 3):
        for columns in combinations(range(3), number):
            is_open = np.isin(range(3), columns)
            borne = nearest_two(case.lists, is_open)[1]
            np.testing.assert_allclose(nearest_two(merged, is_open)[1], np.bincount(row, borne))


@seeds
def test_renamed_sites_are_the_same_sites(seed):
    case = problem(seed)
    name = np.random.default_rng(seed).permutation(SITES)
    np.testing.assert_array_equal(written_out(rename(case.lists, name), SITES)[:, name], case.table)


def plain(kernel):
    """The function as it is written, without the compiler."""
    return getattr(kernel, "py_func", kernel)


@seeds
def test_compiled_or_not_the_figures_are_the_same(seed):
    case = problem(seed, whole=True)
    hashes = hashed(case.lists, SITES)
    is_open = case.choices(4)[-1]
    _, d1, _ = nearest_two(case.lists, is_open)
    calls = [
        (ascent.reduced_costs, (case.lists, case.opening, case.u)),
        (ascent.cheapest_choice, (case.opening - 3, case.state, 4)),
        (ascent.cheapest_choice, (case.opening - 3, case.state, 0)),
        (ascent.ascend, (case.lists, case.opening, case.state, 4, case.u, 50.0, Stride(1, 0.5, 20))),
        (ascent.cheapest, (case.lists,)),
        (lists.nearest_two, (case.lists, is_open)),
        (lists.shorten, (case.lists, case.state, np.full(case.u.size, 30.0))),
        (lists.rename, (case.lists, np.arange(SITES)[::-1].copy())),
        (lists.merge, (case.lists, np.argsort(hashes, kind="stable"), hashes)),
        (interchange.gains, (case.lists, case.opening, d1)),
        (interchange.open_greedily, (case.lists, case.opening, case.state, case.state == OPEN, 4)),
        (interchange.interchange, (case.lists, case.opening, case.state, is_open, 4, 1000)),
        (interchange.interchange, (case.lists, case.opening, case.state, is_open, 0, 1000)),
    ]
    for kernel, arguments in calls:
        assert same(kernel(*arguments), plain(kernel)(*arguments)), kernel.__name__


def same(one, other) -> bool:
    """Whether two results are equal, whatever tuples they are made of."""
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return np.array_equal(one, other)
