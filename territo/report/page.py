"""The comparison page: one HTML file that asks for nothing, for a screen and for A3 paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from functools import cache, partial
from typing import TYPE_CHECKING

from territo.domain.catalogue import Catalogue
from territo.domain.indicators import Comparison
from territo.domain.territory import Territory
from territo.domain.travel import TravelTimes
from territo.i18n import t
from territo.report.leaflet import leaflet
from territo.report.offline import refuse_outside_links
from territo.report.palette import DIVERGING, SEQUENTIAL
from territo.report.stops import signs_of, stop_table
from territo.report.story import Story, tell

if TYPE_CHECKING:
    from jinja2 import Environment

# number of maps -> maps in a row, so that no row is left with a single map
COLUMNS = {1: 1, 2: 2, 3: 3, 5: 3, 6: 3}


def comparison_page(
    comparison: Comparison,
    territory: Territory,
    catalogue: Catalogue,
    travel: TravelTimes,
    lang: str = "fr",
    *,
    embedded: bool = False,
) -> str:
    """Write the page that compares the scenarios: figures, maps, gains and losses, services, proof, sources.

    Parameters
    ----------
    comparison
        The runs, on this territory.
    territory, catalogue, travel
        What the runs were made from.
    lang
        ``fr`` or ``en``.
    embedded
        Leave out the title, for a page shown in a frame of another page.

    Returns
    -------
    str
        One HTML document; the same inputs give the same bytes.

    Raises
    ------
    OutsideLinkError
        The page would ask for another file.
    """
    story = tell(comparison, territory, catalogue, travel, lang)
    return page_of(story, comparison, territory, catalogue, embedded=embedded)


def page_of(
    story: Story, comparison: Comparison, territory: Territory, catalogue: Catalogue, *, embedded: bool = False
) -> str:
    """Write the page of a story already told; see :func:`comparison_page`."""
    context = {
        **{part.name: getattr(story, part.name) for part in fields(story)},
        "say": partial(_say, story.lang),
        **_maps(comparison, territory, catalogue, story),
        "embedded": embedded,
    }
    return _document(context)


def _document(context: Mapping[str, object]) -> str:
    template = environment().get_template("page.html")
    return refuse_outside_links(template.render({**context, "leaflet": leaflet(), "style": _style()}))


def _maps(comparison: Comparison, territory: Territory, catalogue: Catalogue, story: Story) -> dict[str, object]:
    from territo.report import cards, maps, views

    lang = story.lang
    of_access = views.access_views(comparison, territory, catalogue, lang)
    of_change = views.change_views(comparison, territory, lang)
    drawn = {view.id: maps.ScenarioMap(view).parts() for view in (*of_access, *of_change)}
    return {
        "cards": cards.access_cards(story, of_access, drawn),
        "changes": cards.change_cards(story, of_change, drawn),
        "columns": COLUMNS.get(len(of_access), 4),
        "communes": cards.commune_rows(comparison, territory, lang),
        "stops": stop_table(comparison, territory, catalogue, lang),
        "access_legend": cards.access_legend(views.page_breaks(comparison, territory), lang),
        "change_legend": cards.change_legend(lang),
        "symbols": [(level, size, outline) for level, (size, outline) in signs_of(comparison).items()],
        "data": cards.page_data(maps.map_data(territory, (*of_access, *of_change), lang)),
        "drawing": cards.ours(maps.drawing_script()),
        "scripts": cards.ours("\n".join(script for _, script in drawn.values())),
    }


def _say(lang: str, key: str, **parameters: object) -> str:
    return t(f"page.{key}", lang, **parameters)


@cache
def environment() -> Environment:
    """Prepare the templates of the pages: what is not marked as ours is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("territo.report", "assets"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )


@cache
def _style() -> str:
    return environment().get_template("page.css").render(fills=class_fills(), diverging=DIVERGING)


def class_fills() -> str:
    """Write the rules that colour each class of a map; the two classes that lose are hatched."""
    fills = [f".access{code} {{ fill: {colour}; }}" for code, colour in enumerate(SEQUENTIAL)]
    fills += [f".change{code} {{ fill: {colour}; }}" for code, colour in enumerate(DIVERGING[:3])]
    fills += [f".change{code} {{ fill: url(#hatch{code}); }}" for code in (3, 4)]
    return "\n".join(fills)
