"""National tables in archives: the rows of a territory, from CSV, Parquet and GeoPackage alike."""

from __future__ import annotations

import csv
import io

import geopandas as gpd
import pyarrow as pa
import pytest
from pyarrow import parquet
from shapely.geometry import Point

from territo.errors import SourceUnavailableError
from territo.sources.online.archives import among, write_rows
from territo.sources.store import Download
from tests.sources.replay import zipped

ROWS = [("A1", "F307", 1.5), ("B1", "A206", None), ("75056", "F307", 2.0)]
COLUMNS = ("DEPCOM", "TYPEQU")


def as_csv(delimiter=";", mark=""):
    lines = [f"{mark}DEPCOM{delimiter}TYPEQU{delimiter}CAPACITE"]
    lines += [delimiter.join([code, kind, "" if value is None else str(value)]) for code, kind, value in ROWS]
    return "\n".join(lines).encode() + b"\n"


def as_parquet():
    names = (*COLUMNS, "CAPACITE")
    table = pa.table({name: [row[place] for row in ROWS] for place, name in enumerate(names)})
    stream = io.BytesIO()
    parquet.write_table(table, stream)
    return stream.getvalue()


def as_geopackage(folder):
    names = (*COLUMNS, "CAPACITE")
    columns = {name: [row[place] for row in ROWS] for place, name in enumerate(names)}
    path = folder / "made.gpkg"
    gpd.GeoDataFrame(columns, geometry=[Point(0, 0)] * 3, crs="EPSG:2154").to_file(path, layer="bpe")
    return path.read_bytes()


def download(tmp_path, content):
    path = tmp_path / "archive"
    path.write_bytes(content)
    return Download("equipment", "http://127.0.0.1/", "", "", len(content), path)


def rows(tmp_path, content, columns=COLUMNS):
    here = frozenset({"A1", "B1"})
    path = tmp_path / "rows.csv"
    count = write_rows(download(tmp_path, content), path, columns, lambda block: among(block, "DEPCOM", here))
    with path.open(encoding="utf-8", newline="") as stream:
        found = list(csv.reader(stream, delimiter=";"))
    assert count == len(found) - 1
    return found


WANTED = [["DEPCOM", "TYPEQU", "CAPACITE"], ["A1", "F307", "1.5"], ["B1", "A206", ""]]


@pytest.mark.parametrize("content", [as_csv(), as_csv(","), as_csv("\t"), as_csv(mark="\ufeff")])
def test_the_rows_of_a_territory_are_kept_as_they_are_written(tmp_path, content):
    assert rows(tmp_path, zipped(dossier_fichier__csv=content)) == WANTED


def test_a_parquet_table_gives_the_same_rows(tmp_path):
    assert rows(tmp_path, zipped(BPE25__parquet=as_parquet())) == WANTED


def test_a_geopackage_gives_the_same_rows_without_its_places(tmp_path):
    assert rows(tmp_path, zipped(carreaux__gpkg=as_geopackage(tmp_path))) == WANTED


def test_other_tables_of_the_archive_are_left_out(tmp_path):
    content = zipped(varmod__csv=b"COD_VAR;COD_MOD\nTYPEQU;F307\n", BPE25__csv=as_csv(), lisez__txt=b"DEPCOM;TYPEQU\n")
    assert rows(tmp_path, content) == WANTED


def test_tables_of_the_same_columns_are_put_one_after_the_other(tmp_path):
    found = rows(tmp_path, zipped(met__csv=as_csv(), reun__csv=b"DEPCOM;TYPEQU;CAPACITE\nA1;D1;\n"))
    assert found == [*WANTED, ["A1", "D1", ""]]


def test_quotes_hold_separators(tmp_path):
    found = rows(tmp_path, zipped(BPE25__csv=b'DEPCOM;TYPEQU;NOM\n"A1";"F307";"Poste; guichet"\n'))
    assert found[1] == ["A1", "F307", "Poste; guichet"]


@pytest.mark.parametrize(
    "content", [zipped(notice__txt=b"x"), zipped(BPE25__csv=b"CODE;TYPE\nA1;F307\n"), zipped(a__csv=b"")]
)
def test_an_archive_without_the_columns_is_refused(tmp_path, content):
    with pytest.raises(SourceUnavailableError, match="the answer has no DEPCOM, TYPEQU"):
        rows(tmp_path, content)


@pytest.mark.parametrize(
    "content",
    [
        zipped(BPE25__csv=b"DEPCOM;TYPEQU\nA1;F307;3\n"),
        zipped(BPE25__csv=b"DEPCOM;TYPEQU\nA1;F\xe9\n"),
        zipped(BPE25__parquet=b"PAR1 not really PAR1"),
        zipped(carreaux__gpkg=b"not a map"),
        b"not an archive",
    ],
)
def test_tables_that_cannot_be_read_are_refused_in_one_sentence(tmp_path, content):
    with pytest.raises(SourceUnavailableError, match="equipment: the tables of the archive cannot be read"):
        rows(tmp_path, content)
