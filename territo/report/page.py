"""The comparison page: one HTML file that asks for nothing, for a screen and for A3 paper."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from typing import TYPE_CHECKING

from territo.domain.catalogue import Catalogue
from territo.domain.indicators import Comparison
from territo.domain.territory import Territory
from territo.domain.travel import TravelTimes
from territo.i18n import t
from territo.report import facts
from territo.report.figures import key_figures, saving_alarm
from territo.report.gains import gains
from territo.report.leaflet import leaflet
from territo.report.notices import notices
from territo.report.offline import refuse_outside_links
from territo.report.palette import DIVERGING, SEQUENTIAL, SYMBOLS, all_runs
from territo.report.wording import amount, day

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
    context = {
        **_figures(comparison, lang),
        **_maps(comparison, territory, catalogue, lang),
        **_header(comparison, territory, lang),
        **_facts(comparison, territory, catalogue, travel, lang),
        "embedded": embedded,
    }
    return _document(context)


def _document(context: Mapping[str, object]) -> str:
    template = _environment().get_template("page.html")
    return refuse_outside_links(template.render({**context, "leaflet": leaflet(), "style": _style()}))


def _figures(comparison: Comparison, lang: str) -> dict[str, object]:
    return {
        "say": partial(_say, lang),
        "lang": lang,
        "names": [run.scenario_name for run in all_runs(comparison)],
        "shapes": [_shape(len(run.organisation.seats), lang) for run in all_runs(comparison)],
        "figures": key_figures(comparison, lang),
        "alarmed": saving_alarm(comparison),
    }


def _maps(comparison: Comparison, territory: Territory, catalogue: Catalogue, lang: str) -> dict[str, object]:
    from territo.report import cards, maps, views

    of_access = views.access_views(comparison, territory, catalogue, lang)
    of_change = views.change_views(comparison, territory, lang)
    drawn = {view.id: maps.ScenarioMap(view).parts() for view in (*of_access, *of_change)}
    return {
        "cards": cards.access_cards(comparison, territory, of_access, drawn, lang),
        "changes": cards.change_cards(gains(comparison, territory, lang), of_change, drawn),
        "columns": COLUMNS.get(len(of_access), 4),
        "communes": cards.commune_rows(comparison, territory, lang),
        "access_legend": cards.access_legend(views.page_breaks(comparison, territory), lang),
        "change_legend": cards.change_legend(lang),
        "symbols": [(level, size, outline) for level, (size, outline) in SYMBOLS.items()],
        "data": cards.page_data(maps.map_data(territory, (*of_access, *of_change), lang)),
        "drawing": cards.ours(maps.drawing_script()),
        "scripts": cards.ours("\n".join(script for _, script in drawn.values())),
    }


def _header(comparison: Comparison, territory: Territory, lang: str) -> dict[str, object]:
    passport = facts.passport(comparison)
    people = amount("inhabitants", float(territory.communes.population.sum()), lang)
    communes = amount("count", float(len(territory.communes)), lang)
    return {
        "title": t("page.title", lang, count=len(all_runs(comparison))),
        "territory_name": territory.name,
        "subtitle": t("page.subtitle", lang, territory=territory.name, communes=communes, people=people),
        "dated": t("page.dated", lang, date=day(passport["date"], lang)) if "date" in passport else "",
        "estimated": facts.reference_is_estimated(comparison, territory),
        "modelled": facts.modelled_layers(territory, lang),
    }


def _facts(
    comparison: Comparison, territory: Territory, catalogue: Catalogue, travel: TravelTimes, lang: str
) -> dict[str, object]:
    return {
        "services": facts.service_rows(comparison, catalogue, lang),
        "proofs": facts.proofs(comparison, lang),
        "warnings": notices(comparison, territory, catalogue, lang),
        "limits": facts.limits(lang),
        "sources": facts.source_lines(territory, travel, lang),
        "passport": t("page.passport_line", lang, catalogue=catalogue.version, digest=territory.digest[:12]),
    }


def _shape(seats: int, lang: str) -> str:
    return t("page.territories_count", lang, count=seats) if seats else t("page.no_territory", lang)


def _say(lang: str, key: str, **parameters: object) -> str:
    return t(f"page.{key}", lang, **parameters)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("territo.report", "assets"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )


@cache
def _style() -> str:
    fills = [f".access{code} {{ fill: {colour}; }}" for code, colour in enumerate(SEQUENTIAL)]
    fills += [f".change{code} {{ fill: {colour}; }}" for code, colour in enumerate(DIVERGING[:3])]
    fills += [f".change{code} {{ fill: url(#hatch{code}); }}" for code in (3, 4)]
    template = _environment().get_template("page.css")
    return template.render(fills="\n".join(fills), diverging=DIVERGING)
