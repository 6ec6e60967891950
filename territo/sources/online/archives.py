"""National tables in ZIP archives, read as a stream: only the rows of a territory are kept."""

from __future__ import annotations

import csv
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

import numpy as np

from territo.domain.arrays import Bools
from territo.errors import SourceUnavailableError, fault
from territo.sources.store import Download

if TYPE_CHECKING:
    import pyarrow as pa

BLOCK_BYTES = 8 << 20
TABLES = (".csv", ".parquet", ".gpkg")
DELIMITERS = ";,\t|"
# pyogrio raises a RuntimeError on what is no map
DAMAGED = (OSError, KeyError, ValueError, RuntimeError, EOFError, zipfile.BadZipFile, zlib.error)

Kept = Callable[["pa.Table"], Bools]


def write_rows(download: Download, path: Path, columns: Sequence[str], kept: Kept) -> int:
    """Write the rows of a territory from all the tables of an archive.

    Parameters
    ----------
    download
        A ZIP archive of CSV, Parquet or GeoPackage tables.
    path
        Where to write them, as CSV.
    columns
        Columns that a table must have, in any case; other tables (of the
        values of the columns, for example) are left out.
    kept
        Says which rows of a block to keep.

    Returns
    -------
    int
        How many rows were written.

    Raises
    ------
    SourceUnavailableError
        No table of the archive has these columns, or one cannot be read.
    """
    import pyarrow as pa

    written = 0
    header: list[str] = []
    try:
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, delimiter=";", lineterminator="\n")
            for block in _blocks(download.path, columns):
                chosen = block.filter(pa.array(kept(block)))
                if not header:
                    header = chosen.column_names
                    writer.writerow(header)
                rows = zip(*(chosen[name].to_pylist() for name in header), strict=True)
                writer.writerows(["" if value is None else value for value in row] for row in rows)
                written += chosen.num_rows
    except (*DAMAGED, pa.ArrowException) as error:
        sentence = "the tables of the archive cannot be read: its format has changed, tell the makers of territo"
        raise SourceUnavailableError(fault("source-unreadable", sentence, where=download.layer)) from error
    if not header:
        sentence = "the answer has no {name}: the service has changed, tell the makers of territo"
        raise SourceUnavailableError(fault("source-reshaped", sentence, where=download.layer, name=", ".join(columns)))
    return written


def _blocks(archive: Path, columns: Sequence[str]) -> Iterator[pa.Table]:
    wanted = {column.lower() for column in columns}
    with zipfile.ZipFile(archive) as members:
        for member in sorted(members.namelist()):
            ending = Path(member).suffix.lower()
            if ending == ".csv":
                with members.open(member) as stream:
                    names = _header(stream)
                if wanted <= {name.lower() for name in names[0]}:
                    with members.open(member) as stream:
                        yield from _csv_blocks(stream, *names)
            elif ending in TABLES:
                with _unpacked(members, member) as path:
                    read = _parquet_blocks if ending == ".parquet" else _map_blocks
                    yield from (block for block in read(path) if wanted <= {n.lower() for n in block.column_names})


def _header(stream: IO[bytes]) -> tuple[list[str], str]:
    line = stream.readline().decode("utf-8-sig", errors="replace").strip()
    delimiter = max(DELIMITERS, key=line.count)
    return next(csv.reader([line], delimiter=delimiter), []), delimiter


def _csv_blocks(stream: IO[bytes], names: Sequence[str], delimiter: str) -> Iterator[pa.Table]:
    """Values as they are written: text, for codes begin with 0 and secrets are letters."""
    import pyarrow as pa
    from pyarrow import csv as arrow

    reader = arrow.open_csv(
        stream,
        read_options=arrow.ReadOptions(column_names=list(names), skip_rows=1, block_size=BLOCK_BYTES),
        parse_options=arrow.ParseOptions(delimiter=delimiter),
        convert_options=arrow.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
    )
    for batch in reader:
        yield pa.Table.from_batches([batch])


@contextmanager
def _unpacked(members: zipfile.ZipFile, member: str) -> Iterator[Path]:
    """Put a member that is not read as a stream beside nothing else, for the time of the reading."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(member).name
        with members.open(member) as packed, path.open("wb") as plain:
            shutil.copyfileobj(packed, plain)
        yield path


def _parquet_blocks(path: Path) -> Iterator[pa.Table]:
    import pyarrow as pa
    from pyarrow import parquet

    with parquet.ParquetFile(path) as file:
        for batch in file.iter_batches():
            yield pa.Table.from_batches([batch])


def _map_blocks(path: Path) -> Iterator[pa.Table]:
    import pyarrow as pa
    import pyogrio

    for layer in pyogrio.list_layers(path)[:, 0]:
        with pyogrio.open_arrow(path, layer=layer, read_geometry=False, use_pyarrow=True) as (_, reader):
            for batch in reader:
                yield pa.Table.from_batches([batch])


def among(block: pa.Table, column: str, codes: frozenset[str]) -> Bools:
    """Which rows of a block have one of the codes in a column."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found = pc.is_in(block[column].cast(pa.string()), value_set=pa.array(sorted(codes)))
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=np.bool_)
