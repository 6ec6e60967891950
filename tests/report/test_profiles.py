"""Each profile shows what its readers may see, and nothing that lets them find the rest."""

import math
from dataclasses import replace

import numpy as np
import pytest

from territo.domain.indicators import Assessment, Comparison, Indicator
from territo.errors import InputError
from territo.report.material import prepare
from territo.report.profiles import FEWEST_HOUSEHOLDS, PROFILES, for_readers, least_people, masked_cells
from tests.report.fixtures import catalogue, comparison, territory, travel

PLACE = territory()
STUDY = comparison(PLACE)
LEAST = least_people(PLACE, catalogue())


def seen(profile, *indicators, place=PLACE):
    run = replace(STUDY.runs[0], assessment=Assessment({item.id: item for item in indicators}))
    shown = for_readers(Comparison(STUDY.reference, (run,)), place, catalogue(), PROFILES[profile])
    return shown.runs[0].assessment.indicators


def groups(winners, losers, neutral):
    values = {"winners": winners, "losers": losers, "neutral": neutral}
    return [Indicator(f"GAG1.{name}", "inhabitants", float(value)) for name, value in values.items()]


def test_internal_readers_see_all():
    assert for_readers(STUDY, PLACE, catalogue(), PROFILES["internal"]) == STUDY


@pytest.mark.parametrize("profile", ["partners", "public"])
def test_costs_by_team_are_not_shown_outside_and_their_total_is(profile):
    cost = Indicator("COST", "eur_per_year", 5.0, None, None, {"eaje": 5.0}, {"64001": 5.0}, np.array([5.0]))
    found = seen(profile, cost)["COST"]
    assert (found.value, found.by_service, found.by_territory, found.by_commune) == (5.0, {}, {}, None)


def test_partners_still_see_the_share_within_the_norm_of_each_service():
    norm = Indicator("PRX3", "share", 0.9, by_service={"eaje": 0.8})
    assert seen("partners", norm)["PRX3"].by_service == {"eaje": 0.8}


def test_the_public_sees_no_figure_for_researchers():
    found = seen("public", Indicator("EQU2", "min", 8.0), Indicator("PRX2", "min", 9.0))
    assert set(found) == {"PRX2"}


def test_eleven_households_are_counted_as_the_standard_demography_does():
    assert pytest.approx(FEWEST_HOUSEHOLDS / 0.455) == LEAST


def test_eleven_households_are_counted_as_published_where_they_are():
    households = PLACE.communes.population / 2.0
    place = replace(PLACE, communes=replace(PLACE.communes, attributes={"households": households}))
    assert least_people(place, catalogue()) == pytest.approx(2.0 * FEWEST_HOUSEHOLDS)


@pytest.mark.parametrize(("count", "shown"), [(LEAST - 1, math.nan), (LEAST, LEAST), (0.0, 0.0)])
def test_a_count_under_eleven_households_is_masked_and_none_is_still_none(count, shown):
    found = seen("public", Indicator("PRX.unserved", "inhabitants", count, by_service={"eaje": count}))["PRX.unserved"]
    assert [found.value, found.by_service["eaje"]] == pytest.approx([shown, shown], nan_ok=True)


def test_a_group_cannot_be_found_by_taking_the_others_from_everyone():
    found = seen("public", *groups(10, 500, 9_000))
    shown = [found[f"GAG1.{name}"].value for name in ("winners", "losers", "neutral")]
    assert shown == pytest.approx([math.nan, math.nan, 9_000], nan_ok=True)


def test_groups_that_are_large_or_empty_are_all_shown():
    found = seen("public", *groups(0, 500, 9_000))
    assert [found[f"GAG1.{name}"].value for name in ("winners", "losers", "neutral")] == [0, 500, 9_000]


def test_the_cells_of_few_people_are_masked():
    cells = replace(PLACE.cells, population=np.where(np.arange(31) == 3, 20.0, PLACE.cells.population))
    assert np.flatnonzero(masked_cells(replace(PLACE, cells=cells), LEAST)).tolist() == [3]


def test_the_public_is_told_that_small_counts_are_masked():
    limits = {name: prepare(STUDY, PLACE, catalogue(), travel(PLACE), profile=name).story.limits for name in PROFILES}
    assert any("11 ménages" in limit for limit in limits["public"])
    assert not any("11 ménages" in limit for limit in limits["internal"])


def test_an_unknown_profile_is_refused_with_the_known_ones():
    with pytest.raises(InputError, match="everyone is not a profile: choose one of internal, partners, public"):
        prepare(STUDY, PLACE, catalogue(), travel(PLACE), profile="everyone")
