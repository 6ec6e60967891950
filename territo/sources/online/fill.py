"""Fill the spec of a territory from the official services."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal, ParamSpec, TypeVar

import yaml

from territo.domain.travel import Notice
from territo.errors import Fault, InputError, SourceUnavailableError, fault
from territo.progress import Event, Progress
from territo.sources.movements import Movement, outdated, passage, read_movements
from territo.sources.online import communes as official
from territo.sources.online.facilities import EQUIPMENT, FRANCE_SERVICES, write_equipment, write_france_services
from territo.sources.online.grid import GRID, write_grid
from territo.sources.online.manifest import write_manifest
from territo.sources.online.roads import ROADS, overpass_form, write_roads
from territo.sources.online.services import Layer, Services
from territo.sources.places import projected
from territo.sources.store import Download, Store

SPEC = "territory.yaml"
FIELDS = {"equipment": "bpe", "france_services": "france_services"}
Grid = Literal["insee", "modelled"]

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Filled:
    """The spec of a territory, its files beside it, and what must be said of them."""

    spec: Path
    notices: tuple[Notice, ...]


@dataclass(slots=True)
class _Asking:
    """Asks the services of one EPCI, and keeps what they said."""

    siren: str
    store: Store
    services: Services
    progress: Progress
    downloads: dict[str, Download] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def get(self, layer: Layer, form: str = "") -> Download:
        """Return the answer for a layer."""
        download = self.store.get(self.services.request(layer, form, epci=self.siren), self.progress)
        self.downloads[layer] = download
        return download

    def attempt(self, step: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """Take a step, and keep its faults until the others have been taken."""
        try:
            return step(*args, **kwargs)
        except SourceUnavailableError as error:
            self.faults += error.faults
            return None

    def stop_if_lacking(self) -> None:
        """Raise the faults of all the steps."""
        if self.faults:
            raise SourceUnavailableError(*self.faults)


def fill(
    siren: str, folder: Path, store: Store, services: Services, progress: Progress, *, grid: Grid = "insee"
) -> Filled:
    """Write the files of an EPCI, their spec ``territory.yaml`` and their ``manifest.json``.

    Parameters
    ----------
    siren
        Of the EPCI.
    folder
        An empty folder.
    store
        Where downloads are kept; without a transfer it opens no connection.
    services
        The table of the official services.
    progress
        Told of the stages ``download_<layer>``, then of ``select``.
    grid
        ``insee``: the official squares; ``modelled``: no grid is asked for.

    Raises
    ------
    InputError
        The SIREN is none, or of no EPCI.
    SourceUnavailableError
        With the faults of all the layers that could not be had.
    """
    official.check_siren(siren)
    asking = _Asking(siren, store, services, progress)
    name = official.read_name(_epci(asking))
    served = official.write_communes(asking.get("communes"), folder)
    _ask_the_rest(asking, served, grid)
    progress.report(Event("select"))
    written = {"communes": official.OUTLINES, "population": official.TABLE, "roads": ROADS}
    day = asking.attempt(write_roads, asking.downloads["roads"], folder)
    if grid == "insee":
        written["grid"] = GRID
        squares, columns = asking.downloads["grid"], services.entries["grid"].columns
        asking.attempt(write_grid, squares, served.outlines, folder, columns)
    facilities, notices = asking.attempt(_write_facilities, asking, served.codes, folder) or ({}, ())
    asking.stop_if_lacking()
    written |= facilities
    vintages = _vintages(asking, day)
    write_manifest(folder, tuple(asking.downloads.values()), services.entries, vintages, written)
    spec = _spec(name, served.crs, written, services, vintages)
    path = folder / SPEC
    path.write_text(yaml.safe_dump(spec, allow_unicode=True, sort_keys=False, width=120), encoding="utf-8")
    return Filled(path, notices)


def _epci(asking: _Asking) -> Download:
    try:
        return asking.get("epci")
    except SourceUnavailableError as error:
        if error.faults[0].code != "source-absent":
            raise
        sentence = "no EPCI has the SIREN {siren}: check it, it may have merged into another"
        raise InputError(fault("unknown-epci", sentence, siren=asking.siren)) from error


def _ask_the_rest(asking: _Asking, served: official.ServedCommunes, grid: Grid) -> None:
    """Ask for all that does not depend on anything but the communes, small files first."""
    layers: list[Layer] = ["movements", "france_services", "roads", "equipment"]
    layers += ["grid"] if grid == "insee" else []
    form = overpass_form(served.outlines, projected(served.crs))
    for layer in layers:
        asking.attempt(asking.get, layer, form if layer == "roads" else "")
    asking.stop_if_lacking()


def _write_facilities(
    asking: _Asking, codes: tuple[str, ...], folder: Path
) -> tuple[dict[str, str], tuple[Notice, ...]]:
    """Write the facilities under the codes of today; a list that has none here is left out, and said."""
    entries, downloads = asking.services.entries, asking.downloads
    movements = read_movements(downloads["movements"].path)
    counts: dict[str, int] = {}
    counts["equipment"], merged = write_equipment(
        downloads["equipment"],
        folder,
        entries["equipment"].columns,
        passage(codes, movements, _day(entries["equipment"].cog)),
    )
    counts["france_services"], moved = write_france_services(
        downloads["france_services"], folder, passage(codes, movements, _day(entries["france_services"].cog))
    )
    files = {"equipment": EQUIPMENT, "france_services": FRANCE_SERVICES}
    for layer in [layer for layer, count in counts.items() if not count]:
        (folder / files.pop(layer)).unlink()
    empty = tuple(Notice("layer-empty", {"layer": layer}) for layer in counts if layer not in files)
    return files, (*_outdated(codes, movements, entries["communes"].cog), *merged, *moved, *empty)


def _vintages(asking: _Asking, roads: str | None) -> dict[str, str]:
    """Layer -> what its service says of its vintage, else the day of its answer."""
    entries = asking.services.entries
    stated = {layer: entries[layer].vintage or got.retrieved[:10] for layer, got in asking.downloads.items()}
    return stated | ({"roads": roads} if roads else {})


def _day(cog: int | None) -> date | None:
    """First day of a list of communes."""
    return date(cog, 1, 1) if cog else None


def _outdated(codes: tuple[str, ...], movements: tuple[Movement, ...], cog: int | None) -> tuple[Notice, ...]:
    """Say which communes of the list had merged before the year that it is said to be of."""
    gone = outdated(codes, movements, date(cog - 1, 1, 1)) if cog else ()
    names = ", ".join(f"{each.before} → {each.after}" for each in gone)
    return (Notice("communes-outdated", {"year": cog or 0, "names": names}),) if gone else ()


def _spec(
    name: str, crs: str, written: Mapping[str, str], services: Services, vintages: Mapping[str, str]
) -> dict[str, Any]:
    """Return the spec, as a file would write it."""
    code, _, people, *centre, area = official.COLUMNS
    attributes = {"file": official.TABLE, "code": code, "population": people, "centre": centre, "area": area}
    grid = {"kind": "insee", "file": GRID} if "grid" in written else {"kind": "modelled"}
    served = {layer: "communes" if layer == "population" else layer for layer in written}
    return {
        "name": name,
        "crs": crs,
        "communes": {"file": official.OUTLINES, "code": "code", "name": "nom"},
        "attributes": attributes,
        "roads": {"file": ROADS},
        "grid": grid,
        "facilities": {FIELDS[layer]: file for layer, file in written.items() if layer in FIELDS},
        "sources": [
            {
                "layer": layer,
                "producer": services.entries[service].producer,
                "licence": services.entries[service].licence,
                "vintage": services.population_vintage if layer == "population" else vintages[service],
            }
            for layer, service in served.items()
        ],
    }
