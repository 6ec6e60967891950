"""What each map of a comparison shows: access of every scenario, change of every scenario but today's."""

from __future__ import annotations

import numpy as np

from territo.domain.arrays import Floats
from territo.domain.catalogue import Catalogue
from territo.domain.indicators import Comparison, Run
from territo.domain.territory import Territory
from territo.i18n import t
from territo.report.maps import ACCESS, CHANGE, Label, View
from territo.report.palette import access_breaks, all_runs, change_classes, classes, territory_colours
from territo.report.stops import stop_marks
from territo.report.wording import amount, signed

HEADQUARTERS, POLE, ANTENNA, RECEPTION, CLOSED = "h", "p", "a", "m", "."


def commune_minutes(run: Run, territory: Territory) -> Floats:
    """Mean access of each commune, (n,) minutes; NaN where it was not computed."""
    found = run.assessment.indicators.get("PRX1.mean")
    if found is None or found.by_commune is None:
        return np.full(len(territory.communes), np.nan)
    return found.by_commune


def page_breaks(comparison: Comparison, territory: Territory) -> tuple[float, ...]:
    """Choose the breaks of the access classes, the same for all the maps of the comparison."""
    return access_breaks([commune_minutes(run, territory) for run in all_runs(comparison)])


def access_views(comparison: Comparison, territory: Territory, catalogue: Catalogue, lang: str) -> list[View]:
    """Build the view of the access of each run, the current situation first."""
    breaks = page_breaks(comparison, territory)
    colours = territory_colours(comparison, territory)
    return [
        View(
            id=f"{ACCESS}{position}",
            label=_label(run, lang),
            palette=ACCESS,
            classes=classes(commune_minutes(run, territory), breaks),
            tips=_access_tips(run, territory, lang),
            territories=_territories(run),
            levels=site_levels(run, catalogue),
            labels=territory_labels(run, territory, colours),
            stops=stop_marks(run, territory, catalogue, lang),
        )
        for position, run in enumerate(all_runs(comparison))
    ]


def change_views(comparison: Comparison, territory: Territory, lang: str) -> list[View]:
    """Build the view of the change of access of each scenario against the current situation."""
    before = commune_minutes(comparison.reference, territory)
    return [
        View(
            id=f"{CHANGE}{position}",
            label=t("page.change_label", lang, scenario=run.scenario_name),
            palette=CHANGE,
            classes=change_classes(commune_minutes(run, territory) - before),
            tips=_change_tips(before, commune_minutes(run, territory), lang),
            territories=_territories(run),
            levels="",
            labels=(),
        )
        for position, run in enumerate(comparison.runs, start=1)
    ]


def site_levels(run: Run, catalogue: Catalogue) -> str:
    """Level of each site, one character: see :class:`territo.report.maps.View`.

    An antenna offers at least one service to visitors besides those that
    every commune keeps; another open site is a town hall or a depot.
    """
    plan = run.organisation
    services = [catalogue[code] for code in plan.services]
    beyond = [service.kind == "front" and not service.every_commune for service in services]
    more = plan.offered[:, beyond].any(axis=1)
    levels = np.where(more, ANTENNA, np.where(plan.offered.any(axis=1), RECEPTION, CLOSED))
    levels[list(plan.seats)] = POLE
    levels[plan.headquarters] = HEADQUARTERS
    return "".join(levels.tolist())


def territory_labels(run: Run, territory: Territory, colours: dict[int, str]) -> list[Label]:
    """Name of each territory: the commune of its seat."""
    names = territory.communes.names
    return [Label(seat, names[territory.sites.commune[seat]], colours[seat]) for seat in run.organisation.seats]


def _label(run: Run, lang: str) -> str:
    """Say what a map shows, its stops too, to those who do not see it."""
    stops = run.organisation.itinerance
    count = 0 if stops is None else int((stops.half_days > 0).sum())
    said = t("page.map_label", lang, scenario=run.scenario_name)
    return said + t("page.and_stops", lang, count=amount("count", float(count), lang)) if count else said


def _territories(run: Run) -> list[int]:
    return [int(seat) for seat in run.organisation.territory_of]


def _access_tips(run: Run, territory: Territory, lang: str) -> list[list[str]]:
    names = territory.communes.names
    tips = []
    for minutes, seat in zip(commune_minutes(run, territory), run.organisation.territory_of, strict=True):
        lines = [t("page.tip_time", lang, value=amount("min", minutes, lang))]
        if seat >= 0:
            lines.append(t("page.tip_territory", lang, seat=names[territory.sites.commune[seat]]))
        tips.append(lines)
    return tips


def _change_tips(before: Floats, after: Floats, lang: str) -> list[list[str]]:
    return [
        [
            t(
                "page.tip_change",
                lang,
                before=amount("min", old, lang),
                after=amount("min", new, lang),
                change=signed("min", new - old, lang),
            )
        ]
        for old, new in zip(before, after, strict=True)
    ]
