"""Write a modelled territory: the raw files that ``territo territory build`` reads, and their specification."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import shapely
from shapely import Polygon

from territo.domain.arrays import Floats
from territo.domain.territory import Source
from territo.errors import InputError, fault
from territo.sources.modelled import table as columns
from territo.sources.modelled.facilities import equipment_csv, france_services_csv
from territo.sources.modelled.graphml import graphml
from territo.sources.modelled.outlines import outlines
from territo.sources.modelled.population import spread, write_raster
from territo.sources.modelled.roads import model_roads
from territo.sources.modelled.table import LICENCE, PRODUCER, CommuneTable

EQUIPMENT, FRANCE_SERVICES = "equipment.csv", "france_services.csv"
_MODELLED_LAYERS = ("communes", "roads", "grid", "equipment", "france_services")
_ATTRIBUTES = {
    "households": "menages_2021",
    "poverty_rate": "tp6021",
    "share_75_plus": "rp2018_age_75p",
    "median_income": "med21",
}


def write_modelled_territory(
    table: CommuneTable,
    directory: Path,
    *,
    seed: int,
    name: str,
    facts: Mapping[str, Path] | None = None,
    sources: tuple[Source, ...] = (),
) -> Path:
    """Model a territory from a table of communes and write its raw files.

    Parameters
    ----------
    table
        The communes; their codes, names, totals, centres and areas are kept.
    directory
        Where to write; must not exist, or be empty.
    seed
        The same table and seed give the same files.
    name
        Name of the territory, as shown to people.
    facts
        Observed files that replace modelled ones: ``equipment.csv`` or
        ``france_services.csv`` -> the file to copy.
    sources
        Sources of the table and of the facts; those of the table where empty.

    Returns
    -------
    Path
        ``territory.yaml`` in ``directory``.

    Raises
    ------
    InputError
        The directory is not empty.
    """
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise InputError(
            fault(
                "folder-not-empty",
                "the folder {folder} is not empty: choose another one or empty it",
                where=directory.name,
                folder=directory.name,
            )
        )
    directory.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{directory.name}-", dir=directory.parent) as temporary:
        folder = Path(temporary) / "territory"
        folder.mkdir()
        _write_layers(table, folder, seed)
        _write_facilities(table, folder, seed, facts or {})
        _write_spec(table, folder, name, sources or table.sources, seed)
        if directory.exists():
            directory.rmdir()
        folder.rename(directory)
    return directory / "territory.yaml"


def _write_layers(table: CommuneTable, folder: Path, seed: int) -> None:
    from pyproj import Transformer

    project = Transformer.from_crs("EPSG:4326", table.crs, always_xy=True)
    back = Transformer.from_crs(table.crs, "EPSG:4326", always_xy=True)

    def metres(lnglat: Floats) -> Floats:
        return np.column_stack(project.transform(lnglat[:, 0], lnglat[:, 1]))

    shapes = outlines(table, seed)
    projected: list[Polygon] = [shapely.transform(shape, metres) for shape in shapes]
    centres = table.centres()
    roads = model_roads(centres, table.population, projected, seed)
    lnglat = np.column_stack(back.transform(roads.xy[:, 0], roads.xy[:, 1]))
    (folder / "communes.geojson").write_text(_geojson(table, shapes), encoding="utf-8")
    (folder / "communes.csv").write_text(table.csv(), encoding="utf-8")
    (folder / "roads.graphml.gz").write_bytes(graphml(roads, lnglat))
    cells, people = spread(centres, table.population, projected, roads.xy, seed)
    write_raster(cells, people, table.crs, folder / "population.tif")


def _geojson(table: CommuneTable, shapes: list[Polygon]) -> str:
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "nom": name},
            "geometry": json.loads(shapely.to_geojson(shape)),
        }
        for code, name, shape in zip(table.codes, table.names, shapes, strict=True)
    ]
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in features)
    return f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'


def _write_facilities(table: CommuneTable, folder: Path, seed: int, facts: Mapping[str, Path]) -> None:
    modelled = {EQUIPMENT: equipment_csv(table, seed), FRANCE_SERVICES: france_services_csv(table)}
    for file, text in modelled.items():
        if file in facts:
            shutil.copyfile(facts[file], folder / file)
        else:
            (folder / file).write_text(text, encoding="utf-8")


def _write_spec(table: CommuneTable, folder: Path, name: str, given: tuple[Source, ...], seed: int) -> None:
    import yaml

    known = {source.layer for source in given}
    modelled = [
        Source(layer, PRODUCER, LICENCE, f"modèle, graine {seed}", modelled=True)
        for layer in _MODELLED_LAYERS
        if layer not in known
    ]
    spec = {
        "name": name,
        "crs": table.crs,
        "communes": {"file": "communes.geojson", "code": "code", "name": "nom"},
        "attributes": {
            "file": "communes.csv",
            "code": columns.CODE,
            "population": columns.POPULATION,
            "area": columns.AREA,
            "centre": [columns.LNG, columns.LAT],
            "columns": {key: column for key, column in _ATTRIBUTES.items() if column in table.columns},
        },
        "roads": {"file": "roads.graphml.gz"},
        "grid": {"file": "population.tif", "kind": "raster"},
        "facilities": {"bpe": EQUIPMENT, "france_services": FRANCE_SERVICES},
        "sources": [_entry(source) for source in (*given, *modelled)],
    }
    text = yaml.safe_dump(spec, allow_unicode=True, sort_keys=False, width=110)
    (folder / "territory.yaml").write_text(text, encoding="utf-8")


def _entry(source: Source) -> dict[str, object]:
    entry: dict[str, object] = {
        "layer": source.layer,
        "producer": source.producer,
        "licence": source.licence,
        "vintage": source.vintage,
    }
    return {**entry, "modelled": True} if source.modelled else entry
