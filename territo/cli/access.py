"""The command ``territo territory access``: isochrones and floating catchments of services, as maps and as a table."""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from territo.cli.console import show_json
from territo.cli.options import LANG, AsJson, Folder, Out, said
from territo.errors import InputError, fault
from territo.i18n import t
from territo.i18n.numbers import number, percent

if TYPE_CHECKING:
    from territo.domain.catchment import ServiceAccess, Zones
    from territo.domain.territory import Territory

Services = Annotated[list[str] | None, typer.Option("--service", metavar="CODE,...", help=said("opt.service"))]
ZonesText = Annotated[str | None, typer.Option("--zones", metavar="MIN:WEIGHT,...", help=said("opt.zones"))]
BandsText = Annotated[str | None, typer.Option("--bands", metavar="MIN,...", help=said("opt.bands"))]


def territory_access(
    folder: Folder,
    out: Out,
    service: Services = None,
    zones: ZonesText = None,
    bands: BandsText = None,
    as_json: AsJson = False,
) -> None:
    """Measure how well services can be reached today, and write it as maps."""
    from territo.access.catchment import ENHANCED
    from territo.scenario.catalogue import load_catalogue
    from territo.studies.accessibility import BANDS, publish_access, service_access
    from territo.studies.build import load_territory
    from territo.studies.workspace import default_workspace

    codes = [code.strip() for each in service or [] for code in each.split(",") if code.strip()]
    ends = BANDS if bands is None else tuple(_numbers(bands, "--bands", ","))
    steps = ENHANCED if zones is None else _zones(zones)
    loaded = load_territory(folder)
    catalogue = load_catalogue(default_workspace().catalogue)
    found = service_access(loaded, catalogue, codes, zones=steps, bands=ends)
    written = publish_access(found, loaded.territory, out, bands=ends)
    if as_json:
        show_json({"services": [summary(each, loaded.territory) for each in found], "files": list(map(str, written))})
        return
    show(found, loaded.territory, {each.service: catalogue[each.service].label for each in found})
    sys.stdout.write(t("cli.access.written", LANG, directory=out, count=len(written)) + "\n")


def summary(access: ServiceAccess, territory: Territory) -> dict[str, object]:
    """Return the access to a service as plain values; what is not known is null."""
    from territo.report.tables import json_ready

    codes = territory.communes.codes
    document = {
        "service": access.service,
        "points": int(access.offered.sum()),
        "supply": float(access.supply.sum()),
        "unit": access.unit,
        "zones": dict(zip(map(str, access.zones.minutes), access.zones.weights, strict=True)),
        "inhabitants_by_band": {("beyond" if math.isinf(end) else f"{end:g}"): n for end, n in access.reached.items()},
        "matched": access.matched,
        "index_by_commune": dict(zip(codes, access.by_commune.tolist(), strict=True)),
    }
    return {name: json_ready(value) for name, value in document.items()}


def show(found: list[ServiceAccess], territory: Territory, labels: dict[str, str]) -> None:
    """Print one line a service."""
    table = Table(title=t("cli.access.title", LANG), title_justify="left")
    table.add_column(t("cli.access.service", LANG))
    table.add_column(t("cli.access.points", LANG), justify="right")
    for end in found[0].zones.minutes:
        minutes = number(end, 0 if end == round(end) else 1, LANG)
        table.add_column(t("cli.access.within", LANG, minutes=minutes), justify="right")
    table.add_column(t("cli.access.matched", LANG), justify="right")
    table.add_column(t("cli.access.least", LANG))
    people = territory.cells.population
    for access in found:
        within = [people[access.minutes <= end].sum() / people.sum() for end in access.zones.minutes]
        shares = [percent(float(share), 0, LANG) for share in within]
        matched = t("cli.access.unknown", LANG) if math.isnan(access.matched) else percent(access.matched, 0, LANG)
        cells = [labels[access.service], str(int(access.offered.sum())), *shares, matched, _least(access, territory)]
        table.add_row(*map(Text, cells))
    Console().print(table)


def _least(access: ServiceAccess, territory: Territory) -> str:
    """Name the commune with the least offer."""
    import numpy as np

    if np.isnan(access.by_commune).all():
        return t("cli.access.unknown", LANG)
    worst = int(np.nanargmin(access.by_commune))
    index = percent(float(access.by_commune[worst]), 0, LANG)
    return t("cli.access.commune", LANG, name=territory.communes.names[worst], index=index)


def _zones(text: str) -> Zones:
    from territo.domain.catchment import Zones

    pairs = [_numbers(part, "--zones", ":") for part in text.split(",")]
    if any(len(pair) != 2 for pair in pairs):  # noqa: PLR2004  # an end and a weight
        raise InputError(fault("zones-expected", "zones are written 10:1,20:0.68: read {got}", key="--zones", got=text))
    ends, weights = zip(*pairs, strict=True)
    return Zones(ends, weights)


def _numbers(text: str, key: str, separator: str) -> list[float]:
    try:
        values = [float(part) for part in text.split(separator)]
    except ValueError as error:
        sentence = "{value} is not a number: correct it"
        raise InputError(fault("not-a-number", sentence, key=key, value=text)) from error
    if not all(map(math.isfinite, values)):
        sentence = "{value} is not a number: correct it"
        raise InputError(fault("not-a-number", sentence, key=key, value=text))
    return values
