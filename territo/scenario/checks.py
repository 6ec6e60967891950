"""Names in a scenario against the catalogue and the territory that they belong to."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from territo.domain.catalogue import Catalogue
from territo.errors import Fault, fault
from territo.scenario.parts import SeatLock
from territo.scenario.schema import Scenario
from territo.scenario.validation import unknown
from territo.scenario.yaml_lines import LocatedYaml

Named = Iterator[tuple[str, str]]


def check_against(
    scenario: Scenario,
    located: LocatedYaml | None,
    catalogue: Catalogue | None,
    commune_codes: Collection[str] | None,
    site_ids: Collection[str] | None,
) -> list[Fault]:
    """Find the services, communes and sites that do not exist.

    Parameters
    ----------
    scenario
        A valid scenario.
    located
        The file it comes from; None for a scenario made in Python.
    catalogue, commune_codes, site_ids
        What exists; None = not checked.

    Returns
    -------
    list of Fault
        All faults, with file and line where ``located`` is given.
    """
    found: list[Fault] = []
    if catalogue is not None:
        found += _unknown_services(scenario, catalogue) or [
            *_away_from_antennas(scenario, catalogue),
            *_without_stops(scenario, catalogue),
            *_undecided_means(scenario, catalogue),
        ]
    if commune_codes is not None:
        sentence = "{name} is not the code of a commune of the territory: check the list of communes"
        found += _absent("unknown-commune", sentence, _communes(scenario), commune_codes)
    if site_ids is not None:
        sentence = "{name} is not the id of a site of the territory: check the list of sites"
        found += _absent("unknown-site", sentence, _sites(scenario), site_ids)
    return [replace(each, where=located.where(each.key)) for each in found] if located else found


def _unknown_services(scenario: Scenario, catalogue: Catalogue) -> list[Fault]:
    sentence = "{name} is not a service of the catalogue"
    return [
        unknown("unknown-service", sentence, code, catalogue.codes, key=key)
        for key, code in _services(scenario)
        if code not in catalogue.codes
    ]


def _away_from_antennas(scenario: Scenario, catalogue: Catalogue) -> list[Fault]:
    """Find the services that every antenna should offer and that may not stand there."""
    return [
        fault(
            "antenna-modality",
            "{service} cannot stand at an antenna: give it the modality poles_antennas or free, or remove it here",
            key=f"modalities.antenna_services.{row}",
            service=code,
        )
        for row, code in enumerate(scenario.modalities.antenna_services)
        if not {"poles_antennas", "free"} & set(scenario.modalities_of(code, catalogue[code].kind))
    ]


def _without_stops(scenario: Scenario, catalogue: Catalogue) -> Iterator[Fault]:
    """Find the services that cannot have itinerant stops."""
    for row, code in enumerate(scenario.stopping):
        service, key = catalogue[code], f"itinerant.services.{row}"
        if service.kind != "front" or not service.prod_per_fte:
            sentence = "{service} has no agents who receive people: remove it here"
            yield fault("itinerant-kind", sentence, key=key, service=code)
        elif not service.open_access and "poles_antennas" in scenario.modalities_of(code, service.kind):
            sentence = "{service} belongs to its territory: it has stops or antennas, choose one"
            yield fault("itinerant-antennas", sentence, key=key, service=code)


def _undecided_means(scenario: Scenario, catalogue: Catalogue) -> Iterator[Fault]:
    """Find the services that may or may not be central where means have to follow needs."""
    if not scenario.equity.follows_needs:
        return
    for code in catalogue.codes if scenario.services == "all" else scenario.services:
        choices = scenario.modalities_of(code, catalogue[code].kind)
        if catalogue[code].kind != "back" and "central" in choices and len(choices) > 1:
            sentence = "{service} may be central or not, and the means of territories depend on it: choose one"
            yield fault("means-undecided", sentence, key="equity", service=code)


def _absent(code: str, sentence: str, named: Named, known: Collection[str]) -> Iterator[Fault]:
    for key, name in named:
        if name not in known:
            yield fault(code, sentence, key=key, name=name)


def _rows(key: str, values: Collection[str] | None) -> Named:
    for row, value in enumerate(values or ()):
        yield f"{key}.{row}", value


def _services(scenario: Scenario) -> Named:
    if scenario.services != "all":
        yield from _rows("services", scenario.services)
    else:  # otherwise the schema holds them to the services asked
        for code in scenario.modalities.overrides:
            yield f"modalities.overrides.{code}", code
        for code in scenario.norms:
            yield f"norms.{code}", code
        yield from _rows("modalities.antenna_services", scenario.modalities.antenna_services)
        yield from _rows("itinerant.services", scenario.stopping)


def _communes(scenario: Scenario) -> Named:
    if scenario.territories is None:
        return
    yield from _rows("territories.seats", scenario.territories.seats)
    for row, lock in enumerate(scenario.territories.locks):
        key = f"territories.locks.{row}"
        if isinstance(lock, SeatLock):
            yield from ((f"{key}.commune", lock.commune), (f"{key}.seat", lock.seat))
        else:
            yield from _rows(f"{key}.communes", lock.communes)


def _sites(scenario: Scenario) -> Named:
    sites = scenario.sites
    if not isinstance(sites.candidates, str):
        yield from _rows("sites.candidates", sites.candidates)
    yield from _rows("sites.keep", sites.keep)
    yield from _rows("sites.close", sites.close)
