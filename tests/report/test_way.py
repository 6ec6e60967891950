"""The way to an organisation in words, on every rendering that shows it."""

from __future__ import annotations

import dataclasses
import io

from openpyxl import load_workbook

from territo.domain.indicators import Comparison, Step
from territo.report.facts import proofs
from territo.report.material import prepare
from territo.report.page import comparison_page
from territo.report.way import steps_table, ways
from territo.report.workbook import workbook
from tests.report.fixtures import HOSTILE, catalogue, comparison, territory, travel

N = "\u202f"
CATALOGUE = catalogue()
STEPS = (
    Step(0, 0.25, 39.5e6, 1.1e5, 700.0, 0.0, ("voirie",), (), (("A", "voirie"), ("B", "voirie"))),
    Step(3, 0.75, 39.0e6, 1.2e5, 650.0, 9_000.0, ("voirie", "eaje"), (("C", "eaje"),), ()),
)


def with_steps(study: Comparison) -> Comparison:
    first, *rest = study.runs
    return dataclasses.replace(study, runs=(dataclasses.replace(first, steps=STEPS), *rest))


PLACE = territory()
PLAIN = comparison(PLACE)
STUDY = with_steps(PLAIN)


def test_only_the_scenarios_with_steps_have_a_way():
    assert ways(PLAIN, CATALOGUE, "fr") == ()
    assert [way.scenario for way in ways(STUDY, CATALOGUE, "fr")] == [STUDY.runs[0].scenario_name]


def test_each_step_has_its_figures_and_today_comes_first():
    (way,) = ways(STUDY, CATALOGUE, "fr")
    assert [row[0] for row in way.rows] == ["Aujourd’hui", "Tout de suite", "Dans 3 ans (visée)"]
    assert way.rows[1][1:] == (f"39,50{N}M€", "700,0", "110,0", "0", "0", "2")
    assert way.rows[2][4:] == (f"9{N}000", "1", "0")
    assert len(way.head) == len(way.rows[0])


def test_a_service_is_named_once_at_the_step_where_it_begins():
    (way,) = ways(STUDY, CATALOGUE, "fr")
    assert [text.partition(f"{N}: ")[2] for text in way.begins] == ["Entretien de la voirie.", "Crèche."]


def test_the_proof_is_said_of_the_mean_over_the_years():
    said = dict(proofs(STUDY, "fr"))[STUDY.runs[0].scenario_name]
    assert "moyenne des années" in said
    (way,) = ways(STUDY, CATALOGUE, "fr")
    assert way.said == said


def test_the_page_shows_the_way_and_escapes_its_names():
    page = comparison_page(STUDY, PLACE, CATALOGUE, travel(PLACE), "en")
    assert "The way, step by step" in page
    assert "At once" in page
    named = dataclasses.replace(STUDY, runs=(dataclasses.replace(STUDY.runs[0], scenario_name=HOSTILE[0]),))
    assert HOSTILE[0] not in comparison_page(named, PLACE, CATALOGUE, travel(PLACE))
    assert "étape par étape" not in comparison_page(PLAIN, PLACE, CATALOGUE, travel(PLACE))


def test_the_steps_are_numbers_in_a_sheet_of_their_own():
    table = steps_table(STUDY, "fr")
    assert len(table.head) == len(table.rows[0])
    assert table.rows == [
        [STUDY.runs[0].scenario_name, 0, 39.5e6, 700.0, 110.0, 0.0, 0, 2],
        [STUDY.runs[0].scenario_name, 3, 39.0e6, 650.0, 120.0, 9_000.0, 1, 0],
    ]
    books = {
        name: load_workbook(io.BytesIO(workbook(prepare(study, PLACE, CATALOGUE, travel(PLACE)))))
        for name, study in (("with", STUDY), ("without", PLAIN))
    }
    assert books["with"]["Étapes"]["H2"].value == 2
    assert "Étapes" not in books["without"].sheetnames
