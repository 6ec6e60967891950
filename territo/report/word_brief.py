"""The premises brief of a scenario as a DOCX file, for those who will write the call for tenders from it."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any, cast

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

NAVY = RGBColor(0x1B, 0x4F, 0x8A)
FONT = "Arial"
FIRST_COLUMN = Cm(5)
BODY, HEADINGS = Pt(10), {1: Pt(18), 2: Pt(12)}

Facts = Mapping[str, Any]


def premises_docx(facts: Facts) -> bytes:
    """Write the facts of :func:`territo.report.premises.briefs`, one page a place."""
    document = Document()
    _style(document, facts)
    document.add_paragraph(facts["title"], style="Title")
    document.add_paragraph(f"{facts['subtitle']} · {facts['dated']}".rstrip(" ·"))
    for number, place in enumerate(cast("Sequence[Facts]", facts["places"])):
        if number:
            document.add_page_break()
        _place(document, place, facts)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _place(document: Any, place: Facts, facts: Facts) -> None:
    words = facts["words"]
    document.add_heading(place["name"], level=1)
    document.add_paragraph(place["about"])
    document.add_paragraph(f"{place['state']} {place['served']}")
    document.add_heading(words["rooms"], level=2)
    columns = ["label", "hours", "visits", "reception", *(["fte", "work"] if facts["teams"] else [])]
    heads = ["service", *columns[1:]]
    table = document.add_table(rows=1, cols=len(columns), style="Light Grid Accent 1")
    _row(table.rows[0], [words[head] for head in heads])
    _repeat(table.rows[0])
    for service in place["services"]:
        _row(table.add_row(), [service[column] for column in columns])
    for cell in table.columns[0].cells:
        cell.width = FIRST_COLUMN
    total = place["total"]
    _row(table.add_row(), [words["total"], *(str(total.get(column, "")) for column in columns[1:])])
    document.add_heading(words["needs"], level=2)
    for need in place["needs"]:
        document.add_paragraph(need, style="List Bullet")
    document.add_paragraph(f"{facts['note']} {facts['passport']}")


def _row(row: Any, texts: Sequence[str]) -> None:
    for number, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        cell.text = text
        if number:
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _repeat(row: Any) -> None:
    """Mark a row as the head of its table: screen readers say it, and a new page repeats it."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)  # noqa: SLF001 - python-docx has no other door to the head of a table


def _style(document: Any, facts: Facts) -> None:
    properties = document.core_properties
    properties.title, properties.author, properties.language = facts["title"], "territo", facts["lang"]
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin = section.bottom_margin = Cm(1.8)
    section.footer.paragraphs[0].text = facts["foot"]
    styles = document.styles
    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        font = styles[name].font
        font.name = FONT
        named = styles[name].element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            named.attrib.pop(qn(f"w:{attribute}"), None)  # the fonts of the theme would win
    styles["Normal"].font.size = BODY
    for level, size in HEADINGS.items():
        styles[f"Heading {level}"].font.size, styles[f"Heading {level}"].font.color.rgb = size, NAVY
    styles["Title"].font.size, styles["Title"].font.color.rgb = Pt(22), NAVY
