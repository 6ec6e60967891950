"""A study keeps every version of everybody, travels in one file, and is never half written."""

import threading
import zipfile

import pytest

from territo.errors import InputError
from territo.studies import study as studies
from territo.studies.archive import unzip_study, zip_study
from territo.studies.disk import DRAFT, read_json, write_json
from tests.studies.small import YAML, study


@pytest.fixture
def vallee(tmp_path):
    return study(tmp_path)


def save(vallee, scenario_id, text, who="Anne", why="essai"):
    return studies.save_version(vallee, scenario_id, "Pôles", text, who=who, why=why)


def everything(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_a_study_opens_as_it_was_made(vallee):
    again = studies.open_study(vallee.folder)
    assert again == vallee
    assert (again.slug, again.name, again.communes, again.inhabitants) == ("vallee", "Vallée d’essai", 3, 1200)
    assert studies.studies(vallee.folder.parent) == (vallee,)


def test_a_second_study_cannot_take_the_place_of_the_first(tmp_path, vallee):
    save(vallee, "poles", "a")
    with pytest.raises(InputError, match="something here already"):
        study(tmp_path)
    assert len(studies.versions(vallee, "poles")) == 1


@pytest.mark.parametrize("content", [None, "{}", '{"format": 99}', "not json"])
def test_a_folder_that_is_no_study_is_said_so(tmp_path, content):
    if content is not None:
        (tmp_path / "study.json").write_text(content)
    with pytest.raises(InputError, match="no study here"):
        studies.open_study(tmp_path)


def test_the_list_leaves_out_what_is_no_study(vallee):
    (vallee.folder.parent / "autre").mkdir()
    (vallee.folder.parent / f"{DRAFT}abc").mkdir()
    assert [found.slug for found in studies.studies(vallee.folder.parent)] == ["vallee"]


def test_a_new_version_leaves_the_old_one_untouched(vallee):
    first = save(vallee, "poles", "a")
    second = save(vallee, "poles", "b", who="Bruno", why="moins cher")
    assert (first.number, second.number) == (1, 2)
    assert first.file.read_text() == "a"
    assert studies.scenarios(vallee) == (second,)
    assert (second.who, second.why) == ("Bruno", "moins cher")


def test_versions_saved_at_once_by_many_people_are_all_kept(vallee):
    start = threading.Barrier(8)

    def write(number):
        start.wait()
        for turn in range(5):
            save(vallee, "poles", YAML.format(f"{number}-{turn}", "x"), who=str(number))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = studies.versions(vallee, "poles")
    assert [version.number for version in kept] == list(range(1, 41))
    assert len({version.file.read_text() for version in kept}) == 40
    assert len(studies.decisions(vallee)) == 40


def test_nothing_temporary_and_no_lock_is_left_behind(vallee):
    save(vallee, "poles", "a")
    assert everything(vallee.folder / "scenarios") == [
        "poles",
        "poles/0001",
        "poles/0001/scenario.yaml",
        "poles/0001/version.json",
    ]
    assert not [path for path in vallee.folder.rglob("*") if path.name.startswith(".") or "lock" in path.name]


def test_a_failed_write_leaves_the_file_as_it_was(tmp_path):
    write_json(tmp_path / "a.json", {"a": 1})
    with pytest.raises(ValueError, match="JSON"):
        write_json(tmp_path / "a.json", {"a": float("nan")})
    assert read_json(tmp_path / "a.json") == {"a": 1}
    assert everything(tmp_path) == ["a.json"]


def test_the_log_says_who_when_and_why_the_last_first(vallee):
    save(vallee, "poles", "a", who="Anne", why="première idée")
    studies.log(vallee, "decision", "Pôles", who="Bruno", why="retenu en bureau")
    last, first = studies.decisions(vallee)
    assert (last.what, last.who, last.why, last.subject) == ("decision", "Bruno", "retenu en bureau", "Pôles")
    assert (first.what, first.who, first.subject) == ("version", "Anne", "Pôles (1)")
    assert first.when <= last.when
    assert first.when.endswith("+00:00")


def test_a_zipped_study_opens_elsewhere_with_all_it_holds(tmp_path, vallee):
    save(vallee, "poles", "a")
    (vallee.folder / f"{DRAFT}other").mkdir()
    (vallee.folder / f"{DRAFT}other" / "half").write_text("half")
    archive = zip_study(vallee, tmp_path / "sent" / "vallee.zip")
    moved = unzip_study(archive, tmp_path / "elsewhere" / "copie")
    assert studies.versions(moved, "poles")[0].file.read_text() == "a"
    assert studies.decisions(moved) == studies.decisions(vallee)
    assert not list(moved.folder.glob(f"{DRAFT}*"))


@pytest.mark.parametrize("name", ["../outside.txt", "/outside.txt", "a/../../outside.txt", "a\\..\\b"])
def test_an_archive_that_leaves_its_folder_is_refused_whole(tmp_path, vallee, name):
    archive = zip_study(vallee, tmp_path / "vallee.zip")
    with zipfile.ZipFile(archive, "a") as content:
        content.writestr(name, "x")
    with pytest.raises(InputError, match="not the archive of a study"):
        unzip_study(archive, tmp_path / "elsewhere" / "copie")
    assert everything(tmp_path / "elsewhere") == []
    assert not (tmp_path / "outside.txt").exists()


@pytest.mark.parametrize("content", [b"", b"not a zip"])
def test_a_file_that_is_no_archive_is_refused(tmp_path, content):
    (tmp_path / "x.zip").write_bytes(content)
    with pytest.raises(InputError, match="not the archive of a study"):
        unzip_study(tmp_path / "x.zip", tmp_path / "copie")
    assert not (tmp_path / "copie").exists()


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Vallée d’Ossau", "vallee-d-ossau"),
        ("../../x", "x"),
        ("<img onerror=1>", "img-onerror-1"),
        ("🙂", "etude"),
        ("a" * 99, "a" * 40),
    ],
)
def test_a_name_gives_a_plain_folder_name(name, slug):
    assert studies.free_slug(name, ()) == slug


def test_a_name_that_is_taken_gets_a_number():
    assert studies.free_slug("Pau", {"pau", "pau-2"}) == "pau-3"
