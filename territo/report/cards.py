"""The parts of the comparison page that stand beside its maps: sentences, territories, legends, table of communes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from territo.domain.indicators import Comparison
from territo.domain.territory import Territory
from territo.i18n import t
from territo.report.gains import Gains
from territo.report.maps import View
from territo.report.offline import json_for_html
from territo.report.palette import CHANGE_BREAKS, all_runs
from territo.report.story import Story
from territo.report.views import commune_minutes
from territo.report.wording import amount, plain

Drawn = Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class AccessCard:
    """One scenario beside its map of access."""

    name: str
    sentences: Sequence[str]
    territories: Sequence[Mapping[str, str]]
    map: Markup


@dataclass(frozen=True, slots=True)
class ChangeCard:
    """One scenario beside its map of changes."""

    gains: Gains
    map: Markup


def access_cards(story: Story, views: Sequence[View], drawn: Drawn) -> list[AccessCard]:
    """Put the sentences and the territories of each run beside its map, the current situation first."""
    told = zip(story.names, story.sentences, story.seats, views, strict=True)
    return [AccessCard(name, said, seats, ours(drawn[view.id][0])) for name, said, seats, view in told]


def change_cards(story: Story, views: Sequence[View], drawn: Drawn) -> list[ChangeCard]:
    """Put the gains of each scenario beside the map of its changes."""
    return [ChangeCard(item, ours(drawn[view.id][0])) for item, view in zip(story.gains, views, strict=True)]


def commune_rows(comparison: Comparison, territory: Territory, lang: str) -> list[list[str]]:
    """Write the data of the maps as a table: name, inhabitants, minutes in each run; one row a commune."""
    minutes = [commune_minutes(run, territory) for run in all_runs(comparison)]
    communes = territory.communes
    return [
        [
            communes.names[index],
            amount("inhabitants", float(communes.population[index]), lang),
            *(amount("min", values[index], lang) for values in minutes),
        ]
        for index in range(len(communes))
    ]


def access_legend(breaks: Sequence[float], lang: str) -> list[str]:
    """Name each class of access, in minutes."""
    numbers = [plain(value, 0, lang) for value in breaks]
    middle = [t("page.between", lang, low=low, high=high) for low, high in pairwise(numbers)]
    return [t("page.below", lang, value=numbers[0]), *middle, t("page.above", lang, value=numbers[-1])]


def change_legend(lang: str) -> list[str]:
    """Name each class of change, with its sign as an arrow."""
    small, large = (plain(value, 0, lang) for value in CHANGE_BREAKS[2:])
    return [t(f"page.change_{code}", lang, small=small, large=large) for code in range(5)]


def page_data(data: Mapping[str, object]) -> Markup:
    """Write what the drawing script reads; see :func:`territo.report.offline.json_for_html`."""
    return json_for_html(data)


def ours(text: str) -> Markup:
    """Mark as HTML or script a text that this package wrote and that holds nothing of the data."""
    return Markup(text)  # noqa: S704 - files of this package and Folium's own template, whose ids are ours
