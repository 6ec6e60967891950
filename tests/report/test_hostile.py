"""Names written to harm are texts in every export, of every profile, and lead no file out of the folder."""

import csv
import io
import json
import zipfile
from dataclasses import replace
from html.parser import HTMLParser

import docx
import geopandas
import openpyxl
import pytest
from pptx import Presentation

from territo.domain.indicators import Comparison
from territo.report.exports import KINDS, write_exports
from territo.report.material import prepare
from tests.report.fixtures import catalogue, comparison, territory, travel
from tests.report.papers import facts_of, text_of

NAMES = (
    "<img src=x onerror=alert(1)>",
    "=cmd()",
    "../../x",
    "y" * 4_000,
    "\u202egnol\u202c-sur-Mer",
    "#eval(sys.inputs) $x$ `code` @ref",
    "{{ 7 * 7 }}",
    "\x00\x08\x1f",
)
SHOWN = (*NAMES[:4], "gnol-sur-Mer", *NAMES[5:7])


@pytest.fixture(scope="module")
def place():
    plain = territory()
    communes = replace(plain.communes, names=(*NAMES, *plain.communes.names[len(NAMES) :]))
    sites = replace(plain.sites, names=(*NAMES, *plain.sites.names[len(NAMES) :]))
    return replace(plain, name=NAMES[0], communes=communes, sites=sites)


@pytest.fixture(scope="module")
def folder(place, tmp_path_factory):
    study = comparison(place)
    runs = [
        replace(run, scenario_id=name, scenario_name=name) for run, name in zip(study.runs[:4], NAMES[:4], strict=True)
    ]
    made = prepare(Comparison(study.reference, tuple(runs)), place, catalogue(), travel(place))
    inside = tmp_path_factory.mktemp("hostile") / "deep" / "out"
    write_exports(made, inside)
    assert {path.name for path in inside.parent.parent.rglob("*") if path.is_file()} == {
        path.name for path in inside.rglob("*") if path.is_file()
    }
    return inside


def test_every_kind_is_written_and_nothing_unfinished_stays(folder):
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {"comparaison.html", "carte.html", "note.pdf", "fiches_communes.pdf", "presentation.pptx"} <= names
    assert {"tableaux.xlsx", "communes.csv", "resultats.json", "communes.parquet", "territo.zip"} <= names
    assert {"locaux/_cmd_.pdf", "locaux/_x.docx", "_x.gpkg", "sc0.gpkg"} <= names
    assert not [name for name in names if "/." in f"/{name}" or ".." in name]
    assert len(KINDS) == 12


def test_the_archive_leads_nowhere_else(folder):
    with zipfile.ZipFile(folder / "territo.zip") as archive:
        assert not [name for name in archive.namelist() if name.startswith("/") or ".." in name]
        assert archive.testzip() is None


class Tags(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.texts = [], set(), []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data):
        self.texts.append(data)


@pytest.mark.parametrize("name", ["comparaison.html", "carte.html"])
def test_pages_hold_names_as_text(folder, name):
    found = Tags((folder / name).read_text(encoding="utf-8"))
    assert "img" not in found.tags
    assert not [attribute for attribute in found.attributes if attribute.startswith("on")]
    assert set(SHOWN) <= set(found.texts)
    assert "\u202e" not in "".join(found.texts)


def test_tables_hold_names_as_text(folder):
    with (folder / "communes.csv").open(encoding="utf-8-sig", newline="") as file:
        names = [row[1] for row in csv.reader(file, delimiter=";")][1:]
    assert names[:7] == [SHOWN[0], "'" + SHOWN[1], *SHOWN[2:]]
    assert names[7] == "64008"
    book = openpyxl.load_workbook(folder / "tableaux.xlsx")
    assert [row[1].value for row in book["Communes"].iter_rows(min_row=2, max_row=8)] == list(SHOWN)
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_results_and_layers_hold_names_as_text(folder):
    document = json.loads((folder / "resultats.json").read_text(encoding="utf-8"))
    assert [run["name"] for run in document["runs"]] == list(NAMES[:4])
    layer = geopandas.read_file(folder / "_x.gpkg", layer="communes")
    assert list(layer["nom"][:7]) == list(SHOWN)
    assert list(geopandas.read_parquet(folder / "communes.parquet")["nom"][:7]) == list(SHOWN)


def test_papers_hold_names_as_text_on_their_pages(folder):
    assert facts_of(folder / "note.pdf")["Pages"] == "2"
    assert facts_of(folder / "fiches_communes.pdf")["Pages"] == "31"
    text = text_of(folder / "fiches_communes.pdf").replace(" ", "")
    for name in SHOWN:
        assert name[:40].replace(" ", "") in text.replace("-\n", "")


def test_office_files_hold_names_as_text(folder):
    brief = docx.Document(io.BytesIO((folder / "locaux" / "_cmd_.docx").read_bytes()))
    assert brief.core_properties.title.endswith("· =cmd()")
    deck = Presentation(io.BytesIO((folder / "presentation.pptx").read_bytes()))
    texts = [shape.text_frame.text for slide in deck.slides for shape in slide.shapes if shape.has_text_frame]
    assert {NAMES[0], NAMES[1], NAMES[2]} <= set(texts)
