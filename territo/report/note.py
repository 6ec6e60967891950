"""The note for elected members: two pages of paper, one comparison."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from territo.domain.catalogue import Catalogue
from territo.domain.indicators import Comparison
from territo.domain.territory import Territory
from territo.i18n import t
from territo.report import drawing, facts, paper, views
from territo.report.cards import access_legend, change_legend
from territo.report.figures import Cell, Row
from territo.report.gains import Gains
from territo.report.maps import ACCESS, CHANGE, View
from territo.report.names import short
from territo.report.stops import signs_of
from territo.report.story import Story

SHOWN_SCENARIOS = 5
SHOWN_LOSERS = 3
# more maps than this are printed small: their signs and letters are drawn larger
FEW = 3
FEW_MAGNIFIED, MANY_MAGNIFIED = 1.3, 2.0
SHOWN_WARNINGS = 10
LONGEST_NAME = 30
LONGEST_NAMES = 110
LONGEST_WARNING = 260
WORDS = (
    "figures_title", "figures_head", "maps_title", "legend", "gains_title", "gains_note", "top_losers", "nobody",
    "proof_title", "warnings_title", "limits_title", "sources_title",
)  # fmt: skip

Facts = Mapping[str, object]


def note(story: Story, comparison: Comparison, territory: Territory, catalogue: Catalogue) -> bytes:
    """Write the note as a tagged PDF of two pages.

    More than five scenarios do not fit: the first five are shown, and the
    note says which others stand in the comparison page.
    """
    date = facts.passport(comparison).get("date", "")
    return paper.pdf("note", note_facts(story, comparison, territory, catalogue), date)


def note_facts(story: Story, comparison: Comparison, territory: Territory, catalogue: Catalogue) -> Facts:
    """Gather what the template of the note reads."""
    shown = 1 + min(len(comparison.runs), SHOWN_SCENARIOS)
    of_access = views.access_views(comparison, territory, catalogue, story.lang)[:shown]
    of_change = views.change_views(comparison, territory, story.lang)[: shown - 1]
    base, magnified = drawing.ground(territory), MANY_MAGNIFIED if shown > FEW else FEW_MAGNIFIED
    breaks = views.page_breaks(comparison, territory)
    return {
        **heading(story),
        "names": [short(name, LONGEST_NAME) for name in story.names[:shown]],
        "shapes": story.shapes[:shown],
        "words": {word: t(f"page.{word}", story.lang) for word in WORDS},
        "essentials": _essentials(story, shown),
        "figures": [_row(row, shown) for row in story.figures],
        "figures_note": _figures_note(story, shown),
        "maps": [
            {**_map(base, view, story.lang, magnified), "name": short(name), "said": " ".join(said[:3])}
            for view, name, said in zip(of_access, story.names, story.sentences, strict=False)
        ],
        "changes": [
            {**_map(base, view, story.lang, magnified), **_gains(item)}
            for view, item in zip(of_change, story.gains, strict=False)
        ],
        "access_legend": legend(ACCESS, access_legend(breaks, story.lang)),
        "change_legend": legend(CHANGE, change_legend(story.lang)),
        "levels": levels(signs_of(comparison), story.lang),
        "proofs": [(short(name, LONGEST_NAMES), text) for name, text in story.proofs],
        "warnings": [
            (short(name, LONGEST_NAMES), short(text, LONGEST_WARNING)) for name, text in story.warnings[:SHOWN_WARNINGS]
        ],
        "limits": story.limits,
        "sources": [short(_source(text, story.lang, is_modelled=modelled), 120) for text, modelled in story.sources],
        "passport": story.passport,
    }


def heading(story: Story) -> Facts:
    """Gather what stands at the head and the foot of every paper."""
    labels = [t("page.estimated", story.lang)] if story.estimated else []
    if story.modelled:
        labels.append(t("page.modelled_layers", story.lang, layers=story.modelled))
    return {
        "lang": story.lang,
        "title": short(story.title, 90),
        "subtitle": short(story.subtitle, 120),
        "dated": story.dated,
        "labels": labels,
        "foot": t("paper.foot", story.lang, territory=short(story.territory)),
    }


def legend(palette: str, names: Sequence[str]) -> list[Facts]:
    """Draw the classes of a palette beside their names."""
    return [{"svg": drawing.swatch(palette, code), "text": name} for code, name in enumerate(names)]


def levels(signs: Iterable[str], lang: str) -> list[Facts]:
    """Draw signs of sites beside their names."""
    return [{"svg": drawing.symbol(level), "text": t(f"page.map.level_{level}", lang)} for level in signs]


def _essentials(story: Story, shown: int) -> list[Facts]:
    """Say each scenario in three sentences: travel, cost, people."""
    travel = next(row for row in story.figures if row.id == "PRX1.mean")
    told = zip(story.names[1:shown], travel.cells[1:shown], story.sentences[1:shown], story.gains, strict=False)
    return [
        {"name": short(name), "text": " ".join([_travel(travel.cells[0], cell, story.lang), said[-1], item.sentence])}
        for name, cell, said, item in told
    ]


def _travel(before: Cell, after: Cell, lang: str) -> str:
    return t("paper.travel", lang, before=before.value, after=after.value)


def _row(row: Row, shown: int) -> Facts:
    cells = [
        {"value": cell.value, "change": cell.change, "verdict": cell.verdict, "word": cell.word}
        for cell in row.cells[:shown]
    ]
    return {"label": row.label, "cells": cells}


def _figures_note(story: Story, shown: int) -> str:
    said = [t("page.saving_alarm" if story.alarmed else "page.saving_note", story.lang)]
    said.append(t("page.figures_note", story.lang))
    others = story.names[shown:]
    if others:
        said.append(t("paper.others", story.lang, scenarios=", ".join(map(short, others))))
    return " ".join(said)


def _map(base: drawing.Ground, view: View, lang: str, magnified: float) -> Facts:
    return {"svg": drawing.drawing(base, view, lang, magnified), "alt": short(view.label, 200)}


def _gains(item: Gains) -> Facts:
    return {
        "name": short(item.scenario),
        "sentence": item.sentence,
        "shares": item.shares,
        "losers": [(short(move.commune, LONGEST_NAME), move.change) for move in item.losers[:SHOWN_LOSERS]],
    }


def _source(text: str, lang: str, *, is_modelled: bool) -> str:
    return f"{text} ({t('page.modelled', lang)})" if is_modelled else text
