"""Communes well placed to be seats, on a line of three where the middle one is neither the largest nor a centre."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from territo.formulate.places import possible_seats
from territo.formulate.preselection import commune_minutes, well_placed
from territo.scenario.parts import Territories
from tests.studies.line import territory


@pytest.fixture
def study():
    loaded = territory()
    return SimpleNamespace(territory=loaded.territory, travel=loaded.travel)


@pytest.mark.parametrize(
    ("count", "placed"), [((1, 1), [False, True, False]), ((2, 2), [True, True, False]), ((1, 9), [True, True, True])]
)
def test_each_number_of_territories_names_its_best_places(study, count, placed):
    assert well_placed(study, *count).tolist() == placed


def test_minutes_are_those_of_the_inhabitants(study):
    assert commune_minutes(study, np.array([0, 2])).tolist() == [[0.0, 30.0], [15.0, 15.0], [30.0, 0.0]]


def test_a_well_placed_commune_may_be_a_seat_where_nobody_chose_the_seats(study):
    nobody, middle = np.zeros(3, dtype=bool), np.array([False, False, True])
    free = Territories(count=(1, 1))
    assert possible_seats(study.territory, free, nobody).tolist() == [True, True, False]
    assert possible_seats(study.territory, free, middle).tolist() == [True, True, True]
    assert possible_seats(study.territory, Territories(count=(1, 1), seats=("L3",)), nobody).tolist() == [
        False,
        False,
        True,
    ]
