"""The offline map: one HTML file with every scenario, for a screen without network and for one page of paper."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np

from territo.assess.case import make_case
from territo.domain.arrays import Floats, Ints
from territo.domain.demand import yearly_demand
from territo.domain.indicators import Run
from territo.i18n import t
from territo.report import cards, maps, views
from territo.report.leaflet import leaflet
from territo.report.material import Material
from territo.report.names import short
from territo.report.offline import refuse_outside_links
from territo.report.outlines import encoded_points
from territo.report.page import class_fills, environment
from territo.report.palette import DIVERGING, SEQUENTIAL, all_runs, change_classes, classes
from territo.report.stops import signs_of, stop_table

# more cells than this would make a file too heavy to send: communes are coloured instead
MOST_CELLS = 20_000
LONGEST_NAME = 60
WORDS = ("access", "change", "choose", "scenario", "shown")

Facts = dict[str, object]


def map_page(material: Material) -> str:
    """Write the map as one HTML document that asks for nothing; the same inputs give the same bytes.

    Cells of the population grid are coloured one by one up to 20,000 of them,
    communes beyond.

    Raises
    ------
    OutsideLinkError
        The page would ask for another file.
    """
    story, lang = material.story, material.lang
    of_access = views.access_views(material.comparison, material.territory, material.catalogue, lang)
    of_change = views.change_views(material.comparison, material.territory, lang)
    by_cell = len(material.territory.cells) <= MOST_CELLS
    said = {word: t(f"paper.map.{word}", lang) for word in WORDS}
    context = {
        "say": partial(_say, lang),
        **{name: getattr(story, name) for name in ("lang", "subtitle", "dated", "estimated", "modelled", "passport")},
        "title": t("paper.map.title", lang),
        "territory": story.territory,
        "names": [short(name, LONGEST_NAME) for name in story.names],
        "first": min(1, len(material.comparison.runs)),
        "panels": [_panel(position, material) for position in range(len(story.names))],
        "access_legend": cards.access_legend(views.page_breaks(material.comparison, material.territory), lang),
        "change_legend": cards.change_legend(lang),
        "symbols": [(level, size, outline) for level, (size, outline) in signs_of(material.comparison).items()],
        "communes": cards.commune_rows(material.comparison, material.territory, lang),
        "stops": stop_table(material.comparison, material.territory, material.catalogue, lang),
        "words": {
            **said,
            "detail": t(f"paper.map.{'by_cell' if by_cell else 'by_commune'}", lang),
            "seven": t("page.limits.seven", lang),
            "foot": t("page.limits.decision", lang),
        },
        "sources": t("paper.semicolon", lang).join(text for text, _ in story.sources),
        "diverging": DIVERGING,
        "data": cards.page_data(
            {
                **maps.map_data(material.territory, (*of_access, *of_change), lang),
                **_cells(material, by_cell=by_cell),
                **_wording(material, said),
            }
        ),
        "drawing": cards.ours(maps.drawing_script("carte.js")),
        "leaflet": leaflet(),
        "style": environment().get_template("carte.css").render(fills=class_fills()),
    }
    return refuse_outside_links(environment().get_template("carte.html").render(context))


def cell_minutes(run: Run, material: Material) -> Floats:
    """Mean minutes of the trips of each cell, (m,); NaN where it reaches no service."""
    demand = yearly_demand(material.territory, material.catalogue, run.organisation.services)
    case = make_case(material.territory, material.catalogue, material.travel, demand, run.organisation)
    reached = np.isfinite(case.minutes)
    trips = np.where(reached, case.trips, 0.0)
    spent = (trips * np.where(reached, case.minutes, 0.0)).sum(axis=1)
    total = trips.sum(axis=1)
    mean: Floats = np.divide(spent, total, out=np.full(len(total), np.nan), where=total > 0)
    return mean


def _cells(material: Material, *, by_cell: bool) -> Facts:
    """Encode the centres of the cells as differences, south to north, and the class of each in every view."""
    if not by_cell:
        return {"cells": [], "cell_m": 0.0, "cell_classes": {}}
    territory = material.territory
    order = np.lexsort(territory.cells.xy.T)
    breaks = views.page_breaks(material.comparison, territory)
    minutes = [cell_minutes(run, material)[order] for run in all_runs(material.comparison)]
    coded = {f"{maps.ACCESS}{number}": classes(values, breaks) for number, values in enumerate(minutes)}
    changes = [change_classes(values - minutes[0]) for values in minutes[1:]]
    coded |= {f"{maps.CHANGE}{number}": codes for number, codes in enumerate(changes, start=1)}
    points = np.array(encoded_points(territory, territory.cells.xy[order]))
    return {"cells": _differences(points), "cell_m": territory.cells.size_m, "cell_classes": coded}


def _differences(points: Ints) -> list[int]:
    steps = np.diff(points, axis=0, prepend=np.zeros((1, 2), dtype=points.dtype))
    return [int(value) for value in steps.ravel()]


def _wording(material: Material, said: Mapping[str, str]) -> Facts:
    lang = material.lang
    words = {word: t(f"page.map.{word}", lang) for word in maps.WORDS}
    words |= {"access": said["access"], "change": said["change"], "north": t("page.north", lang)}
    words["decimal"] = "," if lang == "fr" else "."
    colours = {maps.ACCESS: SEQUENTIAL, maps.CHANGE: DIVERGING}
    return {"words": words, "colours": colours, "names": [short(name, LONGEST_NAME) for name in material.story.names]}


def _panel(position: int, material: Material) -> Facts:
    story = material.story
    proofs = [text for names, text in story.proofs if story.names[position] in names.split(", ")]
    everyone = [text for names, text in story.proofs if names == t("page.every_scenario", story.lang)]
    figures = [
        {
            "label": row.label,
            "value": row.cells[position].value,
            "change": row.cells[position].change,
            "verdict": row.cells[position].verdict,
            "word": row.cells[position].word,
        }
        for row in story.figures
    ]
    proof = [*proofs, *everyone] if position else proofs
    return {
        "name": short(story.names[position], LONGEST_NAME),
        "figures": figures,
        "said": " ".join(short(sentence, 200) for sentence in story.sentences[position]),
        "proof": " ".join(proof[:1]),
    }


def _say(lang: str, key: str, **parameters: object) -> str:
    return t(f"page.{key}", lang, **parameters)
