"""The folder of a territory: written whole or not at all, read back as it was.

``territory.json`` (passport), ``communes.parquet`` and ``cells.parquet``
(GeoParquet), ``sites.parquet``, ``adjacency.parquet``, ``roads.npz`` and
``travel_car.npz`` (float32, mapped and not loaded), or of another mode.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from territo.domain.roads import RoadNetwork
from territo.domain.territory import Source, Territory
from territo.domain.travel import LoadedTerritory, MatrixHealth, Notice, TravelTimes
from territo.errors import InputError, fault
from territo.sources import frames
from territo.sources.health_map import health_geojson
from territo.sources.mapped import map_arrays, save_arrays

FORMAT = 1
PASSPORT = "territory.json"
HEALTH_MAP = "health.geojson"


def save_territory(directory: Path | str, loaded: LoadedTerritory) -> None:
    """Write a territory folder, beside its place first, then renamed.

    A territory that already stands there is replaced; any other folder that
    is not empty is refused.

    Raises
    ------
    InputError
        The folder holds something else, or cannot be written.
    """
    target = Path(directory)
    check_target(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        try:
            _write(temporary, loaded)
            _replace(temporary, target)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    except OSError as error:
        sentence = "the folder cannot be written ({reason}): choose another place"
        reason = error.strerror or type(error).__name__
        raise InputError(fault("folder-not-writable", sentence, where=str(target), reason=reason)) from error


def check_target(target: Path) -> None:
    """Refuse a place that holds something else than a territory.

    Raises
    ------
    InputError
        It is a file, or a folder of other things.
    """
    free = not target.exists() or (target.is_dir() and ((target / PASSPORT).is_file() or not any(target.iterdir())))
    if not free:
        sentence = "this place holds something else than a territory: choose another folder"
        raise InputError(fault("territory-place-taken", sentence, where=str(target)))


def _replace(temporary: Path, target: Path) -> None:
    temporary.chmod(0o755)
    if not target.exists():
        temporary.rename(target)
        return
    former = temporary.with_name(f"{temporary.name}-former")
    target.rename(former)
    try:
        temporary.rename(target)
    except OSError:
        former.rename(target)
        raise
    shutil.rmtree(former)


def _write(folder: Path, loaded: LoadedTerritory) -> None:
    territory, travel, roads = loaded.territory, loaded.travel, loaded.roads
    frames.commune_frame(territory.communes, territory.crs).to_parquet(folder / "communes.parquet")
    frames.cell_frame(territory.cells, territory.crs).to_parquet(folder / "cells.parquet")
    frames.site_frame(territory.sites).to_parquet(folder / "sites.parquet")
    frames.adjacency_frame(territory.adjacency).to_parquet(folder / "adjacency.parquet")
    arrays = {name: getattr(roads, name) for name in ("xy", "tail", "head", "length_m", "road_class")}
    if roads.kmh is not None:
        arrays["kmh"] = roads.kmh
    np.savez_compressed(folder / "roads.npz", classes=np.array(roads.classes, dtype=np.str_), **arrays)
    save_arrays(folder / f"travel_{travel.mode}.npz", {"minutes": travel.minutes, "km": travel.km})
    (folder / HEALTH_MAP).write_text(health_geojson(loaded), encoding="utf-8")
    text = json.dumps(_passport(loaded), ensure_ascii=False, indent=2, allow_nan=False)
    (folder / PASSPORT).write_text(text + "\n", encoding="utf-8")


def _passport(loaded: LoadedTerritory) -> dict[str, Any]:
    territory = loaded.territory
    health = {name: _finite(value) for name, value in asdict(loaded.health).items()}
    return {
        "format": FORMAT,
        "name": territory.name,
        "crs": territory.crs,
        "cell_size_m": territory.cells.size_m,
        "sources": [asdict(source) for source in territory.sources],
        "travel": {"mode": loaded.travel.mode, "provenance": loaded.travel.provenance},
        "health": health,
        "digest": territory.digest,
        "version": version("territo"),
    }


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not np.isfinite(value) else value


def load_territory(directory: Path | str) -> LoadedTerritory:
    """Read a territory folder.

    Raises
    ------
    InputError
        There is no territory there, it is damaged, or of another format.
    """
    folder = Path(directory)
    if not (folder / PASSPORT).is_file():
        sentence = "there is no territory here: build it with « territo territory build »"
        raise InputError(fault("no-territory", sentence, where=str(directory)))
    try:
        return _load(folder)
    except (OSError, KeyError, TypeError, ValueError, IndexError, BadZipFile, EOFError) as error:
        sentence = "the territory is damaged or comes from another version: build it again"
        raise InputError(fault("damaged-territory", sentence, where=str(directory))) from error


def _load(folder: Path) -> LoadedTerritory:
    passport = json.loads((folder / PASSPORT).read_text(encoding="utf-8"))
    if passport["format"] != FORMAT:
        raise ValueError(passport["format"])
    territory = Territory(
        name=passport["name"],
        crs=passport["crs"],
        communes=frames.read_communes(folder / "communes.parquet"),
        cells=frames.read_cells(folder / "cells.parquet", float(passport["cell_size_m"])),
        sites=frames.read_sites(folder / "sites.parquet"),
        adjacency=frames.read_adjacency(folder / "adjacency.parquet"),
        sources=tuple(Source(**source) for source in passport["sources"]),
        digest=passport["digest"],
    )
    travel = map_arrays(folder / f"travel_{passport['travel']['mode']}.npz")
    times = TravelTimes(travel["minutes"], travel["km"], **passport["travel"])
    if times.minutes.shape != (len(territory.cells), len(territory.sites)):
        raise ValueError(times.minutes.shape)
    roads = _arrays(folder / "roads.npz")
    network = RoadNetwork(**{**roads, "classes": tuple(roads["classes"].tolist())})
    return LoadedTerritory(territory, times, _health(passport["health"]), network)


def _arrays(path: Path) -> dict[str, Any]:
    with path.open("rb") as stream, np.load(stream, allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


def _health(values: Mapping[str, Any]) -> MatrixHealth:
    pairs = {
        name: tuple((key, float(metres)) for key, metres in values[name]) for name in ("worst_cells", "worst_sites")
    }
    detours = {name: np.nan if value is None else value for name, value in values.items() if name.startswith("detour")}
    others = {
        "unreachable_sites": tuple(values["unreachable_sites"]),
        "notices": tuple(Notice(**notice) for notice in values["notices"]),
    }
    return MatrixHealth(**{**values, **pairs, **detours, **others})
