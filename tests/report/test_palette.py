"""Classes follow their breaks; a territory keeps its colour."""

import numpy as np

from territo.report.palette import access_breaks, change_classes, classes, territory_colours
from tests.report.fixtures import comparison, territory


def test_short_travel_gets_the_finest_breaks():
    assert access_breaks([np.array([1.0, 4.0, 8.0])]) == (3.0, 6.0, 9.0, 12.0)


def test_a_tenth_of_the_values_may_fall_in_the_last_class():
    values = np.array([1.0] * 9 + [50.0])
    assert access_breaks([values]) == (3.0, 6.0, 9.0, 12.0)


def test_more_than_a_tenth_in_the_last_class_widens_the_breaks():
    values = np.array([1.0] * 8 + [13.0, 14.0])
    assert access_breaks([values]) == (5.0, 10.0, 15.0, 20.0)


def test_unknown_values_do_not_move_the_breaks():
    assert access_breaks([np.array([np.nan, np.inf, 2.0])]) == (3.0, 6.0, 9.0, 12.0)


def test_no_value_at_all_gives_the_widest_breaks():
    assert access_breaks([np.array([np.nan])]) == (10.0, 20.0, 30.0, 45.0)


def test_a_value_on_a_break_belongs_to_the_class_above():
    assert classes(np.array([0.0, 4.99, 5.0, 19.9, 20.0, np.nan]), (5.0, 10.0, 15.0, 20.0)) == "00134x"


def test_two_minutes_are_a_gain_or_a_loss_and_five_a_large_one():
    change = np.array([-5.0, -4.9, -2.0, -1.9, 0.0, 1.9, 2.0, 4.9, 5.0, np.nan])
    assert change_classes(change) == "011222334x"


def test_a_territory_keeps_its_colour_from_one_scenario_to_the_next():
    place = territory()
    study = comparison(place)
    colours = territory_colours(study, place)
    assert set(colours) == {0, 7, 14, 19}
    assert len(set(colours.values())) == 4
