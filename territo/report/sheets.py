"""A page for each commune: its trips in every scenario, and the services that come to it or leave it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from territo.domain.arrays import Bools
from territo.domain.indicators import Run
from territo.domain.organisation import NOWHERE
from territo.i18n import t
from territo.report import drawing, paper
from territo.report.journeys import Journeys, journeys
from territo.report.material import Material
from territo.report.names import short
from territo.report.note import heading
from territo.report.palette import CHANGE_BREAKS, all_runs
from territo.report.views import commune_minutes
from territo.report.wording import MISSING, amount, signed

LONGEST_PLACE, LONGEST_SCENARIO = 26, 40
SHOWN_SCENARIOS = 5
WORDS = ("service", "scenario", "change", "limits_title", "sources_title")
OWN_WORDS = (
    "arrives",
    "leaves",
    "mean",
    "no_service",
    "of_commune",
    "place_and_minutes",
    "territory",
    "unchanged_offer",
)

Facts = Mapping[str, object]


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """One run as the sheets read it: its trips, and which communes have which services."""

    run: Run
    trips: Journeys
    offered: Bools


def sheets(material: Material) -> Iterator[bytes]:
    """Set the sheets as tagged PDF.

    Yields
    ------
    bytes
        The file of all the communes, then the file of each, in their order.
    """
    common, communes = _common(material), _communes(material)
    title = t("paper.commune.title", material.lang, territory=short(material.territory.name))
    yield paper.pdf("communes", {**common, "title": title, "communes": communes}, material.date)
    for facts in communes:
        yield paper.pdf("communes", {**common, "title": facts["name"], "communes": [facts]}, material.date)


def _common(material: Material) -> Facts:
    story, lang = material.story, material.lang
    return {
        **heading(story),
        "locator": drawing.locator(drawing.ground(material.territory)),
        "names": [short(name, LONGEST_SCENARIO) for name in story.names[: 1 + SHOWN_SCENARIOS]],
        "words": {word: t(f"page.{word}", lang) for word in WORDS}
        | {word: t(f"paper.commune.{word}", lang) for word in OWN_WORDS},
        "seven": t("page.limits.seven", lang),
        "sources": "; ".join(short(text, 90) for text, _ in story.sources),
        "passport": story.passport,
    }


def _communes(material: Material) -> list[Facts]:
    shown = all_runs(material.comparison)[: 1 + SHOWN_SCENARIOS]
    seen = [_seen(run, material) for run in shown]
    paths = drawing.ground(material.territory).paths
    return [
        {**_commune(index, seen, material), "path": path, "alt": _located(index, material)}
        for index, path in enumerate(paths)
    ]


def _located(index: int, material: Material) -> str:
    name = short(material.territory.communes.names[index])
    return t("paper.commune.located", material.lang, commune=name, territory=short(material.territory.name))


def _seen(run: Run, material: Material) -> Seen:
    territory = material.territory
    offered = np.zeros((len(territory.communes), len(run.organisation.services)), dtype=np.bool_)
    np.logical_or.at(offered, territory.sites.commune, run.organisation.offered)
    return Seen(run, journeys(run, territory, material.travel), offered)


def _commune(index: int, seen: Sequence[Seen], material: Material) -> Facts:
    communes, lang = material.territory.communes, material.lang
    minutes = [float(commune_minutes(each.run, material.territory)[index]) for each in seen]
    people = amount("inhabitants", float(communes.population[index]), lang)
    return {
        "name": short(communes.names[index]),
        "about": t("paper.commune.about", lang, code=communes.codes[index], people=people),
        "runs": [
            {
                "name": short(each.run.scenario_name),
                "territory": _territory(each.run, index, material),
                "mean": amount("min", time, lang),
                "change": "" if each is seen[0] else signed("min", time - minutes[0], lang),
                "verdict": "" if each is seen[0] else _verdict(time - minutes[0]),
                **({} if each is seen[0] else _offer(index, seen[0], each, material)),
            }
            for each, time in zip(seen, minutes, strict=True)
        ],
        "services": [_service(index, column, seen, material) for column in _visited(seen[0].run, material)],
    }


def _territory(run: Run, index: int, material: Material) -> str:
    seat = int(run.organisation.territory_of[index])
    if seat == NOWHERE:
        return MISSING
    territory = material.territory
    return short(territory.communes.names[territory.sites.commune[seat]], LONGEST_PLACE)


def _verdict(change: float) -> str:
    smallest = CHANGE_BREAKS[2]
    return "better" if change <= -smallest else "worse" if change >= smallest else ""


def _offer(index: int, before: Seen, after: Seen, material: Material) -> Facts:
    """List the services that a commune gains, and loses, in a scenario."""
    now = _offered(before, index)
    then = _offered(after, index)
    return {"arrives": _labels(then - now, material), "leaves": _labels(now - then, material)}


def _offered(seen: Seen, index: int) -> set[str]:
    services = seen.run.organisation.services
    return {code for code, offered in zip(services, seen.offered[index], strict=True) if offered}


def _labels(codes: set[str], material: Material) -> str:
    services = (service for service in material.catalogue.services if service.code in codes)
    return ", ".join(service.label for service in services if service.kind == "front")


def _visited(run: Run, material: Material) -> list[str]:
    """List the services that people travel to, in the order of the catalogue."""
    return [
        service.code
        for service in material.catalogue.services
        if service.code in run.organisation.services and service.kind == "front"
    ]


def _service(index: int, code: str, seen: Sequence[Seen], material: Material) -> Facts:
    return {
        "label": material.catalogue[code].label,
        "cells": [_trip(index, each.run.organisation.services.index(code), each, material) for each in seen],
    }


def _trip(index: int, column: int, seen: Seen, material: Material) -> Facts:
    site, minutes = int(seen.trips.site[index, column]), float(seen.trips.minutes[index, column])
    if site == NOWHERE:
        return {"place": t("paper.commune.no_service", material.lang), "minutes": "", "here": False}
    commune = int(material.territory.sites.commune[site])
    return {
        "place": short(material.territory.communes.names[commune], LONGEST_PLACE),
        "minutes": amount("min", minutes, material.lang),
        "here": commune == index,
    }
