"""Each commune has its page: where its inhabitants go, and what comes or leaves."""

from dataclasses import replace

import numpy as np
import pytest

from territo.report.journeys import journeys
from territo.report.material import prepare
from territo.report.sheets import sheets
from tests.report.fixtures import HOSTILE, catalogue, comparison, territory, travel
from tests.report.papers import facts_of, text_of

PLACE = territory(hostile=True)
STUDY = comparison(PLACE)
TIMES = travel(PLACE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("sheets")
    material = prepare(STUDY, PLACE, catalogue(), TIMES)
    for code, content in zip(("all", *PLACE.communes.codes), sheets(material), strict=True):
        (made / f"{code}.pdf").write_bytes(content)
    return made


def test_there_is_a_page_a_commune_in_one_file_and_a_file_a_commune(folder):
    assert facts_of(folder / "all.pdf")["Pages"] == "31"
    assert {path.stem for path in folder.iterdir()} == {"all", *PLACE.communes.codes}
    assert facts_of(folder / "64001.pdf")["Pages"] == "1"


def test_sheets_are_tagged_and_titled(folder):
    facts = facts_of(folder / "64001.pdf")
    assert (facts["Tagged"], facts["Title"]) == ("yes", "Grandville")


def test_a_sheet_says_the_place_and_the_time_of_each_service(folder):
    text = text_of(folder / "64008.pdf").replace(" ", "")
    assert "Saint-Exemple-07" in text
    assert "Médiathèque" in text
    trips = journeys(STUDY.reference, PLACE, TIMES)
    column = STUDY.reference.organisation.services.index("mediatheque")
    used = PLACE.sites.commune[trips.site[7, column]]
    assert PLACE.communes.names[used].replace(" ", "") in text
    assert f"{trips.minutes[7, column]:.1f}".replace(".", ",") in text


def test_hostile_names_are_text(folder):
    for code, name in zip(PLACE.communes.codes[1:4], HOSTILE, strict=True):
        assert name.replace(" ", "") in text_of(folder / f"{code}.pdf").replace(" ", "")


def test_a_service_that_leaves_and_one_that_comes_are_said(folder):
    text = text_of(folder / "64004.pdf")
    assert "Tout centralisé — Quittent la commune : Accueil France services, Médiathèque, Crèche." in text
    assert "L’accueil du public ne change pas dans la commune." in text_of(folder / "64007.pdf")


def test_time_is_the_mean_of_the_inhabitants_and_the_site_the_one_most_use():
    plan = STUDY.reference.organisation
    cells = replace(
        PLACE.cells,
        xy=np.vstack([PLACE.cells.xy, PLACE.cells.xy[:1]]),
        population=np.append(PLACE.cells.population, 1.0),
        commune=np.append(PLACE.cells.commune, 0),
    )
    times = replace(TIMES, minutes=np.vstack([TIMES.minutes, TIMES.minutes[5]]), km=np.vstack([TIMES.km, TIMES.km[5]]))
    there = np.vstack([plan.assignment, plan.assignment[5]])
    run = replace(STUDY.reference, organisation=replace(plan, assignment=there))
    found = journeys(run, replace(PLACE, cells=cells), times)
    people = PLACE.cells.population[0]
    expected = (people * times.minutes[0, there[0, 1]] + times.minutes[31, there[31, 1]]) / (people + 1)
    assert found.minutes[0, 1] == pytest.approx(expected)
    assert found.site[0, 1] == there[0, 1]


def test_inhabitants_without_any_site_have_no_time():
    plan = STUDY.reference.organisation
    nowhere = plan.assignment.copy()
    nowhere[4, 1] = -1
    found = journeys(replace(STUDY.reference, organisation=replace(plan, assignment=nowhere)), PLACE, TIMES)
    assert found.site[4, 1] == -1
    assert np.isnan(found.minutes[4, 1])
    assert np.isfinite(found.minutes[4, 2])
