"""A brief a scenario: each place with its services, areas and visits; the same facts as PDF and as DOCX."""

import io
from dataclasses import replace

import docx
import numpy as np
import pytest

from territo.assess.case import make_case
from territo.assess.costs import receptions, spaces
from territo.domain.demand import yearly_demand
from territo.report.material import prepare
from territo.report.premises import briefs, needs, premises_pdf
from territo.report.word_brief import premises_docx
from tests.report.fixtures import HOSTILE, catalogue, comparison, territory, travel
from tests.report.papers import facts_of, text_of

PLACE = territory(hostile=True)
STUDY = comparison(PLACE)


def material(profile="internal", place=PLACE):
    return prepare(STUDY, place, catalogue(), travel(PLACE), profile=profile)


def brief(position, **options):
    return list(briefs(material(**options)))[position]


def test_there_is_a_brief_a_scenario_and_a_part_a_place_headquarters_first():
    places = [len(facts["places"]) for facts in briefs(material())]
    assert places == [1, 3, 10, 5, 3]
    assert brief(2)["places"][0]["name"] == "Mairie de Grandville"


def test_areas_are_those_that_the_cost_counts():
    run = STUDY.runs[2]
    found = needs(run, material())
    demand = yearly_demand(PLACE, catalogue(), run.organisation.services)
    case = make_case(PLACE, catalogue(), travel(PLACE), demand, run.organisation)
    assert np.array_equal(found.reception, receptions(case))
    assert np.array_equal(found.work, spaces(case))


def test_everyone_and_every_visit_is_somewhere():
    found = needs(STUDY.runs[2], material())
    assert found.inhabitants.sum(axis=0) == pytest.approx(PLACE.cells.population.sum())
    demand = yearly_demand(PLACE, catalogue(), STUDY.runs[2].organisation.services)
    assert found.visits.sum(axis=0) == pytest.approx(demand.visits.sum(axis=0))


def test_the_pdf_has_a_tagged_page_a_place(tmp_path):
    path = tmp_path / "brief.pdf"
    path.write_bytes(premises_pdf(brief(2), "2025-03-01"))
    facts = facts_of(path)
    assert (facts["Pages"], facts["Tagged"]) == ("10", "yes")
    text = text_of(path, "-layout")
    assert "Lieu à ouvrir" not in text
    assert "Au moins un bureau fermé" in text


def test_the_docx_holds_the_same_tables_as_the_pdf():
    facts = brief(1)
    document = docx.Document(io.BytesIO(premises_docx(facts)))
    assert document.core_properties.title == "Cahier des charges des locaux · Pôles territoriaux"
    assert len(document.tables) == 3
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert rows[0][0] == "Service"
    first = facts["places"][0]
    assert [row[0] for row in rows[1:-1]] == [service["label"] for service in first["services"]]
    assert rows[-1][3] == first["total"]["reception"]
    assert document.tables[0].rows[0]._tr.trPr.xpath("w:tblHeader")


def test_teams_are_not_told_outside(tmp_path):
    facts = brief(1, profile="partners")
    document = docx.Document(io.BytesIO(premises_docx(facts)))
    assert [cell.text for cell in document.tables[0].rows[0].cells][-1] == "Accueil"
    path = tmp_path / "brief.pdf"
    path.write_bytes(premises_pdf(facts, ""))
    assert "ETP" not in text_of(path).split()
    assert {service["work"] for place in facts["places"] for service in place["services"]} == {"—"}


@pytest.mark.parametrize("name", [*HOSTILE, "\u202eeiriaM\x00", "x" * 4_000])
def test_hostile_names_of_sites_are_text(name, tmp_path):
    sites = replace(PLACE.sites, names=(name, *PLACE.sites.names[1:]))
    facts = brief(0, place=replace(PLACE, sites=sites))
    shown = facts["places"][0]["name"]
    assert shown == (name if name in HOSTILE else "eiriaM" if "eiriaM" in name else "x" * 59 + "…")
    document = docx.Document(io.BytesIO(premises_docx(facts)))
    assert shown in [paragraph.text for paragraph in document.paragraphs]
    path = tmp_path / "brief.pdf"
    path.write_bytes(premises_pdf(facts, ""))
    assert shown.replace(" ", "") in text_of(path, "-layout").replace(" ", "")
