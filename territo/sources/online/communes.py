"""Communes of an EPCI from the API Découpage administratif (geo.api.gouv.fr)."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from territo.errors import InputError, SourceUnavailableError, fault
from territo.sources.store import Download

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

OUTLINES, TABLE = "communes.geojson", "communes.csv"
COLUMNS = ("code_insee", "nom", "population", "lng", "lat", "superficie_km2")
SIREN_DIGITS = 9
HECTARES_IN_KM2 = 100
EAST, NORTH = 180, 90
CRS_OVERSEAS = {"971": 5490, "972": 5490, "973": 2972, "974": 2975, "976": 4471}
CRS_METROPOLITAN = 2154


@dataclass(frozen=True, slots=True)
class ServedCommunes:
    """Codes, and outlines in degrees (WGS 84), of the communes of an EPCI."""

    codes: tuple[str, ...]
    outlines: tuple[BaseGeometry, ...]

    @property
    def crs(self) -> str:
        """The projected system that INSEE and IGN use there."""
        return crs_of(self.codes[0])


def crs_of(code: str) -> str:
    """Return the projected system that INSEE and IGN use where a commune is."""
    return f"EPSG:{CRS_OVERSEAS.get(code[:3], CRS_METROPOLITAN)}"


def check_siren(siren: str) -> None:
    """Refuse what cannot be a SIREN before any service is asked: nine digits, the last one a check (Luhn).

    Raises
    ------
    InputError
        It is none.
    """
    digits = [int(digit) for digit in reversed(siren)] if siren.isascii() and siren.isdigit() else []
    doubled = [digit * (1 + rank % 2) for rank, digit in enumerate(digits)]
    if len(digits) != SIREN_DIGITS or sum(value // 10 + value % 10 for value in doubled) % 10:
        sentence = "{siren} is not a SIREN: give the nine digits of the EPCI, for example 200067254"
        raise InputError(fault("bad-siren", sentence, siren=siren))


def read_name(download: Download) -> str:
    """Return the name of the EPCI.

    Raises
    ------
    SourceUnavailableError
        The answer has another shape than the service's.
    """
    answer = json.loads(download.path.read_bytes())
    name = answer.get("nom") if isinstance(answer, dict) else None
    if not isinstance(name, str) or not name:
        raise _reshaped(download, "nom")
    return name


def write_communes(download: Download, folder: Path) -> ServedCommunes:
    """Write the outlines and the table of the communes, in the order of their codes.

    A commune without population keeps an empty value: missing is not zero.

    Raises
    ------
    SourceUnavailableError
        The answer has another shape than the service's.
    """
    answer = json.loads(download.path.read_bytes())
    if not isinstance(answer, list) or not answer:
        raise _reshaped(download, "[]")
    for key in ("code", "nom", "contour"):
        if not all(isinstance(commune, dict) and commune.get(key) for commune in answer):
            raise _reshaped(download, key)
    communes: list[Mapping[str, Any]] = sorted(answer, key=lambda commune: str(commune["code"]))
    try:
        outlines = tuple(_outline(commune["contour"]) for commune in communes)
        _write_outlines(communes, folder / OUTLINES)
        _write_table(communes, folder / TABLE)
    except (AttributeError, KeyError, TypeError, ValueError, IndexError) as error:
        raise _reshaped(download, "contour") from error
    return ServedCommunes(tuple(str(commune["code"]) for commune in communes), outlines)


def _outline(contour: Any) -> BaseGeometry:
    """Return a polygon in degrees, or raise what a reader of JSON raises."""
    from shapely.errors import ShapelyError
    from shapely.geometry import shape

    try:
        outline = shape(contour)
    except ShapelyError as error:
        raise ValueError(contour) from error
    west, south, east, north = outline.bounds  # none are numbers where there is nothing
    if outline.area > 0 and -EAST <= west <= east <= EAST and -NORTH <= south <= north <= NORTH:
        return outline
    raise ValueError(contour)


def _write_outlines(communes: Sequence[Mapping[str, Any]], path: Path) -> None:
    features = [
        {
            "type": "Feature",
            "properties": {"code": commune["code"], "nom": commune["nom"]},
            "geometry": commune["contour"],
        }
        for commune in communes
    ]
    collection = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(collection, ensure_ascii=False) + "\n", encoding="utf-8")


def _write_table(communes: Sequence[Mapping[str, Any]], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";", lineterminator="\n")
        writer.writerow(COLUMNS)
        for commune in communes:
            point = commune.get("mairie") or commune.get("centre") or {"coordinates": ("", "")}
            lng, lat = point["coordinates"]
            hectares = commune.get("surface")
            area = "" if hectares is None else f"{float(hectares) / HECTARES_IN_KM2:.4f}"
            people = commune.get("population")
            writer.writerow([commune["code"], commune["nom"], "" if people is None else people, lng, lat, area])


def _reshaped(download: Download, key: str) -> SourceUnavailableError:
    sentence = "the answer has no {name}: the service has changed, tell the makers of territo"
    return SourceUnavailableError(fault("source-reshaped", sentence, where=download.layer, name=key))
