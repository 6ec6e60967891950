"""Instances of the OR-Library with capacities, proven at their published optima."""

from __future__ import annotations

import pytest

from territo.locate import capacitated_p_median, fixed_charge
from tests.locate.instances import cap, optimum, pmedcap


@pytest.mark.parametrize("name", [f"cpmp{number:02d}" for number in range(1, 11)])
def test_the_capacitated_p_median_is_proven(name):
    costs, demands, capacities, p = pmedcap(name)
    answer = capacitated_p_median(costs, demands, capacities, p, time_limit=120)
    assert answer.status == "optimal"
    assert answer.objective == answer.bound == optimum("pmedcap", name)


@pytest.mark.parametrize("name", ["cap41", "cap61", "cap62", "cap72"])
def test_fixed_charge_with_split_demand_is_proven(name):
    costs, demands, capacities, opening_costs = cap(name)
    # the file gives the cost of serving the whole of a customer
    answer = fixed_charge(costs / demands[:, None], demands, opening_costs, capacities=capacities, time_limit=120)
    assert answer.status == "optimal"
    assert answer.objective == pytest.approx(optimum("orlib_cap", name), rel=1e-9)
    assert answer.bound <= optimum("orlib_cap", name) * (1 + 1e-9)
    assert answer.shares.sum(axis=1) == pytest.approx(1)
    assert (demands @ answer.shares <= capacities * (1 + 1e-9)).all()
