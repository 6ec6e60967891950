"""Each map shows what its run decides."""

from dataclasses import replace

import numpy as np

from territo.report.views import access_views, change_views, commune_minutes, site_levels
from tests.report.fixtures import catalogue, comparison, territory

PLACE = territory()
STUDY = comparison(PLACE)


def test_a_site_with_only_the_reception_of_its_town_hall_is_not_an_antenna():
    levels = site_levels(STUDY.runs[2], catalogue())
    assert levels[0] == "h"
    assert [levels[site] for site in (7, 14, 19)] == ["p"] * 3
    assert [levels[site] for site in (2, 5, 9, 11, 21, 25)] == ["a"] * 6
    assert set(levels[1]) == {"m"}


def test_a_site_with_only_field_or_back_office_services_is_not_an_antenna():
    run = STUDY.reference
    offered = np.zeros_like(run.organisation.offered)
    offered[3, 4] = offered[4, 5] = True
    plan = replace(run.organisation, offered=offered, assignment=np.full((31, 6), -1))
    assert site_levels(replace(run, organisation=plan), catalogue())[3:6] == "mm."


def test_the_current_situation_comes_first_and_has_no_map_of_changes():
    assert [view.id for view in access_views(STUDY, PLACE, catalogue(), "fr")] == [f"access{n}" for n in range(6)]
    assert [view.id for view in change_views(STUDY, PLACE, "fr")] == [f"change{n}" for n in range(1, 6)]


def test_the_labels_are_the_communes_of_the_seats():
    view = access_views(STUDY, PLACE, catalogue(), "fr")[2]
    assert [label.name for label in view.labels] == ["Grandville", "Saint-Exemple-07", "Saint-Exemple-19"]


def test_each_commune_has_one_class_and_one_tooltip():
    for view in access_views(STUDY, PLACE, catalogue(), "fr"):
        assert len(view.classes) == len(view.tips) == len(view.territories) == 31


def test_a_run_without_access_shows_unknown_communes_not_zero():
    empty = STUDY.reference.assessment.__class__({})
    run = STUDY.reference.__class__("x", "x", "evaluated", STUDY.reference.organisation, empty)
    assert np.isnan(commune_minutes(run, PLACE)).all()
