"""The tables of a comparison as one XLSX workbook."""

from __future__ import annotations

import io
import math

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from territo.i18n import t
from territo.report.material import Material
from territo.report.tables import FORMULA_SIGNS, Table, Value, communes_table, figures_table, services_table
from territo.report.way import steps_table

LONGEST_CELL = 32_767  # what a cell of a spreadsheet holds
WIDEST = 48
NARROWEST = 10
HEAD_FONT = Font(bold=True, color="FFFFFF")
HEAD_FILL = PatternFill("solid", fgColor="1B4F8A")
NUMBER_FORMAT = "#,##0.##"


def workbook(material: Material) -> bytes:
    """Write the figures, the communes, the services, the steps if any, and what must be known, one sheet each."""
    comparison, lang = material.comparison, material.lang
    book = Workbook()
    del book["Sheet"]
    sheets = {
        "figures": figures_table(comparison, lang),
        "communes": communes_table(comparison, material.territory, lang),
        "services": services_table(comparison, material.catalogue, lang),
        **({"steps": steps_table(comparison, lang)} if material.story.ways else {}),
        "notes": _notes(material),
    }
    for name, table in sheets.items():
        _fill(book.create_sheet(t(f"paper.sheet.{name}", lang)), table)
    book.properties.title, book.properties.creator = material.story.title, "territo"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _notes(material: Material) -> Table:
    story, lang = material.story, material.lang
    colon = t("paper.colon", lang)
    parts = {
        "proof_title": [f"{name}{colon}{text}" for name, text in story.proofs],
        "warnings_title": [f"{name}{colon}{text}" for name, text in story.warnings],
        "limits_title": list(story.limits),
        "sources_title": [*(text for text, _ in story.sources), story.passport],
    }
    rows: list[list[Value]] = [[t(f"page.{title}", lang), text] for title, texts in parts.items() for text in texts]
    return Table([story.title, story.dated or story.subtitle], rows)


def _fill(sheet: Worksheet, table: Table) -> None:
    for column, words in enumerate(table.head, start=1):
        _write(sheet, 1, column, words)
        cell = sheet.cell(1, column)
        cell.font, cell.fill, cell.alignment = HEAD_FONT, HEAD_FILL, Alignment(wrap_text=True, vertical="top")
    for row, values in enumerate(table.rows, start=2):
        for column, value in enumerate(values, start=1):
            _write(sheet, row, column, value)
    for column, words in enumerate(table.head, start=1):
        texts = [
            words.split(" ")[-1],
            *(str(row[column - 1]) for row in table.rows if isinstance(row[column - 1], str)),
        ]
        width = min(max(NARROWEST, *(len(text) + 2 for text in texts)), WIDEST)
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "B2"


def _write(sheet: Worksheet, row: int, column: int, value: Value) -> None:
    """Write a value; a text that looks like a formula is kept as a text, in the file and when it is edited."""
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        cell.value = value[:LONGEST_CELL]
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(FORMULA_SIGNS)
    elif value is not None and not (isinstance(value, float) and not math.isfinite(value)):
        cell.value = value
        cell.number_format = NUMBER_FORMAT
