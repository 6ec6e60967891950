"""The workbook opens with its sheets, and no name becomes a formula."""

import io
from dataclasses import replace

import openpyxl
import pytest

from territo.domain.indicators import Comparison
from territo.report.material import prepare
from territo.report.workbook import workbook
from tests.report.fixtures import HOSTILE, catalogue, comparison, territory, travel

PLACE = territory(hostile=True)
STUDY = comparison(PLACE)


def opened(study=STUDY, profile="internal", **options):
    material = prepare(study, PLACE, catalogue(), travel(PLACE), profile=profile)
    return openpyxl.load_workbook(io.BytesIO(workbook(material)), **options)


@pytest.fixture(scope="module")
def book():
    return opened()


def test_it_has_one_sheet_a_table_and_one_of_notes(book):
    assert book.sheetnames == ["Chiffres clés", "Communes", "Services", "Preuve, limites, sources"]
    assert [sheet.max_row for sheet in book][1] == 1 + 31


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_a_name_that_looks_like_a_formula_is_a_text(sign):
    name = f"{sign}HYPERLINK(1)"
    study = Comparison(STUDY.reference, (replace(STUDY.runs[0], scenario_name=name),))
    cells = [cell for sheet in opened(study) for row in sheet.iter_rows() for cell in row]
    named = [cell for cell in cells if cell.value == name]
    assert named
    assert {(cell.data_type, cell.quotePrefix) for cell in named} == {("s", True)}
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_hostile_communes_are_written_as_they_are(book):
    names = [row[1].value for row in book["Communes"].iter_rows(min_row=3, max_row=5)]
    assert names == list(HOSTILE)


def test_numbers_are_numbers_and_unknown_is_empty(book):
    rows = {row[0].value: row for row in book["Chiffres clés"].iter_rows()}
    assert isinstance(rows["COST"][3].value, int | float)
    assert rows["EQU5"][3].value is None


def test_a_name_with_control_signs_or_too_long_for_a_cell_opens():
    study = Comparison(STUDY.reference, (replace(STUDY.runs[0], scenario_name="a\x00b" + "x" * 40_000),))
    head = opened(study)["Chiffres clés"][1][6].value
    assert head.startswith("abx")
    assert len(head) == 32_767


def test_the_public_has_no_cost_by_service():
    columns = {cell.value: cell.column for cell in opened(profile="public")["Services"][1]}
    sheet = opened(profile="public")["Services"]
    assert {row[columns["coût (€ par an)"] - 1].value for row in sheet.iter_rows(min_row=2)} == {None}
