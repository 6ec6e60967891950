"""What a comparison says, computed once: every rendering (page, note, slides) words the same facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from territo.domain.catalogue import Catalogue
from territo.domain.indicators import Comparison, Run
from territo.domain.territory import Territory
from territo.domain.travel import TravelTimes
from territo.i18n import t
from territo.report import facts
from territo.report.figures import Row, key_figures, saving_alarm, sentences
from territo.report.gains import Gains, gains
from territo.report.notices import notices
from territo.report.palette import all_runs, territory_colours
from territo.report.views import territory_labels
from territo.report.way import Way, ways
from territo.report.wording import amount, day

TITLES_WITH_A_NAME = 1


@dataclass(frozen=True, slots=True)
class Story:
    """The facts of a comparison, in words; the current situation comes first wherever runs are listed.

    Parameters
    ----------
    lang
        ``fr`` or ``en``.
    title, subtitle, territory, dated
        Heading; ``dated`` is empty where the date is not known.
    estimated
        Whether today's teams are estimated.
    modelled
        Names of the modelled layers; empty without any.
    alarmed
        Whether the saving may not be called one.
    names, shapes
        Name of each run, and its number of territories in words.
    figures
        One row a key figure.
    sentences
        What stands beside the map of each run.
    seats
        The territories of each run: colour and text.
    gains
        Of each scenario.
    ways
        Of each scenario whose steps were decided with it.
    services, proofs, warnings, limits, sources
        See :mod:`territo.report.facts`.
    passport
        Versions and digests, in one line.
    """

    lang: str
    title: str
    subtitle: str
    territory: str
    dated: str
    estimated: bool
    modelled: str
    alarmed: bool
    names: tuple[str, ...]
    shapes: tuple[str, ...]
    figures: tuple[Row, ...]
    sentences: tuple[tuple[str, ...], ...]
    seats: tuple[tuple[Mapping[str, str], ...], ...]
    gains: tuple[Gains, ...]
    ways: tuple[Way, ...]
    services: tuple[tuple[str, list[facts.ServiceCell]], ...]
    proofs: tuple[tuple[str, str], ...]
    warnings: tuple[tuple[str, str], ...]
    limits: tuple[str, ...]
    sources: tuple[tuple[str, bool], ...]
    passport: str


def tell(
    comparison: Comparison, territory: Territory, catalogue: Catalogue, travel: TravelTimes, lang: str = "fr"
) -> Story:
    """Put the facts of a comparison in words."""
    runs, alarmed, passport = all_runs(comparison), saving_alarm(comparison), facts.passport(comparison)
    colours = territory_colours(comparison, territory)
    return Story(
        lang=lang,
        title=_title(comparison, lang),
        subtitle=_subtitle(territory, lang),
        territory=territory.name,
        dated=t("page.dated", lang, date=day(passport["date"], lang)) if "date" in passport else "",
        estimated=facts.reference_is_estimated(comparison, territory),
        modelled=facts.modelled_layers(territory, lang),
        alarmed=alarmed,
        names=tuple(run.scenario_name for run in runs),
        shapes=tuple(_shape(len(run.organisation.seats), lang) for run in runs),
        figures=tuple(key_figures(comparison, lang)),
        sentences=tuple(
            tuple(sentences(run, territory, lang, alarmed=alarmed, is_reference=run is comparison.reference))
            for run in runs
        ),
        seats=tuple(_seats(run, territory, colours, lang) for run in runs),
        gains=tuple(gains(comparison, territory, lang)),
        ways=ways(comparison, catalogue, lang),
        services=tuple(facts.service_rows(comparison, catalogue, lang)),
        proofs=tuple(facts.proofs(comparison, lang)),
        warnings=tuple(notices(comparison, territory, catalogue, lang)),
        limits=tuple(facts.limits(lang)),
        sources=tuple(facts.source_lines(territory, travel, lang)),
        passport=_passport(comparison, territory, catalogue, lang),
    )


def _title(comparison: Comparison, lang: str) -> str:
    if len(comparison.runs) == TITLES_WITH_A_NAME:
        return t("page.title_one", lang, scenario=comparison.runs[0].scenario_name)
    return t("page.title", lang, count=len(all_runs(comparison)))


def _subtitle(territory: Territory, lang: str) -> str:
    people = amount("inhabitants", float(territory.communes.population.sum()), lang)
    communes = amount("count", float(len(territory.communes)), lang)
    return t("page.subtitle", lang, territory=territory.name, communes=communes, people=people)


def _passport(comparison: Comparison, territory: Territory, catalogue: Catalogue, lang: str) -> str:
    """Say what the figures rest on: versions, digest, and the shares of the gains that are counted (theta)."""
    shares = [catalogue[code].theta for code in comparison.reference.organisation.services]
    return t(
        "page.passport_line",
        lang,
        catalogue=catalogue.version,
        digest=territory.digest[:12],
        low=amount("share", min(shares), lang),
        high=amount("share", max(shares), lang),
    )


def _shape(seats: int, lang: str) -> str:
    return t("page.territories_count", lang, count=seats) if seats else t("page.no_territory", lang)


def _seats(run: Run, territory: Territory, colours: dict[int, str], lang: str) -> tuple[Mapping[str, str], ...]:
    population, belongs = territory.communes.population, run.organisation.territory_of
    return tuple(
        {
            "colour": label.colour,
            "text": t(
                "page.territory_people",
                lang,
                name=label.name,
                people=amount("inhabitants", float(np.sum(population[belongs == label.site])), lang),
            ),
        }
        for label in territory_labels(run, territory, colours)
    )
