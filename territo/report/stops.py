"""Itinerant stops, as maps and tables show them: where, how many half-days a week, held from where, for what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from territo.domain.catalogue import Catalogue
from territo.domain.indicators import Comparison, Run
from territo.domain.territory import Territory
from territo.i18n import t
from territo.i18n.numbers import number
from territo.report.maps import Mark
from territo.report.palette import STOP, SYMBOLS, all_runs


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop of an organisation: index of its site, half-days a week, name of its parent, labels of its services."""

    site: int
    half_days: float
    parent: str
    services: tuple[str, ...]


def stops_of(run: Run, territory: Territory, catalogue: Catalogue) -> list[Stop]:
    """List the stops of a run, in the order of the sites."""
    found = run.organisation.itinerance
    if found is None:
        return []
    services, names = np.array(run.organisation.services), territory.sites.names
    return [
        Stop(
            site,
            float(found.half_days[site]),
            names[found.parent[site]] if found.parent[site] >= 0 else "",
            tuple(catalogue[code].label for code in services[found.offered[site]]),
        )
        for site in np.flatnonzero(found.half_days > 0).tolist()
    ]


def stop_marks(run: Run, territory: Territory, catalogue: Catalogue, lang: str) -> list[Mark]:
    """Write what the map of a run says of each stop, under the name of its place."""
    return [
        Mark(
            stop.site,
            (
                t("page.stops.half_days", lang, count=number(stop.half_days, 0, lang)),
                t("page.stops.from", lang, site=stop.parent),
                ", ".join(stop.services),
            ),
        )
        for stop in stops_of(run, territory, catalogue)
    ]


def stop_table(
    comparison: Comparison, territory: Territory, catalogue: Catalogue, lang: str
) -> tuple[list[str], list[list[str]]]:
    """Write the stops of a comparison as a table: its head and one row a stop; no row where there is none."""
    head = [t(f"page.stops.{name}", lang) for name in ("place", "scenario", "weekly", "parent", "services")]
    rows = [
        [
            territory.sites.names[stop.site],
            run.scenario_name,
            number(stop.half_days, 0, lang),
            stop.parent,
            ", ".join(stop.services),
        ]
        for run in all_runs(comparison)
        for stop in stops_of(run, territory, catalogue)
    ]
    return head, rows


def signs_of(comparison: Comparison) -> Mapping[str, tuple[int, str]]:
    """Return the signs that a legend explains: that of the stops only where there are some."""
    held = any(run.organisation.itinerance is not None for run in all_runs(comparison))
    return {level: shape for level, shape in SYMBOLS.items() if held or level != STOP}
