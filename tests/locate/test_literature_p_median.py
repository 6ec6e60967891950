"""The p-medians of OR-Library (Beasley, 1985), to proven optimality."""

from __future__ import annotations

import numpy as np
import pytest

from territo.locate.p_median import p_median
from tests.locate.instances import optimum, pmed


@pytest.mark.parametrize("name", [f"pmed{number}" for number in range(1, 21)])
def test_the_published_optimum_is_proven(name):
    network = pmed(name)
    answer = p_median(network.costs, np.ones(len(network.costs)), network.p)
    published = optimum("orlib_pmed", name, "p_median")
    assert (answer.status, answer.objective, answer.bound) == ("optimal", published, published)
    assert network.costs[:, answer.open_sites].min(axis=1).sum() == published
