"""Facilities of a territory from the national lists: BPE (INSEE), France services (ANCT)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from territo.domain.travel import Notice
from territo.sources.movements import Passage
from territo.sources.online.archives import among, write_rows
from territo.sources.store import Download
from territo.sources.tables import read_table

EQUIPMENT, FRANCE_SERVICES = "equipment.csv", "france_services.csv"
COMMUNE = "insee_com"


def write_equipment(
    download: Download, folder: Path, columns: Sequence[str], passage: Passage
) -> tuple[int, tuple[Notice, ...]]:
    """Write the facilities of the communes, and of those that merged into them.

    Parameters
    ----------
    download
        The archive of the BPE.
    folder
        Where ``equipment.csv`` goes.
    columns
        The code of the commune, then what else must be there.
    passage
        From the codes of the archive to those of today.

    Returns
    -------
    int
        How many were written.
    tuple of Notice
        Communes that merged or separated since.

    Raises
    ------
    SourceUnavailableError
        The archive cannot be read, or lacks its columns.
    """
    known = frozenset(passage.today) | frozenset(passage.split)

    path = folder / EQUIPMENT
    write_rows(download, path, columns, lambda block: among(block, columns[0], known))
    table = read_table(path)
    code = next(name for name in table.columns if name.lower() == columns[0].lower())
    return _write_today(path, table.columns, table.rows, code, passage, "equipment")


def write_france_services(download: Download, folder: Path, passage: Passage) -> tuple[int, tuple[Notice, ...]]:
    """Write the France services points of the communes, and of those that merged into them.

    Returns
    -------
    int
        How many were written.
    tuple of Notice
        Communes that merged or separated since.

    Raises
    ------
    InputError
        The rows of the list do not match its header.
    """
    table = read_table(download.path)
    return _write_today(folder / FRANCE_SERVICES, table.columns, table.rows, COMMUNE, passage, "france_services")


def _write_today(
    path: Path,
    columns: Sequence[str],
    rows: Iterable[Mapping[str, str]],
    code: str,
    passage: Passage,
    layer: str,
) -> tuple[int, tuple[Notice, ...]]:
    """Write the rows of the territory under the codes of today."""
    rows = list(rows)
    kept = [{**row, code: passage.today[row[code]]} for row in rows if row[code] in passage.today]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, delimiter=";", lineterminator="\n")
        writer.writeheader()
        writer.writerows(kept)
    return len(kept), passage.of(row[code] for row in rows).notices(layer)
