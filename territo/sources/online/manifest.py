"""Where every layer of a territory came from: what was asked, when, and the digest of what was received."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from territo.sources.bodies import sha256
from territo.sources.online.services import ServiceEntry
from territo.sources.store import Download

MANIFEST = "manifest.json"


def write_manifest(
    folder: Path,
    downloads: Sequence[Download],
    services: Mapping[str, ServiceEntry],
    vintages: Mapping[str, str],
    files: Mapping[str, str],
) -> None:
    """Write ``manifest.json``: a record a download, in the order they were made.

    Parameters
    ----------
    folder
        Of the raw files.
    downloads
        What was received.
    services
        Layer -> its service.
    vintages
        Layer -> the vintage of what was received.
    files
        Layer -> the file that was made of it.
    """
    layers = [
        {
            "layer": download.layer,
            "producer": services[download.layer].producer,
            "licence": services[download.layer].licence,
            "vintage": vintages[download.layer],
            "cog": services[download.layer].cog,
            "address": download.address,
            "form": download.form,
            "retrieved": download.retrieved,
            "bytes": download.size,
            "sha256": download.sha256,
            "file": files.get(download.layer),
            "file_sha256": sha256(folder / files[download.layer]) if download.layer in files else None,
        }
        for download in downloads
    ]
    text = json.dumps({"layers": layers}, ensure_ascii=False, indent=1)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
