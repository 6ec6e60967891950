"""Which layer of a territory a file is: told by its first bytes and its columns, whatever the sender calls it."""

from __future__ import annotations

import gzip
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from territo.errors import InputError, fault
from territo.sources.archives import DAMAGED, damaged, first_bytes, is_zip, only_member
from territo.sources.formats import Recognised, layer_of, seen, unknown, words
from territo.sources.maps import field_names, has_areas, layer_names
from territo.sources.roads import OSM_ENDINGS
from territo.sources.rows import MAPS, TABLES, open_rows
from territo.sources.tables import read_table

LARGEST_UNPACKED_BYTES = 4 * 1024**3
TIFF = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
RASTERS = (".tif", ".tiff")
GZIP = b"\x1f\x8b"
HEAD = 4096
# kind of formats.yaml -> layer, the most precise first
KINDS = {
    "finance": "finance",
    "equipment": "equipment",
    "france_services": "france_services",
    "squares": "grid",
    "indicators": "indicators",
}
OWN_TABLES = {
    "staff": ("code_insee", "service", "fte"),
    "sites": ("id", "name", "code_insee", "lng", "lat"),
}
# columns of a table of communes that are attributes under their own name
ATTRIBUTES = ("households", "median_income", "poverty_rate", "share_75_plus")


@dataclass(frozen=True, slots=True)
class Seen:
    """What a file is.

    Parameters
    ----------
    layer
        ``communes`` (outlines), ``population`` (table of the communes),
        ``roads``, ``grid``, ``raster``, ``equipment``, ``france_services``,
        ``town_halls``, ``sites``, ``staff``, ``indicators`` or ``finance``.
    format
        The vintage, as people read it; empty for a table of one's own.
    format_id
        Its identifier in ``formats.yaml``; empty without one.
    columns
        Role -> column, for outlines and tables of communes.
    map_layer
        Layer of a map that has several.
    """

    layer: str
    format: str = ""
    format_id: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    map_layer: str | None = None

    @property
    def origin(self) -> tuple[str, str] | None:
        """Producer and licence; None where the columns do not tell them."""
        found = words("producers").get(self.format_id)
        return (str(found[0]), str(found[1])) if found else None


@dataclass(frozen=True, slots=True)
class Member:
    """A commune that a file names, with its EPCI (SIREN and name) where the file says it."""

    code: str
    name: str
    epci: str = ""
    epci_name: str = ""


def recognise_file(path: Path) -> Seen:
    """Recognise a file; nothing of it is kept, and a national one is not read.

    Raises
    ------
    InputError
        It is of no known kind (what the nearest one has more), damaged, or an
        archive of too much or of several files.
    """
    start, name = first_bytes(path), path.name.lower()
    if not start:
        raise InputError(fault("empty-file", "the file is empty: check the export", where=path.name))
    member = _member(path)
    if member.lower().endswith(RASTERS) or start.startswith(TIFF):
        return Seen("raster", "GeoTIFF")
    if name.endswith(OSM_ENDINGS) and not member:
        return _extract(path)
    if not member and (b"<graphml" in _head(path) or name.endswith((".graphml", ".graphml.gz"))):
        return _graphml(path)
    if (member or name).lower().endswith((*MAPS, ".geojson")) or (not member and b'"FeatureCollection"' in _head(path)):
        found = _map(path, member or None)
        if found:
            return found
    return _table(path)


def read_members(path: Path, found: Seen) -> tuple[Member, ...]:
    """List the communes of outlines or of a table of communes.

    Raises
    ------
    InputError
        The file cannot be read.
    """
    named = {role: found.columns[role] for role in ("code", "name", "epci", "epci_name") if role in found.columns}
    table = read_table(path, layer=found.map_layer, columns=lambda _: list(dict.fromkeys(named.values())))
    return tuple(_told(row, named) for row in table.rows if row[named["code"]])


def _told(row: Mapping[str, str], named: Mapping[str, str]) -> Member:
    said = {role: row[column] for role, column in named.items()}
    sirens = [part for part in said.get("epci", "").split("/") if part.isdigit()]  # NR and ZZZZZZZZZ stand for none
    return Member(said["code"], said.get("name") or said["code"], "/".join(sirens), said.get("epci_name", ""))


def _member(path: Path) -> str:
    """Name of the one file of an archive that counts; empty where the file is no archive."""
    if not is_zip(path):
        return ""
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except DAMAGED as error:
        raise InputError(damaged(path)) from error
    if unpacked > LARGEST_UNPACKED_BYTES:
        sentence = "unpacked, the archive would take more than {most} GB: keep only the territory in it"
        raise InputError(fault("archive-too-large", sentence, where=path.name, most=LARGEST_UNPACKED_BYTES // 1024**3))
    return only_member(path, (*TABLES, *RASTERS))


def _head(path: Path) -> bytes:
    """First bytes of a file, unpacked where it is compressed."""
    try:
        if first_bytes(path).startswith(GZIP):
            with gzip.open(path) as packed:
                return packed.read(HEAD)
        with path.open("rb") as stream:
            return stream.read(HEAD)
    except DAMAGED as error:
        raise InputError(damaged(path)) from error


def _extract(path: Path) -> Seen:
    with path.open("rb") as stream:
        start = stream.read(HEAD)
    if path.name.lower().endswith((".pbf", ".osm")) and b"OSMHeader" not in start and b"<osm" not in start:
        sentence = "the file is not an extract of OpenStreetMap: download it again"
        raise InputError(fault("not-an-extract", sentence, where=path.name))
    return Seen("roads", "OpenStreetMap", "osm_extract")


def _graphml(path: Path) -> Seen:
    if b"<graphml" not in _head(path):
        sentence = "the file is not a GraphML that can be read: export it again from OSMnx"
        raise InputError(fault("not-graphml", sentence, where=path.name))
    return Seen("roads", "OSMnx (GraphML)", "osmnx_graphml")


def _map(path: Path, member: str | None) -> Seen | None:
    """Recognise a map of roads, of communes or of squares; None where its table may be something else."""
    names = layer_names(path, member)
    for kind, layer in (("roads", "roads"), ("communes", "communes"), ("squares", "grid")):
        named = layer_of(kind, names)
        chosen = named or names[0]
        columns = field_names(path, chosen, member)
        found = seen(kind, columns)
        if found and (kind != "communes" or has_areas(path, chosen, member)):
            roles = _roles(columns, found) if kind == "communes" else {}
            return Seen(layer, found.format.label, found.format.id, roles, named)
    roles = _roles(field_names(path, names[0], member), None)
    own = {"code", "name"} <= roles.keys() and has_areas(path, names[0], member)
    return Seen("communes", columns=roles) if own else None


def _table(path: Path) -> Seen:
    columns, _ = open_rows(path)
    for kind, layer in KINDS.items():
        found = seen(kind, columns)
        if found:
            return Seen(layer, found.format.label, found.format.id)
    spelled = {column.lower() for column in columns}
    for layer, needed in OWN_TABLES.items():
        if spelled >= {*needed}:
            return Seen(layer)
    of_communes = seen("communes", columns)
    roles = _roles(columns, of_communes)
    if {"code", "population"} <= roles.keys():
        label, known = (of_communes.format.label, of_communes.format.id) if of_communes else ("", "")
        own = known in {"", "simplified"}
        return Seen("population", "" if own else label, "" if own else known, roles)
    halls = seen("town_halls", columns)
    if halls:
        return Seen("town_halls", halls.format.label, halls.format.id)
    raise InputError(unknown(["communes", "town_halls", "roads", *KINDS], columns, where=path.name))


def _roles(columns: Sequence[str], known: Recognised | None) -> dict[str, str]:
    """Find the columns of a table of communes, by its vintage, else by their usual names."""
    usual: Mapping[str, Sequence[str]] = words("own_table")
    found = {}
    for role, expressions in usual.items():
        for expression in expressions:
            matching = [column for column in columns if re.fullmatch(expression, column, re.IGNORECASE)]
            if matching:
                found[role] = matching[0]
                break
    return found | dict(known.columns if known else {})
