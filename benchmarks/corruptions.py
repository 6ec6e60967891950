"""Ways in which files of data arrive spoilt: columns lost or renamed, rows twice, coordinates exchanged, half a zip.

Each takes a random generator and the bytes of a sound file, and gives spoilt bytes. ``PLAUSIBLE`` names those after
which nobody could know that the file is not what its producer meant (another number in place of a number, rows less):
for them only the invariants of a territory can be asked for.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random

Corruption = Callable[[Random, bytes], bytes]
Rows = list[list[str]]
ODD = (
    "",
    "s",
    "nan",
    "NaN",
    "inf",
    "-1",
    "1e400",
    "1,5,3",
    "zéro",
    "0x1F",
    "\u0663",
    "12 345",
    "=1+1",
    "\x00",
    "9" * 400,
)


def _rows(content: bytes) -> tuple[Rows, str]:
    text = content.decode("utf-8-sig")
    delimiter = max(";,\t", key=text.split("\n", 1)[0].count)
    return list(csv.reader(io.StringIO(text), delimiter=delimiter)), delimiter


def _text(rows: Rows, delimiter: str) -> bytes:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return stream.getvalue().encode("utf-8")


def _table(change: Callable[[Random, Rows], None]) -> Corruption:
    """Make a corruption of bytes out of a change of rows, the header being the first."""

    def spoil(rng: Random, content: bytes) -> bytes:
        rows, delimiter = _rows(content)
        change(rng, rows)
        return _text(rows, delimiter)

    return spoil


def _drop_column(rng: Random, rows: Rows) -> None:
    place = rng.randrange(len(rows[0]))
    for row in rows:
        del row[place]


def _rename_column(rng: Random, rows: Rows) -> None:
    place = rng.randrange(len(rows[0]))
    rows[0][place] = rng.choice([rows[0][place] + "_2", rows[0][place][::-1], "", rows[0][0], "Unnamed: 0"])


def _move_column(rng: Random, rows: Rows) -> None:
    first, last = rng.randrange(len(rows[0])), rng.randrange(len(rows[0]))
    for row in rows:
        row.insert(last, row.pop(first))


def _shuffle_rows(rng: Random, rows: Rows) -> None:
    rows[1:] = rng.sample(rows[1:], len(rows) - 1)


def _retype_column(rng: Random, rows: Rows) -> None:
    place, word = rng.randrange(len(rows[0])), rng.choice(["oui", "True", "N/C", "2024-01-01", "—", "x1"])
    for row in rows[1:]:
        row[place] = word


def _odd_value(rng: Random, rows: Rows) -> None:
    for _ in range(rng.randint(1, 4)):
        rows[rng.randrange(1, len(rows))][rng.randrange(len(rows[0]))] = rng.choice(ODD)


def _double_rows(rng: Random, rows: Rows) -> None:
    rows += [list(rng.choice(rows[1:])) for _ in range(rng.randint(1, 3))]


def _lose_rows(rng: Random, rows: Rows) -> None:
    for _ in range(rng.randint(1, max(1, len(rows) // 4))):
        if len(rows) > 1:
            del rows[rng.randrange(1, len(rows))]


def _lose_leading_zeros(_: Random, rows: Rows) -> None:
    for row in rows[1:]:
        row[0] = row[0].lstrip("0") or "0"


def _ragged(rng: Random, rows: Rows) -> None:
    row = rows[rng.randrange(1, len(rows))]
    if rng.random() < 0.5:  # noqa: PLR2004  # one or the other
        row.append("x")
    else:
        row.pop()


def _exchange_coordinates(rng: Random, rows: Rows) -> None:
    names = [name.lower() for name in rows[0]]
    pairs = [("lat", "lng"), ("latitude", "longitude"), ("lambert_x", "lambert_y")]
    found = [(names.index(one), names.index(other)) for one, other in pairs if one in names and other in names]
    for one, other in found:
        for row in rows[1:] if rng.random() < 0.5 else [rng.choice(rows[1:])]:  # noqa: PLR2004  # all, or one
            row[one], row[other] = row[other], row[one]


def _exchange_columns(rng: Random, rows: Rows) -> None:
    one, other = rng.randrange(len(rows[0])), rng.randrange(len(rows[0]))
    for row in rows[1:]:
        row[one], row[other] = row[other], row[one]


def truncate(rng: Random, content: bytes) -> bytes:
    """Cut the end off."""
    return content[: rng.randrange(len(content))]


def flip_bytes(rng: Random, content: bytes) -> bytes:
    """Change a few bytes."""
    spoilt = bytearray(content)
    for _ in range(rng.randint(1, 8)):
        spoilt[rng.randrange(len(spoilt))] = rng.randrange(256)
    return bytes(spoilt)


def reencode(rng: Random, content: bytes) -> bytes:
    """Write the text in another encoding."""
    encoding = rng.choice(["cp1252", "utf-16", "utf-8-sig", "latin-1", "mac_roman", "utf-16-le", "utf-7"])
    return content.decode("utf-8-sig").encode(encoding, errors="replace")


def half_a_zip(rng: Random, content: bytes) -> bytes:
    """Put the file in a zip, and cut or spoil the zip."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.csv", content)
    return rng.choice([truncate, flip_bytes])(rng, stream.getvalue())


def replace_by_page(_: Random, __: bytes) -> bytes:
    """Give what a server says when it has nothing: a page in place of the file."""
    return b"<!DOCTYPE html>\n<html><body><h1>503 Service Unavailable</h1></body></html>\n"


def change_delimiter(rng: Random, content: bytes) -> bytes:
    """Separate by another mark, without quoting anew."""
    delimiter = _rows(content)[1].encode()
    return content.replace(delimiter, rng.choice([b";", b",", b"\t", b"|", b":", b" "]))


def open_quote(rng: Random, content: bytes) -> bytes:
    """Open a quotation that nothing closes."""
    place = rng.randrange(len(content))
    return content[:place] + b'"' + content[place:]


TABLES: Mapping[str, Corruption] = {
    "drop column": _table(_drop_column),
    "rename column": _table(_rename_column),
    "move column": _table(_move_column),
    "shuffle rows": _table(_shuffle_rows),
    "retype column": _table(_retype_column),
    "odd values": _table(_odd_value),
    "double rows": _table(_double_rows),
    "lose rows": _table(_lose_rows),
    "lose leading zeros": _table(_lose_leading_zeros),
    "ragged row": _table(_ragged),
    "exchange coordinates": _table(_exchange_coordinates),
    "exchange columns": _table(_exchange_columns),
    "change delimiter": change_delimiter,
    "open quote": open_quote,
    "reencode": reencode,
    "truncate": truncate,
    "flip bytes": flip_bytes,
    "half a zip": half_a_zip,
    "page": replace_by_page,
}


def _features(change: Callable[[Random, list[dict[str, object]]], None]) -> Corruption:
    def spoil(rng: Random, content: bytes) -> bytes:
        collection = json.loads(content)
        change(rng, collection["features"])
        return json.dumps(collection).encode()

    return spoil


def _any_property(rng: Random, features: list[dict[str, object]], value: Callable[[object], object]) -> None:
    for feature in features:
        properties = feature["properties"]
        name = rng.choice(list(properties))
        properties[name] = value(properties[name])


def _lose_property(rng: Random, features: list[dict[str, object]]) -> None:
    name = rng.choice(list(features[0]["properties"]))
    for feature in features:
        value = feature["properties"].pop(name)
        if rng.random() < 0.5:  # noqa: PLR2004  # renamed or lost
            feature["properties"][f"{name}_2"] = value


def _exchange(shape: object) -> object:
    if isinstance(shape, list) and len(shape) >= 2 and isinstance(shape[0], int | float):  # noqa: PLR2004  # a point
        return [shape[1], shape[0], *shape[2:]]
    return [_exchange(part) for part in shape] if isinstance(shape, list) else shape


def _exchange_all(_: Random, features: list[dict[str, object]]) -> None:
    for feature in features:
        feature["geometry"]["coordinates"] = _exchange(feature["geometry"]["coordinates"])


def _exchange_one(rng: Random, features: list[dict[str, object]]) -> None:
    _exchange_all(rng, [rng.choice(features)])


def _spoil_ring(rng: Random, features: list[dict[str, object]]) -> None:
    ring = rng.choice(features)["geometry"]["coordinates"]
    while isinstance(ring[0][0], list):
        ring = ring[0]
    place = rng.randrange(len(ring))
    if rng.random() < 0.3:  # noqa: PLR2004  # now and then
        del ring[2:]
    else:
        ring[place] = rng.choice([[None, None], ["x", "y"], [1e400, 0], [ring[place][0] + 0.3, ring[place][1]], [], 5])


def _no_geometry(rng: Random, features: list[dict[str, object]]) -> None:
    rng.choice(features)["geometry"] = rng.choice(
        [None, {"type": "Point", "coordinates": [0, 45]}, {"type": "Polygon"}]
    )


def _double_feature(rng: Random, features: list[dict[str, object]]) -> None:
    features.append(json.loads(json.dumps(rng.choice(features))))


def _lose_feature(rng: Random, features: list[dict[str, object]]) -> None:
    features.remove(rng.choice(features))


def _odd_code(rng: Random, features: list[dict[str, object]]) -> None:
    _any_property(rng, [rng.choice(features)], lambda _: rng.choice([None, 12, 1.5, True, "", [], {}, "𝕊", "'"]))


MAPS: Mapping[str, Corruption] = {
    "lose property": _features(_lose_property),
    "exchange coordinates": _features(_exchange_all),
    "exchange coordinates of one": _features(_exchange_one),
    "spoil ring": _features(_spoil_ring),
    "no geometry": _features(_no_geometry),
    "double feature": _features(_double_feature),
    "lose feature": _features(_lose_feature),
    "odd code": _features(_odd_code),
    "reencode": reencode,
    "truncate": truncate,
    "flip bytes": flip_bytes,
    "half a zip": half_a_zip,
    "page": replace_by_page,
}

BINARY: Mapping[str, Corruption] = {
    "truncate": truncate,
    "flip bytes": flip_bytes,
    "half a zip": half_a_zip,
    "page": replace_by_page,
}


def _words(change: Callable[[Random, str], str]) -> Corruption:
    def spoil(rng: Random, content: bytes) -> bytes:
        return gzip.compress(change(rng, gzip.decompress(content).decode()).encode(), 1)

    return spoil


def _lose_line(rng: Random, text: str) -> str:
    lines = text.split("\n")
    del lines[rng.randrange(len(lines))]
    return "\n".join(lines)


def _odd_number(rng: Random, text: str) -> str:
    parts = text.split(">")
    numbers = [place for place, part in enumerate(parts) if part[:1].isdigit()]
    place = rng.choice(numbers)
    parts[place] = rng.choice(ODD[:7]) + "<" + parts[place].partition("<")[2]
    return ">".join(parts)


def _rename_key(rng: Random, text: str) -> str:
    name = rng.choice(["x", "y", "length", "highway", "crs"])
    return text.replace(f'attr.name="{name}"', f'attr.name="{name}_2"')


def _exchange_keys(_: Random, text: str) -> str:
    return (
        text.replace('attr.name="x"', 'attr.name="_"')
        .replace('attr.name="y"', 'attr.name="x"')
        .replace('attr.name="_"', 'attr.name="y"')
    )


def _squares(change: Callable[[Random, Rows], None]) -> Corruption:
    """Change the attributes of a GeoPackage as those of a table: every column becomes text."""

    def spoil(rng: Random, content: bytes) -> bytes:
        import pandas as pd
        import pyogrio

        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "map.gpkg"
            path.write_bytes(content)
            frame = pyogrio.read_dataframe(path, read_geometry=False)
            rows = [[*map(str, frame.columns)], *frame.astype(str).to_numpy().tolist()]
            change(rng, rows)
            spoilt = pd.DataFrame(rows[1:], columns=rows[0])
            path.unlink()
            pyogrio.write_dataframe(spoilt.loc[:, ~spoilt.columns.duplicated()], path)
            return path.read_bytes()

    return spoil


SQUARES: Mapping[str, Corruption] = {
    "drop column": _squares(_drop_column),
    "rename column": _squares(_rename_column),
    "shuffle rows": _squares(_shuffle_rows),
    "retype column": _squares(_retype_column),
    "odd values": _squares(_odd_value),
    "double rows": _squares(_double_rows),
    "lose rows": _squares(_lose_rows),
    "exchange columns": _squares(_exchange_columns),
    **BINARY,
}

GRAPHS: Mapping[str, Corruption] = {
    "lose line": _words(_lose_line),
    "odd number": _words(_odd_number),
    "rename key": _words(_rename_key),
    "exchange coordinates": _words(_exchange_keys),
    "document type": _words(lambda _, text: text.replace("<graphml", "<!DOCTYPE x [<!ENTITY a 'b'>]>\n<graphml", 1)),
    **BINARY,
}

PLAUSIBLE = frozenset(
    {
        "change delimiter",
        "double rows",
        "exchange columns",
        "exchange coordinates of one",
        "flip bytes",
        "lose line",
        "lose rows",
        "odd code",
        "odd number",
        "odd values",
        "open quote",
        "reencode",
        "rename key",
        "retype column",
        "spoil ring",
        "truncate",
    }
)
