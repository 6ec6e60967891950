"""What a downloaded file must be: not a web page, not half an archive, not another file than published."""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from xml.parsers import expat

from territo.errors import Fault, fault

HEAD = 2_000
MOST_UNPACKED = 50_000_000_000


def body_fault(path: Path, kind: str, host: str, columns: Sequence[str] = (), published: str = "") -> Fault | None:
    """Say what is wrong with a downloaded file, if anything is.

    Parameters
    ----------
    path
        The file.
    kind
        What it must be: ``json``, ``csv``, ``zip`` or ``osm``.
    host
        Where it comes from.
    columns
        Columns that a table must have.
    published
        SHA-256 that its producer publishes, or nothing.
    """
    if published and sha256(path) != published:
        sentence = "the file is not the one whose SHA-256 is published: build again, then tell its producer"
        return fault("source-checksum", sentence, where=host)
    if _is_page(path):
        return page_fault(host)
    reason = CHECKS[kind](path) or _absent_columns(path, columns)
    if reason:
        sentence = "the answer is damaged or of another format ({reason}): try later, or tell its producer"
        return fault("source-damaged", sentence, where=host, reason=reason)
    return None


def page_fault(host: str) -> Fault:
    """Say that a portal or a maintenance page came in place of data."""
    sentence = "the service answered a web page instead of data: try later, or check the proxy"
    return fault("source-page", sentence, where=host)


def sha256(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _is_page(path: Path) -> bool:
    with path.open("rb") as stream:
        head = stream.read(HEAD).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith((b"<!doctype html", b"<html")) or (head.startswith(b"<?xml") and b"<html" in head)


def _json(path: Path) -> str:
    try:
        json.loads(path.read_bytes())
    except ValueError:
        return "JSON"
    return ""


def _csv(path: Path) -> str:
    return "" if path.stat().st_size else "CSV"


def _zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            too_large = sum(member.file_size for member in members) > MOST_UNPACKED
            return "" if members and not too_large and archive.testzip() is None else "ZIP"
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError):
        return "ZIP"


def _osm(path: Path) -> str:
    """Look for the remark that Overpass ends a partial answer with, under status 200."""
    seen: list[str] = []

    def start(tag: str, _attributes: dict[str, str]) -> None:
        if not seen or tag == "remark":
            seen.append(tag)

    def refuse(*_: object) -> None:
        raise expat.ExpatError

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse
    try:
        with path.open("rb") as stream:
            parser.ParseFile(stream)
    except expat.ExpatError:
        return "OSM XML"
    return "" if seen == ["osm"] else "Overpass"


CHECKS: dict[str, Callable[[Path], str]] = {"json": _json, "csv": _csv, "zip": _zip, "osm": _osm}


def _absent_columns(path: Path, columns: Sequence[str]) -> str:
    if not columns:
        return ""
    with path.open("rb") as stream:
        header = stream.readline().decode("utf-8-sig", errors="replace")
    return ", ".join(column for column in columns if column not in header)
