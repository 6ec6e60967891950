"""What a change of one service touches: services left out, what a service costs alone, what sharing may be worth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territo.locate.highs import Options
from territo.model.apart import apart, only, own, shared_at_most, uncoupled
from territo.model.families import Coordination, Norm
from territo.model.finding import planned
from territo.model.solve import solve
from tests.model.problems import line, problem, services, sites, territories

EXACT = Options(gap=0.0, time_limit_s=20)
CEILINGS = {
    "limits": {"travel": 1e9},
    "most_open": 3,
    "most_closures": 1,
    "capital_eur": 1e6,
}


def crew_office_and_desk(**values):
    """Four communes: a crew in poles, an office at the siège, a desk that stands anywhere."""
    times = line(0, 10, 25, 40)
    offer = services(
        3,
        choices=(("poles",), ("central",), ("free",)),
        nearest=[False, False, True],
        sector=[True, True, False],
        branch=[False, False, True],
        productivity=1_000.0,
        least_team=[1.5, 0.5, 0.4],
        fte_eur=45_000.0,
        point_eur=2_000.0,
        reception_m2=[10.0, 10.0, 40.0],
        space_m2=12.0,
    )
    asked = {
        "offer": offer,
        "places": sites(4, 3, opening_eur=6_000.0, reception_eur_m2=160.0, staff_eur_m2=np.full((4, 3), 90.0)),
        "territories": territories(times, [1, 1, 1, 1], [(0, 1), (1, 2), (2, 3)], count=2),
        "coordination": Coordination(manager_eur=62_000.0, seat_fte=0.2, liaison_fte=0.1, branch_fte=0.05),
        "agent_eur": np.repeat(times[:, :, None] * 20.0, 3, axis=2),
    }
    units = np.array([[900, 500, 400], [300, 200, 700], [800, 100, 300], [600, 300, 900]], dtype=float)
    return problem(times, units, units, **(asked | values))


def priced(case, hour):
    return replace(case, goals=({"cost": 1.0, "travel": hour},))


def test_a_service_that_may_only_stand_anywhere_is_apart():
    assert apart(crew_office_and_desk()).tolist() == [False, False, True]


@pytest.mark.parametrize("name", CEILINGS)
def test_under_a_ceiling_no_service_is_apart(name):
    case = crew_office_and_desk(**{name: CEILINGS[name]})
    assert not uncoupled(case)
    assert not apart(case).any()


def test_where_another_service_may_stand_anywhere_or_not_none_is_apart():
    case = crew_office_and_desk()
    choices = (("poles", "free"), ("central",), ("free",))
    assert not apart(replace(case, services=replace(case.services, choices=choices))).any()


def test_a_part_keeps_the_norms_of_its_services_under_their_new_index():
    case = crew_office_and_desk(norms=(Norm(0, 0.5), Norm(2, 0.25)), covered_within=20)
    part = only(case, np.array([False, True, True]))
    assert [(norm.service, norm.share) for norm in part.norms] == [(1, 0.25)]
    assert part.services.codes == ("s2", "s3")
    assert only(case, np.ones(3, dtype=bool)) is case


@settings(max_examples=10, deadline=None)
@given(
    ratio=st.floats(0.3, 3.0), least_team=st.floats(0.0, 4.0), service=st.sampled_from([0, 1, 2]), hour=st.floats(0, 50)
)
def test_another_volume_or_team_changes_a_plan_by_what_the_service_costs_alone(ratio, least_team, service, hour):
    case = crew_office_and_desk()
    found = solve(priced(case, hour), EXACT)
    column = np.ones(3)
    column[service] = ratio
    teams = case.services.least_team.copy()
    teams[service] = least_team
    changed = replace(
        case,
        units=case.units * column,
        visits=case.visits * column,
        agent_eur=case.agent_eur * column,
        services=replace(case.services, least_team=teams),
    )
    again = solve(planned(priced(changed, hour), found.plan), EXACT)
    own_change = own(changed, service, found).at(hour) - own(case, service, found).at(hour)
    assert again.proofs[-1].objective - found.proofs[-1].objective == pytest.approx(own_change, abs=1e-2)


@pytest.mark.parametrize("modality", ["central", "poles"])
def test_what_a_whole_spares_beside_its_parts_is_no_more_than_what_may_be_shared(modality):
    case = crew_office_and_desk()
    choices = ((modality,), *case.services.choices[1:])
    case = priced(replace(case, services=replace(case.services, choices=choices)), 10.0)
    left_out = np.array([False, False, True])
    parts = [only(case, ~left_out), replace(only(case, left_out), territories=None)]
    spared = sum(solve(part, EXACT).proofs[-1].objective for part in parts) - solve(case, EXACT).proofs[-1].objective
    assert -1e-6 <= spared <= shared_at_most(case, left_out) + 1e-6
    assert shared_at_most(case, np.zeros(3, dtype=bool)) == 0.0
