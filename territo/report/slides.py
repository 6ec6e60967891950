"""Four slides to show in session: the essential, the maps, who gains and who loses, what is proven and what is not."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Cm, Pt

from territo.i18n import t
from territo.report import drawing, paper, views
from territo.report.cards import access_legend, change_legend
from territo.report.figures import Cell
from territo.report.maps import ACCESS, CHANGE, View
from territo.report.material import Material
from territo.report.names import short

WIDTH, HEIGHT = Cm(33.867), Cm(19.05)
LEFT, TOP = Cm(1.4), Cm(3.0)
ROOM_WIDTH, ROOM_HEIGHT = Cm(31.0), Cm(14.4)
FONT = "Arial"
NAVY, INK, SOFT, WHITE = (RGBColor.from_string(code) for code in ("1B4F8A", "1D2430", "5A6472", "FFFFFF"))
BETTER, WORSE, WASH = (RGBColor.from_string(code) for code in ("17603A", "9B2C00", "F0F4F9"))
BLANK_WITH_TITLE = 5
SHOWN_SCENARIOS = 5
FEW, ACROSS = 3, 3
SHOWN_WARNINGS = 5
LONGEST_NAME, LONGEST_WARNING = 34, 150
PICTURE_PIXELS = 900
MAGNIFIED = 1.6
GAP, NAME_HEIGHT, MAPS_HEIGHT = Cm(0.6), Cm(0.9), Cm(13.9)


def slides(material: Material) -> bytes:
    """Write the slides as PPTX, 16:9; every picture has its alternative text."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    deck.core_properties.title, deck.core_properties.author = short(material.story.title, 90), "territo"
    _essential(deck, material)
    _maps(deck, material)
    _gains(deck, material)
    _proof(deck, material)
    buffer = io.BytesIO()
    deck.save(buffer)
    return buffer.getvalue()


def _essential(deck: Any, material: Material) -> None:
    story = material.story
    slide = _slide(deck, short(story.title, 70), material)
    shown = 1 + min(len(material.comparison.runs), SHOWN_SCENARIOS)
    shape = slide.shapes.add_table(1 + len(story.figures), 1 + shown, LEFT, TOP, ROOM_WIDTH, ROOM_HEIGHT)
    shape.name = t("page.figures_caption", story.lang)
    table = shape.table
    first = Cm(7)
    table.columns[0].width = first
    for column in range(1, 1 + shown):
        table.columns[column].width = (ROOM_WIDTH - first) // shown
    heads = [t("page.figures_head", story.lang), *(short(name, LONGEST_NAME) for name in story.names[:shown])]
    for column, words in enumerate(heads):
        _write(table.cell(0, column), [(words, 13, WHITE, True)], NAVY, centred=column > 0)
    for number, row in enumerate(story.figures, start=1):
        _write(table.cell(number, 0), [(row.label, 13, INK, False)], WASH if number % 2 else WHITE)
        for column, cell in enumerate(row.cells[:shown], start=1):
            _write(table.cell(number, column), _figure(cell), WASH if number % 2 else WHITE, centred=True)


def _figure(cell: Cell) -> list[tuple[str, int, RGBColor, bool]]:
    colour = {"better": BETTER, "worse": WORSE}.get(cell.verdict, SOFT)
    change = f"{cell.change} {cell.word}".strip()
    return [(cell.value, 13, INK, True), *([(change, 10, colour, False)] if change else [])]


def _maps(deck: Any, material: Material) -> None:
    story, lang = material.story, material.lang
    slide = _slide(deck, t("page.maps_title", lang), material)
    of_access = views.access_views(material.comparison, material.territory, material.catalogue, lang)[
        : 1 + SHOWN_SCENARIOS
    ]
    texts = [" ".join(said[:3]) for said in story.sentences]
    breaks = views.page_breaks(material.comparison, material.territory)
    _pictures(slide, of_access, list(zip(story.names, texts, strict=True)), material)
    _legend(slide, ACCESS, access_legend(breaks, lang))


def _gains(deck: Any, material: Material) -> None:
    story, lang = material.story, material.lang
    slide = _slide(deck, t("page.gains_title", lang), material)
    of_change = views.change_views(material.comparison, material.territory, lang)[:SHOWN_SCENARIOS]
    texts = [
        " ".join([item.sentence, *(f"{short(move.commune, 26)} {move.change}." for move in item.losers[:2])])
        for item in story.gains
    ]
    _pictures(slide, of_change, list(zip(story.names[1:], texts, strict=True)), material)
    _legend(slide, CHANGE, change_legend(lang))


def _proof(deck: Any, material: Material) -> None:
    story, lang = material.story, material.lang
    slide = _slide(deck, t("paper.proof_slide", lang), material)
    half = (ROOM_WIDTH - GAP) // 2
    warnings = [(short(name), short(text, LONGEST_WARNING)) for name, text in story.warnings[:SHOWN_WARNINGS]]
    left = [(t("page.proof_title", lang), story.proofs), (t("page.warnings_title", lang), warnings)]
    _paragraphs(slide, LEFT, half, [(title, pairs) for title, pairs in left if pairs], t("paper.colon", lang))
    _paragraphs(
        slide,
        LEFT + half + GAP,
        half,
        [
            (t("page.limits_title", lang), [("", text) for text in story.limits]),
            (t("page.sources_title", lang), [("", short("; ".join(text for text, _ in story.sources), 420))]),
        ],
    )


def _slide(deck: Any, title: str, material: Material) -> Any:
    slide = deck.slides.add_slide(deck.slide_layouts[BLANK_WITH_TITLE])
    head = slide.shapes.title
    head.left, head.top, head.width, head.height = LEFT, Cm(0.7), ROOM_WIDTH, Cm(1.3)
    head.text_frame.margin_left = 0
    _write(head, [(title, 28, NAVY, True)])
    labels = [t("page.estimated", material.lang)] if material.story.estimated else []
    about = " · ".join(filter(None, (short(material.story.subtitle, 90), material.story.dated, *labels)))
    _text(slide, about, (LEFT, Cm(1.95), ROOM_WIDTH, Cm(0.8)), 13)
    foot = t("paper.foot", material.lang, territory=short(material.territory.name))
    _text(slide, foot, (LEFT, Cm(18.1), ROOM_WIDTH, Cm(0.7)), 10)
    return slide


def _pictures(slide: Any, shown: Sequence[View], words: Sequence[tuple[str, str]], material: Material) -> None:
    """Put maps under their names: few in one row over their sentences, more in two rows beside them."""
    base = drawing.ground(material.territory)
    one_row = len(shown) <= FEW
    across = max(len(shown), 1) if one_row else ACROSS
    width, height = (ROOM_WIDTH - GAP * (across - 1)) // across, MAPS_HEIGHT if one_row else MAPS_HEIGHT // 2
    for number, (view, (name, said)) in enumerate(zip(shown, words, strict=False)):
        row, column = divmod(number, across)
        left, top = LEFT + (width + GAP) * column, TOP + height * row
        _text(slide, short(name, LONGEST_NAME), (left, top, width, NAME_HEIGHT), 14, NAVY, bold=True)
        picture = io.BytesIO(paper.png(drawing.drawing(base, view, material.lang, MAGNIFIED), PICTURE_PIXELS))
        drawn = slide.shapes.add_picture(picture, left, top + NAME_HEIGHT)
        room = (width, height - Cm(4)) if one_row else (width * 3 // 5, height - NAME_HEIGHT - Cm(0.2))
        scale = min(room[0] / drawn.width, room[1] / drawn.height)
        drawn.width, drawn.height = int(drawn.width * scale), int(drawn.height * scale)
        drawn._element.nvPicPr.cNvPr.set("descr", short(view.label, 200))  # noqa: SLF001 - no other door to the alternative text
        under = (left, drawn.top + drawn.height + Cm(0.2), width, Cm(3))
        beside = (left + drawn.width + Cm(0.3), drawn.top, width - drawn.width - Cm(0.3), drawn.height)
        _text(slide, said, under if one_row else beside, 12 if one_row else 11, INK)


def _legend(slide: Any, palette: str, names: Sequence[str]) -> None:
    width = ROOM_WIDTH // len(names)
    for code, name in enumerate(names):
        left, top = LEFT + width * code, Cm(17.1)
        picture = io.BytesIO(paper.png(drawing.swatch(palette, code), 130))
        drawn = slide.shapes.add_picture(picture, left, top + Cm(0.12), height=Cm(0.5))
        drawn._element.nvPicPr.cNvPr.set("descr", name)  # noqa: SLF001 - no other door to the alternative text
        _text(slide, name, (left + Cm(1.1), top, width - Cm(1.1), Cm(0.8)), 12, INK)


def _paragraphs(
    slide: Any, left: int, width: int, parts: Sequence[tuple[str, Sequence[tuple[str, str]]]], colon: str = ""
) -> None:
    frame = slide.shapes.add_textbox(left, TOP, width, ROOM_HEIGHT).text_frame
    frame.word_wrap = True
    count = sum(len(pairs) for _, pairs in parts)
    size = 14 if count <= 6 else 12 if count <= 10 else 11  # noqa: PLR2004 - sizes that fit so many lines, tried by eye
    for title, pairs in parts:
        _paragraph(frame, [(title, 16, NAVY, True)])
        for name, text in pairs:
            _paragraph(frame, [*([(f"{name}{colon}", size, INK, True)] if name else []), (text, size, INK, False)])


def _text(
    slide: Any, text: str, box: tuple[int, int, int, int], size: int, colour: RGBColor = SOFT, *, bold: bool = False
) -> None:
    frame = slide.shapes.add_textbox(*box).text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = 0
    _runs(frame.paragraphs[0], [(text, size, colour, bold)])


def _write(
    holder: Any,
    lines: Sequence[tuple[str, int, RGBColor, bool]],
    fill: RGBColor | None = None,
    *,
    centred: bool = False,
) -> None:
    """Write lines in a cell or a shape, one paragraph each."""
    frame = holder.text_frame
    for number, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if not number else frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.CENTER if centred else PP_ALIGN.LEFT
        _runs(paragraph, [line])
    if fill is not None:
        holder.fill.solid()
        holder.fill.fore_color.rgb = fill
        holder.vertical_anchor = MSO_ANCHOR.MIDDLE
        holder.margin_top = holder.margin_bottom = Cm(0.05)


def _paragraph(frame: Any, runs: Sequence[tuple[str, int, RGBColor, bool]]) -> None:
    empty = len(frame.paragraphs) == 1 and not frame.paragraphs[0].runs
    paragraph = frame.paragraphs[0] if empty else frame.add_paragraph()
    paragraph.space_after = Pt(3)
    _runs(paragraph, runs)


def _runs(paragraph: Any, runs: Sequence[tuple[str, int, RGBColor, bool]]) -> None:
    for text, size, colour, bold in runs:
        run = paragraph.add_run()
        run.text = text
        run.font.size, run.font.bold, run.font.name = Pt(size), bold, FONT
        run.font.color.rgb = colour
