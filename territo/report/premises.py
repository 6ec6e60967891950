"""Premises briefs (« cahier des charges des locaux »): what each place of a scenario must hold.

A brief says what the computation assumes: services, hours, teams, areas and
visits of the place, from the same formulas as its cost (domain specification,
section 5.4, PREMISES). Whatever depends on a building stands in its last part
as a thing to check, not as a figure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from territo.assess.case import Case, make_case
from territo.assess.costs import receptions, spaces
from territo.domain.arrays import Floats
from territo.domain.demand import yearly_demand
from territo.domain.indicators import Run
from territo.i18n import t
from territo.report import paper
from territo.report.material import Material
from territo.report.names import short
from territo.report.note import heading
from territo.report.outlines import to_degrees
from territo.report.views import site_levels
from territo.report.wording import MISSING, amount, plain

OPEN_WEEKS = 47.0
SHOWN_LEVELS = "hpa"
# services where people speak of themselves: their brief asks for a closed office (S3 for France services)
CONFIDENTIAL = frozenset({"france_services", "action_sociale", "titres", "mds_partenaire", "habitat_renov", "police"})
ONLINE = frozenset({"france_services", "titres"})
WORDS = ("fte", "hours", "needs", "reception", "rooms", "service", "total", "visits", "work")

Facts = Mapping[str, object]


@dataclass(frozen=True, slots=True, eq=False)
class Needs:
    """What the sites of a run need (k sites, s services), by site and service.

    Parameters
    ----------
    reception, work
        (k, s) m2 for people who come, and for the teams.
    visits
        (k, s) visits a year.
    inhabitants
        (k, s) people who are sent there.
    """

    reception: Floats
    work: Floats
    visits: Floats
    inhabitants: Floats


def briefs(material: Material) -> Iterator[Facts]:
    """Gather the brief of each scenario: heading, words, and one part a place, headquarters first."""
    for run in material.comparison.runs:
        title = t("paper.premises.title", material.lang, scenario=short(run.scenario_name))
        yield {
            **heading(material.story),
            "title": title,
            "teams": material.profile.teams_by_place,
            "words": {word: t(f"paper.premises.{word}", material.lang) for word in WORDS},
            "places": _places(run, material),
            "note": t("paper.premises.note", material.lang),
            "passport": material.story.passport,
        }


def premises_pdf(facts: Facts, date: str) -> bytes:
    """Set the brief of a scenario as a tagged PDF, one page a place."""
    return paper.pdf("premises", facts, date)


def needs(run: Run, material: Material) -> Needs:
    """Compute areas, visits and people of each place and service."""
    demand = yearly_demand(material.territory, material.catalogue, run.organisation.services)
    case = make_case(material.territory, material.catalogue, material.travel, demand, run.organisation)
    people = np.broadcast_to(case.population[:, None], demand.visits.shape)
    return Needs(receptions(case), spaces(case), _at_sites(case, demand.visits), _at_sites(case, people))


def _at_sites(case: Case, of_cells: Floats) -> Floats:
    """Add the amounts of the cells up at the sites they are assigned to: (m, s) to (k, s)."""
    sums = np.zeros(case.organisation.offered.shape)
    cells, columns = np.nonzero(np.isfinite(case.minutes))
    np.add.at(sums, (case.organisation.assignment[cells, columns], columns), of_cells[cells, columns])
    return sums


def _places(run: Run, material: Material) -> list[Facts]:
    levels = site_levels(run, material.catalogue)
    found = needs(run, material)
    chosen = [site for level in SHOWN_LEVELS for site, its in enumerate(levels) if its == level]
    degrees = to_degrees(material.territory.crs, material.territory.sites.xy)
    return [_place(site, levels[site], run, found, degrees[site], material) for site in chosen]


def _place(site: int, level: str, run: Run, found: Needs, degrees: Floats, material: Material) -> Facts:
    territory, lang = material.territory, material.lang
    columns = np.flatnonzero(run.organisation.offered[site]).tolist()
    commune = territory.communes.names[territory.sites.commune[site]]
    already = bool(material.comparison.reference.organisation.offered[site].any())
    return {
        "name": short(territory.sites.names[site]),
        "about": t(
            "paper.premises.about",
            lang,
            level=t(f"page.map.level_{level}", lang),
            commune=short(commune),
            latitude=plain(float(degrees[1]), 4, lang),
            longitude=plain(float(degrees[0]), 4, lang),
        ),
        "state": t(f"paper.premises.{'exists' if already else 'new'}", lang),
        "served": t(
            "paper.premises.served",
            lang,
            people=amount("inhabitants", float(found.inhabitants[site, columns].max()), lang),
        ),
        "services": [_service(site, column, run, found, material) for column in columns],
        "total": _areas(found.reception[site].sum(), found.work[site].sum(), material),
        "needs": _needs([run.organisation.services[column] for column in columns], material),
    }


def _service(site: int, column: int, run: Run, found: Needs, material: Material) -> Facts:
    lang, plan = material.lang, run.organisation
    visits = float(found.visits[site, column])
    return {
        "label": material.catalogue[plan.services[column]].label,
        "hours": _some("hours_per_week", float(plan.hours_week[site, column]), lang),
        "fte": amount("fte", float(plan.staff[site, column]), lang),
        "visits": _visits(visits, float(plan.hours_week[site, column]), lang),
        **_areas(found.reception[site, column], found.work[site, column], material),
    }


def _areas(reception: float, work: float, material: Material) -> Facts:
    """Write areas; the area of a team tells its size, and is left out where teams are not shown."""
    shown = work if material.profile.teams_by_place else float("nan")
    lang = material.lang
    return {
        "reception": _some("m2", float(reception), lang),
        "work": _some("m2", float(shown), lang),
        "both": _some("m2", float(reception + shown), lang),
    }


def _some(unit: str, value: float, lang: str) -> str:
    """Write an amount; a service that needs none has a dash, not a zero."""
    return amount(unit, value, lang) if value else MISSING


def _visits(visits: float, hours: float, lang: str) -> str:
    if not visits:
        return ""
    said = amount("count", visits, lang)
    if not hours > 0:
        return said
    return t("paper.premises.visits_an_hour", lang, visits=said, an_hour=plain(visits / hours / OPEN_WEEKS, 1, lang))


def _needs(codes: Sequence[str], material: Material) -> list[str]:
    services = [material.catalogue[code] for code in codes]
    kinds = {service.kind for service in services}
    asked = {
        "public": "front" in kinds,
        "confidential": bool(CONFIDENTIAL & set(codes)),
        "online": bool(ONLINE & set(codes)),
        "children": bool({"eaje", "alsh"} & set(codes)),
        "workshop": "field" in kinds,
        "office": "back" in kinds or "front" in kinds,
        "parking": True,
        "energy": True,
    }
    said = [t(f"paper.premises.need.{name}", material.lang) for name, needed in asked.items() if needed]
    legal = dict.fromkeys(service.legal for service in services if service.legal not in ("", "libre"))
    return [*said, *(t("paper.premises.need.legal", material.lang, rule=short(rule, 140)) for rule in legal)]
