"""Files sent to the application become a territory: recognised, put together, built by a job that survives."""

import io
import json
import os
import shutil
import sys
import time
import zipfile

import geopandas as gpd
import pytest
import yaml

from territo.errors import InputError
from territo.studies import construction as works
from territo.studies import jobs, reception, runner, unpacking
from territo.studies.build import load_territory
from territo.studies.composition import composition_of, spec_of
from territo.studies.looking import look_here
from territo.studies.reception import Origin, receive, received
from territo.studies.unpacking import safe_name
from tests.sources.replay import SIREN, replaying
from tests.sources.small import CODES, geojson, outline, write_small
from tests.studies.at_once import build_at_once

NAMES = ("communes.geojson", "communes.csv", "roads.graphml", "bpe_2019.csv", "france_services.csv", "sites.csv")
PATIENCE_S = 60


@pytest.fixture(scope="module")
def raw(tmp_path_factory):
    folder = tmp_path_factory.mktemp("raw")
    write_small(folder)
    (folder / "bpe.csv").rename(folder / "bpe_2019.csv")
    return folder


@pytest.fixture
def begun(tmp_path):
    return works.begin(tmp_path / "constructions", "Anne", "a")


def put(construction, name, content):
    """Send a content; it is looked at in this process, as test_looking.py does in another."""
    (file,) = receive(construction.files, [(name, io.BytesIO(content))], look=here)
    return file


def here(paths):
    return [look_here(path) for path in paths]


def send(construction, path, name=None):
    return put(construction, name or path.name, path.read_bytes())


def send_all(construction, raw, names=NAMES):
    return [send(construction, raw / name) for name in names]


def ended(construction, folder):
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        job = works.job_of(construction, folder)
        if not job.active:
            return job
        time.sleep(0.1)
    pytest.fail("the job did not end")


def test_each_file_is_recognised_as_it_comes_and_its_row_survives_on_disk(begun, raw):
    sent = send_all(begun, raw)
    layers = [file.seen.layer for file in sent]
    assert layers == ["communes", "population", "roads", "equipment", "france_services", "sites"]
    assert received(begun.files) == tuple(sent)
    assert [member.code for member in sent[0].members] == [*CODES]
    assert sent[3].origin == Origin("INSEE", "Licence Ouverte 2.0", "2019")
    assert sent[1].origin == Origin()


@pytest.mark.parametrize(
    ("name", "year"),
    [("bpe_2019.csv", "2019"), ("BPE_20240801.csv", "2024"), ("de_2018_a_2021.csv", "2021"), ("b12019.csv", "—")],
)
def test_the_vintage_is_the_last_year_in_the_name(begun, name, year):
    assert put(begun, name, b"DEPCOM;TYPEQU;NB_EQUIP\n").origin.vintage == year


def test_what_somebody_says_of_a_source_counts_and_stands_in_the_spec(begun, raw):
    sent = send_all(begun, raw)
    reception.state_origin(sent[0], Origin("IGN", "Licence Ouverte 2.0", "COG 2026"))
    reception.state_origin(sent[1], Origin("Agglo", "", ""))
    sources = {entry["layer"]: entry for entry in spec_of(works.composition(begun), "T", [*CODES])["sources"]}
    assert sources["communes"]["vintage"] == "COG 2026"
    assert "population" not in sources


def test_what_is_lacking_modelled_or_unknown_is_told_by_layer(begun, raw):
    assert composition_of(()).lacking == ("communes", "population")
    send_all(begun, raw, NAMES[:1])
    assert works.composition(begun).lacking == ("population",)
    send_all(begun, raw, NAMES[1:2])
    whole = works.composition(begun)
    assert (whole.lacking, whole.modelled) == ((), ("roads", "grid"))
    assert "equipment" in whole.absent


def test_of_two_files_of_a_layer_the_last_one_counts(begun, raw):
    first, last = send(begun, raw / "bpe_2019.csv"), send(begun, raw / "bpe_2019.csv", "bpe_2020.csv")
    whole = works.composition(begun)
    assert (whole.used["equipment"].id, [file.id for file in whole.aside]) == (last.id, [first.id])


def test_a_file_of_no_known_kind_is_told_why_and_not_kept(begun):
    file = put(begun, "notes.csv", b"a;b\n1;2\n")
    assert (file.seen, file.faults[0].code, file.path.stat().st_size) == (None, "unknown-format", 0)
    assert "notes.csv" in str(file.faults[0])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty-file"),
        (b"7z\xbc\xaf\x27\x1c rest", "seven-zip"),
        (b"PK\x03\x04 broken", "damaged-archive"),
        (b"<html><body>404</body></html>", "unknown-format"),
        (b"{not json", "unreadable-json"),
        (b"<VRTDataset><SRS/></VRTDataset>", "unknown-format"),
    ],
)
def test_what_is_spoilt_or_hostile_is_one_fault(begun, content, code):
    file = put(begun, "fichier.dat", content)
    assert [fault.code for fault in file.faults] == [code]


def archive_of(**members):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def test_an_archive_of_several_files_counts_as_these_files_wherever_their_names_lead(begun, raw):
    members = {"../../communes.csv": (raw / "communes.csv").read_bytes(), "/etc/bpe.csv": "DEPCOM;TYPEQU;NB_EQUIP\n"}
    members |= {"rues/roads.graphml": (raw / "roads.graphml").read_bytes(), "lisez-moi.txt": "rien"}
    sent = receive(begun.files, [("tout.zip", io.BytesIO(archive_of(**members)))], look=here)
    assert [(file.path.name, file.seen.layer) for file in sent] == [
        ("communes.csv", "population"),
        ("bpe.csv", "equipment"),
        ("roads.graphml", "roads"),
    ]
    assert {path.name for path in begun.files.iterdir()} == {file.id for file in sent}


def test_a_shapefile_among_others_keeps_the_files_that_go_with_it(begun, tmp_path):
    frame = gpd.read_file(geojson({code: outline(rank) for rank, code in enumerate(CODES)}))
    frame.to_file(tmp_path / "COMMUNE.shp")
    members = {f"1_DONNEES/{path.name}": path.read_bytes() for path in tmp_path.glob("COMMUNE.*")}
    sent = receive(begun.files, [("a.zip", io.BytesIO(archive_of(**members, **{"b.csv": "a;b\n"})))], look=here)
    (shape,) = (file for file in sent if file.seen)
    assert (shape.path.name, shape.seen.layer) == ("COMMUNE.zip", "communes")
    assert [member.code for member in shape.members] == [*CODES]


def test_an_archive_of_too_many_or_too_large_files_is_one_fault(begun, monkeypatch):
    many = archive_of(**{f"{rank}.csv": "a;b\n" for rank in range(41)})
    large = archive_of(**{"a.csv": "0" * 9_000, "b.csv": "0" * 9_000})
    assert put(begun, "m.zip", many).faults[0].code == "too-many-files"
    monkeypatch.setattr(unpacking, "LARGEST_SUM_BYTES", 9_999)
    assert put(begun, "g.zip", large).faults[0].code == "received-too-large"


def test_an_archive_that_would_fill_the_disk_is_refused_before_it_is_read(begun, monkeypatch):
    monkeypatch.setattr("territo.sources.recognition.LARGEST_UNPACKED_BYTES", 9_999)
    file = put(begun, "bombe.zip", archive_of(**{"a.csv": "0" * 10_000}))
    assert file.faults[0].code == "archive-too-large"


def test_sizes_and_numbers_of_files_are_limited(begun, monkeypatch):
    monkeypatch.setattr(unpacking, "LARGEST_BYTES", 10)
    assert put(begun, "a.csv", b"x" * 11).faults[0].code == "received-too-large"
    monkeypatch.setattr(unpacking, "MOST_FILES", 1)
    assert put(begun, "b.csv", b"x").faults[0].code == "too-many-files"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\communes.csv", "communes.csv"),
        ("-rf.csv", "rf.csv"),
        (".bashrc", "bashrc"),
        ("", "fichier"),
        ("..", "fichier"),
        ("<img src=x onerror=alert(1)>.csv", "_img src_x onerror_alert(1)_.csv"),
        ("a\u202egpj.csv\x00", "agpj.csv"),
        ("roads.graphml.gz", "roads.graphml.gz"),
    ],
)
def test_a_name_names_nothing_but_its_file(name, kept):
    assert safe_name(name) == kept


def test_a_name_of_4000_letters_keeps_its_ending():
    assert safe_name("x" * 4_000 + ".osm.pbf").endswith("x.osm.pbf")
    assert len(safe_name("x" * 4_000 + ".osm.pbf")) <= 80


def test_communes_go_together_by_the_epci_that_any_file_says(begun, raw):
    text = (raw / "communes.csv").read_text(encoding="utf-8").splitlines()
    sirens = ["siren_epci;nom_epci", "200000001;CC Amont", "200000001;CC Amont", "200000002;CC Aval"]
    table = "\n".join(f"{line};{more}" for line, more in zip(text, sirens, strict=True))
    send_all(begun, raw, NAMES[:1])
    assert [group.key for group in works.composition(begun).groups] == ["A1", "B1", "C1"]
    put(begun, "communes.csv", table.encode())
    groups = works.composition(begun).groups
    assert [(group.key, group.name, group.codes) for group in groups] == [
        ("200000001", "CC Amont", ("A1", "B1")),
        ("200000002", "CC Aval", ("C1",)),
    ]


def test_the_spec_names_the_communes_only_where_some_are_left_out(begun, raw):
    send_all(begun, raw)
    whole = works.composition(begun)
    assert "codes" not in spec_of(whole, "Tous", [*CODES])["communes"]
    spec = spec_of(whole, "Deux", ["B1", "A1"])
    assert spec["communes"]["codes"] == ["A1", "B1"]
    assert spec["attributes"]["centre"] == ["lng", "lat"]
    assert spec["attributes"]["columns"] == {"median_income": "med21", "poverty_rate": "tp6021"}
    assert {entry["layer"] for entry in spec["sources"]} == {"roads", "equipment", "france_services"}


def test_outlines_with_their_inhabitants_need_no_table(begun):
    collection = json.loads(geojson({code: outline(index) for index, code in enumerate(CODES)}))
    for rank, feature in enumerate(collection["features"]):
        feature["properties"]["population"] = 100 + rank
    file = put(begun, "geo.json", json.dumps(collection).encode())
    whole = works.composition(begun)
    assert (file.seen.format, whole.lacking, whole.used["population"].id) == ("geo.api.gouv.fr", (), file.id)


def test_outlines_of_no_known_vintage_have_their_columns_named_in_the_spec(begun):
    collection = json.loads(geojson({code: outline(rank) for rank, code in enumerate(CODES)}))
    for feature in collection["features"]:
        feature["properties"] = {"insee_com": feature["properties"]["code"], "NOM": "x", "population": 1}
    put(begun, "own.geojson", json.dumps(collection).encode())
    communes = spec_of(works.composition(begun), "T", ["A1"])["communes"]
    assert (communes["code"], communes["name"], communes["codes"]) == ("insee_com", "NOM", ["A1"])


@pytest.mark.parametrize(
    ("files", "name", "codes", "code"),
    [
        (1, "Vallée", CODES, "layers-lacking"),
        (2, "Vallée", (), "communes-chosen"),
        (2, " ", CODES, "territory-without-name"),
    ],
)
def test_nothing_is_asked_while_something_is_lacking(begun, raw, tmp_path, files, name, codes, code):
    send_all(begun, raw, NAMES[:files])
    works.choose(begun, name, codes)
    with pytest.raises(InputError) as refused:
        works.ask_files(begun, tmp_path / "jobs", who="Anne", lang="fr")
    assert refused.value.faults[0].code == code
    assert not (tmp_path / "jobs").exists()


def test_a_job_builds_the_communes_chosen_and_leaves_the_others_out(begun, raw, tmp_path, monkeypatch):
    monkeypatch.setattr(jobs, "start", build_at_once)
    send_all(begun, raw)
    works.choose(begun, "Deux <b>communes</b>", ["A1", "B1"])
    works.ask_files(begun, tmp_path / "jobs", who="Anne", lang="fr")
    again = works.open_construction(begun.folder, "a")
    job = works.job_of(again, tmp_path / "jobs")
    assert (job.state, job.messages) == ("done", ())
    territory = load_territory(works.built(again)).territory
    assert territory.name == "Deux <b>communes</b>"
    assert territory.communes.codes == ("A1", "B1")
    assert territory.communes.population.tolist() == [1_000, 500]
    assert {source.layer: source.vintage for source in territory.sources}["equipment"] == "2019"
    assert works.choice(again) == works.Choice("Deux <b>communes</b>", ("A1", "B1"))


def test_a_siren_builds_the_territory_of_an_epci_with_its_raw_files(begun, tmp_path, monkeypatch):
    monkeypatch.setenv("TERRITO_CACHE", str(tmp_path / "cache"))
    with replaying() as services:
        monkeypatch.setenv("TERRITO_SERVICES", str(services.services(tmp_path / "services", attempts=2)))
        works.ask_siren(begun, tmp_path / "jobs", SIREN, grid="modelled", who="Anne", lang="fr")
        job = ended(begun, tmp_path / "jobs")
    assert (job.state, job.messages) == ("done", ())
    assert load_territory(works.built(begun)).territory.name == "CC des Trois Communes"
    assert (works.built(begun) / "sources" / "manifest.json").is_file()


def test_a_construction_given_up_leaves_nothing(begun, raw, tmp_path):
    send_all(begun, raw, NAMES[:1])
    works.give_up(begun, tmp_path / "jobs")
    assert not begun.folder.exists()
    with pytest.raises(InputError, match="no longer being made"):
        works.open_construction(begun.folder, "a")


def test_what_nobody_touched_for_30_days_goes_when_another_is_begun(begun, raw):
    send_all(begun, raw, NAMES[:1])
    kept = works.begin(begun.folder.parent, "Bruno", "b")
    long_ago = time.time() - 31 * 86_400
    for path in (*begun.folder.iterdir(), begun.folder):
        os.utime(path, (long_ago, long_ago))
    works.choose(kept, "", ())
    os.utime(kept.folder, (long_ago, long_ago))
    works.begin(begun.folder.parent, "Chloé", "c")
    assert not begun.folder.exists()
    assert kept.folder.exists()


def test_a_siren_becomes_a_command_and_a_wrong_one_is_refused_at_once(begun, tmp_path, monkeypatch):
    monkeypatch.setattr(jobs, "start", lambda _: None)
    with pytest.raises(InputError, match="not a SIREN"):
        works.ask_siren(begun, tmp_path / "jobs", "200067255; rm", who="Anne", lang="fr")
    folder = works.ask_siren(begun, tmp_path / "jobs", "200067254", grid="modelled", who="Anne", lang="fr")
    content = json.loads((folder / runner.JOB).read_text(encoding="utf-8"))
    words = content["command"][len(jobs.COMMAND) :]
    assert words[:7] == ["territory", "build", "--epci", "200067254", "--online", "--grid", "modelled"]
    assert content["command"][0] == sys.executable


def test_the_spec_that_was_filled_builds_again_elsewhere(begun, raw, tmp_path):
    send_all(begun, raw)
    spec = spec_of(works.composition(begun), "Trois", [*CODES])
    shutil.copytree(begun.files, tmp_path / "moved" / "files")
    path = tmp_path / "moved" / "territory.yaml"
    path.write_text(yaml.safe_dump(spec), encoding="utf-8")
    assert all((path.parent / place).is_file() for place in [spec["communes"]["file"], spec["roads"]["file"]])
