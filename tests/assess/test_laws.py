"""Laws that hold for any organisation: accounts add up, intervals are ordered, the order of the cells is nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territo.assess.assessment import Settings, assess
from territo.assess.costs import LINES
from territo.domain.demand import Demand
from territo.domain.organisation import Organisation
from territo.domain.territory import Territory
from territo.domain.travel import TravelTimes
from tests.assess.examples import CATALOGUE, NORMS, TERRITORY, TRAVEL, demand, measured, today

CODES = CATALOGUE.codes
COUNT = len(CODES)
MODALITIES = st.sampled_from(["central", "poles", "free"])


@st.composite
def organisations(draw) -> Organisation:
    """Draw who offers what, with any team, and send each cell to a site that offers the service or nowhere."""
    offered = np.array(draw(st.lists(st.booleans(), min_size=3 * COUNT, max_size=3 * COUNT))).reshape(3, COUNT)
    teams = st.lists(st.integers(0, 40), min_size=3 * COUNT, max_size=3 * COUNT)
    staff = np.array(draw(teams)).reshape(3, COUNT) / 8 * offered
    choices = [[-1, *np.flatnonzero(offered[:, column])] for column in range(COUNT)]
    assignment = [[draw(st.sampled_from(choice)) for choice in choices] for _ in range(3)]
    seats = draw(st.sampled_from([(), (0,), (1,), (0, 1), (2,)]))
    belongs = [draw(st.sampled_from(seats)) if seats else -1 for _ in range(2)]
    modality = tuple(draw(st.lists(MODALITIES, min_size=COUNT, max_size=COUNT)))
    hours = offered * 20.0
    return Organisation(CODES, modality, 0, seats, np.array(belongs), offered, staff, np.array(assignment), hours)


@settings(max_examples=60, deadline=None)
@given(organisations())
def test_costs_add_up_and_the_saving_is_their_difference(organisation):
    assessment, before = measured(organisation), measured(today())
    assert sum(assessment[f"COST.{line}"].value for line in LINES) == pytest.approx(assessment["COST"].value)
    assert sum(assessment["COST"].by_service.values()) == pytest.approx(assessment["COST"].value)
    difference = before["COST"].value - assessment["COST"].value
    assert assessment["ECO1.theoretical"].value == pytest.approx(difference, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(organisations())
def test_the_saving_is_an_ordered_interval_whose_parts_add_up(organisation):
    saving = measured(organisation)["ECO1"]
    assert saving.low <= saving.value <= saving.high
    assert saving.low <= 0.0
    assert sum(saving.by_service.values()) == pytest.approx(saving.value, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(organisations())
def test_groups_of_people_add_up_and_shares_are_shares(organisation):
    assessment = measured(organisation)
    groups = [assessment[f"GAG1.{group}"].value for group in ("winners", "losers", "neutral")]
    assert sum(groups) == pytest.approx(1_500)
    for name in ("PRX3", "OFF3.bouquet"):
        assert 0.0 <= assessment[name].value <= 1.0
    levels = [assessment[f"ECO4.{level}"].value for level in ("hq", "poles", "branches")]
    assert sum(levels) == pytest.approx(assessment["ECO4"].value)
    assert np.nan_to_num(assessment["RES1.loss"].value) <= 0.0


@settings(max_examples=60, deadline=None)
@given(organisations())
def test_the_mean_the_worst_tenth_and_the_farthest_keep_their_order(organisation):
    assessment = measured(organisation)
    if np.isnan(assessment["PRX1.mean"].value):
        assert np.isnan(assessment["EQU1"].value)
        return
    assert assessment["PRX1.mean"].value <= assessment["EQU1"].value + 1e-9
    assert assessment["PRX1.median"].value <= assessment["PRX2"].value
    assert assessment["EQU2.penalty"].value >= -1e-9
    assert assessment["EQU2"].value <= 30.0 + 1e-9


@settings(max_examples=30, deadline=None)
@given(organisations(), st.permutations([0, 1, 2]))
def test_the_order_of_the_cells_changes_nothing(organisation, order):
    cells = TERRITORY.cells
    permuted = replace(cells, xy=cells.xy[order], population=cells.population[order], commune=cells.commune[order])
    moved = _assessed(
        replace(TERRITORY, cells=permuted),
        TravelTimes(TRAVEL.minutes[order], TRAVEL.km[order], "car", ""),
        Demand(demand().units[order], demand().visits[order]),
        replace(organisation, assignment=organisation.assignment[order]),
        replace(today(), assignment=today().assignment[order]),
    )
    _same(moved, measured(organisation))


@settings(max_examples=30, deadline=None)
@given(organisations())
def test_splitting_a_cell_into_two_at_the_same_place_changes_nothing(organisation):
    cells, rows = TERRITORY.cells, [0, 1, 2, 2]
    part = np.array([1.0, 1.0, 0.25, 0.75])
    halves = replace(cells, xy=cells.xy[rows], population=cells.population[rows] * part, commune=cells.commune[rows])
    split = _assessed(
        replace(TERRITORY, cells=halves),
        TravelTimes(TRAVEL.minutes[rows], TRAVEL.km[rows], "car", ""),
        Demand(demand().units[rows] * part[:, None], demand().visits[rows] * part[:, None]),
        replace(organisation, assignment=organisation.assignment[rows]),
        replace(today(), assignment=today().assignment[rows]),
    )
    _same(split, measured(organisation))


def _assessed(territory: Territory, travel: TravelTimes, asked: Demand, organisation, reference):
    return assess(territory, CATALOGUE, travel, asked, organisation, reference, Settings(norms=NORMS))


def _same(one, other):
    assert one.alarms == other.alarms
    for name, indicator in one.indicators.items():
        expected = other[name]
        assert indicator.value == pytest.approx(expected.value, abs=1e-6, nan_ok=True), name
        assert dict(indicator.by_service) == pytest.approx(dict(expected.by_service), abs=1e-6, nan_ok=True), name
        if indicator.by_commune is not None:
            assert indicator.by_commune == pytest.approx(expected.by_commune, abs=1e-6, nan_ok=True), name
