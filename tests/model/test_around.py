"""What if a site is closed, or kept open: the answer is decided again around it, and is that of the whole."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from territo.locate.highs import Options
from territo.model.around import all_else, changed_sites, free_points
from territo.model.solve import solve
from territo.model.widening import Widening
from tests.model.problems import line, problem
from tests.model.test_widening import value, whole
from tests.properties import test_full_model_laws as full
from tests.properties.test_model_laws import random_case

EXACT = Options(gap=0.0, time_limit_s=30)
laws = settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
seeds = st.integers(0, 10_000)


@pytest.fixture
def _large(monkeypatch):
    monkeypatch.setattr("territo.model.narrow.LARGE", 1)


def what_if(case, known, site):
    """Close a site that is open, keep one that is not."""
    name = "closed" if known.offered[site].any() else "kept"
    flags = np.arange(len(case.sites.codes)) == site
    return dataclasses.replace(case, sites=dataclasses.replace(case.sites, **{name: flags}))


@pytest.mark.usefixtures("_large")
@laws
@given(seeds, st.integers(0, 3))
def test_the_answer_to_a_what_if_is_that_of_a_search_from_nothing(seed, site):
    case = random_case(seed)
    known = solve(case, EXACT)
    question = what_if(case, known, site)
    found = solve(question, EXACT, start=known, bound=known.proofs[-1].bound)
    assert found.offered[site].any() == bool(question.sites.kept[site])
    assert value(found, question) == pytest.approx(value(whole(question), question), rel=1e-6)


@pytest.mark.usefixtures("_large")
@settings(laws, max_examples=4)
@given(seeds, st.integers(1, 3))
def test_so_it_is_with_territories_and_modalities(seed, site):
    case = full.random_case(seed, stops=None)
    known = solve(case, EXACT)
    question = what_if(case, known, site)
    found = solve(question, EXACT, start=known, bound=known.proofs[-1].bound)
    assert value(found, question) == pytest.approx(value(whole(question), question), rel=1e-6)


@pytest.mark.usefixtures("_large")
def test_an_answer_within_the_gap_of_a_known_bound_needs_no_search(monkeypatch):
    case = random_case(4)
    known = solve(case, EXACT)
    shut = int(np.flatnonzero(~known.offered.any(axis=1))[0])
    question = dataclasses.replace(case, sites=dataclasses.replace(case.sites, closed=np.arange(4) == shut))
    monkeypatch.setattr(Widening, "_take_apart", lambda _: pytest.fail("the bound was enough"))
    found = solve(question, Options(gap=1e-6), start=known, bound=known.proofs[-1].bound)
    assert found.proofs[-1].status == "optimal"
    assert (found.offered == known.offered).all()


def test_services_of_a_closed_site_may_move_to_the_sites_nearest_to_its_users(monkeypatch):
    monkeypatch.setattr("territo.model.around.NEAR", 2)
    case = problem(line(0, 10, 21, 33, 46), np.ones(5))
    known = solve(dataclasses.replace(case, sites=dataclasses.replace(case.sites, kept=np.arange(5) == 1)))
    assert known.offered[:, 0].tolist() == [False, True, False, False, False]
    question = what_if(case, known, 1)
    changed = changed_sites(question, known)
    assert changed.tolist() == [False, True, False, False, False]
    free = free_points(question, known, changed)
    # the two nearest open ones of each of the five, all of whom went to the second
    assert free[:, 0].tolist() == [True, True, True, True, True]
    assert "offered(2,1)" not in all_else(question, known, changed, free)


def test_nothing_is_decided_again_where_no_site_has_changed():
    case = random_case(2)
    known = solve(case, EXACT)
    changed = changed_sites(case, known)
    assert not changed.any()
    assert not free_points(case, known, changed).any()


def test_communes_of_a_closed_seat_may_join_others_and_no_others_may():
    case = full.random_case(6, stops=None)
    known = solve(case, EXACT)
    seat = int(known.seat_of[0])
    question = what_if(case, known, seat)
    changed = changed_sites(question, known)
    fixed = all_else(question, known, changed, free_points(question, known, changed))
    held = {name[len("member(") :].split(",")[0] for name in fixed if name.startswith("member(")}
    assert held == {case.communes[c] for c in np.flatnonzero(known.seat_of != seat)}
