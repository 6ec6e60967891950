"""The p-center of the OR-Library graphs; with its radius, the two coverings must agree with it."""

from __future__ import annotations

import numpy as np
import pytest

from territo.locate.max_cover import max_cover
from territo.locate.p_center import p_center
from territo.locate.set_cover import set_cover
from tests.locate.instances import optimum, pmed

NAMES = [f"pmed{number}" for number in range(1, 21)]


@pytest.mark.parametrize("name", NAMES)
def test_the_p_center_of_the_literature_is_found_and_proven(name):
    costs, p = pmed(name)
    answer = p_center(costs, p)
    assert (answer.status, answer.objective) == ("optimal", optimum("orlib_pmed", name, "p_center"))
    assert answer.bound == answer.objective
    assert answer.open_sites.size == p
    assert costs[:, answer.open_sites].min(axis=1).max() == answer.objective


@pytest.mark.parametrize("name", NAMES)
def test_p_sites_cover_all_within_the_radius_of_the_literature_and_not_within_less(name):
    costs, p = pmed(name)
    radius = optimum("orlib_pmed", name, "p_center")
    assert set_cover(costs, radius, gap=0.1).bound <= p
    assert set_cover(costs, radius - 1, gap=0.1).objective > p


@pytest.mark.parametrize("name", ["pmed2", "pmed5", "pmed9", "pmed14", "pmed20"])
def test_p_sites_reach_everyone_within_the_radius_of_the_literature_and_not_within_less(name):
    costs, p = pmed(name)
    radius, everyone = optimum("orlib_pmed", name, "p_center"), costs.shape[0]
    assert max_cover(costs, np.ones(everyone), radius, p).objective == everyone
    assert max_cover(costs, np.ones(everyone), radius - 1, p).bound < everyone
