"""The figures of a comparison as tables for spreadsheets, and as JSON for programs."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from territo.domain.catalogue import Catalogue
from territo.domain.indicators import Comparison, Indicator, Proof, Run
from territo.domain.territory import Territory
from territo.i18n import sentences, t
from territo.report.palette import all_runs
from territo.report.views import commune_minutes

BYTE_ORDER_MARK = "\ufeff"
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
DIGITS = 6
SCHEMA_VERSION = 1

Value = str | float | int | None


@dataclass(frozen=True, slots=True)
class Table:
    """A table, whatever file it goes to; None and NaN are unknown."""

    head: list[str]
    rows: list[list[Value]]


def figures_table(comparison: Comparison, lang: str = "fr") -> Table:
    """Lay out every indicator: one row a figure, three columns a scenario (value, low end, high end)."""
    runs = all_runs(comparison)
    head = [t(f"page.csv.{name}", lang) for name in ("id", "figure", "unit")]
    for run in runs:
        head += [run.scenario_name, *(f"{run.scenario_name} {t(f'page.csv.{end}', lang)}" for end in ("low", "high"))]
    ids = dict.fromkeys(name for run in runs for name in run.assessment.indicators)
    rows = [_figure_row(name, runs, lang) for name in ids]
    return Table(head, rows)


def communes_table(comparison: Comparison, territory: Territory, lang: str = "fr") -> Table:
    """Lay out the communes: one row each, with its territory and its mean access, minutes, in every scenario."""
    communes, runs = territory.communes, all_runs(comparison)
    head = [t(f"page.csv.{name}", lang) for name in ("code", "commune", "inhabitants")]
    for run in runs:
        head += [f"{run.scenario_name} {t(f'page.csv.{name}', lang)}" for name in ("territory", "minutes")]
    minutes = [commune_minutes(run, territory) for run in runs]
    rows: list[list[Value]] = []
    for index, code in enumerate(communes.codes):
        row: list[Value] = [code, communes.names[index], int(communes.population[index])]
        for run, values in zip(runs, minutes, strict=True):
            row += [seat_name(run, territory, index), float(values[index])]
        rows.append(row)
    return Table(head, rows)


def services_table(comparison: Comparison, catalogue: Catalogue, lang: str = "fr") -> Table:
    """Lay out the services: one row a service and scenario, with its modality, points, FTE, cost and share in norm."""
    names = ("service", "label", "scenario", "modality", "points", "fte", "within", "cost")
    rows: list[list[Value]] = []
    for run in all_runs(comparison):
        plan = run.organisation
        for column, code in enumerate(plan.services):
            rows.append([
                code, catalogue[code].label, run.scenario_name, t(f"page.modality.{plan.modality[column]}", lang),
                int(plan.offered[:, column].sum()), float(plan.staff[:, column].sum()),
                _part(run, "PRX3", code), _part(run, "COST", code),
            ])  # fmt: skip
    return Table([t(f"page.csv.{name}", lang) for name in names], rows)


def csv_text(table: Table) -> str:
    """Write a table as French spreadsheets read it: ``;``, decimal comma, byte order mark.

    A text that begins with ``=``, ``+``, ``-`` or ``@`` gets an apostrophe
    before it, so that no spreadsheet takes it for a formula. NaN and None are
    empty cells.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow([_cell(name) for name in table.head])
    writer.writerows([_cell(value) for value in row] for row in table.rows)
    return BYTE_ORDER_MARK + buffer.getvalue()


def results_json(comparison: Comparison, territory: Territory, *, teams: bool = True) -> str:
    """Write the whole comparison for programs.

    ``schema`` is the version of this layout. ``territory``: ``name``,
    ``digest``, ``sources`` (layer, producer, licence, vintage, modelled,
    sha256), ``communes`` (INSEE codes, the order of every list by commune) and
    ``sites`` (ids, the order of every list by site). ``reference`` and
    ``runs``: ``id``, ``name``, ``status``, ``passport``, ``warnings``,
    ``alarms``, ``proofs``, ``terms``, ``indicators`` (id -> unit, value, low,
    high, subject, by_service, by_territory, by_commune) and ``organisation``
    (services, modality, headquarters and seats as site ids, territory by
    commune as site id or null, points: site id -> service -> FTE and hours a
    week), ``steps`` (year, weight, cost_eur, travel_hours, staff_fte, works_eur,
    changed, opened and closed as pairs of site id and service; empty where the
    way was not decided with the organisation). What is unknown is null, and so is the FTE of a point without ``teams``.
    """
    document = {
        "schema": SCHEMA_VERSION,
        "territory": {
            "name": territory.name,
            "digest": territory.digest,
            "sources": [_fields(source) for source in territory.sources],
            "communes": territory.communes.codes,
            "sites": territory.sites.ids,
        },
        "reference": _run(comparison.reference, territory, teams=teams),
        "runs": [_run(run, territory, teams=teams) for run in comparison.runs],
    }
    return json.dumps(json_ready(document), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def json_ready(value: object) -> object:
    """Turn nouns' values into what JSON holds: lists, plain numbers, null for NaN and infinity."""
    if isinstance(value, Mapping):
        return {str(key): json_ready(part) for key, part in value.items()}
    if isinstance(value, np.ndarray):
        return json_ready(value.tolist())
    if isinstance(value, list | tuple):
        return [json_ready(part) for part in value]
    if isinstance(value, np.generic):
        return json_ready(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def seat_name(run: Run, territory: Territory, commune: int) -> str:
    """Name of the commune of the seat that a commune belongs to; empty without territories."""
    seat = int(run.organisation.territory_of[commune])
    return "" if seat < 0 else territory.communes.names[territory.sites.commune[seat]]


def figure_label(figure: str, lang: str) -> str:
    """Name of an indicator for people; its id where it has no name of its own."""
    return sentences(lang).get(f"indicator.{figure}.label", figure)


def _figure_row(figure: str, runs: Sequence[Run], lang: str) -> list[Value]:
    found = [run.assessment.indicators.get(figure) for run in runs]
    unit = sentences(lang).get(f"indicator.{figure}.unit", _unit(found))
    row: list[Value] = [figure, figure_label(figure, lang), unit]
    for indicator in found:
        row += [None, None, None] if indicator is None else [indicator.value, indicator.low, indicator.high]
    return row


def _unit(found: Sequence[Indicator | None]) -> str:
    return next(indicator.unit for indicator in found if indicator is not None)


def _part(run: Run, figure: str, service: str) -> float | None:
    found = run.assessment.indicators.get(figure)
    return None if found is None else found.by_service.get(service)


def _cell(value: Value) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA_SIGNS) else value
    return str(value if isinstance(value, int) else round(value, DIGITS)).replace(".", ",")


def _run(run: Run, territory: Territory, *, teams: bool) -> dict[str, object]:
    return {
        "id": run.scenario_id,
        "name": run.scenario_name,
        "status": run.status,
        "passport": run.passport,
        "warnings": run.warnings,
        "alarms": run.assessment.alarms,
        "proofs": [_fields(proof) for proof in run.proofs],
        "terms": run.terms,
        "indicators": {name: _fields(found, "id") for name, found in run.assessment.indicators.items()},
        "organisation": _organisation(run, territory, teams=teams),
        "steps": [_fields(step) for step in run.steps],
    }


def _organisation(run: Run, territory: Territory, *, teams: bool) -> dict[str, object]:
    plan, ids = run.organisation, territory.sites.ids
    points = {
        ids[site]: {
            plan.services[column]: {
                "fte": float(plan.staff[site, column]) if teams else None,
                "hours_week": float(plan.hours_week[site, column]),
            }
            for column in np.flatnonzero(plan.offered[site])
        }
        for site in plan.open_sites
    }
    return {
        "services": plan.services,
        "modality": plan.modality,
        "headquarters": ids[plan.headquarters],
        "seats": [ids[seat] for seat in plan.seats],
        "territory": [None if seat < 0 else ids[seat] for seat in plan.territory_of],
        "points": points,
    }


def _fields(noun: Indicator | Proof | object, *left_out: str) -> dict[str, object]:
    slots = noun.__class__.__dataclass_fields__  # type: ignore[attr-defined]  # every noun is a dataclass
    return {name: getattr(noun, name) for name in slots if name not in left_out}
