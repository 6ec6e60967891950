"""Where each layer of a territory comes from, and the digest of all of them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from territo.access.network import Speeds
from territo.domain.territory import Source
from territo.domain.travel import Notice
from territo.sources.spec import TerritorySpec

BUILD_VERSION = "3"


def unstated(spec: TerritorySpec) -> list[Notice]:
    """Say which files have no producer and licence in the spec."""
    stated = {entry.layer for entry in spec.sources}
    return [Notice("source-not-stated", {"layer": layer}) for layer in spec.files() if layer not in stated]


def layer_sources(spec: TerritorySpec, speeds: Speeds) -> tuple[Source, ...]:
    """Return where each layer comes from: as stated, then what is not stated, then what territo models."""
    files = {layer: sha256(path) for layer, (_, path) in spec.files().items()}
    stated = [
        Source(
            entry.layer, entry.producer, entry.licence, str(entry.vintage), entry.modelled, files.get(entry.layer, "")
        )
        for entry in spec.sources
    ]
    known = {source.layer for source in stated}
    stated += [Source(layer, "", "", "", sha256=digest) for layer, digest in files.items() if layer not in known]
    stated += [
        Source(layer, "territo", "", "", modelled=True)
        for layer in ("roads", "grid")
        if layer not in files and layer not in known
    ]
    return (*stated, Source("speeds", "territo", "", speeds.version, sha256=speeds.digest))


def territory_digest(spec: TerritorySpec, speeds: Speeds) -> str:
    """SHA-256 of everything that the territory depends on, but the names of files."""
    files = {layer: sha256(path) for layer, (_, path) in spec.files().items()}
    keys = json.loads(spec.model_dump_json())
    for part in (
        keys["communes"],
        keys["attributes"],
        keys["roads"],
        keys["grid"],
        keys["staff"] or {},
        keys["travel"],
    ):
        part.pop("file", None)
    for part in ("facilities", "indicators", "finance"):
        del keys[part]
    del keys["travel"]["observed"]
    recipe = {"version": BUILD_VERSION, "spec": keys, "files": files, "speeds": speeds.digest}
    return hashlib.sha256(json.dumps(recipe, sort_keys=True).encode()).hexdigest()


def sha256(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
