"""The embedded territory: its modelled layers made again from its facts, and the manifest of the data folder.

``python -c "from pathlib import Path; from territo.sources.modelled.embedded import rebuild; rebuild(Path('data'))"``
after a change of the generator or of a fact.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path
from typing import Any

from territo.domain.territory import Source
from territo.sources.modelled.table import LICENCE, PRODUCER, read_table
from territo.sources.modelled.write import EQUIPMENT, FRANCE_SERVICES, write_modelled_territory

MANIFEST = "manifest.yaml"
TABLE = "table.csv"
FACTS = (TABLE, EQUIPMENT, FRANCE_SERVICES)


def rebuild(data: Path) -> None:
    """Make the modelled files of the embedded territory again, and bring the manifest up to date.

    Parameters
    ----------
    data
        The data folder: ``manifest.yaml`` names the territory, its seed, its
        facts and their sources.
    """
    import yaml

    manifest = yaml.safe_load((data / MANIFEST).read_text(encoding="utf-8"))
    folder = data / manifest["territory"]["folder"]
    with tempfile.TemporaryDirectory() as temporary:
        made = model_embedded(data, manifest, Path(temporary) / folder.name)
        for file in sorted(made.iterdir()):
            shutil.copyfile(file, folder / file.name)
    facts = [entry for entry in manifest["files"] if Path(entry["file"]).name in FACTS]
    for entry in facts:
        entry["sha256"] = _digest(data / entry["file"])
    known = {entry["file"]: entry for entry in facts}
    others = [path for path in sorted(folder.iterdir()) if path.relative_to(data).as_posix() not in known]
    modelled = [
        _entry(path, path.relative_to(data).as_posix(), facts, manifest["territory"]["seed"]) for path in others
    ]
    manifest["files"] = [*facts, *modelled]
    text = yaml.safe_dump(manifest, allow_unicode=True, sort_keys=False, width=110)
    (data / MANIFEST).write_text(text, encoding="utf-8")


def model_embedded(data: Path, manifest: dict[str, Any], directory: Path) -> Path:
    """Write the embedded territory, as the manifest describes it, into another directory; return that directory."""
    territory = manifest["territory"]
    folder = data / territory["folder"]
    write_modelled_territory(
        read_table(folder / TABLE),
        directory,
        seed=territory["seed"],
        name=territory["name"],
        facts={file: folder / file for file in (EQUIPMENT, FRANCE_SERVICES)},
        sources=tuple(Source(**entry) for entry in territory["sources"]),
    )
    return directory


def _entry(path: Path, file: str, facts: list[dict[str, Any]], seed: int) -> dict[str, Any]:
    """Describe a file that the generator wrote: modelled, unless it repeats a file of facts."""
    digest = _digest(path)
    for fact in facts:
        if fact["sha256"] == digest:
            return {**fact, "file": file}
    vintage = f"modèle, graine {seed}"
    return {
        "file": file,
        "source": PRODUCER,
        "licence": LICENCE,
        "vintage": vintage,
        "modelled": True,
        "sha256": digest,
    }


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
