"""Members of a group are counted where they live; what is not known is never nobody."""

from dataclasses import replace

import numpy as np
import pytest

from territo.domain.groups import at_standard, known_share, members
from tests.factories import tiny_territory

STANDARD = {"pauvres": 140.0, "d75": 100.0}
PLAIN = tiny_territory()
CELLS = len(PLAIN.cells)


def with_figures(attributes=None, **groups):
    cells = replace(PLAIN.cells, groups={name: np.array(counts) for name, counts in groups.items()})
    communes = replace(PLAIN.communes, attributes=attributes or {})
    return replace(PLAIN, cells=cells, communes=communes)


def of_communes(value):
    return np.full(len(PLAIN.communes), value)


def test_the_figure_of_a_cell_comes_before_that_of_its_commune():
    place = with_figures(
        {"poverty_rate": of_communes(20.0)}, households=[10.0] * CELLS, poor_households=[5.0, *[np.nan] * (CELLS - 1)]
    )
    assert known_share(place, "poor") == pytest.approx([0.5, *[0.2] * (CELLS - 1)])
    assert at_standard(place, "poor") == 0.0


def test_a_cell_that_nobody_tells_counts_at_the_standard_and_this_is_said():
    place = with_figures(households=[10.0] * CELLS, poor_households=[5.0, *[np.nan] * (CELLS - 1)])
    people = PLAIN.cells.population
    assert members(place, "poor", STANDARD) == pytest.approx(people * [0.5, *[0.14] * (CELLS - 1)])
    assert at_standard(place, "poor") == pytest.approx(1 - people[0] / people.sum())


def test_a_group_that_is_known_nowhere_is_unknown_and_not_at_the_standard():
    assert np.isnan(members(PLAIN, "poor", STANDARD)).all()
    assert at_standard(PLAIN, "poor") == 0.0


@pytest.mark.parametrize(("households", "poor", "share"), [(0.0, 0.0, 0.2), (10.0, 12.0, 1.0), (np.nan, 3.0, 0.2)])
def test_counts_that_say_no_share_leave_it_to_the_commune_and_a_share_is_at_most_one(households, poor, share):
    place = with_figures(
        {"poverty_rate": of_communes(20.0)}, households=[households] * CELLS, poor_households=[poor] * CELLS
    )
    assert known_share(place, "poor") == pytest.approx(np.full(CELLS, share))


def test_nobody_poor_in_a_cell_is_a_figure():
    place = with_figures({"poverty_rate": of_communes(20.0)}, households=[10.0] * CELLS, poor_households=[0.0] * CELLS)
    assert members(place, "poor", STANDARD) == pytest.approx(np.zeros(CELLS))


def test_people_over_75_are_those_of_the_commune_since_the_grid_counts_from_80():
    place = with_figures({"share_75_plus": of_communes(12.0)}, age_80_plus=[9.0] * CELLS)
    assert members(place, "75_plus", STANDARD) == pytest.approx(0.12 * PLAIN.cells.population)
