"""Rows of text out of any file that holds a table: delimited text, JSON, Parquet, a map, or one of them in a zip."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from territo.errors import Fault, InputError, fault
from territo.sources.archives import DAMAGED, damaged, first_bytes, is_zip, only_member, open_member

DELIMITERS = ";,\t|"
PARQUET = b"PAR1"
MAPS = (".gpkg", ".shp", ".fgb")
TABLES = (".csv", ".txt", ".json", ".geojson", ".parquet", *MAPS)
LONGEST_NAME = 200
_BLOCK = 1 << 20
_FEATURES = 100_000


class Row(NamedTuple):
    """The stripped values that are wanted, the line or the rank where they stand, and how many the row has in all."""

    line: int
    values: list[str]
    width: int


# given the columns that are wanted, their values row by row
Reader = Callable[[Sequence[str]], Generator[Row]]


def open_rows(path: Path, layer: str | None = None) -> tuple[tuple[str, ...], Reader]:
    """Open a table, whatever its kind, which is told by its first bytes.

    National files are larger than memory: maps and Parquet are read in
    batches, text as a stream, and of the columns only those that are wanted.

    Parameters
    ----------
    path
        CSV in UTF-8, UTF-16 or Windows-1252, separated by ``;``, ``,``,
        tabulation or ``|``; JSON, a list of objects or the properties of
        GeoJSON; Parquet; the attributes of a GeoPackage, shapefile or
        FlatGeobuf; or a zip that holds one of them.
    layer
        Layer of a map that has several.

    Returns
    -------
    tuple of str
        Names of the columns.
    callable
        Gives the rows; one that has not the length of the header has no values.

    Raises
    ------
    InputError
        The file cannot be read, is empty, or names a column twice.
    """
    name = only_member(path, TABLES) if is_zip(path) else None
    if (name or path.name).lower().endswith(MAPS):
        columns, reader = _map(path, name, layer)
    elif first_bytes(path).startswith(PARQUET) or (name or "").lower().endswith(".parquet"):
        columns, reader = _parquet(path, name)
    else:
        columns, reader = _text(path, name)
    if any(len(column) > LONGEST_NAME for column in columns):
        sentence = "the first row is no header of columns: check quotes and separators"
        raise InputError(fault("no-header", sentence, where=f"{path.name}:1"))
    repeated = sorted({column for column in columns if columns.count(column) > 1})
    if repeated:
        sentence = "the columns {names} appear more than once: keep one of each"
        raise InputError(fault("duplicate-columns", sentence, where=f"{path.name}:1", names=", ".join(repeated)))
    return columns, reader


def _open(path: Path, name: str | None) -> BinaryIO:
    return open_member(path, name) if name else path.open("rb")


def _text(path: Path, name: str | None) -> tuple[tuple[str, ...], Reader]:
    try:
        encoding, head = _encoding(path, name)
    except DAMAGED as error:
        raise InputError(damaged(path)) from error
    if head.lstrip()[:1] in ("{", "["):
        return _json(path, name, encoding)
    header = head.lstrip("\r\n").splitlines()[:1]
    if not header or not header[0].strip():
        raise InputError(fault("empty-file", "the file is empty: check the export", where=path.name))
    delimiter = max(DELIMITERS, key=header[0].count)
    lines = partial(_lines, path, name, encoding, delimiter)
    with closing(lines()) as first:
        columns = tuple(_one_line(name) for name in next(first)[1])
    return columns, partial(_delimited, lines, columns)


def _delimited(
    lines: Callable[[], Generator[tuple[int, list[str]]]], columns: Sequence[str], wanted: Sequence[str]
) -> Generator[Row]:
    places = [columns.index(name) for name in wanted]
    with closing(lines()) as rows:
        next(rows)
        for line, values in rows:
            same = len(values) == len(columns)
            yield Row(line, [_one_line(values[place]) for place in places] if same else [], len(values))


def _lines(path: Path, name: str | None, encoding: str, delimiter: str) -> Generator[tuple[int, list[str]]]:
    """Lines that are not blank, the header among them, with their numbers."""
    with closing(io.TextIOWrapper(_open(path, name), encoding, errors="replace", newline="")) as stream:
        reader = csv.reader(stream, delimiter=delimiter, strict=True)
        try:
            for values in reader:
                if any(values):
                    yield reader.line_num, values
        except csv.Error as error:
            sentence = "the text cannot be cut into columns ({reason}): check quotes and separators"
            where = f"{path.name}:{reader.line_num}"
            raise InputError(fault("unreadable-table", sentence, where=where, reason=error)) from error


def _one_line(value: str) -> str:
    return " ".join(value.split()) if "\n" in value or "\r" in value else value.strip()


def _encoding(path: Path, name: str | None) -> tuple[str, str]:
    """Find the encoding of a file, and its first characters; UTF-8 only if all of it is."""
    with closing(_open(path, name)) as stream:
        block = stream.read(_BLOCK)
        for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
            if block.startswith(mark):
                return encoding, block[: len(block) // 2 * 2].decode(encoding, errors="replace")
        head, decoder = block, codecs.getincrementaldecoder("utf-8-sig")()
        try:
            while block:
                decoder.decode(block)
                block = stream.read(_BLOCK)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252", head.decode("cp1252", errors="replace")
    return "utf-8-sig", head.decode("utf-8-sig", errors="replace")


def _json(path: Path, name: str | None, encoding: str) -> tuple[tuple[str, ...], Reader]:
    with closing(_open(path, name)) as stream:
        text = stream.read().decode(encoding, errors="replace")
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        sentence = "the file is not JSON that can be read: download it again"
        raise InputError(fault("unreadable-json", sentence, where=path.name)) from error
    records = _records(content)
    columns = tuple(dict.fromkeys(str(column) for record in records for column in record))
    if not columns:
        sentence = "the JSON holds no list of objects: check the export"
        raise InputError(fault("json-without-rows", sentence, where=path.name))
    return columns, partial(_json_rows, records, len(columns))


def _json_rows(records: Sequence[Mapping[str, Any]], count: int, wanted: Sequence[str]) -> Generator[Row]:
    for rank, record in enumerate(records, 1):
        yield Row(rank, [_value(record.get(column)) for column in wanted], count)


def _records(content: Any) -> list[dict[str, Any]]:
    """Find the objects of a list, of a feature collection, or of an export (``results``)."""
    if isinstance(content, dict):
        for key in ("features", "results", "service"):
            if isinstance(content.get(key), list):
                content = content[key]
                break
    if not isinstance(content, list) or not all(isinstance(each, dict) for each in content):
        return []
    return [each["properties"] if isinstance(each.get("properties"), dict) else each for each in content]


def _value(value: Any) -> str:
    """Text of a value; lists and objects stay JSON."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _one_line(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _parquet(path: Path, name: str | None) -> tuple[tuple[str, ...], Reader]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        source = pa.BufferReader(open_member(path, name).read()) if name else str(path)
        table = pq.ParquetFile(source)
        columns = tuple(table.schema_arrow.names)
    except (pa.ArrowException, *DAMAGED) as error:
        raise InputError(_unreadable_parquet(path)) from error
    return columns, partial(_parquet_rows, path, table, len(columns))


def _parquet_rows(path: Path, table: Any, count: int, wanted: Sequence[str]) -> Generator[Row]:
    import pyarrow as pa

    line = 0
    try:
        for batch in table.iter_batches(columns=list(wanted)):
            columns = [batch.column(name).to_pylist() for name in wanted]
            for values in zip(*columns, strict=True):
                line += 1
                yield Row(line, [plain(value) for value in values], count)
    except (pa.ArrowException, OSError) as error:
        raise InputError(_unreadable_parquet(path)) from error


def plain(value: Any) -> str:
    """Text of a value of a typed file; a number that is not one is missing."""
    if value is None or value != value:  # noqa: PLR0124  # only what is not a number differs from itself
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _one_line(str(value))


def _unreadable_parquet(path: Path) -> Fault:
    return fault("unreadable-parquet", "the Parquet file is damaged: download it again", where=path.name)


def _map(path: Path, name: str | None, layer: str | None) -> tuple[tuple[str, ...], Reader]:
    from territo.sources.maps import field_names, layer_names

    chosen = layer or layer_names(path, name)[0]
    columns = tuple(field_names(path, chosen, name))
    return columns, partial(_map_rows, path, name, chosen, len(columns))


def _map_rows(path: Path, name: str | None, layer: str, count: int, wanted: Sequence[str]) -> Generator[Row]:
    from territo.sources.maps import open_map

    rank = 0
    while True:
        frame = open_map(path, layer=layer, member=name, geometry=False, columns=wanted, part=(rank, _FEATURES))
        for values in zip(*(frame[column].tolist() for column in wanted), strict=True):
            rank += 1
            yield Row(rank, [plain(value) for value in values], count)
        if len(frame) < _FEATURES:
            return


def ragged_row(where: str, count: int, expected: int) -> Fault:
    """Say that a row has more or fewer values than there are columns."""
    sentence = "the row has {count} values for {expected} columns: check quotes and separators"
    return fault("ragged-row", sentence, where=where, count=count, expected=expected)


def decode(path: Path) -> str:
    """Return the text of a file, in UTF-8 or UTF-16 with or without mark, else Windows-1252."""
    encoding, _ = _encoding(path, None)
    return path.read_bytes().decode(encoding, errors="replace")
