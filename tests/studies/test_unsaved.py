"""A text not yet kept stays with its author until it is kept or given up."""

import pytest

from territo.studies.study import open_study, save_version
from territo.studies.unsaved import Unsaved, held, hold
from tests.studies.small import study

ANNE, BRUNO = "a" * 64, "b" * 64


@pytest.fixture
def version(tmp_path):
    return save_version(study(tmp_path), "poles", "Pôles", "id: poles\n", who="Anne", why="")


def test_a_text_is_held_for_its_author_alone(tmp_path, version):
    hold(tmp_path / "drafts", ANNE, version, "id: [\n")
    assert held(tmp_path / "drafts", ANNE, version) == Unsaved("id: [\n", 1)
    assert held(tmp_path / "drafts", BRUNO, version) is None


def test_a_text_that_is_the_version_again_is_let_go(tmp_path, version):
    hold(tmp_path / "drafts", ANNE, version, "id: autre\n")
    hold(tmp_path / "drafts", ANNE, version, "id: poles\n")
    assert held(tmp_path / "drafts", ANNE, version) is None


def test_a_text_outlives_a_version_that_another_person_keeps_meanwhile(tmp_path, version):
    hold(tmp_path / "drafts", ANNE, version, "id: autre\n")
    same = open_study(tmp_path / "studies" / "vallee")
    last = save_version(same, "poles", "Pôles", "id: b\n", who="Bruno", why="")
    assert last.number == 2
    assert held(tmp_path / "drafts", ANNE, last) == Unsaved("id: autre\n", 1)


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"text": "x"}', '{"text": "x", "number": "y"}', '{"text": "x", "number": 7}']
)
def test_a_file_that_holds_no_text_of_this_scenario_is_nothing(tmp_path, version, content):
    hold(tmp_path / "drafts", ANNE, version, "id: autre\n")
    (file,) = (path for path in (tmp_path / "drafts").rglob("*.json"))
    file.write_text(content)
    assert held(tmp_path / "drafts", ANNE, version) is None
