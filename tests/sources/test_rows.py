"""Tables out of any file, told by its first bytes, and one sentence where it cannot be read."""

from __future__ import annotations

import json
import zipfile

import geopandas as gpd
import pandas as pd
import pytest
from shapely import Point

from territo.errors import InputError
from territo.sources.tables import read_table

TEXT = "code;nom;valeur\nA1;Hérault;1,5\nB1;;s\n"
ROWS = ({"code": "A1", "nom": "Hérault", "valeur": "1,5"}, {"code": "B1", "nom": "", "valeur": "s"})


def packed(path, **members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return path


def sentence(path, **kwargs):
    with pytest.raises(InputError) as caught:
        read_table(path, **kwargs)
    (fault,) = caught.value.faults
    return str(fault)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_delimited_text_is_read_in_the_encodings_and_with_the_separators_of_offices(tmp_path, encoding, delimiter):
    path = tmp_path / "table.csv"
    path.write_bytes(TEXT.replace(";", delimiter).encode(encoding))
    table = read_table(path)
    assert (table.columns, table.rows, table.lines) == (("code", "nom", "valeur"), ROWS, (2, 3))


def test_a_table_is_read_inside_a_zip_beside_the_description_of_its_columns(tmp_path):
    path = packed(tmp_path / "cc.zip", cc__csv=TEXT, meta_cc__csv="a;b\n1;2\n", lisez_moi__txt="Bonjour")
    assert read_table(path).rows == ROWS


def test_parquet_and_geopackage_give_text_and_missing_values_are_empty(tmp_path):
    frame = pd.DataFrame({"code": ["01001", None], "count": [3.0, float("nan")], "share": [0.25, 1e-7]})
    expected = [{"code": "01001", "count": "3", "share": "0.25"}, {"code": "", "count": "", "share": "1e-07"}]
    frame.to_parquet(tmp_path / "t.parquet")
    gpd.GeoDataFrame(frame, geometry=[Point(0, 0)] * 2, crs="EPSG:4326").to_file(tmp_path / "t.gpkg")
    packed(tmp_path / "p.zip", p__parquet=(tmp_path / "t.parquet").read_bytes())
    packed(tmp_path / "g.zip", g__gpkg=(tmp_path / "t.gpkg").read_bytes())
    for name in ("t.parquet", "t.gpkg", "p.zip", "g.zip"):
        assert list(read_table(tmp_path / name).rows) == expected, name


def test_json_is_a_list_an_export_or_the_properties_of_a_map(tmp_path):
    records = [{"code": "A1", "population": 12.0, "codesPostaux": ["64000"]}, {"code": "B1", "nom": "Bé"}]
    expected = [
        {"code": "A1", "population": "12", "codesPostaux": '["64000"]', "nom": ""},
        {"code": "B1", "population": "", "codesPostaux": "", "nom": "Bé"},
    ]
    features = [{"type": "Feature", "properties": each, "geometry": None} for each in records]
    for content in (records, {"total_count": 2, "results": records}, {"features": features}):
        path = tmp_path / "t.json"
        path.write_text(json.dumps(content), encoding="utf-8")
        assert list(read_table(path).rows) == expected


def test_only_the_columns_and_the_rows_that_are_wanted_are_kept(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text(TEXT, encoding="utf-8")
    table = read_table(path, columns=lambda names: names[:1], keep=lambda row: row["code"] == "B1")
    assert (table.columns, table.rows, table.lines) == (("code",), ({"code": "B1"},), (3,))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "t: the file is empty: check the export"),
        (b"\n\n  \n", "t: the file is empty: check the export"),
        (b"a;a;b\n1;2;3\n", "t:1: the columns a appear more than once: keep one of each"),
        (b"a;b\n1;2;3\n", "t:2: the row has 3 values for 2 columns: check quotes and separators"),
        (b'a;b\n1;"' + b"x" * 200_000, "t:2: the text cannot be cut into columns (field larger than field limit"),
        (b"[1, 2]", "t: the JSON holds no list of objects: check the export"),
        (b'{"features": [', "t: the file is not JSON that can be read: download it again"),
        (b"[" * 100_000, "t: the file is not JSON that can be read: download it again"),
        (b"PAR1 and then nothing", "t: the Parquet file is damaged: download it again"),
        (b"7z\xbc\xaf\x27\x1c" + b"0" * 30, "t: the file is a 7z archive: unpack it, and give the file that is inside"),
        (b"PK\x03\x04 and then nothing", "t: the archive is damaged or incomplete: download it again"),
    ],
)
def test_a_file_that_cannot_be_read_is_explained_in_one_sentence(tmp_path, content, expected):
    path = tmp_path / "t"
    path.write_bytes(content)
    assert sentence(path).startswith(expected)


def test_an_archive_of_several_files_of_none_or_cut_short_is_explained(tmp_path):
    several = packed(tmp_path / "two.zip", a__csv=TEXT, b__csv=TEXT)
    assert sentence(several).startswith("two.zip: the archive holds several files of data (a.csv, b.csv)")
    assert sentence(packed(tmp_path / "none.zip", a__pdf="x")).startswith("none.zip: the archive holds no file ending")
    content = bytearray(packed(tmp_path / "bad.zip", a__csv=TEXT * 50).read_bytes())
    content[60] ^= 0xFF
    (tmp_path / "bad.zip").write_bytes(bytes(content))
    assert "damaged" in sentence(tmp_path / "bad.zip")


def test_an_absent_file_and_a_folder_are_explained(tmp_path):
    assert sentence(tmp_path / "none.csv").startswith("none.csv: the file cannot be read (")
    assert sentence(tmp_path).endswith("(Is a directory)")
